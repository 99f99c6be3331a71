/** What `npm run mutate` changes, and how it tells whether the layer `unit` notices. */
export default {
  mutate: ['shared/{engine,ledger,control}/**/*.ts', 'functions/**/kind.ts', '!**/*.test.ts'],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutate.config.ts', related: true },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // only what changed since the last run is tried again
  incremental: true,
  incrementalFile: 'dist/mutation/incremental.json',
  htmlReporter: { fileName: 'dist/mutation/index.html' },
  jsonReporter: { fileName: 'dist/mutation/report.json' },
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { logTests: false, allowColor: true, reportTests: false },
  ignorePatterns: ['cdk.out', 'dist'],
  tempDirName: 'dist/stryker',
  disableTypeChecks: false,
  // Stryker would rewrite tsconfig.json with an API that TypeScript 7 has no more, though this one refers to nothing outside the project
  tsconfigFile: 'none',
};
