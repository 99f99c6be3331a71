import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { readersOfRound } from '#shared/engine/reader.ts';
import { fromList, inBatches, oneByOne } from './loaders.ts';

const refused = (name: string, httpStatusCode = 400) => Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
const there = { 'k-1': { KeyId: 'k-1' }, 'k-2': { KeyId: 'k-2' } };
const all = Object.values(there);

/** A KMS with two keys, which answers for what is not there as a service does. */
function reader(missing: string) {
  const answer = ({ KeyId = '' }: DescribeKeyCommand['input']) => {
    const KeyMetadata = Reflect.get(there, KeyId);
    if (!KeyMetadata) throw refused(missing);
    return { KeyMetadata };
  };
  return readersOfRound(async ({ input }) => answer(input as DescribeKeyCommand['input']))([{ action: 'kms:DescribeKey' }]);
}
const byCall = oneByOne(
  'keys',
  (KeyId) => new DescribeKeyCommand({ KeyId }),
  ({ KeyMetadata }) => KeyMetadata,
);

test.each(['NotFoundException', 'NoSuchBucket', 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'])(
  'each by a call of its own leaves out what is not there: %s',
  async (name) => {
    const found = await reader(name).many(byCall, ['k-1', 'k-3', 'k-2']);
    expect([...found.keys()].sort()).toEqual(['k-1', 'k-2']);
  },
);

test('each by a call of its own does not take a denial for an absence', async () => {
  await expect(reader('AccessDeniedException').many(byCall, ['k-3'])).rejects.toThrow(/AccessDenied/);
});

test('the whole list, and a batch, give what is asked for', async () => {
  const listed = fromList(
    'listed',
    async () => all,
    ({ KeyId }) => KeyId,
  );
  expect([...(await reader('').many(listed, ['k-2', 'k-3'])).keys()]).toEqual(['k-2']);
  const batch = inBatches(
    'batch',
    ([KeyId]) => new DescribeKeyCommand({ KeyId }),
    ({ KeyMetadata }) => (KeyMetadata ? [KeyMetadata] : []),
    ({ KeyId }) => KeyId,
  );
  expect([...(await reader('').many(batch, ['k-1'])).keys()]).toEqual(['k-1']);
});
