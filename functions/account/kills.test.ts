import { describe, expect, test } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import { messageFor, orderFor } from '../../test/fixtures/events.ts';
import type { Answering } from '../../test/support/account/answering.ts';
import { blockCall, bucketsWorld } from '../../test/support/account/buckets.ts';
import { guardDutyCall, guardDutyWorld, macieCall, macieWorld } from '../../test/support/account/detectors.ts';
import { keyArn, keyCall, keyWorld } from '../../test/support/account/keys.ts';
import { ended, killEverywhere, type Started } from '../../test/support/documents/kills.ts';
import { awsError, Harness } from '../../test/support/harness.ts';
import { homeOf, there } from '../../test/support/home.ts';
import bucketPublicAccess from './bucket-public-access/bucket-public-access-blocked.ts';
import { blocked } from './bucket-public-access/flags.ts';
import guardDuty from './guardduty/guardduty-on.ts';
import keyUsable from './keys/key-usable.ts';
import macie from './macie/macie-on.ts';

interface Guard<Cloud extends Answering = Answering> {
  readonly name: string;
  readonly control: AnyControl;
  readonly world: () => Cloud;
  readonly event: object;
  /** The writes of the fix, in order. */
  readonly sends: readonly string[];
  readonly state: (world: Cloud) => unknown;
  readonly fixed: unknown;
  readonly undone: unknown;
}

const guard = <Cloud extends Answering>(one: Guard<Cloud>): Guard => ({ ...one, state: (world) => one.state(world as Cloud) });
const volumes = [{ VolumeId: 'vol-1', KmsKeyId: keyArn }];
const half = { ...blocked, IgnorePublicAcls: false };

const guards: readonly Guard[] = [
  guard({
    name: 'a key whose deletion is scheduled',
    control: keyUsable,
    world: () => keyWorld({ state: 'PendingDeletion', isDefaultAs: keyArn, volumes }),
    event: keyCall('ScheduleKeyDeletion'),
    sends: ['kms:CancelKeyDeletion', 'kms:EnableKey'],
    state: ({ state }) => state,
    fixed: 'Enabled',
    undone: 'Disabled',
  }),
  guard({
    name: 'a suspended GuardDuty',
    control: guardDuty,
    world: () => guardDutyWorld({ status: 'DISABLED' }),
    event: guardDutyCall('UpdateDetector', { enable: false }),
    sends: ['guardduty:UpdateDetector'],
    state: ({ status }) => status,
    fixed: 'ENABLED',
    undone: 'DISABLED',
  }),
  guard({
    name: 'a deleted GuardDuty, which is made once',
    control: guardDuty,
    world: () => guardDutyWorld({ status: 'none' }),
    event: guardDutyCall('DeleteDetector'),
    sends: ['guardduty:CreateDetector'],
    state: ({ status, made }) => [status, made],
    fixed: ['ENABLED', 1],
    undone: ['DISABLED', 1],
  }),
  guard({
    name: 'a disabled Macie, which is enabled once',
    control: macie,
    world: () => macieWorld({ status: 'none' }),
    event: macieCall('DisableMacie'),
    sends: ['macie2:EnableMacie'],
    state: ({ status, made }) => [status, made],
    fixed: ['ENABLED', 1],
    undone: ['PAUSED', 1],
  }),
  guard({
    name: 'the public access block of the account',
    control: bucketPublicAccess,
    world: () => bucketsWorld(half),
    event: blockCall('PutAccountPublicAccessBlock', half),
    sends: ['s3:PutAccountPublicAccessBlock'],
    state: ({ block }) => block,
    fixed: blocked,
    undone: half,
  }),
];

function start({ control, world: make, event }: Guard): Started<Answering> {
  const world = make();
  const others = control.kind.isGlobal ? [{ place: homeOf(control), world }] : [];
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'fix' } } }, world, others });
  harness.put(messageFor(control.id, there(control, event)));
  return { world, harness };
}

describe.each(guards)('$name', (one) => {
  test('killed at every call of the fix, and of its undo: the right state', async () => {
    await killEverywhere(
      one.control,
      async () => start(one),
      (world, end, where) => expect(one.state(world), where).toEqual(one[end]),
    );
  });

  test('throttled at every call, it waits and ends; the same event twice is one finding and one change', async () => {
    const { world, harness } = start(one);
    const refused = new Set<string>();
    world.meanwhile = (action) => {
      if (refused.has(action)) return;
      refused.add(action);
      throw awsError('ThrottlingException', 'Rate exceeded');
    };
    harness.put(messageFor(one.control.id, there(one.control, one.event)));
    expect((await ended(harness, homeOf(one.control))).status).toBe('fixed');
    expect([...refused]).toEqual(expect.arrayContaining([...one.sends]));
    // each was refused once, and sent again
    expect(harness.writes.map(({ api }) => api)).toEqual(one.sends.flatMap((api) => [api, api]));
    expect(one.state(world)).toEqual(one.fixed);
  });

  test('denied by a policy of the organization, it is said as what it is', async () => {
    const { world, harness } = start(one);
    const [first] = one.sends;
    world.meanwhile = (action) => {
      if (action !== first) return;
      const why = `is not authorized to perform: ${action} with an explicit deny in a service control policy`;
      throw awsError('AccessDeniedException', `User: arn:aws:sts::111122223333:assumed-role/redress ${why}`);
    };
    const finding = await ended(harness, homeOf(one.control));
    expect(finding.status).toBe('open');
    expect(finding.says).toMatch(/A service control policy of the organization denies/);
  });
});

test('throttled between the two calls that a person approved, it asks again', async () => {
  const world = keyWorld({ state: 'PendingDeletion', isDefaultAs: keyArn });
  const harness = new Harness({ controls: [keyUsable], world });
  harness.put(messageFor(keyUsable.id, keyCall('ScheduleKeyDeletion')));
  const waiting = await ended(harness);
  const order = (plan: string | undefined) => harness.put(orderFor(keyUsable.id, 'fix', waiting.id, { plan }));
  order(waiting.plan);
  let isThrottled = false;
  world.meanwhile = (action) => {
    if (action !== 'kms:EnableKey' || isThrottled) return;
    isThrottled = true;
    throw awsError('ThrottlingException', 'Rate exceeded');
  };
  const asked = await ended(harness);
  expect([asked.status, world.state]).toEqual(['awaiting-approval', 'Disabled']);
  expect(asked.says).toContain('The plan is not the one that was approved');
  order(asked.plan);
  expect((await ended(harness)).status).toBe('fixed');
  expect(world.state).toBe('Enabled');
});
