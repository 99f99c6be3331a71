import { expect, test } from 'vitest';
import { messageFor } from '../../../test/fixtures/events.ts';
import { settingCall, sharingWorld } from '../../../test/support/account/document-sharing.ts';
import { ended, killEverywhere } from '../../../test/support/documents/kills.ts';
import { awsError, Harness } from '../../../test/support/harness.ts';
import control from './document-sharing-blocked.ts';

const config = { controls: { [control.id]: { mode: 'fix' as const } } };
const reset = () => messageFor(control.id, settingCall('ResetServiceSetting'));

function start() {
  const world = sharingWorld({ documents: { deploy: {} } });
  const harness = new Harness({ controls: [control], config, world });
  harness.put(reset());
  return { world, harness };
}

test('killed at every call of the fix, and of its undo: the right setting', async () => {
  await killEverywhere(
    control,
    async () => start(),
    (world, end, where) => expect(world.value(), where).toBe(end === 'fixed' ? 'Disable' : undefined),
  );
});

test('throttled, it waits and ends; the same event twice is one finding and one change', async () => {
  const { world, harness } = start();
  let left = 3;
  world.meanwhile = (action) => {
    if (!action.startsWith('ssm:') || left === 0) return;
    left -= 1;
    throw awsError('TooManyUpdates', 'There are concurrent updates for a resource that supports one update at a time.');
  };
  harness.put(reset());
  expect((await ended(harness)).status).toBe('fixed');
  expect(left).toBe(0);
  expect(harness.writes.map(({ api }) => api)).toEqual(['ssm:UpdateServiceSetting']);
});
