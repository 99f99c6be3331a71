import { expect, test } from 'vitest';
import { messageFor, orderFor } from '../../../test/fixtures/events.ts';
import { shareDocument } from '../../../test/support/documents/events.ts';
import { documentsWorld } from '../../../test/support/documents/world.ts';
import { awsError, Harness } from '../../../test/support/harness.ts';
import control from './document-private.ts';

const config = { controls: { [control.id]: { mode: 'fix' as const } } };
const everybody = { versions: ['{}'], sharedWith: ['All'], sharedVersion: '$LATEST' };

function start() {
  const world = documentsWorld({ documents: { deploy: everybody } });
  const harness = new Harness({ controls: [control], config, world });
  harness.put(messageFor(control.id, shareDocument('deploy', ['All'])));
  return { world, harness };
}

/** Goes on to the end; answers the only finding. */
async function ended(harness: Harness) {
  await harness.settle();
  const [finding, ...more] = await harness.findings();
  expect(more).toEqual([]);
  expect(harness.dead).toEqual([]);
  return finding ?? expect.fail('no finding');
}

test('killed at every call of the fix, and of its undo: the right sharing, announced once', async () => {
  const calm = start();
  await calm.harness.invoke();
  const fixing = calm.harness.calls;
  expect(fixing).toContain('ssm:ModifyDocumentPermission');
  calm.harness.put(orderFor(control.id, 'undo', (await ended(calm.harness)).id));
  await calm.harness.invoke();
  const undoing = calm.harness.calls;
  expect((await ended(calm.harness)).status).toBe('undone');
  for (const [calls, isUndo] of [
    [fixing, false],
    [undoing, true],
  ] as const) {
    for (let at = 1; at <= calls.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const where = `killed ${when} call ${at}, ${calls[at - 1]}, of the ${isUndo ? 'undo' : 'fix'}`;
        const { world, harness } = start();
        if (isUndo) harness.put(orderFor(control.id, 'undo', (await ended(harness)).id));
        await harness.invoke({ at, when });
        expect((await ended(harness)).status, where).toBe(isUndo ? 'undone' : 'fixed');
        expect(world.documents.get('deploy'), where).toMatchObject(isUndo ? everybody : { sharedWith: [] });
      }
    }
  }
});

test('throttled, it waits and ends; the same event twice is one finding and one change', async () => {
  const { world, harness } = start();
  let left = 3;
  world.meanwhile = (action) => {
    if (!action.startsWith('ssm:') || left === 0) return;
    left -= 1;
    throw awsError('ThrottlingException', 'Rate exceeded');
  };
  harness.put(messageFor(control.id, shareDocument('deploy', ['all'])));
  expect((await ended(harness)).status).toBe('fixed');
  expect(left).toBe(0);
  expect(harness.writes.map(({ api }) => api)).toEqual(['ssm:ModifyDocumentPermission']);
});

test('a policy of the organization that denies it is said as what it is', async () => {
  const { world, harness } = start();
  world.meanwhile = (action) => {
    if (action !== 'ssm:ModifyDocumentPermission') return;
    const why = 'is not authorized to perform: ssm:ModifyDocumentPermission with an explicit deny in a service control policy';
    throw awsError('AccessDeniedException', `User: arn:aws:sts::111122223333:assumed-role/redress ${why}`);
  };
  const finding = await ended(harness);
  expect(finding.status).toBe('failed');
  expect(finding.says).toMatch(/service control policy/);
});
