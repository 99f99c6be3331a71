import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { threadsFor } from '../../../cli/replay/sources.ts';
import { Threads } from '../../../cli/replay/threads.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-threads-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

test('threads that were begun are taken before others are started', async () => {
  const threads = new Threads(2);
  threads.begin(2);
  const taken = [threads.take(), threads.take(), threads.take()];
  const [first = 0, second = 0, third = 0] = taken.map(({ threadId }) => threadId);
  expect([second - first, third > second]).toEqual([1, true]);
  await Promise.all(taken.map((one) => one.terminate()));
});

test.each([
  ['what is read without', 63, 4, 0],
  ['one part', 64, 4, 1],
  ['two parts', 65, 4, 2],
  ['more parts than threads', 200, 2, 2],
])('as many are begun as have something to read: %s', async (_name, files, count, begun) => {
  const begin = vi.spyOn(Threads.prototype, 'begin').mockReturnValue();
  await mkdir(join(folder, 'in'));
  await Promise.all(Array.from({ length: files }, (_, n) => writeFile(join(folder, 'in', `${n}.json`), '{}')));
  await threadsFor([folder], count);
  expect(begin.mock.calls).toEqual([[begun]]);
});

test('none are begun for what is elsewhere', async () => {
  const begin = vi.spyOn(Threads.prototype, 'begin').mockReturnValue();
  for (const path of ['-', 's3://bucket/prefix']) await threadsFor([path], 2);
  expect(begin).not.toHaveBeenCalled();
});
