import { defineConfig } from 'vitest/config';

const local = ['**/*.local.test.ts', 'test/{infra,local}/**/*.test.ts'];
const e2e = ['test/e2e/**/*.test.ts'];
const nobodys = ['**/node_modules/**', '**/cdk.out/**', '**/dist/**'];

export default defineConfig({
  test: {
    setupFiles: ['test/support/no-secrets.ts', 'test/support/no-refusals.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 180_000,
    // each test file belongs to one project, for `unit` takes whatever the others leave
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...nobodys, ...local, ...e2e],
          setupFiles: ['test/support/in-process.ts'],
        },
      },
      { extends: true, test: { name: 'local', include: local, exclude: [...nobodys, ...e2e] } },
      { extends: true, test: { name: 'e2e', include: e2e, exclude: nobodys } },
    ],
  },
});
