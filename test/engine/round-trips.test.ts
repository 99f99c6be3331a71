import type { Volume } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { ofVolume, start, volume } from '../support/setting.ts';
import { MemoryTable } from '../support/table.ts';

/** Every call that one creation takes, from its message to the last write: those to the ledger's table by DynamoDB's names. */
async function callsFor(more: Partial<Volume>): Promise<readonly string[]> {
  const table = new MemoryTable();
  const config = { controls: { 'volume-encrypted': { mode: 'observe' } } } as const;
  const { harness } = start({ volumes: [volume('vol-1', more)] }, config, undefined, { table });
  const stored: string[] = [];
  table.around = async (name, call) => {
    stored.push(name.replace('Command', ''));
    return call();
  };
  harness.put(ofVolume('vol-1'));
  await harness.invoke();
  return [...stored, ...harness.calls.filter((name) => !name.startsWith('ledger.'))];
}

// the second one looks for what versions before kept under another key
const lease = ['UpdateItem', 'GetItem'];

test('a finding is reported in seven calls, two of them reads of AWS', async () => {
  const reads = ['ec2:DescribeVolumes', 'ec2:DescribeVolumes'];
  expect(await callsFor({})).toEqual([...lease, 'TransactWriteItems', 'UpdateItem', ...reads, 'events:PutEvents']);
});

test('what is right takes four', async () => {
  expect(await callsFor({ Encrypted: true })).toEqual([...lease, 'UpdateItem', 'ec2:DescribeVolumes']);
});
