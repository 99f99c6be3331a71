import { expect, test } from 'vitest';
import { messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { Harness, place } from '../../../test/support/harness.ts';
import { deactivated, iamCall } from '../../../test/support/identity/events.ts';
import { type IamAccount, iamWorld } from '../../../test/support/identity/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './mfa-kept.ts';

const long = '2026-01-01T00:00:00Z';
const dana = (devices: number, passwordSince?: string): IamAccount => ({
  users: { dana: { devices, ...(passwordSince && { passwordSince }) } },
});
const world = (account: IamAccount) => () => iamWorld(account);
const wrong = {
  mode: 'observe' as const,
  sends: [],
  status: 'open' as const,
  says: /The last MFA device of the user dana was removed, and no other took its place/,
};

testControl(control, {
  valid: [
    { name: 'a user with another device', world: world(dana(1, long)), event: deactivated('dana') },
    // elastic/detection-rules#5275: devices that belong to nobody come and go
    { name: 'a user without a password, such as one that is about to leave', world: world(dana(0)), event: deactivated('dana') },
    { name: 'a device of root, which is no user', world: world({}), event: deactivated('AWS ROOT USER') },
    {
      name: 'a role that names nobody',
      world: world({}),
      event: iamCall('DeactivateMFADevice', null, { userIdentity: { type: 'AssumedRole' } }),
    },
    { name: 'a sweep, which cannot tell who ever had a device', world: world(dana(0, long)), event: scheduled() },
  ],
  invalid: [
    { name: 'a user whose only device was removed', world: world(dana(0, long)), event: deactivated('dana'), ...wrong },
    {
      name: 'a user who removed it without saying the own name',
      world: world(dana(0, long)),
      event: iamCall('DeactivateMFADevice', { serialNumber: 'arn:aws:iam::111122223333:mfa/phone' }),
      ...wrong,
      advice: /Ask dana/,
    },
    {
      name: 'one that a stack removed',
      world: world(dana(0, long)),
      event: deactivated('dana', { userIdentity: { type: 'IAMUser', userName: 'ci', invokedBy: 'cloudformation.amazonaws.com' } }),
      ...wrong,
    },
  ],
  skipped: [],
});

const home = { ...place, region: 'us-east-1' };
function start(account: IamAccount) {
  const world = iamWorld(account);
  const harness = new Harness({ controls: [control], world, others: [{ place: home, world }] });
  return { world, harness, statuses: () => harness.announced.map(({ status }) => status) };
}

test('a device that another takes the place of within 15 minutes is not reported', async () => {
  const { world, harness, statuses } = start(dana(0, long));
  harness.put(messageFor(control.id, deactivated('dana')));
  await harness.settle(0.2);
  expect([statuses(), harness.isIdle]).toEqual([[], false]);
  Object.assign(world.users['dana'] ?? {}, { devices: 1 });
  await harness.settle(1);
  expect([statuses(), harness.isIdle]).toEqual([[], true]);
});

test('a user that is deleted after its device is not reported: so people leave', async () => {
  const { world, harness, statuses } = start(dana(0, long));
  harness.put(messageFor(control.id, deactivated('dana')));
  await harness.settle(0.2);
  delete world.users['dana'];
  await harness.settle(2);
  expect([statuses(), harness.isIdle, harness.dead]).toEqual([[], true, []]);
});

test('what is not replaced is reported a quarter of an hour later, and ends with a new device', async () => {
  const { world, harness, statuses } = start(dana(0, long));
  const began = harness.now.getTime();
  harness.put(messageFor(control.id, deactivated('dana')));
  await harness.settle(1);
  expect(statuses()).toEqual(['open']);
  expect((harness.now.getTime() - began) / 60_000).toBeCloseTo(15, 0);
  Object.assign(world.users['dana'] ?? {}, { devices: 1 });
  harness.put(messageFor(control.id, iamCall('EnableMFADevice', { userName: 'dana' })));
  await harness.settle(1);
  expect(statuses()).toEqual(['open', 'fixed']);
});

test('a finding about what was replaced unseen ends with a sweep', async () => {
  const { world, harness, statuses } = start(dana(0, long));
  harness.put(messageFor(control.id, deactivated('dana')));
  await harness.settle(1);
  Object.assign(world.users['dana'] ?? {}, { devices: 2 });
  harness.now = new Date(harness.now.getTime() + 86_400_000);
  harness.put(messageFor(control.id, { ...scheduled(), region: home.region, time: harness.now.toISOString() }));
  await harness.settle(1);
  expect(statuses()).toEqual(['open', 'fixed']);
});
