import { describe, expect, test } from 'vitest';
import { aimsOf, compare, type Measured, resultsOf } from '../../bench/results.ts';
import { median } from '../../bench/stats.ts';
import type { VariantName } from '../../bench/variants.ts';

const cold = (name: VariantName, importMs: number) => ({
  variant: { function: 'volumes', name, file: `/somewhere/${name}/index.mjs`, bytes: 500 * 1024, files: 20 },
  importMs,
  firstMs: 2 * importMs,
  processMs: 50 + 2 * importMs,
});
const creation = (title: string, invocations: number) => ({ title, calls: 10, invocations });
const calls = { read: 2, ledger: 4, write: 0, queue: 0, tell: 1 };
const measured: Measured = {
  rounds: { cold: 21, warm: 15 },
  cold: [cold('bare', 5), cold('redress', 50), cold('module-main', 80), cold('cdk-default', 250)],
  warm: [
    { scenario: 'a volume', function: 'volumes', size: 1, msPerEvent: 20, calls },
    { scenario: 'a volume', function: 'volumes', size: 10, msPerEvent: 5, calls },
  ],
  creations: [creation('encrypted CreateVolume', 0), creation('unencrypted CreateVolume', 7)],
};

describe('the median', () => {
  test('is the middle one, or between the middle two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 100])).toBe(3);
    expect(() => median([])).toThrow('nothing');
  });
});

describe('the results', () => {
  test("give the time of Redress's bundle as a part of each other one's", () => {
    expect(compare(measured.cold)).toMatchObject([
      { to: 'bare', import: 10 },
      { to: 'module-main', import: 0.625 },
      { to: 'cdk-default', import: 0.2, firstEvent: 0.2, process: 0.273 },
    ]);
  });

  test('say plainly which aim was missed', () => {
    const missed = aimsOf(measured).filter(({ isMet }) => !isMet);
    expect(missed).toMatchObject([{ says: 'volumes: import time beside module-main', atMost: 0.6, value: 0.625 }]);
  });

  test('count an invocation for a compliant creation as a miss', () => {
    const creations = [creation('encrypted CreateVolume', 1)];
    expect(aimsOf({ ...measured, creations }).at(-1)).toMatchObject({ value: 1, isMet: false });
  });

  test('hold no path and no time of the machine', () => {
    const results = resultsOf(measured, '2026-11-22');
    expect(JSON.stringify(results)).not.toMatch(/somewhere|Ms\b|msPer/);
    expect(results.warm.map(({ timePerEventBesideBatchOf1 }) => timePerEventBesideBatchOf1)).toEqual([1, 0.25]);
  });
});
