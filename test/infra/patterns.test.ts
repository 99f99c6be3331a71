import { describe, expect, test } from 'vitest';
import type { AnyControl, Json, Trigger } from '#shared/control/control.ts';
import { API_CALL, isNotice, recordTypes } from '#shared/control/detail-types.ts';
import { matches } from '#shared/replay/matcher.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { deploymentPattern, MAX_PATTERN, patternOf } from '../../infra/patterns.ts';

const kinds = await discoverFunctions();
const controls = controlsOf(kinds);
const roleOf = (kind: string, region = 'eu-west-1') => `arn:aws:iam::123456789012:role/redress-${kind}-${region}`;
const roles = kinds.map(({ id }) => roleOf(id));

function controlOf(id: string): AnyControl {
  const control = controls.find((one) => one.id === id);
  if (!control) throw new Error(`no control ${id}`);
  return control;
}

const user = { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/ada' };
const by = (issuer: string) => ({ type: 'AssumedRole', sessionContext: { sessionIssuer: { type: 'Role', arn: issuer } } });

function call(eventName: string, detail: { readonly [key: string]: Json } = {}, service = 'ec2') {
  return {
    id: '6f9f',
    source: `aws.${service}`,
    'detail-type': 'AWS API Call via CloudTrail',
    account: '123456789012',
    region: 'eu-west-1',
    detail: {
      eventSource: `${service}.amazonaws.com`,
      eventName,
      userIdentity: user,
      requestParameters: {},
      responseElements: null,
      ...detail,
    },
  };
}

/** An event that a trigger asks for, of which CloudTrail left the request and the answer out. */
function fitting({ eventSource, where = {}, detailType = API_CALL }: Trigger, eventName: string) {
  const type = isNotice(detailType) ? undefined : recordTypes[detailType];
  const parts = { requestParameters: { omitted: true }, responseElements: { omitted: true }, eventType: type?.eventType ?? '' };
  const event = call(eventName, {}, eventSource === '*' ? 'iam' : eventSource.replace('.amazonaws.com', ''));
  const asked = partsFor(where);
  const identity = asked['userIdentity'];
  const userIdentity: { readonly [key: string]: Json } = { ...user, ...(isParts(identity) && identity) };
  return { ...event, 'detail-type': detailType, detail: { ...event.detail, ...asked, ...parts, userIdentity } };
}

/** What passes a filter: the first of the values at each path, or nothing where it must be absent. */
function partsFor(filter: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(filter).flatMap(([key, one]): [string, Json][] => {
      if (isParts(one)) return [[key, partsFor(one)]];
      if (JSON.stringify(one) === '[{"exists":false}]') return [];
      const [first] = Array.isArray(one) ? one : [];
      return [[key, typeof first === 'string' ? first : 'something else']];
    }),
  );
}

function isParts(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const open = { responseElements: { volumeId: 'vol-1', encrypted: false } };

describe('the rule of volume-encrypted', () => {
  const pattern = patternOf(controlOf('volume-encrypted'), roles);
  test.each([
    ['an unencrypted volume', call('CreateVolume', open)],
    ['one made by root', call('CreateVolume', { ...open, userIdentity: { type: 'Root' } })],
    ['one made by a role', call('CreateVolume', { ...open, userIdentity: by(roleOf('admin')) })],
    ['one made by a role whose name begins like ours', call('CreateVolume', { ...open, userIdentity: by(`${roles[0]}-x`) })],
    ['one made by a service, without identity', call('CreateVolume', { ...open, userIdentity: null })],
    ['an answer that CloudTrail left out', call('CreateVolume', { responseElements: { omitted: true } })],
    ['a launch, whatever it says', call('RunInstances', { responseElements: { omitted: true } })],
    ['an attachment', call('AttachVolume', { responseElements: { volumeId: 'vol-1' } })],
  ])('matches %s', (_name, event) => expect(matches(pattern, event)).toBe(true));

  test.each([
    ['an encrypted volume', call('CreateVolume', { responseElements: { encrypted: true } })],
    ['a failed call', call('CreateVolume', { errorCode: 'Client.UnauthorizedOperation' })],
    ['a dry run', call('RunInstances', { errorCode: 'Client.DryRunOperation' })],
    ['what Redress did itself', call('CreateVolume', { ...open, userIdentity: by(roleOf('volumes')) })],
    ['another call', call('DeleteVolume', open)],
    ['the same call of another service', call('CreateVolume', open, 'storagegateway')],
  ])('leaves out %s', (_name, event) => expect(matches(pattern, event)).toBe(false));
});

describe('the rules of tags', () => {
  const tagging = (id: string, by?: object): { readonly [key: string]: Json } => ({
    requestParameters: {
      resourcesSet: { items: [{ resourceId: 'snap-1' }, { resourceId: id }] },
      tagSet: { items: [{ key: 'a', value: 'b' }] },
    },
    ...(by && { userIdentity: by as Json }),
  });
  const patternFor = (id: string) => patternOf(controlOf(id), roles);

  test.each([
    ['volume-required-tags', 'vol-1', 'CreateTags', true],
    ['volume-required-tags', 'vol-1', 'DeleteTags', true],
    ['volume-required-tags', 'i-1', 'CreateTags', false],
    ['volume-owner-tag', 'vol-1', 'CreateTags', false],
    ['volume-sensitive-tags', 'vol-1', 'DeleteTags', false],
    ['instance-sensitive-tags', 'i-1', 'CreateTags', true],
    ['launch-template-required-tags', 'lt-1', 'DeleteTags', true],
  ])('%s and a tag of %s (%s): %s', (id, resource, eventName, expected) => {
    expect(matches(patternFor(id), call(eventName, tagging(resource)))).toBe(expected);
  });

  test('leave out what any kind of Redress writes: no tag of ours starts a run of ours', () => {
    for (const { id } of controls.filter((one) => one.id.endsWith('-tags') || one.id.endsWith('-tag')))
      for (const role of roles)
        for (const resource of ['vol-1', 'i-1', 'lt-1'])
          for (const eventName of ['CreateTags', 'DeleteTags'])
            expect(matches(patternFor(id), call(eventName, tagging(resource, by(role))))).toBe(false);
  });

  test('leave out creations without a tag, where the record tells', () => {
    const bare = { requestParameters: { size: '8' }, responseElements: { volumeId: 'vol-1', tagSet: {} } };
    const tagged = {
      requestParameters: { tagSpecificationSet: { items: [{ resourceType: 'volume', tags: [{ key: 'a', value: 'b' }] }] } },
    };
    expect(matches(patternFor('volume-sensitive-tags'), call('CreateVolume', bare))).toBe(false);
    expect(matches(patternFor('volume-sensitive-tags'), call('CreateVolume', tagged))).toBe(true);
    expect(matches(patternFor('parameter-owner-tag'), call('PutParameter', { responseElements: { version: 2 } }, 'ssm'))).toBe(false);
    expect(matches(patternFor('parameter-owner-tag'), call('PutParameter', { responseElements: { version: 1 } }, 'ssm'))).toBe(true);
  });
});

describe('every rule', () => {
  const longest = ['volumes', 'launch-templates', 'auto-scaling', 'image-builder', 'parameters', 'snapshots', 'images', 'documents'];
  const far = longest.map((kind) => `arn:aws-us-gov:iam::123456789012:role/redress-${kind}-us-gov-west-1`);

  test.each(controls.map((control) => [control.id, control] as const))(
    '%s stays under the longest pattern, with more kinds in the longest partition',
    (_id, control) => {
      expect(JSON.stringify(patternOf(control, far)).length).toBeLessThanOrEqual(MAX_PATTERN);
    },
  );

  test.each(controls.map((control) => [control.id, control] as const))(
    '%s leaves out all our roles, or is about nothing else',
    (_id, control) => {
      for (const trigger of control.triggers) {
        const isOwn = trigger.isOwn === true;
        // nobody's role is in a notice
        if (isNotice(trigger.detailType ?? API_CALL)) continue;
        for (const eventName of trigger.eventNames.length > 0 ? trigger.eventNames : ['Anything']) {
          const event = fitting(trigger, eventName);
          const { userIdentity } = event.detail;
          expect(matches(patternOf(control, roles), event)).toBe(!isOwn);
          for (const role of roles) {
            const ours = { ...event, detail: { ...event.detail, userIdentity: { ...userIdentity, ...by(role) } } };
            expect(matches(patternOf(control, roles), ours)).toBe(isOwn);
          }
        }
      }
    },
  );
});

describe('a pattern', () => {
  const withTriggers = (...triggers: Trigger[]): AnyControl => ({ ...controlOf('volume-encrypted'), triggers });
  const ssm = 'ssm.amazonaws.com';

  test('is flat where one branch says all', () => {
    const { detail } = patternOf(
      withTriggers(
        { eventSource: ssm, eventNames: ['PutParameter'] },
        { eventSource: ssm, eventNames: ['DeleteParameter', 'PutParameter'] },
      ),
      roles,
    );
    expect(detail).toMatchObject({ eventName: ['PutParameter', 'DeleteParameter'] });
    expect(detail).not.toHaveProperty('$or');
  });

  test('keeps calls of several services apart', () => {
    const pattern = patternOf(
      withTriggers({ eventSource: ssm, eventNames: ['PutParameter'] }, { eventSource: 'ec2.amazonaws.com', eventNames: ['RunInstances'] }),
      roles,
    );
    expect(matches(pattern, call('PutParameter', {}, 'ssm'))).toBe(true);
    expect(matches(pattern, call('RunInstances', {}, 'ec2'))).toBe(true);
    expect(matches(pattern, call('RunInstances', {}, 'ssm'))).toBe(false);
  });

  test('keeps its other filters where a part was left out', () => {
    const where = { requestParameters: { type: ['String'] }, awsRegion: ['eu-west-1'] };
    const pattern = patternOf(withTriggers({ eventSource: ssm, eventNames: ['PutParameter'], where }), roles);
    expect(matches(pattern, call('PutParameter', { awsRegion: 'eu-west-1', requestParameters: { omitted: true } }, 'ssm'))).toBe(true);
    expect(matches(pattern, call('PutParameter', { awsRegion: 'us-east-1', requestParameters: { omitted: true } }, 'ssm'))).toBe(false);
  });

  test.each<[string, { readonly [key: string]: Json }]>([
    ['eventSource', { eventSource: [ssm] }],
    ['eventName', { eventName: ['GetParameter'] }],
    ['eventType', { eventType: ['AwsApiCall'] }],
    ['errorCode', { errorCode: [{ exists: true }] }],
    ['$or', { $or: [{ readOnly: [true] }, { readOnly: [false] }] }],
    ['userIdentity', { userIdentity: [{ exists: false }] }],
    ['userIdentity.$or', { userIdentity: { $or: [{ type: ['Root'] }, { type: ['IAMUser'] }] } }],
    [
      'userIdentity.sessionContext.sessionIssuer.arn',
      { userIdentity: { sessionContext: { sessionIssuer: { arn: [{ prefix: 'arn:aws:iam::123456789012:role/a' }] } } } },
    ],
  ])('refuses a filter on what it decides itself: %s', (path, where) => {
    const trigger = { eventSource: ssm, eventNames: ['PutParameter'], where };
    expect(() => patternOf(withTriggers(trigger), roles)).toThrow(`a trigger on PutParameter may not filter by ${path}`);
  });

  test('refuses to match everything that a service does', () => {
    expect(() => patternOf(withTriggers({ eventSource: ssm, eventNames: [] }), roles)).toThrow('needs a call or a filter');
    expect(() => patternOf(withTriggers(), roles)).toThrow('volume-encrypted has no trigger');
  });

  test('of a deployment is about our own stack, done', () => {
    const change = (id: string, status: string) => ({
      source: 'aws.cloudformation',
      'detail-type': 'CloudFormation Stack Status Change',
      detail: { 'stack-id': id, 'status-details': { status } },
    });
    const pattern = deploymentPattern('arn:ours');
    expect(matches(pattern, change('arn:ours', 'CREATE_COMPLETE'))).toBe(true);
    expect(matches(pattern, change('arn:ours', 'UPDATE_COMPLETE'))).toBe(true);
    expect(matches(pattern, change('arn:ours', 'UPDATE_IN_PROGRESS'))).toBe(false);
    expect(matches(pattern, change('arn:another', 'UPDATE_COMPLETE'))).toBe(false);
  });
});
