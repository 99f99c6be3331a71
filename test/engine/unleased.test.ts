import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Volume } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { createVolume, messageFor, scheduled } from '../fixtures/events.ts';
import { awsError, Harness } from '../support/harness.ts';
import { pass, start, volume } from '../support/setting.ts';
import { MemoryTable } from '../support/table.ts';
import { volumesWorld } from '../support/volumes/world.ts';

/** A place without items of versions before. */
const member = { account: '444455556666', region: 'eu-west-1', partition: 'aws' };
const observing = { controls: { 'volume-encrypted': { mode: 'observe' } } } as const;
const encrypted = { Encrypted: true };

/** As the control, but its sweep lists what is right too. */
const listing = (ids: readonly string[]): AnyControl => ({
  ...volumeEncrypted,
  list: async () => ({ items: ids.map((id) => ({ type: volumeEncrypted.kind.type, id })) }),
});

/** A member with these volumes, and every call to the ledger's table by its name; `refuses` has one fail. */
function setting(volumes: readonly Volume[], refuses?: string) {
  const table = new MemoryTable();
  const calls: { name: string; keys: number; isConsistent: boolean | undefined }[] = [];
  table.around = async (command, call, { input }: { input?: unknown } = {}) => {
    const name = command.replace('Command', '');
    const { Keys = [], ConsistentRead } = Object(Object(input).RequestItems)['redress-ledger'] ?? {};
    calls.push({ name, keys: Keys.length, isConsistent: ConsistentRead });
    if (name === refuses) throw awsError('ThrottlingException');
    return call();
  };
  const world = volumesWorld({ volumes });
  const control = listing(volumes.map(({ VolumeId = '' }) => VolumeId));
  const others = [{ place: member, world }];
  const harness = new Harness({ controls: [control], config: observing, world, others, table });
  const sweep = () => {
    const event = { ...scheduled(), id: `sweep-${harness.now.toISOString()}`, account: member.account, time: harness.now.toISOString() };
    harness.put(messageFor('volume-encrypted', event));
  };
  const created = (id: string) =>
    harness.put(messageFor('volume-encrypted', { ...createVolume(id, { eventID: `event-${id}` }), account: member.account }));
  const statuses = async () => (await harness.findings(member)).map(({ status, resource }) => `${resource.id} ${status}`);
  return { harness, table, calls, world, sweep, created, statuses };
}

const isWrite = ({ name }: { readonly name: string }) => !/^(BatchGetItem|GetItem|Query)$/.test(name);
const described = ({ reads }: Harness) => reads.filter(({ api }) => api === 'ec2:DescribeVolumes').length;

test('a sweep over a hundred right resources writes nothing, and asks for their cases with one call', async () => {
  const { harness, calls, table, sweep } = setting(Array.from({ length: 100 }, (_, n) => volume(`vol-${n}`, encrypted)));
  sweep();
  await harness.settle();
  expect(calls.filter(isWrite)).toEqual([]);
  expect(calls.filter(({ name }) => name === 'BatchGetItem')).toEqual([{ name: 'BatchGetItem', keys: 100, isConsistent: true }]);
  expect([...table.items.keys(), ...harness.logs, ...harness.metrics, ...harness.dead]).toEqual([]);
  expect(described(harness)).toBe(1);
});

test('a sweep that finds one of many wrong leases and reports that one, and reads nothing twice', async () => {
  const { harness, calls, sweep, statuses } = setting([volume('vol-1', encrypted), volume('vol-2'), volume('vol-3', encrypted)]);
  sweep();
  await harness.settle();
  expect(await statuses()).toEqual(['vol-2 would-fix']);
  expect(calls.filter(isWrite).map(({ name }) => name)).toEqual(['UpdateItem', 'TransactWriteItems', 'UpdateItem']);
  // those of the sweep, and whether there are copies
  expect(described(harness)).toBe(2);
});

test('a sweep ends an open finding whose resource is right now, and reads it with what has no case', async () => {
  const { harness, world, sweep, created, statuses } = setting([volume('vol-1'), volume('vol-2', encrypted)]);
  created('vol-1');
  await harness.settle();
  expect(await statuses()).toEqual(['vol-1 would-fix']);
  Object.assign(world.volumes[0] ?? {}, encrypted);
  pass(harness, 86_400);
  const before = described(harness);
  sweep();
  await harness.settle();
  expect(await statuses()).toEqual(['vol-1 fixed']);
  expect(described(harness) - before).toBe(1);
});

describe('what is right is leased all the same', () => {
  const leased = ({ calls }: Harness) => calls.filter((name) => name === 'ledger.lease').length;

  test('where a call asks for it beside the sweep', async () => {
    const { harness, sweep, created } = setting([volume('vol-1', encrypted), volume('vol-2', encrypted)]);
    sweep();
    created('vol-1');
    await harness.invoke();
    expect(leased(harness)).toBe(1);
    expect(described(harness)).toBe(1);
  });

  test('where the ledger cannot be asked for cases', async () => {
    const { harness, sweep } = setting([volume('vol-1', encrypted), volume('vol-2', encrypted)], 'BatchGetItem');
    sweep();
    await harness.invoke();
    expect(leased(harness)).toBe(2);
    expect(harness.isIdle).toBe(true);
  });

  test.each([
    ['under its key', 'CASE#111122223333#eu-west-1#'],
    ['under a key of before they named a place', 'CASE#'],
  ])('where there is an item %s', async (_name, under) => {
    const key = { pk: { S: `${under}volume-encrypted#AWS::EC2::Volume#vol-1` }, sk: { S: 'CASE' } };
    const state = { control: 'volume-encrypted', resource: { type: 'AWS::EC2::Volume', id: 'vol-1' }, fixes: ['2026-11-20T09:00:00.000Z'] };
    const table = new MemoryTable([{ ...key, body: { S: JSON.stringify(state) } }]);
    const { harness } = start({ volumes: [volume('vol-1', encrypted)] }, observing, undefined, { table });
    harness.put({ ...messageFor('volume-encrypted', scheduled()), targets: [state.resource] });
    await harness.invoke();
    expect(leased(harness)).toBe(1);
  });
});

describe('between the look of a sweep and its lease', () => {
  const fixing = { controls: { 'volume-encrypted': { mode: 'fix', settleSeconds: 0 } } } as const;
  const target = { type: 'AWS::EC2::Volume', id: 'vol-1' };

  test('another invocation may fix it: what was read before is read again', async () => {
    const table = new MemoryTable();
    const { harness, volumes } = start({ volumes: [volume('vol-1')] }, fixing, undefined, { table });
    let isMeanwhile = true;
    table.around = async (name, call) => {
      if (isMeanwhile && name === 'UpdateItemCommand') {
        isMeanwhile = false;
        Object.assign(volumes[0] ?? {}, encrypted);
        const state = { control: 'volume-encrypted', resource: target, fixes: [harness.now.toISOString()] };
        await harness.ledger.lease('volume-encrypted', target, 'another', harness.now, 65);
        await harness.ledger.release('volume-encrypted', target, 'another', state, harness.now);
      }
      return call();
    };
    harness.put({ ...messageFor('volume-encrypted', scheduled()), targets: [target] });
    await harness.settle();
    expect([isMeanwhile, harness.announced, harness.writes]).toEqual([false, [], []]);
  });
});

test('a sweep that dies after any of its calls reports what is wrong, and leaves nothing of what is right', async () => {
  const sweepUntil = async (killAt: number) => {
    const { harness, table, sweep, statuses } = setting([volume('vol-1'), volume('vol-2', encrypted)]);
    sweep();
    const calls = await harness.settle(12, killAt);
    return {
      calls,
      statuses: await statuses(),
      cases: [...table.items.keys()].filter((key) => key.startsWith('CASE#')),
      dead: harness.dead,
    };
  };
  const { calls, ...whole } = await sweepUntil(0);
  expect(whole).toEqual({ statuses: ['vol-1 would-fix'], cases: [expect.stringContaining('#vol-1 CASE')], dead: [] });
  for (let killAt = 1; killAt <= calls; killAt += 1) expect(await sweepUntil(killAt)).toMatchObject(whole);
});

test('the keys that are asked for are those of a lease', async () => {
  const { harness, table, sweep } = setting([volume('vol-1', encrypted)]);
  const asked: unknown[] = [];
  table.around = async (_name, call, command) => {
    if (command instanceof BatchGetItemCommand) asked.push(...Object.values(command.input.RequestItems ?? {}).flatMap(({ Keys }) => Keys));
    return call();
  };
  sweep();
  await harness.settle();
  await harness.ledgerOf(member).lease('volume-encrypted', { type: 'AWS::EC2::Volume', id: 'vol-1' }, 'a', harness.now, 65);
  expect(asked).toEqual([...table.items.values()].map(({ pk, sk }) => ({ pk, sk })));
});
