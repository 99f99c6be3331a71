import { describe, expect, test } from 'vitest';
import { callKind } from '#shared/control/call.ts';
import type { AnyControl, Json, Trigger } from '#shared/control/control.ts';
import { matches } from '#shared/replay/matcher.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { MAX_PATTERN, patternOf } from '../../infra/patterns.ts';
import { amiState, callEvent, consoleLogin, imageBuilt, serviceEvent, snapshotDone } from '../fixtures/events.ts';

const functions = await discoverFunctions();
const [some] = controlsOf(functions);
if (!some) throw new Error('there is no control');
const roles = functions.map(({ id }) => `arn:aws:iam::123456789012:role/redress-${id}-eu-west-1`);
const patternFor = (...triggers: Trigger[]) => patternOf({ ...some, triggers } as AnyControl, roles);

type Event = { readonly [key: string]: Json };
/** An event as JSON, which is all that EventBridge sees. */
const json = (event: object): Event => JSON.parse(JSON.stringify(event));
const sees = (pattern: Event, event: object) => matches(pattern, json(event));

const issuer = (arn: string | undefined) => ({ type: 'AssumedRole', sessionContext: { sessionIssuer: { type: 'Role', arn } } });
const root = { type: 'Root', arn: 'arn:aws:iam::123456789012:root' };
const withIdentity = (event: ReturnType<typeof callEvent>, userIdentity: object | null) => ({
  ...event,
  detail: { ...event.detail, userIdentity },
});

const signIn: Trigger = {
  eventSource: 'signin.amazonaws.com',
  eventNames: ['ConsoleLogin'],
  detailType: 'AWS Console Sign In via CloudTrail',
  where: { responseElements: { ConsoleLogin: ['Success'] }, userIdentity: { type: ['IAMUser'] } },
};
const shared: Trigger = {
  eventSource: 'ec2.amazonaws.com',
  eventNames: ['SharedSnapshotVolumeCreated', 'SharedSnapshotCopyInitiated'],
  detailType: 'AWS Service Event via CloudTrail',
};
const available: Trigger = {
  eventSource: 'ec2.amazonaws.com',
  eventNames: [],
  detailType: 'EC2 AMI State Change',
  where: { State: ['available'] },
};
const copied: Trigger = {
  eventSource: 'ec2.amazonaws.com',
  eventNames: [],
  detailType: 'EBS Snapshot Notification',
  where: { event: ['copySnapshot'], result: ['succeeded'] },
};
const built: Trigger = {
  eventSource: 'imagebuilder.amazonaws.com',
  eventNames: [],
  detailType: 'EC2 Image Builder Image State Change',
  where: { state: { status: ['AVAILABLE'] } },
};
const images: Trigger = { eventSource: 'ec2.amazonaws.com', eventNames: ['CreateImage', 'CopyImage'] };

describe('a sign-in', () => {
  const pattern = patternFor(signIn);

  test.each(['AWS Console Sign In via CloudTrail', 'AWS Console Signin via CloudTrail'])('is seen as %j', (type) => {
    expect(sees(pattern, { ...consoleLogin(), 'detail-type': type })).toBe(true);
  });

  test('that failed, or is of a role, is left out by the filter: a failed one has no errorCode', () => {
    expect(sees(pattern, consoleLogin({ responseElements: { ConsoleLogin: 'Failure' } }))).toBe(false);
    expect(sees(pattern, consoleLogin({ userIdentity: issuer('arn:aws:iam::123456789012:role/admin') }))).toBe(false);
  });

  test('is no call', () => {
    expect(sees(pattern, { ...consoleLogin(), 'detail-type': 'AWS API Call via CloudTrail' })).toBe(false);
  });
});

test('a kind of call that is a sign-in asks for sign-ins', () => {
  const { eventSource, eventNames, where } = signIn;
  const kind = callKind({
    noun: 'sign-in',
    plural: 'Sign-ins',
    eventSource,
    eventNames,
    where: where ?? {},
    detailType: 'AWS Console Sign In via CloudTrail',
  });
  expect(sees(patternFor(...kind.created), consoleLogin())).toBe(true);
  expect(sees(patternFor(...kind.created), consoleLogin({ responseElements: { ConsoleLogin: 'Failure' } }))).toBe(false);
  expect(sees(patternFor(kind.calls('SwitchRole')), consoleLogin({ eventName: 'SwitchRole' }))).toBe(true);
});

describe('what a service does on its own', () => {
  test('is seen without an identity that has a type, a role or a request', () => {
    const pattern = patternFor(shared);
    expect(sees(pattern, serviceEvent('SharedSnapshotVolumeCreated', { snapshotId: 'snap-1' }))).toBe(true);
    expect(sees(pattern, callEvent('SharedSnapshotVolumeCreated'))).toBe(false);
  });
});

describe('a notice', () => {
  test.each([
    ['an image that is there', available, amiState('ami-1', 'available'), amiState('ami-1', 'deregistered')],
    ['a copied snapshot', copied, snapshotDone('copySnapshot', 'snap-1'), snapshotDone('createSnapshot', 'snap-1')],
    ['a built image', built, imageBuilt('AVAILABLE'), imageBuilt('TESTING')],
  ])('of %s is seen, and another state is not', (_name, trigger, event, other) => {
    const pattern = patternFor(trigger);
    expect(sees(pattern, event)).toBe(true);
    expect(sees(pattern, other)).toBe(false);
    expect(sees(pattern, { ...event, source: 'aws.somebody' })).toBe(false);
  });

  test('is seen in every state where one trigger asks for no state', () => {
    const { where: _, ...any } = available;
    const pattern = patternFor(available, any);
    expect(pattern).not.toHaveProperty('detail');
    expect(sees(pattern, amiState('ami-1', 'disabled'))).toBe(true);
  });

  test('of one type is seen by either of two filters', () => {
    const pattern = patternFor(available, { ...available, where: { State: ['disabled'] } });
    expect(['available', 'disabled', 'failed'].map((state) => sees(pattern, amiState('ami-1', state)))).toEqual([true, true, false]);
  });
});

describe('a control of several functions of event', () => {
  const pattern = patternFor(images, shared, signIn, available, copied, built);

  test.each([
    ['a call', callEvent('CreateImage'), true],
    ['a call that failed', callEvent('CreateImage', { errorCode: 'Client.UnauthorizedOperation' }), false],
    ['a call of ours', withIdentity(callEvent('CopyImage'), issuer(roles[0])), false],
    ['a call that is not named', callEvent('DeregisterImage'), false],
    ['a sign-in', consoleLogin(), true],
    ['a sign-in by a role', consoleLogin({ userIdentity: issuer('arn:aws:iam::123456789012:role/admin') }), false],
    ['what a service does', serviceEvent('SharedSnapshotCopyInitiated', { snapshotId: 'snap-1' }), true],
    ['a call of the name of what a service does', callEvent('SharedSnapshotCopyInitiated'), false],
    ['an image', amiState('ami-1', 'available'), true],
    ['an image that failed', amiState('ami-1', 'failed'), false],
    ['a copied snapshot', snapshotDone('copySnapshot', 'snap-1'), true],
    ['a built image', imageBuilt('AVAILABLE'), true],
    ['a sweep', { ...amiState('ami-1', 'available'), 'detail-type': 'Scheduled Event' }, false],
  ])('looks at %s: %#', (_name, event, expected) => expect(sees(pattern, event)).toBe(expected));

  test('has a pattern that EventBridge takes, with more functions in the longest partition', () => {
    const longest = ['volumes', 'launch-templates', 'auto-scaling', 'image-builder', 'parameters', 'snapshots', 'images', 'documents'];
    const far = longest.map((kind) => `arn:aws-us-gov:iam::123456789012:role/redress-${kind}-us-gov-west-1`);
    const control = { ...some, triggers: [images, shared, signIn, available, copied, built] } as AnyControl;
    expect(JSON.stringify(patternOf(control, far)).length).toBeLessThanOrEqual(MAX_PATTERN);
  });
});

describe('a filter on the identity', () => {
  const byRoot: Trigger = { eventSource: '*', eventNames: [], where: { userIdentity: { type: ['Root'], invokedBy: [{ exists: false }] } } };
  const patterns = [
    ['alone', patternFor(byRoot)],
    ['beside another', patternFor(byRoot, images)],
  ] as const;

  test.each(patterns)('holds together with the exclusion of our roles, %s', (_name, pattern) => {
    const event = callEvent('CreateUser', { userIdentity: root }, 'iam.amazonaws.com');
    expect(sees(pattern, event)).toBe(true);
    expect(sees(pattern, withIdentity(event, { ...root, invokedBy: 'autoscaling.amazonaws.com' }))).toBe(false);
    expect(sees(pattern, withIdentity(event, issuer('arn:aws:iam::123456789012:role/admin')))).toBe(false);
    // both must hold: what passes the one filter does not pass the other
    for (const role of roles) expect(sees(pattern, withIdentity(event, { ...issuer(role), type: 'Root' }))).toBe(false);
  });

  test('of any service takes the sources of AWS only', () => {
    const event = callEvent('CreateUser', { userIdentity: root }, 'iam.amazonaws.com');
    expect(sees(patternFor(byRoot), { ...event, source: 'somebody.else' })).toBe(false);
  });
});

describe('a filter on what is absent', () => {
  const pattern = patternFor({
    eventSource: 'ec2.amazonaws.com',
    eventNames: ['CreateImage'],
    where: { requestParameters: { kmsKeyId: [{ exists: false }] }, userIdentity: { invokedBy: [{ exists: false }] } },
  });

  test.each([
    ['both are absent', {}, true],
    ['the request has it', { requestParameters: { kmsKeyId: 'alias/a' } }, false],
    ['the identity has it', { userIdentity: { type: 'IAMUser', invokedBy: 'backup.amazonaws.com' } }, false],
    ['there is no identity', { userIdentity: null }, true],
    ['CloudTrail left the request out', { requestParameters: { omitted: true } }, true],
    ['the call is ours', { userIdentity: issuer(roles[0]) }, false],
  ])('where %s', (_name, fields, expected) => expect(sees(pattern, callEvent('CreateImage', fields))).toBe(expected));
});
