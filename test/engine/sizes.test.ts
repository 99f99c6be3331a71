import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { bytesOf } from '#shared/aws/batches.ts';
import { NotTaken } from '#shared/engine/outbox.ts';
import { wake } from '#shared/engine/wake.ts';
import { dueRows } from '#shared/ledger/due.ts';
import { createVolume, messageFor } from '../fixtures/events.ts';
import { awsError, Harness, place } from '../support/harness.ts';
import { controlWith } from '../support/runs.ts';
import { ofVolume, start, statuses, volume } from '../support/setting.ts';
import { MemoryTable } from '../support/table.ts';

describe('one that AWS does not take for its size', () => {
  test('goes to the dead letters alone, though all cases share a call', async () => {
    const culprit = 'vol-0culprit';
    const ids = ['vol-1', culprit, 'vol-2', 'vol-3'];
    const { harness } = start({ volumes: ids.map((id) => volume(id)) });
    const { client } = harness.table;
    const send = client.send.bind(client);
    const refusing = (command: Parameters<typeof send>[0]) =>
      command instanceof BatchWriteItemCommand && JSON.stringify(command.input).includes(culprit)
        ? Promise.reject(awsError('ValidationException', 'Item size has exceeded the maximum allowed size'))
        : send(command);
    Object.assign(client, { send: refusing });
    for (const id of ids) harness.put(ofVolume(id));
    await harness.invoke();
    expect(await statuses(harness)).toEqual(['vol-1 superseded', 'vol-2 superseded', 'vol-3 superseded']);
    await harness.settle();
    expect(harness.dead).toEqual([expect.stringContaining(culprit)]);
  });

  test('a finding with too long a text is announced in a shorter form, and is in the ledger as a whole', async () => {
    const says = `It is wrong. ${'x'.repeat(100_000)}`;
    const control = controlWith({ verdict: { is: 'violation', says }, plan: { changes: [] } });
    const volumes = { VolumeId: 'vol-1', Encrypted: false, State: 'available' };
    const world = { send: async () => ({ Volumes: [volumes] }) };
    const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'observe' } } }, world });
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const [announced] = harness.announced;
    expect(announced?.found).toHaveLength(4000);
    expect(announced?.id).toBe((await harness.findings())[0]?.id);
    expect((await harness.findings())[0]?.found).toBe(says);
    expect(harness.dead).toEqual([]);
  });

  test('a record that is too large for a copy goes on without what is read of it no more', async () => {
    const large = { clientToken: 'x'.repeat(150_000) };
    const body = messageFor('volume-encrypted', createVolume('vol-1', { requestParameters: large, additionalEventData: large }));
    const settling = { controls: { 'volume-encrypted': { mode: 'fix', settleSeconds: 300 } } } as const;
    const { harness } = start({ volumes: [volume('vol-1')] }, settling);
    harness.put(body);
    await harness.settle();
    expect(harness.enqueued.length).toBeGreaterThan(0);
    expect(Math.max(...harness.enqueued.map(bytesOf))).toBeLessThan(200_000);
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
    expect((await harness.findings())[0]?.actor).toMatchObject({ name: 'dana', via: 'AWS CLI' });
  });

  test('a message that waited, and the queue does not take, stays in the ledger, and no other comes twice', async () => {
    const now = new Date('2026-11-21T09:00:00.000Z');
    const due = dueRows('redress-ledger', new MemoryTable().client, place, 'redress-volumes');
    const at = now.toISOString();
    await due.put(['a', 'b', 'c'].map((control, n) => ({ at: `2026-11-21T09:00:0${n}.000Z`, message: { control, waits: {} } })));
    const enqueue = () => Promise.reject(new NotTaken([true, new Error('too large'), true]));
    await expect(wake({ due, enqueue, now: () => now, remainingMs: () => 60_000 })).rejects.toThrow('1 of 3');
    expect((await due.until(new Date(`${at.slice(0, 4)}-12-31`), 10)).map(({ message }) => message.control)).toEqual(['b']);
  });
});
