import { join } from 'node:path';
import { functionEnvironment, startWarm } from './environment.ts';
import { batch, type Scenario, scenarios } from './scenarios.ts';
import { median } from './stats.ts';
import type { Calls, Stub } from './stub.ts';
import type { Variant } from './variants.ts';

/** Handling of one scenario in batches of one size. */
export interface WarmResult {
  readonly scenario: string;
  readonly function: string;
  /** Events in the batch. */
  readonly size: number;
  /** Median, in milliseconds. */
  readonly msPerEvent: number;
  /** Calls to AWS of one whole batch. */
  readonly calls: Calls;
}

/** Before these rounds V8 has not optimised what runs. */
const WARM_UP = 5;

/** Has each scenario handled in batches of each size, in turn, by a function that stays loaded. */
export async function measureWarm(
  variants: readonly Variant[],
  { rounds, stub, folder, onRound }: { rounds: number; stub: Stub; folder: string; onRound: (round: number) => void },
): Promise<readonly WarmResult[]> {
  const running = await Promise.all(
    scenarios.map(async (scenario, n) => {
      const variant = variants.find(({ name, function: of }) => name === 'redress' && of === scenario.function);
      if (!variant) throw new Error(`there is no bundle of ${scenario.function}`);
      const env = await functionEnvironment(join(folder, `warm-${n}`), scenario.config, stub.endpoint);
      return { scenario, lambda: await startWarm(variant.file, env) };
    }),
  );
  const cases = running.flatMap(({ scenario, lambda }) => scenario.sizes.map((size) => ({ scenario, lambda, size, ms: [] as number[] })));
  const calls = new Map<object, Calls>();
  try {
    for (let round = -WARM_UP; round < rounds; round += 1) {
      onRound(round + WARM_UP);
      for (const one of cases) {
        const event = prepare(one.scenario, one.size, stub);
        const { ms } = await one.lambda.invoke(event);
        calls.set(one, stub.takeCalls());
        if (round >= 0) one.ms.push(ms / one.size);
      }
    }
  } finally {
    await Promise.all(running.map(({ lambda }) => lambda.stop()));
  }
  return cases.flatMap((one) => {
    const made = calls.get(one);
    const { title, function: of } = one.scenario;
    return made ? [{ scenario: title, function: of, size: one.size, msPerEvent: median(one.ms), calls: made }] : [];
  });
}

function prepare(scenario: Scenario, size: number, stub: Stub): object {
  stub.isEncryptedByDefault = scenario.isEncryptedByDefault;
  stub.takeCalls();
  return batch(Array.from({ length: size }, () => scenario.body()));
}
