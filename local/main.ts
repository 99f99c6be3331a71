import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { jsonLine, plain, plainLines } from '#shared/finding/text.ts';
import { type LocalCloud, startLocalCloud } from './cloud.ts';
import { readAccounts, readRegions } from './flags.ts';
import { describeFinding } from './lines.ts';
import { whenAskedToEnd } from './runtime/processes.ts';
import { NO_CHANNEL, SLACK_PATH } from './slack/page.ts';
import { TrailFiles } from './trail/files.ts';

/** How often records are written to files, in milliseconds. */
const WRITTEN_EVERY = 10_000;

interface Flags {
  readonly port?: number;
  readonly config?: string;
  readonly json?: true;
  readonly verbose?: true;
  readonly deployed?: true;
  readonly record?: string;
  readonly accounts?: number;
  readonly regions?: readonly string[];
  readonly stackSets?: true;
}

const program = new Command('npm run local --')
  .description('Runs Redress on this machine: an endpoint that stands for AWS, and the stack as it would be deployed.')
  .option('--port <number>', 'the port of the endpoint (default: a free one)', readPort)
  .option('--config <file>', 'a config in JSON, in place of redress.config.ts')
  .option('--json', 'write one finding a line as JSON to standard output, and nothing else there')
  .option('--verbose', "write what the functions log to standard error, and moto's errors")
  .option('--record <folder>', 'write all calls there as CloudTrail files, every 10 seconds and at the end; `redress replay` reads them')
  .option('--accounts <number>', 'play an organization of so many accounts: the first is the hub, the others are its members', readAccounts)
  .option(
    '--regions <names>',
    'the Regions of each account, with commas between; the hub is in the first (default: us-east-1)',
    readRegions,
  )
  .option('--stack-sets', 'leave the members to `redress org deploy`: their accounts are in an OU, and StackSets deploy to it')
  .option('--deployed', 'send the stack the event of its deployment, so that it looks at the account at once')
  .addHelpText(
    'after',
    '\nThe account starts as a new one does: nothing in it, and Redress has looked at nothing yet. While it runs:\n' +
      '  GET  /_local/findings      the latest state of each finding (?all=1: every announcement)\n' +
      '  GET  /_local/calls         how often who called what\n' +
      '  GET  /_local/invocations   how often each function was invoked\n' +
      '  GET  /_local/records       the CloudTrail records\n' +
      '  GET  /_local/stack         the outputs of the stack\n' +
      '  GET  /_local/accounts      the accounts of the organization, with the credentials of their administrators\n' +
      '  POST /_local/accounts      makes an account in the OU, and answers its credentials (with --stack-sets; ?ou=: in another OU)\n' +
      '  DELETE /_local/accounts    takes an account out of the organization (?id=; with --stack-sets)\n' +
      '  GET  /_local/slack         the Slack messages as people see them, with buttons that work (/messages and /notes: as JSON)\n' +
      '  POST /_local/slack/click   clicks a button as somebody; a form with as, channel, ts and action\n' +
      '  POST /_local/slack/actions calls the function URL for clicks in Slack, where the config has one\n' +
      '  POST /_local/sweep         sends the events of all schedules\n' +
      '  POST /_local/events        puts an event on the default bus, such as a sign-in (JSON with source, detail-type and detail)\n' +
      '  POST /_local/deployed      sends the event of a finished deployment (as --deployed does at the start)\n' +
      'A client whose user agent names a service, such as cloudformation.amazonaws.com, acts as that service and may set aws: tags.',
  );

await run(program.parse().opts<Flags>());

async function run({ port, config, json, verbose, deployed, record, accounts, regions, stackSets }: Flags): Promise<void> {
  const tell = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  const colours = pc.createColors(process.stdout.isTTY === true && pc.isColorSupported);
  const starting = startLocalCloud({
    port,
    configFile: config,
    deploymentEvent: deployed,
    organization:
      accounts === undefined && regions === undefined && !stackSets
        ? undefined
        : { accounts: accounts ?? (stackSets ? 3 : 1), regions: regions ?? ['us-east-1'], stackSets: stackSets === true },
    onProgress: (text) => tell(plainLines(text)),
    onTrouble: (text) => tell(plainLines(`! ${text}`)),
    onLog: verbose === true ? (name, line) => tell(plain(`${name}: ${line}`)) : undefined,
    onMotoLog: verbose === true ? (line) => tell(plain(`moto: ${line}`)) : undefined,
    onFinding: (finding) => process.stdout.write(`${json === true ? jsonLine(finding) : describeFinding(finding, colours)}\n`),
  });
  let running: LocalCloud | undefined;
  let write = async (): Promise<void> => undefined;
  stopOnSignals(
    () => running,
    () => write(),
  );
  const cloud = await starting.catch((cause: unknown) => {
    tell(
      plainLines(
        cause instanceof Error && /^(LocalCloudError|ConfigError)$/.test(cause.name)
          ? cause.message
          : String(cause instanceof Error ? cause.stack : cause),
      ),
    );
    process.exit(1);
  });
  running = cloud;
  if (record !== undefined) {
    const files = new TrailFiles(record);
    write = () =>
      files.write(cloud.records()).catch((cause: unknown) => tell(plainLines(`! Records cannot be written to ${record}: ${cause}`)));
    setInterval(() => void write(), WRITTEN_EVERY).unref();
  }
  const show = json === true ? tell : (text: string) => process.stdout.write(`${text}\n`);
  show(`\nEndpoint: ${colours.bold(cloud.endpoint)}\n`);
  for (const [name, value] of Object.entries(cloud.env)) show(`export ${name}=${value}`);
  for (const { id, name, role, ...keys } of cloud.accounts.filter(() => cloud.accounts.length > 1)) {
    show(`\n${colours.bold(id)} ${name}${role === name ? '' : ` (${role})`}`);
    show(
      `export AWS_ACCESS_KEY_ID=${keys.accessKeyId} AWS_SECRET_ACCESS_KEY=${keys.secretAccessKey} AWS_SESSION_TOKEN=${keys.sessionToken}`,
    );
  }
  if (cloud.configFile !== undefined && stackSets === true)
    show(
      `\nThe members are empty. With the credentials of the administrator:\nnpx redress org deploy --hub ${cloud.account}/${cloud.region} --config ${cloud.configFile}`,
    );
  show(`\nAlerts as people see them in Slack, with buttons that work: ${colours.bold(`${cloud.endpoint}${SLACK_PATH}`)}`);
  if (!cloud.slack.hasChannels) show(`There will be none: ${NO_CHANNEL}`);
  show('\nFindings appear here; Ctrl-C stops everything.');
}

function stopOnSignals(running: () => LocalCloud | undefined, write: () => Promise<void>): void {
  let isStopping = false;
  whenAskedToEnd(() => {
    const cloud = running();
    // During the start, and at a second Ctrl-C, nobody waits: every child ends when it sees this process end.
    if (isStopping || cloud === undefined) process.exit(isStopping ? 1 : 0);
    isStopping = true;
    void write()
      .then(() => cloud.stop())
      .finally(() => process.exit(0));
  });
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be a port number from 0 to 65535.');
  return port;
}
