import { join } from 'node:path';
import { Command } from 'commander';
import { differences, write } from './generated.ts';
import { ScaffoldError, scaffold } from './scaffold.ts';

const command = new Command('npm run new-control --')
  .description('Begins a control: writes it and its test, both working, and runs the generator.')
  .argument('<kind/control>', 'such as volumes/volume-iops')
  .option('--new-kind', 'make the function of the kind too')
  .option('--root <folder>', 'the project to work on', join(import.meta.dirname, '..'))
  .parse();
const { newKind = false, root } = command.opts<{ newKind?: boolean; root: string }>();

try {
  const { files, next } = await scaffold(root, command.args[0] ?? '', newKind);
  const generated = await differences(root);
  await write(root, generated);
  for (const path of [...files, ...generated.map((one) => one.path)]) console.log(`written ${path}`);
  console.log(`\nNext:\n${next.map((step) => `- ${step}`).join('\n')}`);
} catch (error) {
  if (!(error instanceof ScaffoldError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
