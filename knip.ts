import type { KnipConfig } from 'knip';

// what nothing imports
export default {
  entry: [
    // what authors of controls import, whether or not one does today
    'shared/control/*.ts',
    'shared/aws/{loaders,pages}.ts',
    // what is bundled or started by its path
    'functions/{alerts,slack-actions}/handler.ts',
    'functions/*/generated.ts',
    'redress.config.ts',
    'cli/page/browser/main.ts',
    'local/runtime/function-host.ts',
    'local/synthesise-child.ts',
    'bench/{probe.js,five-calls.ts,replay/others.ts}',
    'test/local/fixtures/start.ts',
    'test/local/fixtures/stack/*/index.mjs',
  ],
  project: ['**/*.{ts,js,mjs}', '!**/*.min.js'],
  vitest: { config: ['vitest.config.ts', 'vitest.mutate.config.ts'] },
  // the reader's `npx cdk`, which the README names, and a script that the check of pages hands to the browser as text
  // a test runs it where it is installed
  ignoreBinaries: ['cfn-lint'],
  ignoreDependencies: ['aws-cdk', 'axe-core'],
} satisfies KnipConfig;
