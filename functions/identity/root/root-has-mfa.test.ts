import { expect, test } from 'vitest';
import { messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { Harness, place } from '../../../test/support/harness.ts';
import { deactivated, iamCall, root } from '../../../test/support/identity/events.ts';
import { iamWorld } from '../../../test/support/identity/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './root-has-mfa.ts';

const password = { AccountPasswordPresent: 1, AccountAccessKeysPresent: 0, AccountSigningCertificatesPresent: 0 };
const none = { AccountMFAEnabled: 0, AccountPasswordPresent: 0, AccountAccessKeysPresent: 0, AccountSigningCertificatesPresent: 0 };
const world = (summary: { [key: string]: number }) => () => iamWorld({ summary });
const removed = deactivated('AWS ROOT USER', { userIdentity: root });
const wrong = { mode: 'observe' as const, sends: [], status: 'open' as const };

testControl(control, {
  valid: [
    { name: 'an account whose root has a device', world: world({ ...password, AccountMFAEnabled: 1 }), event: scheduled() },
    { name: 'a member account whose root has no credentials', world: world(none), event: scheduled() },
    { name: 'a device that another took the place of', world: world({ ...password, AccountMFAEnabled: 1 }), event: removed },
  ],
  invalid: [
    {
      name: 'an account that the sweep finds',
      world: world({ ...password, AccountMFAEnabled: 0 }),
      event: scheduled(),
      ...wrong,
      says: 'Root can sign in, and has no MFA device.',
      advice: /Sign in as root/,
    },
    {
      name: 'a root with an access key and no password',
      world: world({ ...none, AccountAccessKeysPresent: 2 }),
      event: scheduled(),
      ...wrong,
      says: /It has an access key too/,
      advice: /Delete the access key/,
    },
    {
      name: 'an account of which AWS does not say what root has',
      world: world({ AccountMFAEnabled: 0 }),
      event: scheduled(),
      ...wrong,
      says: /Root can sign in/,
    },
    {
      name: 'a device that was removed',
      world: world({ ...password, AccountMFAEnabled: 0 }),
      event: removed,
      ...wrong,
      says: /no MFA device/,
    },
    {
      // elastic/detection-rules#4277: a session of root gives a member account's root a password again, and leaves the name out
      name: 'a password that root of a member account got back',
      world: world({ ...password, AccountMFAEnabled: 0 }),
      event: iamCall('CreateLoginProfile', null, { userIdentity: { ...root, accessKeyId: 'ASIAEXAMPLE' } }),
      ...wrong,
      says: /Root can sign in/,
    },
  ],
  skipped: [],
});

test('a removed device may be replaced within 15 minutes', async () => {
  const summary: { [key: string]: number } = { ...password, AccountMFAEnabled: 0 };
  const home = { ...place, region: 'us-east-1' };
  const at = iamWorld({ summary });
  const harness = new Harness({ controls: [control], world: at, others: [{ place: home, world: at }] });
  harness.put(messageFor(control.id, removed));
  await harness.settle(0.2);
  Object.assign(summary, { AccountMFAEnabled: 1 });
  await harness.settle(1);
  expect([harness.announced, harness.isIdle]).toEqual([[], true]);
});
