import { randomBytes } from 'node:crypto';
import { isHighEntropy } from '#shared/detect/entropy.ts';
import { detectInValue } from '#shared/detect/index.ts';
import { personalForms } from '#shared/detect/personal.ts';
import { LocalCloudError } from '../local/local-cloud-error.ts';
import { blindBenign } from './blind-benign.ts';
import { blindSensitive } from './blind-sensitive.ts';
import { benignSamples, sensitiveSamples } from './corpus-first.ts';
import { secondBenign } from './corpus-second-benign.ts';
import { secondSensitive } from './corpus-second-sensitive.ts';
import { scanWithDetectSecrets } from './detect-secrets/detect-secrets.ts';
import { hardStarts, repeated } from './hard-texts.ts';
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

/** What was found of each kind of value, as a share; none where a corpus has no such value. */
interface Rates {
  readonly secrets: number | undefined;
  readonly personal: number | undefined;
  readonly falsePositives: number | undefined;
}

const personal = new Set(personalForms.map(({ detector }) => detector));

/** How much of a corpus is found, secrets and personal data apart: others look for secrets only. */
export function ratesOf({ sensitive, benign }: Corpus, isFound: (sample: Sample) => boolean): Rates {
  const share = (samples: readonly Sample[]): number | undefined =>
    samples.length > 0 ? samples.filter(isFound).length / samples.length : undefined;
  const isPersonal = ({ detector = '' }: Sample): boolean => personal.has(detector);
  return {
    secrets: share(sensitive.filter((sample) => !isPersonal(sample))),
    personal: share(sensitive.filter(isPersonal)),
    falsePositives: share(benign),
  };
}

/** How long values take, in milliseconds: the one that 99 of 100 do not exceed, and the slowest of 8 KB that are made to be slow. */
function measureTimes(): { readonly p99: number; readonly slowest: number } {
  const least = (value: string): number => {
    const times = Array.from({ length: 5 }, () => {
      const begun = performance.now();
      detectInValue(value);
      return performance.now() - begun;
    });
    return Math.min(...times);
  };
  const values = corpora.flatMap(([, { sensitive, benign }]) => [...sensitive, ...benign].map(({ value }) => value));
  const times = values.map(least).sort((a, b) => a - b);
  return {
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
    slowest: Math.max(...hardStarts.map((start) => least(repeated(start, 8192)))),
  };
}

const corpora: readonly (readonly [name: string, corpus: Corpus])[] = [
  ['held-out corpus', heldOut],
  ['first development set', firstCorpus],
  ['second development set', secondCorpus],
];

const percent = (value: number | undefined): string => (value === undefined ? 'none there' : `${(value * 100).toFixed(1)} %`);

/** Prints the figures of each corpus and what went wrong on it, then recall and false positives beside detect-secrets, which is installed for it. */
export async function printDetectors(onProgress: (text: string) => void): Promise<void> {
  for (const [name, corpus] of corpora) {
    const { sensitive, benign, precision, recall, entropyFalsePositiveRate, mistakes } = measureDetectors(corpus);
    console.log(
      `Detectors on the ${name}, ${sensitive} sensitive and ${benign} benign values: precision ${percent(precision)}, recall ${percent(recall)}; high-entropy flags ${percent(entropyFalsePositiveRate)} of the benign`,
    );
    console.log(`  flagged wrongly: ${mistakes.flagged.join('; ') || 'none'}`);
    console.log(`  missed: ${mistakes.missed.join('; ') || 'none'}`);
  }
  const figures = measureDetectors(heldOut);
  for (const [kind, rate] of Object.entries(figures.entropyMissRate))
    console.log(`  high-entropy misses ${percent(rate)} of random keys in ${kind}`);
  console.table(figures.perKind);
  const { p99, slowest } = measureTimes();
  console.log(
    `99 of 100 values take at most ${p99.toFixed(2)} ms, a text of 8 KB that is made to be slow at most ${slowest.toFixed(1)} ms`,
  );
  await printBeside(onProgress);
}

async function printBeside(onProgress: (text: string) => void): Promise<void> {
  const samples = corpora.flatMap(([, { sensitive, benign }]) => [...sensitive, ...benign]);
  try {
    const found = await scanWithDetectSecrets(
      samples.map(({ value }) => value),
      onProgress,
    );
    const theirs = new Set(samples.filter((_, at) => found[at] === true));
    const row = (rates: Rates) => [percent(rates.secrets), percent(rates.personal), percent(rates.falsePositives)];
    console.log(
      'Recall of secrets, recall of personal data and false positives, beside detect-secrets as it comes (it looks for secrets only):',
    );
    for (const [name, corpus] of corpora) {
      console.log(`  ${name}: Redress ${row(ratesOf(corpus, (sample) => namesIn(sample).length > 0)).join(', ')}`);
      console.log(`  ${name}: detect-secrets ${row(ratesOf(corpus, (sample) => theirs.has(sample))).join(', ')}`);
    }
  } catch (error) {
    // without a package index the other figures still stand
    if (!(error instanceof LocalCloudError)) throw error;
    console.log(`detect-secrets was not measured: ${error.message}`);
  }
}

if (import.meta.main) await printDetectors(console.error);
