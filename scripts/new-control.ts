import { join } from 'node:path';
import { Command } from 'commander';
import { blanksOf } from '#shared/control/blank.ts';
import { controlsOf, discoverFunctions } from '../infra/catalog.ts';
import { differences, write } from './generated.ts';
import { ScaffoldError } from './scaffold/error.ts';
import { scaffold } from './scaffold/scaffold.ts';

const command = new Command('npm run new-control --')
  .description('Begins a control: writes it and its test, both working, and runs the generator. What it cannot know is left as a blank.')
  .argument('<name>', 'function and control, such as volumes/volume-iops, or account/trails/trail-logging for a function of several kinds')
  .option('--new-kind', 'make the kind too, and its function if it is not there; adds the client of its service to package.json')
  .option('--type <type>', "CloudFormation's type of the resource, where the id's first words name several: AWS::S3::Bucket")
  .option('--setting', 'the new kind is a setting of an account, such as EBS encryption by default')
  .option('--reads <call>', 'the call that reads the setting: ec2:GetEbsEncryptionByDefault')
  .option('--call', 'the new kind is a call that is worth a finding by itself, such as a login of root')
  .option('--root <folder>', 'the project to work on', join(import.meta.dirname, '..'))
  .addHelpText(
    'after',
    '\nExits with 0 when all is written, and with 1 when it refuses; then nothing is written.\nMore: docs/writing-a-control.md',
  )
  .parse();
const { root, setting, call, ...options } = command.opts<{
  newKind?: true;
  type?: string;
  setting?: true;
  reads?: string;
  call?: true;
  root: string;
}>();

try {
  const [name = ''] = command.args;
  checkOptions();
  const is = setting ? 'setting' : call ? 'call' : 'resource';
  const { files, says } = await scaffold(root, name, { isNewKind: options.newKind === true, is, type: options.type, reads: options.reads });
  const generated = await differences(root);
  await write(root, generated);
  for (const sentence of says) console.log(sentence);
  for (const path of [...files, ...generated.map((one) => one.path)]) console.log(`written ${path}`);
  console.log(`\nNext:\n${(await stepsAfter(name)).map((step) => `- ${step}`).join('\n')}`);
} catch (error) {
  if (!(error instanceof ScaffoldError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function checkOptions(): void {
  const isNew = options.newKind === true;
  const needing = Object.entries({ '--type': options.type, '--setting': setting, '--call': call, '--reads': options.reads });
  const [first] = needing.filter(([, value]) => value !== undefined).map(([option]) => option);
  if (first && !isNew) throw new ScaffoldError(`${first} says what a new kind is: give --new-kind too`);
  if (setting && call) throw new ScaffoldError('A kind is a setting or a call: give one of --setting and --call');
  if (options.reads && !setting) throw new ScaffoldError('--reads names the call that reads a setting: give --setting too');
}

async function stepsAfter(name: string): Promise<string[]> {
  const id = name.split('/').at(-1) ?? '';
  const control = controlsOf(await discoverFunctions(join(root, 'functions'))).find((one) => one.id === id);
  const blanks = control ? blanksOf(control).map(({ what, file }) => `${what} (${file})`) : [];
  return [
    `Run its test: npm test -- ${id}`,
    'Write what the control is about: title, why, inspectOne and judge.',
    ...(blanks.length === 0 ? [] : [`Fill in the blanks, until when the control stays off: ${blanks.join('; ')}.`]),
    'Compare triggers and the ids of records with a recorded event of CloudTrail.',
    'When it is to fix: declare the writes, and write plan, before and undo. Then run npm run generate.',
  ];
}
