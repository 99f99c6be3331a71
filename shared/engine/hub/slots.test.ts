import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

/** Calls that end when a test says so. */
function calls(slots: Slots) {
  const begun: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const run = (key: string, name: string) =>
    slots.run(key, () => {
      begun.push(name);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      ends.set(name, { resolve, reject });
      return promise;
    });
  return { begun, run, end: (name: string) => ends.get(name)?.resolve(), fail: (name: string) => ends.get(name)?.reject(new Error(name)) };
}

test('so many calls of a key run at once, the rest in their order, and another key waits for none of them', async () => {
  const { begun, run, end, fail } = calls(new Slots(2));
  const [a, b, c, d] = [run('x', 'a'), run('x', 'b'), run('x', 'c'), run('x', 'd')];
  void run('y', 'e');
  expect(begun).toEqual(['a', 'b', 'e']);
  end('b');
  await b;
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'e', 'c']);
  fail('a');
  await expect(a).rejects.toThrow('a');
  expect(begun).toEqual(['a', 'b', 'e', 'c', 'd']);
  end('c');
  end('d');
  await Promise.all([c, d]);
  // all places are free again
  void run('x', 'f');
  void run('x', 'g');
  void run('x', 'h');
  expect(begun.slice(5)).toEqual(['f', 'g']);
});

test('a call’s answer is the caller’s', async () => {
  expect(await new Slots(1).run('x', async () => 7)).toBe(7);
});
