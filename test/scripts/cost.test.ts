import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aMillion, costOf, idle, total } from '../../scripts/cost.ts';

const page = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'cost.md'), 'utf8');

/** The rows of the page's tables under a heading, as texts. */
function rowsUnder(heading: string): string[][] {
  const part = page.split(/^## /m).find((one) => one.startsWith(heading)) ?? expect.fail(`no part ${heading}`);
  const lines = part.split('\n').filter((line) => line.startsWith('| '));
  return lines.map((line) =>
    line
      .replaceAll('*', '')
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('with all functions an idle month costs at most 4.50 USD', () => {
  expect(total(idle({ functions: 12, controls: 60 }))).toBeLessThanOrEqual(4.5);
  expect(total(idle({ functions: 13, controls: 60 }))).toBeGreaterThan(4.5);
});

test('idle cost does not grow with the controls', () => {
  const [few, many] = [60, 120].map((controls) => total(idle({ functions: 12, controls })));
  expect((many ?? 0) - (few ?? 0)).toBeLessThan(0.03);
});

test('the items of the page add up to its sum', () => {
  const items = rowsUnder('While nothing happens').slice(2);
  const sum = items.slice(0, -1).reduce((all, [, , usd]) => all + Number(usd), 0);
  const [name, , together] = items.at(-1) ?? [];
  expect(name).toBe('Together');
  // each is rounded to a cent, or to a hundredth of one
  expect(Math.abs(sum - Number(together))).toBeLessThan(0.02);
  expect(page).toContain(`a month of 30 days costs **${together} USD**`);
});

test('the items of the dearest million add up to its sum', () => {
  const rows = rowsUnder('For a million creations');
  const sum = rows.find(([name]) => name === 'fixed by a copy, and reported')?.at(-1);
  const items = rows.slice(rows.findIndex(([name]) => name === 'For') + 2);
  expect(items.reduce((all, [, , usd]) => all + Number(usd), 0)).toBeCloseTo(Number(sum), 1);
});

test('every item is a number of units at a price, and what is reported costs more than what is right', () => {
  const sums = aMillion(1).map(({ items }) => {
    for (const item of items) expect(costOf(item)).toBeGreaterThan(0);
    return total(items);
  });
  expect(sums).toEqual([...sums].sort((a, b) => a - b));
});
