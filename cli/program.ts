import { Command, CommanderError, Option } from 'commander';
import { statuses } from '#shared/finding/finding.ts';
import { plain, plainLines } from '#shared/finding/text.ts';
import manifest from '../package.json' with { type: 'json' };
import { type Add, type Manner, waiting } from './add.ts';
import { listOfStatuses, positive } from './arguments.ts';
import type { Where } from './deployment.ts';
import { Failure } from './failure.ts';
import { orgCommands } from './org/commands.ts';
import { severities } from './replay/options.ts';
import type { ExitCode, Session } from './session.ts';
import type { Terminal } from './terminal.ts';

const examples = `
Examples:
  redress findings --status awaiting-approval   what waits for a person
  redress show f-20270131-0123456789ab          one finding in full
  redress fix f-20270131-0123456789ab           look again, and fix it if it is still wrong
  redress pause --reason "release in progress"  no fix begins until \`redress resume\`
  redress replay AWSLogs --since 30d            what it would have done with last month's records

Exit codes: 0 what was asked happened; 1 it did not; 2 wrong usage.
Variables: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL (the local cloud), REDRESS_STACK, NO_COLOR.`;

/** Runs one command line and answers its exit code; whatever fails is printed on the terminal. */
export async function run(argv: readonly string[], terminal: Terminal, now = () => new Date()): Promise<number> {
  let exitCode: number = 0;
  const program = build(terminal, now, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Failure) {
      terminal.err(`${terminal.paintError.red('error:')} ${plain(error.message)}`);
      if (error.next) terminal.err(plain(error.next));
      return error.exitCode;
    }
    // what the other parts make to be shown (a config that cannot be used) is a message of several lines
    const text = error instanceof Error ? error.message : String(error);
    terminal.err(`${terminal.paintError.red('error:')} ${plainLines(text)}`);
    return 1;
  } finally {
    terminal.progress();
  }
}

function build(terminal: Terminal, now: () => Date, end: (code: ExitCode) => void): Command {
  const program = new Command('redress')
    .description('Shows and controls Redress, which fixes misconfigured AWS resources seconds after they are created.')
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', examples)
    .showHelpAfterError('Run it with --help to see how it is used.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text.trimEnd()), writeErr: (text) => terminal.err(text.trimEnd()) });

  /** Adds a command with the options that all share; `load` brings its code only when it runs. */
  const add: Add = <Options extends object>(
    usage: string,
    description: string,
    load: () => Promise<(session: Session, options: Options, ...args: (string | undefined)[]) => Promise<ExitCode>>,
    { json = 'answer in JSON, one object a line, for machines', asksAws = true, under = program }: Manner = {},
  ): Command => {
    const command = under.command(usage).description(description).option('--json', json);
    if (asksAws)
      command
        .option('--stack <name>', 'the CloudFormation stack that Redress is deployed as (default: Redress, or REDRESS_STACK)')
        .option('--region <region>', "the AWS Region (default: AWS_REGION, or the profile's)")
        .option('--profile <name>', 'the AWS profile (default: AWS_PROFILE)');
    return command.action(async (...given: unknown[]) => {
      const options = command.opts<Options & Where & { json?: boolean }>();
      const session = { terminal, where: options, json: options.json === true, now };
      const args = given
        .slice(0, -2)
        .flat()
        .map((one) => (typeof one === 'string' ? one : undefined));
      end(await (await load())(session, options, ...args));
    });
  };

  add(
    'controls',
    'List what Redress watches: each control, its severity, its mode, and what triggers it.',
    async () => (await import('./controls.ts')).controls,
  ).option('--config <file>', 'the config whose modes are shown (default: redress.config.ts of this project)');

  add(
    'config',
    'Show the modes and settings that hold in one account and Region, and where each comes from: the default, the config, an OU, the account or the Region.',
    async () => (await import('./config.ts')).config,
    { asksAws: false },
  )
    .requiredOption('--account <id>', 'the account')
    .option('--region <region>', 'the Region (default: those without an entry of their own)')
    .option('--control <list>', 'only some controls, separated by commas')
    .option('--set', 'leave out what is the default of a control')
    .option('--config <file>', 'the config that is shown (default: redress.config.ts of this project)');

  add(
    'prevent [control...]',
    'Print the organization policies that make mistakes impossible, and what each breaks: for some controls, or for all that are on.',
    async () => (await import('./prevent.ts')).prevent,
    { json: 'answer in JSON, one array of all policies, for machines' },
  )
    .option('--out <folder>', 'write each policy to a file there, as `aws organizations create-policy` takes it')
    .option('--config <file>', 'the config whose controls and settings are taken (default: redress.config.ts of this project)');

  add(
    'replay [path...]',
    'Show what Redress would have done with CloudTrail records of the past: files, folders, s3://bucket/prefix, or - for standard input. It changes nothing.',
    async () => (await import('./replay/replay.ts')).replay,
    { json: 'answer in JSON: a line for each match, then a summary', asksAws: false },
  )
    .option('--since <when>', 'only what happened since then: a span (12h, 7d, 4w) or a date (2027-01-31)')
    .option('--until <when>', 'only what happened until then: a date, and all of that day, or a span back from now')
    .option('--account <id>', 'only what happened in one account')
    .option('--region <region>', 'only what happened in one Region')
    .option('--control <list>', 'only some controls, separated by commas, also those that are off (default: all that are on)')
    .option('--strict', 'parse every record, not only those whose call a rule asks for')
    .option(
      '--live',
      'also look at the resources that may be wrong, by reads with your own credentials, and show the plans; nothing is changed',
    )
    .option(
      '--athena <table>',
      'read only files in which something may match, by a query of DATABASE.TABLE with Athena; it is shown, and asks first',
    )
    .option('--print-sql', 'print that query, and read nothing')
    .option('--workgroup <name>', 'the workgroup of Athena that runs it', 'primary')
    .option('-y, --yes', 'do not ask before the query runs')
    .option('--html <file>', 'also write a page that shows all of it, as one file that loads nothing')
    .option('--exemptions', 'print the lines of the config that would exempt all that may be wrong')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 if something of this severity or above is wrong, or may be').choices(severities),
    )
    .option('--profile <name>', 'the AWS profile for --live, --athena and s3:// (default: AWS_PROFILE)')
    .option('--threads <number>', 'read with so many threads (default: one for each core)', positive)
    .option('--config <file>', 'the config whose modes and settings are taken (default: redress.config.ts of this project)');

  add(
    'explain <file>',
    'Explain one event step by step: which rules match and why others do not, what it names, and what each mode would do.',
    async () => (await import('./explain/explain.ts')).explain,
    { json: 'answer in JSON, one object, for machines', asksAws: false },
  )
    .option('--control <list>', 'only some controls, separated by commas (default: all that are on)')
    .option('--config <file>', 'the config whose modes and settings are taken (default: redress.config.ts of this project)');

  add(
    'findings [id]',
    'List what Redress found, newest first; with an id, show that finding in full.',
    async () => (await import('./findings.ts')).findings,
  )
    .option('--status <list>', `only these, separated by commas: ${statuses.join(', ')}`, listOfStatuses)
    .option('--control <id>', 'only those of one control')
    .option('--account <id>', 'only those of one account, where this is a hub')
    .option('--ou <name>', 'only those of an OU of the config, by its path, name or id, where this is a hub')
    .option('--config <file>', 'the config whose OUs are meant (default: redress.config.ts of this project)')
    .option('--since <when>', 'how far back: a span (12h, 7d, 4w) or a date (2027-01-31)', '7d')
    .option('--limit <number>', 'at most this many', positive);

  add(
    'show <id>',
    'Show one finding in full: what is wrong, who did it, what was or would be done, and what you can do.',
    async () => (await import('./findings.ts')).show,
  );

  waiting(
    add(
      'fix <id>',
      'Fix a finding: Redress looks at the resource again, and sends the changes if it is still wrong.',
      async () => (await import('./order.ts')).fix,
    ),
  );
  waiting(
    add(
      'undo <id>',
      'Put the previous state back, and leave the resource unchanged for 7 days.',
      async () => (await import('./order.ts')).undo,
    ),
  );
  waiting(
    add(
      'exempt <id>',
      'Leave the resource of a finding as it is until a date, for a reason that everybody can read.',
      async () => (await import('./order.ts')).exempt,
    )
      .requiredOption('--until <when>', 'the last day (2027-01-31), a time (2027-01-31T12:00:00Z) or a span (30d)')
      .requiredOption('--reason <text>', 'why; it is kept with the finding'),
  );

  const inPart = (command: Command): Command =>
    command
      .option('--account <id>', 'only in one account that the hub serves')
      .option('--in-region <region>', 'only in one Region, of all accounts or of --account')
      .option('--ou <name>', 'only in an OU of the config, by its path, name or id')
      .option('--config <file>', 'the config whose OUs are meant (default: redress.config.ts of this project)');
  inPart(
    add(
      'pause',
      'Stop all fixes in this account and Region, or in all that a hub serves, within a minute. Fixes in progress are finished, and findings go on.',
      async () => (await import('./pause.ts')).pause,
    ).requiredOption('--reason <text>', 'why; everybody who looks sees it'),
  );
  inPart(add('resume', 'End the pause. Waiting fixes go on within 15 minutes.', async () => (await import('./pause.ts')).resume));

  add(
    'status',
    'Show whether Redress is paused, which functions fail or are late, how much is on their queues, and how many findings need attention.',
    async () => (await import('./status.ts')).status,
  ).option('--since <when>', 'how far back findings are counted', '30d');

  add(
    'report',
    'Show what Redress did: what is fixed, waiting and exempt, how fast, who made most, and what it cost.',
    async () => (await import('./report/report.ts')).report,
    { json: 'answer in JSON, one object, for machines' },
  )
    .option('--since <when>', 'how far back: a span (12h, 7d, 4w) or a date (2027-01-31)', '30d')
    .option('--html <file>', 'also write a page that shows all of it, as one file that loads nothing');

  add(
    'doctor',
    'Show why nothing happens, or that it does: every part of the deployment is looked at, and what is wrong has its next step.',
    async () => (await import('./doctor/doctor.ts')).doctor,
    { json: 'answer in JSON: a line for each check, then a summary' },
  )
    .option('--canary', 'also make a harmless parameter, wait for its finding, remove it, and print how long each leg took')
    .addOption(new Option('--timeout <seconds>', 'how long to wait for the canary').default(60).argParser(positive))
    .option('--skip <list>', 'leave out some checks, separated by commas')
    .option('--org', 'which members of a hub are silent and why, by their StackSets: run it where `redress org deploy` runs')
    .option('--call-as <who>', 'with --org: DELEGATED_ADMIN, or SELF in the management account (default: found out)')
    .option('--details', 'show what each check saw, such as when each rule last matched')
    .option('--policy', 'print the IAM policy that it needs, and end; with --canary, also for that')
    .option('--config <file>', 'the config to compare with (default: redress.config.ts of this project)');

  orgCommands(add, program.command('org').description('What the accounts of an organization need, so that one hub can serve them all.'));

  add(
    'redrive [kind]',
    'Put dead letters back on the queues they came from: those of one kind (such as volumes or alerts), or all.',
    async () => (await import('./redrive.ts')).redrive,
  );
  return program;
}
