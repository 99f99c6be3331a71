import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { installPackages } from '../../../local/emulator/install.ts';

const run = promisify(execFile);
const here = import.meta.dirname;

/** One call that the CLI would have sent. */
interface CliCall {
  readonly operation: string;
  readonly parameters: { readonly [name: string]: unknown };
}

/** A shell in which `aws` is the AWS CLI from PyPI. */
export interface AwsShell {
  /** Runs commands with the input of a person; they go to the endpoint, or nowhere where there is none. */
  run(commands: string, endpoint?: string, input?: string): Promise<{ readonly calls: readonly CliCall[]; readonly output: string }>;
  remove(): Promise<void>;
}

/** Makes one; the CLI is that of the Python on the PATH, or is installed as moto is. */
export async function awsShell(): Promise<AwsShell> {
  const python = await pythonWithCli();
  const folder = await mkdtemp(join(tmpdir(), 'redress-aws-cli-'));
  const aws = join(folder, 'aws');
  const socket = join(folder, 'socket');
  // without the packages of Python, which the one that serves has loaded
  await writeFile(aws, `#!/bin/sh\nexec '${python}' -SE '${join(here, 'cli.py')}' '${socket}' "$@"\n`);
  await chmod(aws, 0o755);
  const base = {
    ...process.env,
    PATH: `${folder}${delimiter}${process.env['PATH']}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_PAGER: '',
  };
  const server = spawn(python, [join(here, 'cli.py'), socket], { env: base, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  const [said] = await Promise.race([once(server.stdout, 'data'), ended]);
  if (!String(said).startsWith('ready')) throw new Error(`the AWS CLI did not start: ${said}`);
  let shells = 0;
  return {
    async run(commands, endpoint, input = '') {
      shells += 1;
      const noted = join(folder, `calls-${shells}`);
      const env = endpoint === undefined ? { ...base, AWS_CLI_CALLS: noted } : { ...base, AWS_ENDPOINT_URL: endpoint };
      const shell = run('sh', ['-euc', commands], { env });
      // a command that reads nothing may be over before it is written
      shell.child.stdin?.on('error', () => undefined);
      shell.child.stdin?.end(input);
      const { stdout } = await shell;
      const lines = await readFile(noted, 'utf8').catch(() => '');
      return { calls: lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])), output: stdout };
    },
    async remove() {
      server.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function pythonWithCli(): Promise<string> {
  for (const python of ['python3', 'python']) {
    const found = await run(python, ['-c', 'import sys, awscli.clidriver; print(sys.executable)']).catch(() => undefined);
    if (found) return found.stdout.trim();
  }
  const venv = join(here, '..', '..', '..', '.venv-aws-cli');
  return await installPackages({ name: 'the AWS CLI', requirements: join(here, 'requirements.txt'), venv }, console.log);
}
