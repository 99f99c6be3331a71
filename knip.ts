import type { KnipConfig } from 'knip';

// what nothing imports: handlers that are bundled, the config, and programs that are started by their path
export default {
  entry: [
    'functions/*/handler.ts',
    'redress.config.ts',
    'local/runtime/function-host.ts',
    'bench/probe.js',
    'test/local/fixtures/start.ts',
    'test/local/fixtures/stack/*/index.mjs',
  ],
  project: ['**/*.{ts,js,mjs}'],
  vitest: { config: ['vitest.config.ts', 'vitest.mutate.config.ts'] },
  // the reader's `npx cdk`, which the README names
  ignoreDependencies: ['aws-cdk'],
} satisfies KnipConfig;
