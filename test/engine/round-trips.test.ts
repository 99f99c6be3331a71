import type { Volume } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { ofVolume, start, volume } from '../support/setting.ts';

/** The external calls that one creation takes, from its message to the last write. */
async function callsFor(more: Partial<Volume>): Promise<readonly string[]> {
  const { harness } = start({ volumes: [volume('vol-1', more)] }, { controls: { 'volume-encrypted': { mode: 'observe' } } });
  harness.put(ofVolume('vol-1'));
  await harness.invoke();
  return harness.calls;
}

test('a finding is reported in six calls, two of them reads of AWS', async () => {
  const reads = ['ec2:DescribeVolumes', 'ec2:DescribeVolumes'];
  expect(await callsFor({})).toEqual(['ledger.lease', ...reads, 'ledger.open', 'events:PutEvents', 'ledger.release']);
});

test('what is right takes three', async () => {
  expect(await callsFor({ Encrypted: true })).toEqual(['ledger.lease', 'ec2:DescribeVolumes', 'ledger.release']);
});
