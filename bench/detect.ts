import { randomBytes } from 'node:crypto';
import { detectInValue } from '../shared/detect.ts';
import { isHighEntropy } from '../shared/detect-entropy.ts';
import { benignSamples, sensitiveSamples } from './detect-corpus.ts';
import type { Sample } from './samples.ts';

/** How well values are told apart on the held-out corpus. */
export interface DetectFigures {
  readonly sensitive: number;
  readonly benign: number;
  /** Of the values that were flagged, the share that is sensitive. */
  readonly precision: number;
  /** Of the sensitive values, the share that was flagged, by whichever detector. */
  readonly recall: number;
  /** What each sample's own detector found, and what it flagged of the benign. */
  readonly perDetector: {
    readonly [detector: string]: { readonly samples: number; readonly found: number; readonly falsePositives: number };
  };
  /** The share of benign values that `high-entropy` flags. */
  readonly entropyFalsePositiveRate: number;
  /** The share of fresh random keys that `high-entropy` misses, by alphabet and length. */
  readonly entropyMissRate: { readonly [kind: string]: number };
  /** What was flagged wrongly and what was missed, by the words about it. */
  readonly mistakes: { readonly flagged: readonly string[]; readonly missed: readonly string[] };
}

const randomKeys: { readonly [kind: string]: () => string } = {
  'base64, 32 bytes': () => randomBytes(32).toString('base64'),
  'base64url, 32 bytes': () => randomBytes(32).toString('base64url'),
  'base64, 30 bytes (an AWS secret key)': () => randomBytes(30).toString('base64'),
  'base36, 32 characters': () => [...randomBytes(32)].map((byte) => (byte % 36).toString(36)).join(''),
};

/** Runs every detector over the held-out corpus; deterministic but for `entropyMissRate`, which draws 1,000 keys of each kind. */
export function measureDetectors(): DetectFigures {
  const found = new Map(sensitiveSamples.map((sample) => [sample, namesIn(sample)]));
  const flagged = new Map(benignSamples.map((sample) => [sample, namesIn(sample)]));
  const missed = sensitiveSamples.filter((sample) => found.get(sample)?.length === 0);
  const wrong = benignSamples.filter((sample) => flagged.get(sample)?.length !== 0);
  const hits = sensitiveSamples.length - missed.length;
  const names = new Set([...sensitiveSamples.map(({ detector = '' }) => detector), ...[...flagged.values()].flat()]);
  const figures = [...names].sort().map((name) => {
    const own = sensitiveSamples.filter(({ detector }) => detector === name);
    const falsePositives = [...flagged.values()].filter((hit) => hit.includes(name)).length;
    return [
      name,
      { samples: own.length, found: own.filter((sample) => found.get(sample)?.includes(name)).length, falsePositives },
    ] as const;
  });
  return {
    sensitive: sensitiveSamples.length,
    benign: benignSamples.length,
    precision: hits / (hits + wrong.length),
    recall: hits / sensitiveSamples.length,
    perDetector: Object.fromEntries(figures),
    entropyFalsePositiveRate: benignSamples.filter(({ value }) => isHighEntropy(value)).length / benignSamples.length,
    entropyMissRate: Object.fromEntries(Object.entries(randomKeys).map(([kind, draw]) => [kind, missRate(draw)])),
    mistakes: { flagged: wrong.map(({ about }) => about), missed: missed.map(({ about }) => about) },
  };
}

function namesIn({ value }: Sample): readonly string[] {
  return detectInValue(value).map(({ detector }) => detector);
}

function missRate(draw: () => string): number {
  const draws = 1000;
  return Array.from({ length: draws }, draw).filter((key) => !isHighEntropy(key)).length / draws;
}

/** Prints the figures as a table. */
export function printDetectors(figures: DetectFigures): void {
  const share = (value: number): string => `${(value * 100).toFixed(1)} %`;
  console.log(`Detectors on ${figures.sensitive} sensitive and ${figures.benign} benign values, held out`);
  console.log(
    `  precision ${share(figures.precision)}, recall ${share(figures.recall)}; high-entropy flags ${share(figures.entropyFalsePositiveRate)} of the benign`,
  );
  console.log(`  flagged wrongly: ${figures.mistakes.flagged.join('; ') || 'none'}`);
  console.log(`  missed: ${figures.mistakes.missed.join('; ') || 'none'}`);
  for (const [kind, rate] of Object.entries(figures.entropyMissRate))
    console.log(`  high-entropy misses ${share(rate)} of random keys in ${kind}`);
  console.table(figures.perDetector);
}

if (import.meta.main) printDetectors(measureDetectors());
