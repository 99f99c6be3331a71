import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** A process that fills the room for what is young again and again, with much that outlives it, and says how large the room was. */
const script = `
import { getHeapSpaceStatistics } from 'node:v8';
import { setImmediate } from 'node:timers/promises';
import { growYoung, holdYoung } from '${new URL('../../cli/young.ts', import.meta.url)}';
const size = () => getHeapSpaceStatistics().find((one) => one.space_name === 'new_space').space_size / 2 ** 20;
holdYoung();
const before = size();
growYoung();
const kept = [];
let most = 0;
for (let n = 0; n < 400; n += 1) {
  kept.push(Array.from({ length: 2000 }, (_, m) => ({ n, m, text: String(n * m) })));
  if (kept.length > 60) kept.splice(0, 30);
  await setImmediate();
  most = Math.max(most, size());
}
console.log(JSON.stringify({ before, most }));
`;

test('what is young gets more room once, and no more after it', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  const { before, most }: { readonly before: number; readonly most: number } = JSON.parse(stdout);
  expect(most).toBeGreaterThan(before * 4);
  expect(most).toBeLessThan(before * 32);
});
