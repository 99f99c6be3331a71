import { randomBytes } from 'node:crypto';
import { isHighEntropy } from '#shared/detect/entropy.ts';
import { detectInValue } from '#shared/detect/index.ts';
import { blindBenign } from './blind-benign.ts';
import { blindSensitive } from './blind-sensitive.ts';
import { benignSamples, sensitiveSamples } from './corpus-first.ts';
import { secondBenign } from './corpus-second-benign.ts';
import { secondSensitive } from './corpus-second-sensitive.ts';
import type { Sample } from './samples.ts';

/** Values of which it is known whether they are sensitive. */
export interface Corpus {
  readonly sensitive: readonly Sample[];
  readonly benign: readonly Sample[];
}

/** A development set; untouched it gave 94.0 % precision and recall, on 2026-11-22. */
export const firstCorpus: Corpus = { sensitive: sensitiveSamples, benign: benignSamples };
/** A development set since 2026-11-25; untouched it gave 89.1 % precision and 90.2 % recall on that day. */
export const secondCorpus: Corpus = { sensitive: secondSensitive, benign: secondBenign };
/** Held out: written by somebody who had not seen the detectors, and nothing was tuned to it. Its first run, on 2026-11-25, gave 100.0 % precision and 93.0 % recall. */
export const heldOut: Corpus = { sensitive: blindSensitive, benign: blindBenign };

/** How well values are told apart on a corpus. */
export interface DetectFigures {
  readonly sensitive: number;
  readonly benign: number;
  /** Of the values that were flagged, the share that is sensitive. */
  readonly precision: number;
  /** Of the sensitive values, the share that was flagged, by whichever detector. */
  readonly recall: number;
  /** How many samples of each kind, in the corpus's own words, were flagged, by whichever detector. */
  readonly perKind: { readonly [kind: string]: { readonly samples: number; readonly found: number } };
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

/** Runs every detector over a corpus; deterministic but for `entropyMissRate`, which draws 1,000 keys of each kind. */
export function measureDetectors({ sensitive, benign }: Corpus): DetectFigures {
  const found = new Map(sensitive.map((sample) => [sample, namesIn(sample)]));
  const flagged = new Map(benign.map((sample) => [sample, namesIn(sample)]));
  const missed = sensitive.filter((sample) => found.get(sample)?.length === 0);
  const wrong = benign.filter((sample) => flagged.get(sample)?.length !== 0);
  const hits = sensitive.length - missed.length;
  const kinds = Map.groupBy(sensitive, ({ detector = '' }) => detector);
  const figures = [...kinds]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([kind, all]) => {
      const isFound = (sample: Sample) => !missed.includes(sample);
      return [kind, { samples: all.length, found: all.filter(isFound).length }] as const;
    });
  return {
    sensitive: sensitive.length,
    benign: benign.length,
    precision: hits / (hits + wrong.length),
    recall: hits / sensitive.length,
    perKind: Object.fromEntries(figures),
    entropyFalsePositiveRate: benign.filter(({ value }) => isHighEntropy(value)).length / benign.length,
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

/** Prints the figures of the held-out corpus and of both development sets, and what went wrong on each. */
export function printDetectors(): void {
  const share = (value: number): string => `${(value * 100).toFixed(1)} %`;
  const print = (name: string, figures: DetectFigures): void => {
    const { sensitive, benign, precision, recall, entropyFalsePositiveRate, mistakes } = figures;
    console.log(
      `Detectors on the ${name}, ${sensitive} sensitive and ${benign} benign values: precision ${share(precision)}, recall ${share(recall)}; high-entropy flags ${share(entropyFalsePositiveRate)} of the benign`,
    );
    console.log(`  flagged wrongly: ${mistakes.flagged.join('; ') || 'none'}`);
    console.log(`  missed: ${mistakes.missed.join('; ') || 'none'}`);
  };
  const figures = measureDetectors(heldOut);
  print('held-out corpus', figures);
  print('first development set', measureDetectors(firstCorpus));
  print('second development set', measureDetectors(secondCorpus));
  for (const [kind, rate] of Object.entries(figures.entropyMissRate))
    console.log(`  high-entropy misses ${share(rate)} of random keys in ${kind}`);
  console.table(figures.perKind);
}

if (import.meta.main) printDetectors();
