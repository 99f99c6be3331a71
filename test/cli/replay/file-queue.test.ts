import { expect, test } from 'vitest';
import { FileQueue, isBelow } from '../../../cli/replay/file-queue.ts';
import type { LogFile } from '../../../cli/replay/files.ts';

const most = { files: 3, bytes: 100 };
const file = (path: string, size = 1): LogFile => ({ path, size, isPlain: true });
const names = (files: readonly LogFile[]) => files.map(({ path }) => path).join('');

async function* batches(...all: readonly (readonly LogFile[])[]): AsyncGenerator<readonly LogFile[]> {
  for (const one of all) yield one;
}

test('files are taken in their order, up to a number or a size, and counted as they are found', async () => {
  let found = 0;
  const queue = new FileQueue(batches([file('a'), file('b')], [], [file('c'), file('d', 200), file('e')]), (files) => {
    found += files.length;
  });
  expect(names(await queue.take(most))).toBe('abc');
  expect(names(await queue.take(most))).toBe('d');
  expect(names(await queue.take(most))).toBe('e');
  expect(names(await queue.take(most))).toBe('');
  expect(found).toBe(5);
});

test('what is given back is taken again first', async () => {
  const queue = new FileQueue(batches([file('a'), file('b'), file('c'), file('d')]), () => undefined);
  const taken = await queue.take(most);
  expect(names(await queue.take(most))).toBe('d');
  queue.give(taken.slice(1));
  expect(names(await queue.take(most))).toBe('bc');
});

test('several who take at once get each file once', async () => {
  const all = Array.from({ length: 20 }, (_, n) => [file(`${n} `), file(`${n}' `)]);
  const queue = new FileQueue(batches(...all), () => undefined);
  const taken: string[] = [];
  const taker = async () => {
    for (let files = await queue.take(most); files.length > 0; files = await queue.take(most)) taken.push(...files.map(({ path }) => path));
  };
  await Promise.all([taker(), taker(), taker()]);
  expect(taken.toSorted()).toEqual(
    all
      .flat()
      .map(({ path }) => path)
      .toSorted(),
  );
});

test('few small files are below a bound', () => {
  expect(isBelow([file('a'), file('b')], most)).toBe(true);
  expect(isBelow([file('a', 100)], most)).toBe(false);
});
