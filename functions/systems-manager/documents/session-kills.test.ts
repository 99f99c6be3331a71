import { expect, test } from 'vitest';
import { messageFor, orderFor } from '../../../test/fixtures/events.ts';
import { token } from '../../../test/fixtures/secrets.ts';
import { writeDocument } from '../../../test/support/documents/events.ts';
import { ended, killEverywhere } from '../../../test/support/documents/kills.ts';
import { content, name, preferencesWorld, runAs } from '../../../test/support/documents/preferences.ts';
import type { DocumentWorld } from '../../../test/support/documents/world.ts';
import { awsError, Harness } from '../../../test/support/harness.ts';
import control from './session-preferences-logged.ts';

const config = { controls: { [control.id]: { mode: 'approve' as const } } };
const on = { s3EncryptionEnabled: true, cloudWatchEncryptionEnabled: true };

/** The preferences wait for a person's word; the order is on the queue. */
async function start() {
  const world = preferencesWorld()();
  const harness = new Harness({ controls: [control], config, world });
  harness.put(messageFor(control.id, writeDocument(name, 'UpdateDocument')));
  harness.put(orderFor(control.id, 'fix', (await ended(harness)).id));
  return { world, harness };
}

/** The inputs of the version that stands, which has to be the newest. */
function standing({ documents }: DocumentWorld): unknown {
  const { versions = [], standing: number } = documents.get(name) ?? {};
  expect(number).toBe(String(versions.length));
  return JSON.parse(versions.at(-1) ?? '').inputs;
}
const wanted = (inputs: object = {}) => JSON.parse(content(inputs)).inputs;

test('killed at every call of the fix, and of its undo: one new version each, every other input as it was', async () => {
  await killEverywhere(control, start, (world, end, where) => {
    expect(standing(world), where).toEqual(end === 'fixed' ? wanted(on) : wanted());
    expect(world.documents.get(name)?.versions.length, where).toBe(end === 'fixed' ? 2 : 3);
  });
}, 60_000);

test('an undo keeps what somebody else wrote since', async () => {
  const { world, harness } = await start();
  const fixed = await ended(harness);
  world.documents.set(name, {
    ...world.documents.get(name),
    versions: [content(), content({ ...on, idleSessionTimeout: '5' })],
    standing: '2',
  });
  harness.put(orderFor(control.id, 'undo', fixed.id));
  expect((await ended(harness)).status).toBe('undone');
  expect(standing(world)).toEqual(wanted({ idleSessionTimeout: '5' }));
});

test('what somebody writes between look and fix is not written over', async () => {
  const { world, harness } = await start();
  const theirs = content({ idleSessionTimeout: '5' });
  world.meanwhile = (action) => {
    const stored = world.documents.get(name);
    if (action !== 'ssm:UpdateDocument' || !stored || stored.versions.length > 1) return;
    stored.versions.push(theirs);
    stored.standing = '2';
  };
  expect((await ended(harness)).status).toBe('fixed');
  expect(standing(world)).toEqual(wanted({ ...on, idleSessionTimeout: '5' }));
  expect(harness.writes.map(({ api }) => api)).toEqual(['ssm:UpdateDocument', 'ssm:UpdateDocument', 'ssm:UpdateDocumentDefaultVersion']);
});

test('throttled, it waits and ends; the same event twice is one finding, and somebody who was faster made it right', async () => {
  const { world, harness } = await start();
  const again = messageFor(control.id, writeDocument(name, 'UpdateDocument'));
  harness.put(again);
  harness.put(again);
  let left = 3;
  world.meanwhile = (action) => {
    const stored = world.documents.get(name);
    if (action !== 'ssm:UpdateDocument' || !stored) return;
    if (left === 0) {
      stored.versions[0] = content(on);
      throw awsError('DuplicateDocumentContent', 'The content of the association document matches another document.');
    }
    left -= 1;
    throw awsError('ThrottlingException', 'Rate exceeded');
  };
  expect((await ended(harness)).status).toBe('fixed');
  expect(left).toBe(0);
});

test('the shell profile, the user and the key of sessions leave the function in the new version alone', async () => {
  const { world, harness } = await start();
  harness.put(orderFor(control.id, 'undo', (await ended(harness)).id));
  await ended(harness);
  expect(world.documents.get(name)?.versions.length).toBe(3);
  const left = await harness.output();
  expect(left).toContain('s3EncryptionEnabled');
  for (const hidden of [token, runAs, 'exec bash', 'shellProfile', 'runAsDefaultUser', 'kmsKeyId', 'key/0f'])
    expect(left).not.toContain(hidden);
  expect(JSON.stringify(world.documents.get(name)?.versions)).toContain(runAs);
});

test('a document that shows in one read and not in the other is looked at again', async () => {
  const world = preferencesWorld()();
  const harness = new Harness({ controls: [control], config, world });
  let asked = 0;
  world.meanwhile = (action) => {
    if (action !== 'ssm:GetDocument') return;
    asked += 1;
    if (asked === 1) throw awsError('InvalidDocument', 'Document does not exist.');
  };
  harness.put(messageFor(control.id, writeDocument(name)));
  expect((await ended(harness)).status).toBe('awaiting-approval');
  const hidden = preferencesWorld()();
  const other = new Harness({ controls: [control], config, world: hidden });
  hidden.meanwhile = (action) => {
    const stored = hidden.documents.get(name);
    if (action !== 'ssm:ListDocuments' || !stored) return;
    asked += 1;
    hidden.documents.set(name, { ...stored, owner: asked < 5 ? 'not shown yet' : '111122223333' });
  };
  other.put(messageFor(control.id, writeDocument(name)));
  expect((await ended(other)).status).toBe('awaiting-approval');
});
