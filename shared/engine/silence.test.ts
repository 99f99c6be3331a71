import { expect, test } from 'vitest';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { createVolume, messageFor, scheduled } from '../../test/fixtures/events.ts';
import { Harness } from '../../test/support/harness.ts';
import { volume } from '../../test/support/setting.ts';
import { volumesWorld } from '../../test/support/volumes/world.ts';

const silent = /It was made at 2026-11-21T\d\d:\d\d:00\.000Z, and Redress got no event of that: look whether a trail logs in this Region\./;
const deployed = { 'detail-type': 'CloudFormation Stack Status Change' };

/** What is found of a volume made at this time, by events. */
async function found(madeAt: string, ...events: readonly object[]) {
  const world = volumesWorld({ volumes: [volume('vol-1', { CreateTime: new Date(madeAt) })] });
  const harness = new Harness({ controls: [volumeEncrypted], config: { controls: { 'volume-encrypted': { mode: 'observe' } } }, world });
  const says: (string | undefined)[] = [];
  for (const event of events) {
    harness.put(messageFor(volumeEncrypted.id, event));
    await harness.settle();
    says.push((await harness.findings())[0]?.says);
  }
  world.restore?.();
  return says;
}

test('a sweep says of what was made since the sweep before that no event of it came, and says it again', async () => {
  const says = await found('2026-11-21T08:00:00Z', scheduled(), { ...scheduled(), time: '2026-11-22T09:00:00Z' });
  for (const one of says) expect(one).toMatch(silent);
});

test.each<[string, string, ...object[]]>([
  ['what was made before', '2026-11-20T08:59:00Z', scheduled()],
  ['what was made just now, whose event may still come', '2026-11-21T08:46:00Z', scheduled()],
  ['what the deployment finds, before which nothing listened', '2026-11-21T08:00:00Z', { ...scheduled(), ...deployed }],
  ['what an event reported', '2026-11-21T08:00:00Z', createVolume('vol-1'), scheduled()],
])('it says nothing of %s', async (_what, madeAt, ...events) => {
  for (const one of await found(madeAt, ...events)) expect(one).not.toMatch(silent);
});
