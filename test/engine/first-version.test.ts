import { describe, expect, test } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import { messageFor, orderFor, scheduled } from '../fixtures/events.ts';
import { oldLedger, refill } from '../support/first-version.ts';
import { start, statuses, turnedOff, volume } from '../support/setting.ts';

const approving: RedressConfig = { controls: { 'volume-encrypted': { mode: 'approve', settleSeconds: 0 } } };
const setting = 'ebs-default-encryption';

/** A Redress of today with a ledger that version 1 of a finding left, in an account that is as it was then. */
async function updated(name: Parameters<typeof oldLedger>[0], account: Parameters<typeof start>[0], config: RedressConfig = approving) {
  const old = oldLedger(name);
  const started = start(account, config);
  await refill(started.harness, old);
  const [row] = old.findings;
  return { ...started, old, id: row?.finding.id ?? '' };
}

describe('a ledger of findings of version 1', () => {
  test('still has its fix undone', async () => {
    const { harness, id } = await updated('fixed', { encryptionByDefault: true, keys: {} });
    harness.put(orderFor(setting, 'undo', id));
    await harness.settle();
    expect(harness.writes.map(({ api }) => api)).toEqual(['ec2:DisableEbsEncryptionByDefault']);
    const [undone] = await harness.findings();
    expect(undone).toMatchObject({ id, schemaVersion: '2', status: 'undone', found: 'EBS encryption by default is off.' });
    expect(undone?.order?.outcome).toBe('done');
  });

  test.each(['waiting', 'swept'] as const)('still has what was %s fixed by an order, under the same id', async (name) => {
    const { harness, id, old } = await updated(name, { volumes: [volume('vol-1')] });
    harness.put(orderFor('volume-encrypted', 'fix', id));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
    const is = name === 'swept' ? 'sweep' : 'call';
    const event = { ...old.findings[0]?.finding.event, is };
    expect(harness.announced).toEqual([expect.objectContaining({ id, announcement: `${id}-2-superseded`, event })]);
  });

  test('tells nobody again what was told', async () => {
    const { harness } = await updated('waiting', { volumes: [volume('vol-1')] });
    harness.put(messageFor('volume-encrypted', scheduled()));
    await harness.settle();
    expect(harness.announced).toEqual([]);
    expect((await harness.findings())[0]).toMatchObject({ schemaVersion: '2', status: 'awaiting-approval' });
  });

  test('keeps an exemption to its end', async () => {
    const { harness } = await updated('exempt', { volumes: [volume('vol-1')] });
    harness.put(messageFor('volume-encrypted', scheduled()));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 exempt']);
    expect(harness.announced).toEqual([]);
    harness.now = new Date('2026-12-02T00:00:01Z');
    harness.put(messageFor('volume-encrypted', scheduled()));
    await harness.settle();
    expect(harness.announced.at(-1)).toMatchObject({ status: 'awaiting-approval', reason: { code: 'exemption-ended' } });
  });

  test('has a fix that was in progress finished, and sends nothing twice', async () => {
    const { harness, old } = await updated('half-made', { encryptionByDefault: true, keys: {} });
    harness.put(turnedOff());
    await harness.settle();
    expect(harness.writes).toEqual([]);
    const opened = old.cases[0]?.finding;
    expect(harness.announced).toEqual([
      expect.objectContaining({ id: opened?.id, status: 'fixed', event: { ...opened?.openedBy, is: 'call' } }),
    ]);
  });
});
