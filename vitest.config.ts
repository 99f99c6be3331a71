import { defineConfig, type ViteUserConfig } from 'vitest/config';

type Layer = NonNullable<ViteUserConfig['test']>;

const localFiles = ['**/*.local.test.ts', 'test/{infra,local}/**/*.test.ts'];
const e2eFiles = ['test/e2e/**/*.test.ts'];
const nobodys = ['**/node_modules/**', '**/cdk.out/**', '**/dist/**'];
const everywhere = ['test/support/no-secrets.ts', 'test/support/no-refusals.ts', 'test/support/as-found.ts'];

// one worker loads the project once: a test that puts a stand-in in a module's place does so for all, and each leaves the world as it found it
const settings: Layer = { pool: 'forks', maxWorkers: 2, isolate: false };
// what waits for other processes says itself how long; these end what hangs, on the slowest of machines. Three files at once keep
// two cores busy while some of them wait
const patient: Layer = {
  ...settings,
  maxWorkers: 3,
  sequence: { groupOrder: 1 },
  globalSetup: 'test/support/bundles.ts',
  testTimeout: 600_000,
  hookTimeout: 300_000,
};

/** The layer that starts no process: it takes whatever the others leave, so each test file belongs to one layer. */
export const unit: Layer = {
  ...settings,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  name: 'unit',
  include: ['**/*.test.ts'],
  exclude: [...nobodys, ...localFiles, ...e2eFiles],
  setupFiles: [...everywhere, 'test/support/in-process.ts'],
};

const local: Layer = {
  ...patient,
  name: 'local',
  include: localFiles,
  exclude: [...nobodys, ...e2eFiles],
  setupFiles: everywhere,
};

const e2e: Layer = { ...patient, name: 'e2e', include: e2eFiles, exclude: nobodys, setupFiles: everywhere };

// Node runs the project's TypeScript itself, as it does outside of tests
export default defineConfig({
  test: { maxWorkers: 3, experimental: { viteModuleRunner: false }, projects: [{ test: unit }, { test: local }, { test: e2e }] },
});
