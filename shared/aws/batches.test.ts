import { describe, expect, test } from 'vitest';
import { awsError } from '../../test/support/harness.ts';
import { bytesOf, halving, MESSAGE_BATCH, partsOf, WRITE_BATCH } from './batches.ts';

describe('parts that one call takes', () => {
  const sizes = (all: readonly number[]) => partsOf(all, { count: 3, bytes: 10 }, (size) => size);
  test.each<[string, number[], number[][]]>([
    ['of nothing', [], []],
    ['as many as it takes', [1, 1, 1], [[1, 1, 1]]],
    ['one more', [1, 1, 1, 1], [[1, 1, 1], [1]]],
    ['as many bytes as it takes', [4, 6], [[4, 6]]],
    ['one byte more', [4, 7], [[4], [7]]],
    ['the room is that of the part at hand', [9, 2, 8, 1], [[9], [2, 8], [1]]],
    ['one that is too large stands alone', [1, 11, 1], [[1], [11], [1]]],
  ])('%s', (_name, all, parts) => expect(sizes(all)).toEqual(parts));

  test('hold for both of the limits that AWS has had', () => {
    expect(MESSAGE_BATCH.count).toBe(10);
    expect(MESSAGE_BATCH.bytes).toBeLessThanOrEqual(256 * 1000);
    expect(WRITE_BATCH).toEqual({ count: 25, bytes: expect.any(Number) });
    // 25 items of the largest size fit
    expect(WRITE_BATCH.bytes).toBeGreaterThanOrEqual(25 * 400 * 1024);
    expect(WRITE_BATCH.bytes).toBeLessThan(16_000_000);
  });

  test('are measured in bytes, not in characters', () => expect(['aä', '😀'].map(bytesOf)).toEqual([3, 4]));
});

describe('a call that AWS refuses', () => {
  const calls: number[][] = [];
  const call = (isRefused: (one: number) => boolean, error: unknown) => async (items: readonly number[]) => {
    calls.push([...items]);
    if (items.some(isRefused)) throw error;
    return items.map((one) => `took ${one}`);
  };
  const tooLarge = awsError('ValidationException', 'too large');

  test('is halved until the culprit stands alone', async () => {
    calls.length = 0;
    const answers = await halving(
      [1, 2, 3, 4, 5],
      call((one) => one === 4, tooLarge),
    );
    expect(answers).toEqual(['took 1', 'took 2', 'took 3', tooLarge, 'took 5']);
    expect(calls).toEqual([[1, 2, 3, 4, 5], [1, 2, 3], [4, 5], [4], [5]]);
  });

  test('has an error for each of several culprits', async () => {
    const answers = await halving(
      [1, 2, 3],
      call((one) => one !== 2, tooLarge),
    );
    expect(answers).toEqual([tooLarge, 'took 2', tooLarge]);
  });

  test.each(['ThrottlingException', 'AccessDeniedException', 'InternalServerError', 'ResourceNotFoundException'])(
    'with %s is not halved, for that is wrong for all',
    async (name) => {
      calls.length = 0;
      await expect(
        halving(
          [1, 2],
          call(() => true, awsError(name)),
        ),
      ).rejects.toThrow(name);
      expect(calls).toHaveLength(1);
    },
  );

  test('with a defect is not halved', async () => {
    await expect(
      halving(
        [1],
        call(() => true, new TypeError('no')),
      ),
    ).rejects.toThrow('no');
    await expect(
      halving(
        [1],
        call(() => true, 'no error'),
      ),
    ).rejects.toBe('no error');
  });
});
