import type { Volume } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { ofVolume, start, volume } from '../support/setting.ts';
import { MemoryTable } from '../support/table.ts';

/** Every call that creations take, from their messages in one batch to the last write: those to the ledger's table by DynamoDB's names. */
async function callsFor(more: Partial<Volume>, count = 1): Promise<readonly string[]> {
  const table = new MemoryTable();
  const config = { controls: { 'volume-encrypted': { mode: 'observe' } } } as const;
  const ids = Array.from({ length: count }, (_, n) => `vol-${n + 1}`);
  const { harness } = start({ volumes: ids.map((id) => volume(id, more)) }, config, undefined, { table });
  const stored: string[] = [];
  table.around = async (name, call) => {
    stored.push(name.replace('Command', ''));
    return call();
  };
  for (const id of ids) harness.put(ofVolume(id));
  await harness.invoke();
  return [...stored, ...harness.calls.filter((name) => !name.startsWith('ledger.'))];
}

test('a finding is reported in six calls, two of them reads of AWS', async () => {
  const reads = ['ec2:DescribeVolumes', 'ec2:DescribeVolumes'];
  expect(await callsFor({})).toEqual(['UpdateItem', 'TransactWriteItems', 'UpdateItem', ...reads, 'events:PutEvents']);
});

// the second one looks for what versions before kept under other keys
test('what is right takes four', async () => {
  expect(await callsFor({ Encrypted: true })).toEqual(['UpdateItem', 'BatchGetItem', 'UpdateItem', 'ec2:DescribeVolumes']);
});

test('of a batch, each finding takes three writes to its own items, and the rest is shared', async () => {
  const calls = Map.groupBy(await callsFor({}, 10), (name) => name);
  expect(Object.fromEntries([...calls].map(([name, its]) => [name, its.length]))).toEqual({
    UpdateItem: 20,
    TransactWriteItems: 10,
    'ec2:DescribeVolumes': 2,
    'events:PutEvents': 1,
  });
});
