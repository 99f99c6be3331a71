import { expect, test } from 'vitest';
import { callEvent, messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { Harness, place } from '../../../test/support/harness.ts';
import { iamCall } from '../../../test/support/identity/events.ts';
import { type IamAccount, iamWorld } from '../../../test/support/identity/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './user-has-mfa.ts';

const long = '2026-01-01T00:00:00Z';
const recent = '2026-11-21T08:59:58Z';
const users = (more: NonNullable<IamAccount['users']>): IamAccount => ({ users: more });
const world = (account: IamAccount) => () => iamWorld(account);
const password = (userName: string) =>
  iamCall('CreateLoginProfile', { userName, passwordResetRequired: true }, { responseElements: { loginProfile: { userName } } });
const wrong = { mode: 'observe' as const, sends: [], status: 'open' as const };

testControl(control, {
  valid: [
    { name: 'a user with a device', world: world(users({ dana: { devices: 1, passwordSince: long } })), event: scheduled() },
    { name: 'a user of access keys alone', world: world(users({ ci: { devices: 0 } })), event: scheduled() },
    { name: 'a user whose password was removed again', world: world(users({ dana: { devices: 0 } })), event: password('dana') },
    {
      // elastic/detection-rules#4277: a session of root leaves the name out, and root-has-mfa judges root
      name: 'a password of root, which is no user',
      world: world({}),
      event: iamCall('CreateLoginProfile', null, { userIdentity: { type: 'Root', arn: 'arn:aws:iam::111122223333:root' } }),
    },
    {
      name: 'a password that is no day old',
      world: world(users({ dana: { devices: 0, passwordSince: recent } })),
      event: scheduled(),
    },
  ],
  invalid: [
    {
      name: 'a user that a sweep finds',
      world: world(users({ dana: { devices: 0, passwordSince: long }, erin: { devices: 1, passwordSince: long } })),
      event: scheduled(),
      ...wrong,
      says: 'The user dana has a password for the console and no MFA device.',
      advice: /Have dana register a device/,
    },
    {
      name: 'a user that a stack made',
      world: world(users({ dana: { devices: 0, passwordSince: long } })),
      event: { ...password('dana'), detail: { ...password('dana').detail, userIdentity: { invokedBy: 'cloudformation.amazonaws.com' } } },
      ...wrong,
      says: /no MFA device/,
    },
  ],
  skipped: [],
});

const home = { ...place, region: 'us-east-1' };

test('a new password is given a day, in which it is looked at a few times, and then reported', async () => {
  const world = iamWorld(users({ dana: { devices: 0, passwordSince: recent } }));
  const harness = new Harness({ controls: [control], world, others: [{ place: home, world }] });
  harness.put(messageFor(control.id, password('dana')));
  await harness.settle(23.5);
  expect([harness.announced, harness.isIdle]).toEqual([[], false]);
  // in the last hour it waits on the queue, which holds a message for 15 minutes
  expect(harness.reads.length).toBeLessThanOrEqual(10);
  await harness.settle(2);
  expect(harness.announced.map(({ status }) => status)).toEqual(['open']);
  world.users['dana'] = { devices: 1, passwordSince: recent };
  harness.put(messageFor(control.id, iamCall('EnableMFADevice', { userName: 'dana' })));
  await harness.settle(1);
  expect(harness.announced.map(({ status }) => status)).toEqual(['open', 'fixed']);
  expect(harness.isIdle).toBe(true);
});

test('a user who registers a device within the day is never reported', async () => {
  const world = iamWorld(users({ dana: { devices: 0, passwordSince: recent } }));
  const harness = new Harness({ controls: [control], world, others: [{ place: home, world }] });
  harness.put(messageFor(control.id, password('dana')));
  await harness.settle(1);
  world.users['dana'] = { devices: 1, passwordSince: recent };
  await harness.settle(48);
  expect([harness.announced, harness.isIdle, harness.dead]).toEqual([[], true, []]);
});

test('the same user elsewhere is judged in one Region alone', async () => {
  const world = iamWorld(users({ dana: { devices: 0, passwordSince: long } }));
  const harness = new Harness({ controls: [control], world });
  harness.put(messageFor(control.id, callEvent('CreateLoginProfile', { requestParameters: { userName: 'dana' } }, 'iam.amazonaws.com')));
  await harness.settle(1);
  expect([harness.announced, harness.reads]).toEqual([[], []]);
});
