import { join } from 'node:path';
import { Command } from 'commander';
import { differences, release, write } from './generated.ts';

const { check, released, root } = new Command('npm run generate --')
  .description(
    'Writes what derives from the controls: their pages, the table in the README, the lists of each function, the types of the config, the permissions in the changelog, what is known of each kind, which of the pages of AWS are covered, the schema of a finding.',
  )
  .option('--check', 'write nothing; name each file that differs, and exit with 1')
  .option('--released <version>', 'after a release: keep its list of permissions in the changelog, and compare with it from now on')
  .option('--root <folder>', 'the project to work on', join(import.meta.dirname, '..'))
  .parse()
  .opts<{ check?: true; released?: string; root: string }>();

if (released) await release(root, released);

const found = await differences(root);
if (!check) await write(root, found);
for (const { path, wanted } of found) {
  const done = wanted === undefined ? 'removed' : 'written';
  const wrong = wanted === undefined ? 'belongs to no control' : 'is not what `npm run generate` writes';
  console.log(check ? `${path} ${wrong}` : `${done} ${path}`);
}
if (check && found.length > 0) process.exitCode = 1;
if (found.length === 0) console.log('Everything generated is up to date.');
