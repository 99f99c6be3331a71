import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AnyControl, Json } from '#shared/control/control.ts';
import { at, stringAt } from '#shared/control/record.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { matches } from '#shared/replay/matcher.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { patternOf } from '../../infra/patterns.ts';
import { triggersUnder } from '../../infra/triggers.ts';
import { callEvent, consoleLogin, dana, roleSession, serviceEvent } from '../../test/fixtures/events.ts';
import { iamCall, inConsole, root, rootInConsole } from '../../test/support/identity/events.ts';

/*
 * What reaches the function at all: the rules alone, which have to leave out nearly everything, and the judgement of each record that
 * they let through.
 */
const controls = controlsOf((await discoverFunctions()).filter(({ id }) => id === 'identity'));
const roles = ['identity', 'volumes'].map((id) => `arn:aws:iam::111122223333:role/redress-${id}-us-east-1`);
const asked: RedressConfig = {
  controls: { 'call-transport': { fips: true }, 'calls-with-mfa': { calls: { iam: ['CreateUser'], rds: ['DeleteDBInstance'] } } },
};

/** The controls whose rules see an event under a config. */
function seenBy(event: object, config: RedressConfig = {}): string[] {
  const plain: { readonly [key: string]: Json } = JSON.parse(JSON.stringify(event));
  return controls.filter((control) => sees(control, plain, config)).map(({ id }) => id);
}

function sees(control: AnyControl, event: { readonly [key: string]: Json }, config: RedressConfig): boolean {
  const triggers = triggersUnder(config, control);
  return triggers.length > 0 && matches(patternOf({ id: control.id, triggers }, roles), event);
}

const ours = { type: 'AssumedRole', sessionContext: { sessionIssuer: { type: 'Role', arn: roles[0] } } };
const { additionalEventData } = consoleLogin().detail as { additionalEventData?: object };
const withMfa = { ...additionalEventData, MFAUsed: 'Yes' };
const tls = (tlsVersion: string, clientProvidedHostHeader: string) => ({ tlsDetails: { tlsVersion, clientProvidedHostHeader } });

describe('by default', () => {
  test.each<[string, object, readonly string[]]>([
    ['a sign-in of a user without MFA', consoleLogin(), ['sign-in-with-mfa']],
    ['the same in the other spelling', { ...consoleLogin(), 'detail-type': 'AWS Console Signin via CloudTrail' }, ['sign-in-with-mfa']],
    ['a sign-in with MFA', consoleLogin({ additionalEventData: withMfa }), []],
    ['a sign-in that failed', consoleLogin({ responseElements: { ConsoleLogin: 'Failure' } }), []],
    ['a sign-in through a federation', consoleLogin({ userIdentity: roleSession('AWSReservedSSO_Admin_0123456789abcdef', 'dana') }), []],
    ['a sign-in of root with MFA', consoleLogin({ userIdentity: root, additionalEventData: withMfa }), ['root-unused']],
    ['a sign-in of root that failed', consoleLogin({ userIdentity: root, responseElements: { ConsoleLogin: 'Failure' } }), []],
    ['a new password of root', consoleLogin({ eventName: 'PasswordUpdated', userIdentity: root }), ['root-unused']],
    ['a call of root', callEvent('CreateVolume', { userIdentity: root }), ['root-unused']],
    ['a call of root from the console', iamCall('CreateUser', {}, rootInConsole), ['root-unused']],
    ['a call of root that failed', callEvent('CreateVolume', { userIdentity: root, errorCode: 'Client.UnauthorizedOperation' }), []],
    ['a service that acts for root', callEvent('RunInstances', { userIdentity: { ...root, invokedBy: 'autoscaling.amazonaws.com' } }), []],
    [
      'the console that signs in for root',
      callEvent('RunInstances', { userIdentity: { ...root, invokedBy: 'signin.amazonaws.com' } }),
      ['root-unused'],
    ],
    ['what a service did by itself', serviceEvent('RotateKey', {}, 'kms.amazonaws.com'), []],
    [
      'what root did in the console that is no call',
      {
        ...callEvent('CloseAccount', { userIdentity: root, eventType: 'AwsConsoleAction' }, 'signin.amazonaws.com'),
        'detail-type': 'AWS Console Action via CloudTrail',
      },
      ['root-unused'],
    ],
    [
      'the end of a device of root',
      iamCall('DeactivateMFADevice', {}, { userIdentity: root }),
      ['mfa-kept', 'root-has-mfa', 'root-unused'],
    ],
    ['the end of a device of a user', iamCall('DeactivateMFADevice', { userName: 'dana' }), ['mfa-kept']],
    ['a password', iamCall('CreateLoginProfile', { userName: 'dana' }), ['user-has-mfa']],
    ['an access key', iamCall('CreateAccessKey', { userName: 'dana' }), []],
    ['a session of root', callEvent('AssumeRoot', {}, 'sts.amazonaws.com'), ['root-session-known']],
    ['a session of a role', callEvent('AssumeRole', {}, 'sts.amazonaws.com'), []],
    ['TLS 1.1', callEvent('CreateVolume', tls('TLSv1.1', 'ec2.us-east-1.amazonaws.com')), ['call-transport']],
    ['TLS 1.3', callEvent('CreateVolume', tls('TLSv1.3', 'ec2.us-east-1.amazonaws.com')), []],
    ['a call without MFA', callEvent('CreateVolume', { userIdentity: inConsole('false') }), []],
    ['what Redress does itself', callEvent('AssumeRoot', { userIdentity: ours }, 'sts.amazonaws.com'), []],
    ['an event that somebody else sent', { ...callEvent('CreateVolume', { userIdentity: root }), source: 'somebody.else' }, []],
  ])('%s', (_name, event, expected) => expect(seenBy(event).sort()).toEqual([...expected].sort()));

  test('ten thousand ordinary calls, with and without MFA and TLS details, run nothing', () => {
    const names = ['CreateVolume', 'RunInstances', 'PutObject', 'AssumeRole', 'CreateAccessKey', 'UpdateFunctionCode20150331v2'];
    const identities = [
      dana,
      inConsole('true'),
      inConsole('false'),
      roleSession('admin', 'dana'),
      { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' },
    ];
    const details = [{}, tls('TLSv1.2', 'ec2.us-east-1.amazonaws.com'), tls('TLSv1.3', 'sts.amazonaws.com')];
    const kinds = names.flatMap((name) =>
      identities.flatMap((userIdentity) => details.map((one) => callEvent(name, { userIdentity, ...one }))),
    );
    // the rules know no more than the record: what one call of a kind does not match, none does
    expect(kinds.flatMap((event) => seenBy(event))).toEqual([]);
    expect(kinds).toHaveLength(90);
  });
});

describe('where the settings ask for more', () => {
  const host = (name: string, fields: object = {}) => callEvent('CreateVolume', { ...tls('TLSv1.3', name), ...fields });
  test.each<[string, object, readonly string[]]>([
    ['another endpoint', host('ec2.us-east-1.amazonaws.com'), ['call-transport']],
    ['a FIPS endpoint', host('ec2-fips.us-east-1.amazonaws.com'), []],
    ['a bucket at a FIPS endpoint', host('shop.s3-fips.dualstack.us-west-2.amazonaws.com'), []],
    ['a global service', host('iam-fips.amazonaws.com'), []],
    ['a bucket whose name ends like one', host('my-fips.s3.us-east-1.amazonaws.com'), ['call-transport']],
    ['a call of the console', host('ec2.us-east-1.amazonaws.com', { sessionCredentialFromConsole: 'true' }), []],
    ['a listed call without MFA', iamCall('CreateUser', {}, { userIdentity: inConsole('false') }), ['calls-with-mfa']],
    ['a listed call with MFA', iamCall('CreateUser', {}, { userIdentity: inConsole('true') }), []],
    ['a listed call by an access key', iamCall('CreateUser', {}), []],
    ['a call that is not listed', iamCall('TagUser', {}, { userIdentity: inConsole('false') }), []],
  ])('%s', (_name, event, expected) => expect(seenBy(event, asked)).toEqual(expected));
});

const base = '../shared/cloudtrail';
const recorded = ['records', 'relatives', 'more'].flatMap((folder) =>
  (existsSync(`${base}/${folder}`) ? readdirSync(`${base}/${folder}`) : []).map((file): [string, unknown] => [
    `${folder}/${file}`,
    JSON.parse(readFileSync(`${base}/${folder}/${file}`, 'utf8')),
  ]),
);

/** The event in which EventBridge would deliver a record. */
function delivered(record: unknown): object {
  const kind = stringAt(record, 'eventType') ?? 'AwsApiCall';
  const types: { readonly [eventType: string]: string } = {
    AwsApiCall: 'AWS API Call via CloudTrail',
    AwsConsoleSignIn: 'AWS Console Sign In via CloudTrail',
    AwsServiceEvent: 'AWS Service Event via CloudTrail',
  };
  const source = `aws.${stringAt(record, 'eventSource')?.replace('.amazonaws.com', '')}`;
  return { source, 'detail-type': types[kind] ?? kind, detail: { ...(record as object), eventType: kind } };
}

describe.runIf(recorded.length > 0)('of the real records', () => {
  const seen = (config?: RedressConfig) =>
    recorded.flatMap(([file, record]): [string, string][] => seenBy(delivered(record), config).map((id) => [file, id]));
  const recordOf = (file: string) => recorded.find(([name]) => name === file)?.[1];

  test('these reach the function by default', () => {
    expect(seen()).toEqual(
      expect.arrayContaining([
        ['records/signin.ConsoleLogin.json', 'sign-in-with-mfa'],
        ['records/autoscaling.CreateLaunchConfiguration.json', 'root-unused'],
        ['more/signin.ConsoleLogin__2.json', 'root-unused'],
        ['more/_root-use.json', 'root-unused'],
        // the record of what such a session does need not say that it is one
        ['more/_root-use__by-AssumeRoot__documented.json', 'root-unused'],
        ['more/sts.AssumeRoot__documented.json', 'root-session-known'],
      ]),
    );
  });

  test('nothing that failed does, no sign-in with MFA, and no federation; of root only what a person did', () => {
    for (const [file, id] of seen()) {
      const record = recordOf(file);
      const identity = at(record, 'userIdentity');
      expect([file, stringAt(record, 'errorCode'), stringAt(record, 'responseElements', 'ConsoleLogin')]).not.toContain('Failure');
      expect(stringAt(record, 'errorCode')).toBeUndefined();
      if (id === 'root-unused') expect([file, at(identity, 'type'), at(identity, 'invokedBy')]).toEqual([file, 'Root', undefined]);
      if (id === 'sign-in-with-mfa')
        expect([file, at(identity, 'type'), at(record, 'additionalEventData', 'MFAUsed')]).toEqual([file, 'IAMUser', 'No']);
    }
    const files = seen().map(([file]) => file);
    expect(files).not.toContain('more/signin.ConsoleLogin.json');
    expect(files).not.toContain('more/signin.ConsoleLogin__3.json');
    expect(recorded.filter(([file]) => /signin\..*failed/.test(file)).length).toBeGreaterThan(1);
  });

  test('no call with MFA is seen where the list names it, and no access key', () => {
    const listed = seen(asked).filter(([, id]) => id === 'calls-with-mfa');
    expect(listed).toEqual([]);
    expect(stringAt(recordOf('more/_mfa-true.json'), 'eventName')).toBe('DeleteDBInstance');
    const without: RedressConfig = { controls: { 'calls-with-mfa': { calls: { kms: ['GenerateDataKey'] } } } };
    expect(seen(without)).toContainEqual(['more/_mfa-false-iamuser.json', 'calls-with-mfa']);
  });
});
