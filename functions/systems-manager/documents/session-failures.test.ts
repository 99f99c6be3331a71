import { expect, test } from 'vitest';
import { messageFor, orderFor } from '../../../test/fixtures/events.ts';
import { writeDocument } from '../../../test/support/documents/events.ts';
import { ended } from '../../../test/support/documents/kills.ts';
import { on } from '../../../test/support/documents/place-cases.ts';
import { content, group, name, preferencesWorld as world } from '../../../test/support/documents/preferences.ts';
import type { Account } from '../../../test/support/documents/world.ts';
import { Harness } from '../../../test/support/harness.ts';
import control from './session-preferences-logged.ts';

const withoutKey: Account = { groups: { [group]: undefined } };
const written = messageFor(control.id, writeDocument(name, 'UpdateDocument'));
const harnessOf = (started: ReturnType<ReturnType<typeof world>>) =>
  new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'approve' } } }, world: started });

test('that sessions fail to start is critical, and that their log need not be encrypted is high', async () => {
  const severities = [content(on), content()].map(async (version) => {
    const harness = harnessOf(world([version], withoutKey)());
    harness.put(written);
    return (await ended(harness)).severity;
  });
  expect(await Promise.all(severities)).toEqual(['critical', 'high']);
});

test('a version by Redress does not become the default one where its place has lost its encryption', async () => {
  const started = world([content(), content(on)], withoutKey, { standing: '1', names: { 2: 'redress-1' } })();
  const harness = harnessOf(started);
  harness.put(written);
  const finding = await ended(harness);
  expect(finding).toMatchObject({ status: 'open', severity: 'critical' });
  harness.put(orderFor(control.id, 'fix', finding.id));
  await ended(harness);
  expect(harness.writes).toEqual([]);
  expect(started.documents.get(name)?.standing).toBe('1');
});
