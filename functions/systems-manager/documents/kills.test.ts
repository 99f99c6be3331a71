import { expect, test } from 'vitest';
import { messageFor } from '../../../test/fixtures/events.ts';
import { shareDocument } from '../../../test/support/documents/events.ts';
import { ended, killEverywhere } from '../../../test/support/documents/kills.ts';
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

test('killed at every call of the fix, and of its undo: the right sharing', async () => {
  await killEverywhere(
    control,
    async () => start(),
    (world, end, where) => expect(world.documents.get('deploy'), where).toMatchObject(end === 'fixed' ? { sharedWith: [] } : everybody),
  );
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
