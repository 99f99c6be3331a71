import { describe, expect, test } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import { readObject } from '../../../cli/replay/events.ts';
import { Judge } from '../../../cli/replay/judge.ts';
import { RuleBook } from '../../../cli/replay/rule-book.ts';
import { chosenControls, rulesOf } from '../../../cli/replay/rules.ts';
import { discoverFunctions } from '../../../infra/catalog.ts';
import { ec2Record } from './reads.ts';

const functions = await discoverFunctions();

function eventOf(record: object) {
  const read = readObject(record);
  if (read.is !== 'event') throw new Error('no event');
  return read.event;
}

/** The controls of these names whose rules get a record under a config. */
function gets(record: object, ids: readonly string[], config: RedressConfig): readonly string[] {
  return new RuleBook(rulesOf(chosenControls(ids, functions, config), functions, config)).controlsFor(eventOf(record));
}

test('the rules are those of the config: what no setting asks for is in none', () => {
  const host = { tlsDetails: { tlsVersion: 'TLSv1.3', clientProvidedHostHeader: 'ec2.us-east-1.amazonaws.com' } };
  const record = ec2Record('CreateVolume', { awsRegion: 'us-east-1', ...host });
  expect(gets(record, ['call-transport'], {})).toEqual([]);
  expect(gets(record, ['call-transport'], { controls: { 'call-transport': { fips: true } } })).toEqual(['call-transport']);
});

test('the rules name the calls that the settings list, and without a list there is no rule', () => {
  const userIdentity = { type: 'IAMUser', userName: 'dana', sessionContext: { attributes: { mfaAuthenticated: 'false' } } };
  const record = ec2Record('CreateVolume', { userIdentity });
  expect(gets(record, ['calls-with-mfa'], {})).toEqual([]);
  const calls = { ec2: ['CreateVolume'] };
  expect(gets(record, ['calls-with-mfa'], { controls: { 'calls-with-mfa': { calls } } })).toEqual(['calls-with-mfa']);
});

test.each<[string, object]>([
  ['document-private', { accountIdsToAdd: ['444455556666'] }],
  ['document-private', { accountIdsToRemove: ['all'] }],
])('the record of a share that may be right shows no mistake: %s %j', async (id, request) => {
  const [control] = chosenControls([id], functions, {});
  if (!control) throw new Error(`no ${id}`);
  const record = ec2Record('ModifyDocumentPermission', {
    eventSource: 'ssm.amazonaws.com',
    requestParameters: { name: 'deploy', permissionType: 'Share', ...request },
  });
  expect((await new Judge({}).judge(control, eventOf(record))).told.is).toBe('needs-live');
});

test.each<[string, string, object]>([
  ['image-shared-known', 'ModifyImageAttribute', { imageId: 'ami-1', launchPermission: { add: { items: [{ userId: '444455556666' }] } } }],
  [
    'snapshot-shared-known',
    'ModifySnapshotAttribute',
    { snapshotId: 'snap-1', createVolumePermission: { add: { items: [{ userId: '444455556666' }] } } },
  ],
])('whether an account is trusted, no record tells: %s', async (id, eventName, requestParameters) => {
  const config = { common: { trustedAccounts: ['444455556666'] } };
  const [control] = chosenControls([id], functions, config);
  if (!control) throw new Error(`no ${id}`);
  const { told } = await new Judge(config).judge(control, eventOf(ec2Record(eventName, { requestParameters })));
  expect(told.is).toBe('needs-live');
});

describe('a control of calls is asked under the settings', () => {
  const session = ec2Record('AssumeRoot', {
    eventSource: 'sts.amazonaws.com',
    userIdentity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/break-glass' } } },
    requestParameters: { targetPrincipal: '444455556666' },
  });
  const userIdentity = { type: 'IAMUser', userName: 'dana', sessionContext: { attributes: { mfaAuthenticated: 'false' } } };
  const tlsDetails = { tlsVersion: 'TLSv1.3', clientProvidedHostHeader: 'ec2.us-east-1.amazonaws.com' };
  test.each<[string, object, { readonly [setting: string]: unknown }, string]>([
    ['root-session-known', session, {}, 'violation'],
    ['root-session-known', session, { principals: ['arn:aws:iam::111122223333:role/break-glass'] }, 'nothing'],
    ['calls-with-mfa', ec2Record('CreateVolume', { userIdentity }), { calls: { ec2: ['CreateVolume'] } }, 'violation'],
    ['call-transport', ec2Record('CreateVolume', { awsRegion: 'us-east-1', tlsDetails }), { fips: true }, 'violation'],
  ])('%s %#', async (id, record, settings, expected) => {
    const config = { controls: { [id]: settings } };
    const [control] = chosenControls([id], functions, config);
    if (!control) throw new Error(`no ${id}`);
    expect((await new Judge(config).judge(control, eventOf(record))).told.is).toBe(expected);
  });
});
