import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Copy, copyProject } from './copy.ts';

/** What each file may not import, and what it may. */
const rules: { readonly [file: string]: { readonly refused: readonly string[]; readonly allowed: readonly string[] } } = {
  'shared/control/one.ts': {
    refused: [
      '../engine/batch.ts',
      '../../functions/volumes/handler.ts',
      '../../infra/catalog.ts',
      '../../cli/main.ts',
      '../../local/main.ts',
      '../../test/support/tester.ts',
      'aws-cdk-lib',
    ],
    allowed: ['./control.ts', '#shared/aws/actions.ts', 'valibot', 'node:fs'],
  },
  'shared/engine/one.ts': {
    refused: ['#shared/tags/taggable.ts', '#shared/launch/launch.ts', '#shared/detect/index.ts', '../ledger/ledger.ts'],
    allowed: ['./batch.ts', '#shared/ledger/ledger.ts'],
  },
  'functions/volumes/one.ts': {
    refused: [
      '../snapshots/handler.ts',
      '../../infra/catalog.ts',
      '../../cli/main.ts',
      '../../local/main.ts',
      '../../test/support/tester.ts',
      'aws-cdk-lib/core',
    ],
    allowed: ['#shared/control/control.ts', './controls.ts', '@aws-sdk/client-ec2'],
  },
  'functions/account/trails/one.ts': {
    refused: ['../../volumes/volumes.ts', '../../../infra/catalog.ts', 'aws-cdk-lib/core'],
    allowed: ['#shared/control/control.ts', '../settings/kind.ts', './kind.ts'],
  },
  'functions/volumes/one.test.ts': { refused: ['aws-cdk-lib/core'], allowed: ['../../test/support/tester.ts', './one.ts'] },
  'infra/one.ts': {
    refused: ['../cli/main.ts', '../local/main.ts', '../test/support/tester.ts', '../scripts/generate.ts', '../bench/main.ts'],
    allowed: ['../functions/volumes/controls.ts', '#shared/control/control.ts', 'aws-cdk-lib/core', 'constructs'],
  },
  'cli/one.ts': {
    refused: ['../test/support/tester.ts', 'aws-cdk-lib', 'constructs'],
    allowed: ['../infra/catalog.ts', '#shared/control/control.ts', 'commander'],
  },
  'local/deep/one.ts': {
    refused: ['../../test/support/tester.ts', 'aws-cdk-lib/core', 'cdk-nag'],
    allowed: ['../../infra/synth.ts', '#shared/control/control.ts'],
  },
  'scripts/one.ts': { refused: ['../test/support/tester.ts', 'aws-cdk-lib'], allowed: ['../infra/catalog.ts'] },
  'bench/one.ts': { refused: ['../test/support/tester.ts', 'aws-cdk-lib/core'], allowed: ['../infra/bundle.ts'] },
  'test/engine/one.ts': { refused: ['aws-cdk-lib/assertions'], allowed: ['../../infra/catalog.ts', '../support/tester.ts'] },
  'test/infra/one.ts': { refused: [], allowed: ['aws-cdk-lib/assertions', '../../infra/synth.ts', '../support/tester.ts'] },
};

let copy: Copy;
let refused: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  copy = await copyProject('biome.json', '.gitignore');
  for (const [file, { refused: bad, allowed }] of Object.entries(rules)) {
    const names = [...bad, ...allowed].map((path, n) => ({ path, name: `x${n}` }));
    const lines = names.map(({ path, name }) => `import { ${name} } from '${path}';`);
    await mkdir(dirname(join(copy.folder, file)), { recursive: true });
    await writeFile(join(copy.folder, file), `${lines.join('\n')}\n\nexport const all = [${names.map(({ name }) => name).join(', ')}];\n`);
  }
  const only = '--only=style/noRestrictedImports';
  const { output } = await copy.node(
    'node_modules/@biomejs/biome/bin/biome',
    'lint',
    only,
    '--reporter=github',
    '--max-diagnostics=none',
    '.',
  );
  const found = [...output.matchAll(/file=([^,]+),line=(\d+)/g)].map(([, file = '', line = '0']) => ({
    file: relative(copy.folder, file),
    line: Number(line),
  }));
  refused = new Map(
    Object.entries(rules).map(([file, { refused: bad, allowed }]) => {
      const lines = found.filter((one) => one.file === file).map(({ line }) => line);
      return [file, [...bad, ...allowed].filter((_path, n) => lines.includes(n + 1))];
    }),
  );
});
afterAll(() => copy.remove());

test.each(Object.entries(rules))('imports of %s run one way', (file, { refused: bad }) => {
  expect(refused.get(file)).toEqual(bad);
});
