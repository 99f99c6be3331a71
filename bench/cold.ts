import { join } from 'node:path';
import { type ColdStart, coldStart, functionEnvironment } from './environment.ts';
import { firstEvent } from './scenarios.ts';
import { median } from './stats.ts';
import type { Stub } from './stub.ts';
import type { Variant } from './variants.ts';

/** The cold start of one bundle, medians in milliseconds. */
export interface ColdResult extends ColdStart {
  readonly variant: Variant;
}

/** Starts each bundle once a round, one after the other, so that whatever else the machine does falls on all alike. */
export async function measureCold(
  variants: readonly Variant[],
  { rounds, stub, folder, onRound }: { rounds: number; stub: Stub; folder: string; onRound: (round: number) => void },
): Promise<readonly ColdResult[]> {
  const env = await functionEnvironment(join(folder, 'cold'), {}, stub.endpoint);
  const starts = new Map<Variant, ColdStart[]>(variants.map((variant) => [variant, []]));
  // round 0 fills the file system's cache and does not count
  for (let round = 0; round <= rounds; round += 1) {
    onRound(round);
    for (const [variant, found] of starts) {
      const start = await coldStart(variant.file, firstEvent(variant.function), env);
      if (round > 0) found.push(start);
    }
  }
  return [...starts].map(([variant, found]) => ({
    variant,
    importMs: median(found.map(({ importMs }) => importMs)),
    firstMs: median(found.map(({ firstMs }) => firstMs)),
    processMs: median(found.map(({ processMs }) => processMs)),
  }));
}
