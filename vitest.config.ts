import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{functions,shared,test}/**/*.test.ts'],
    setupFiles: ['test/support/no-secrets.ts', 'test/support/no-refusals.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 180_000,
  },
});
