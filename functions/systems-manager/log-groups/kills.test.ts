import { expect, test } from 'vitest';
import { messageFor, orderFor } from '../../../test/fixtures/events.ts';
import { ended, killEverywhere } from '../../../test/support/documents/kills.ts';
import { awsError, Harness } from '../../../test/support/harness.ts';
import { world as account, created, key, name, settings } from '../../../test/support/log-groups/setting.ts';
import { aboutGroup, groupArn, keyArn, policy, usable } from '../../../test/support/log-groups/world.ts';
import control from './log-group-key.ts';

const before = keyArn('old');

const configOf = (mode: 'fix' | 'approve') => ({ controls: { [control.id]: { mode, ...settings } } });

function start(mode: 'fix' | 'approve' = 'fix', current?: string) {
  const world = account(current)();
  const harness = new Harness({ controls: [control], config: configOf(mode), world });
  harness.put(messageFor(control.id, current ? aboutGroup('AssociateKmsKey', { logGroupName: name, kmsKeyId: current }) : created));
  return { world, harness };
}

test('killed at every call of the fix, and of its undo: the right key', async () => {
  await killEverywhere(
    control,
    async () => start(),
    (world, end, where) => expect(world.groups.get(name)?.key, where).toBe(end === 'fixed' ? key : undefined),
  );
});

test('killed at every call of a fix that a person agreed to, and of its undo: the key before is back', async () => {
  await killEverywhere(
    control,
    async () => {
      const started = start('approve', before);
      started.harness.put(orderFor(control.id, 'fix', (await ended(started.harness)).id));
      return started;
    },
    (world, end, where) => expect(world.groups.get(name)?.key, where).toBe(end === 'fixed' ? key : before),
  );
});

test.each([
  ['ThrottlingException', 'Rate exceeded'],
  ['OperationAbortedException', 'Multiple concurrent requests to update the same resource were in conflict.'],
  ['ServiceUnavailableException', 'The service cannot complete the request.'],
])('%s at any call is waited for; the same event twice is one finding and one change', async (code, text) => {
  const { world, harness } = start();
  const left = new Map<string, number>();
  world.meanwhile = (action) => {
    const times = left.get(action) ?? 2;
    left.set(action, times - 1);
    if (times > 0) throw awsError(code, text, code.startsWith('Service') ? 503 : 400);
  };
  harness.put(messageFor(control.id, created));
  harness.put(messageFor(control.id, { ...created, id: 'another delivery' }));
  expect((await ended(harness)).status).toBe('fixed');
  expect(harness.writes.map(({ api, input }) => [api, input])).toEqual(
    Array(3).fill(['logs:AssociateKmsKey', { logGroupName: name, kmsKeyId: key }]),
  );
  expect(world.groups.get(name)?.key).toBe(key);
});

test('a key that AWS refuses all the same is said as what it is, and no permission of Redress is asked for', async () => {
  const { world, harness } = start();
  // https://github.com/hashicorp/terraform-provider-aws/issues/29282
  const text = `The specified KMS key does not exist or is not allowed to be used with Arn '${groupArn(name)}'`;
  world.meanwhile = (action) => {
    if (action === 'logs:AssociateKmsKey') throw awsError('AccessDeniedException', text);
  };
  const { status, says, advice } = await ended(harness);
  expect(status).toBe('failed');
  expect(says).toContain(`AWS denies logs:AssociateKmsKey: ${text}`);
  expect(advice).toEqual([{ says: expect.stringMatching(/^Look at the policy of the key, then run/) }]);
});

test('one that was refused is put under the key once its policy allows it and a person asks', async () => {
  const its = { policy: policy() as object };
  const world = account(undefined, { 'alias/logs': its })();
  const harness = new Harness({ controls: [control], config: configOf('fix'), world });
  harness.put(messageFor(control.id, created));
  const refused = await ended(harness);
  expect([refused.status, harness.writes]).toEqual(['open', []]);
  its.policy = usable.policy;
  harness.put(orderFor(control.id, 'fix', refused.id));
  expect((await ended(harness)).status).toBe('fixed');
  expect(world.groups.get(name)?.key).toBe(key);
});

test('an undo is refused where somebody chose another key meanwhile', async () => {
  const { world, harness } = start();
  const { id } = await ended(harness);
  world.groups.set(name, { key: before });
  harness.put(orderFor(control.id, 'undo', id));
  await ended(harness);
  expect(world.groups.get(name)?.key).toBe(before);
});
