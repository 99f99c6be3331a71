import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColdResult } from './cold.ts';
import type { CreationResult } from './creations.ts';
import { rounded } from './stats.ts';
import type { VariantName } from './variants.ts';
import type { WarmResult } from './warm.ts';

/** What was measured, with times of this machine. */
export interface Measured {
  readonly rounds: { readonly cold: number; readonly warm: number };
  readonly cold: readonly ColdResult[];
  readonly warm: readonly WarmResult[];
  readonly creations: readonly CreationResult[];
}

/** What Redress aims at, and what it reached. */
export interface Aim {
  readonly says: string;
  readonly atMost: number;
  readonly value: number;
  readonly isMet: boolean;
}

/** How a bundle compares: sizes in KB, times as a part of the compared bundle's. */
export interface Comparison {
  readonly function: string;
  readonly to: VariantName;
  readonly kilobytes: number;
  readonly import: number;
  readonly firstEvent: number;
  readonly process: number;
}

/** The times of Redress's bundles as parts of every other bundle's. */
export function compare(cold: readonly ColdResult[]): readonly Comparison[] {
  return cold.flatMap((other) => {
    const { function: name, name: to, bytes } = other.variant;
    const ours = cold.find(({ variant }) => variant.function === name && variant.name === 'redress');
    if (!ours || to === 'redress') return [];
    return [
      {
        function: name,
        to,
        kilobytes: Math.round(bytes / 1024),
        import: rounded(ours.importMs / other.importMs),
        firstEvent: rounded(ours.firstMs / other.firstMs),
        process: rounded(ours.processMs / other.processMs),
      },
    ];
  });
}

/** The aims, each with what was measured. */
export function aimsOf({ cold, creations }: Pick<Measured, 'cold' | 'creations'>): readonly Aim[] {
  const limits: { readonly [to in VariantName]?: number } = { 'module-main': 0.6, 'cdk-default': 0.3 };
  const times = compare(cold).flatMap(({ function: name, to, import: value }) => {
    const atMost = limits[to];
    return atMost === undefined ? [] : [aim(`${name}: import time beside ${to}`, atMost, value)];
  });
  const sizes = cold.flatMap(({ variant: { function: of, name, bytes } }) =>
    name === 'redress' ? [aim(`${of}: bundle in KB`, 750, Math.round(bytes / 1024))] : [],
  );
  const compliant = creations.filter(({ title }) => !title.startsWith('unencrypted'));
  const invocations = compliant.reduce((sum, creation) => sum + creation.invocations, 0);
  return [...times, ...sizes, aim('invocations for compliant creations', 0, invocations)];
}

/** What holds on another machine too: ratios, sizes and counts. */
export function resultsOf(measured: Measured, date: string) {
  const { cold, warm, creations, rounds } = measured;
  const single = (scenario: string) => warm.find((one) => one.scenario === scenario && one.size === 1)?.msPerEvent ?? Number.NaN;
  return {
    date,
    node: process.version,
    rounds,
    aims: aimsOf(measured),
    bundles: cold.flatMap(({ variant: { function: of, name, bytes, files } }) =>
      name === 'redress' ? [{ function: of, kilobytes: Math.round(bytes / 1024), files }] : [],
    ),
    cold: compare(cold),
    warm: warm.map(({ scenario, size, msPerEvent, calls }) => ({
      scenario,
      size,
      timePerEventBesideBatchOf1: rounded(msPerEvent / single(scenario)),
      calls,
    })),
    creations,
  };
}

/** Writes a part of bench/results.json, and leaves what other benches wrote there. */
export async function keep(part: object): Promise<void> {
  const file = join(import.meta.dirname, 'results.json');
  const before: object = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, jsonOf({ ...before, ...part }));
}

/** Results as they are written and printed. */
export function jsonOf(results: object): string {
  return `${JSON.stringify(results, undefined, 2)}\n`;
}

function aim(says: string, atMost: number, value: number): Aim {
  return { says, atMost, value, isMet: value <= atMost };
}
