import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';

const targets = ['shared/{engine,ledger,control}/**/*.ts', 'functions/**/kind.ts'];
/** So many lines of a file are drawn, or not, together. */
const CHUNK = 5;

/**
 * A whole run takes hours. `MUTATE_SHARE=0.1 npm run mutate` tries the mutants of a tenth of the lines, always the same ones;
 * `MUTATE_SEED=2` draws others.
 */
const { MUTATE_SHARE: share, MUTATE_SEED: seed = '1' } = process.env;

function drawn() {
  const isDrawn = (chunk) => createHash('sha256').update(`${seed} ${chunk}`).digest().readUInt32BE() / 2 ** 32 < Number(share);
  return globSync(targets, { exclude: ['**/*.test.ts'] }).flatMap((file) => {
    const lines = readFileSync(file, 'utf8').split('\n').length;
    const starts = Array.from({ length: Math.ceil(lines / CHUNK) }, (_, n) => n * CHUNK + 1);
    return starts.filter((start) => isDrawn(`${file} ${start}`)).map((start) => `${file}:${start}-${Math.min(lines, start + CHUNK - 1)}`);
  });
}

/** What `npm run mutate` changes, and how it tells whether the layer `unit` notices. */
export default {
  mutate: share ? drawn() : [...targets, '!**/*.test.ts'],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutate.config.ts', related: true },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // only what changed since the last run is tried again
  incremental: share === undefined,
  incrementalFile: 'dist/mutation/incremental.json',
  htmlReporter: { fileName: 'dist/mutation/index.html' },
  jsonReporter: { fileName: 'dist/mutation/report.json' },
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { logTests: false, allowColor: true, reportTests: false },
  ignorePatterns: ['cdk.out', 'dist', '.venv*'],
  tempDirName: 'dist/stryker',
  disableTypeChecks: false,
  // Stryker would rewrite tsconfig.json with an API that TypeScript 7 has no more, though this one refers to nothing outside the project
  tsconfigFile: 'none',
};
