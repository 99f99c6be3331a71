import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { LocalCloudError } from '../local-cloud-error.ts';
import { forkedProgram, freePort, type Program, sleep, startProgram } from '../runtime/processes.ts';
import { installPackages } from './install.ts';

const startSeconds = 30;

/** A running moto server. */
export interface Moto {
  readonly endpoint: string;
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
}

/** How moto is found and shown. */
export interface MotoOptions {
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Each line of moto's own log. */
  readonly onLog?: ((line: string) => void) | undefined;
  /** The virtual environment that is used when `moto_server` is not on the PATH; `.venv` of the project by default. */
  readonly venv?: string | undefined;
  /** Where `moto_server` is looked for; the PATH by default. */
  readonly path?: string | undefined;
}

/** Names the socket of what forks moto servers, for a process that starts many; tests set it. */
export const nurseryVariable = 'REDRESS_MOTO_NURSERY';

/** Starts moto on a free port of 127.0.0.1, and installs it first where it is absent; throws `LocalCloudError`. */
export async function startMoto(options: MotoOptions = {}): Promise<Moto> {
  let lastWords = '';
  for await (const [command, ...args] of motoCommands(options)) {
    const moto = await launch(command, args, options);
    if ('endpoint' in moto) return moto;
    lastWords = moto.lastWords;
    options.onProgress?.(`${command} does not work and is not used`);
  }
  throw new LocalCloudError(`moto did not start:\n${lastWords}`);
}

/** The commands that start moto, each with its first arguments: the one on the PATH, and that of the virtual environment, installed when asked for. */
export async function* motoCommands(options: MotoOptions = {}): AsyncGenerator<[string, ...string[]]> {
  const found = await findOnPath('moto_server', options.path ?? process.env['PATH'] ?? '');
  if (found !== undefined) yield [found];
  const venv = options.venv ?? join(import.meta.dirname, '..', '..', '.venv');
  const requirements = join(import.meta.dirname, 'requirements.txt');
  const python = await installPackages({ name: 'moto', requirements, venv }, options.onProgress ?? (() => undefined));
  yield [python, '-m', 'moto.server'];
}

/** What moto and what loads it find in their environment. */
export function motoEnvironment(): NodeJS.ProcessEnv {
  const { PYTHONPATH } = process.env;
  return {
    ...process.env,
    // Loading the catalogue of Amazon's images takes seconds, and nothing here needs it.
    MOTO_EC2_LOAD_DEFAULT_AMIS: 'false',
    PYTHONUNBUFFERED: '1',
    // Python's compiled files are kept, whatever the user's environment says, or each start would compile moto again.
    PYTHONDONTWRITEBYTECODE: '',
    PYTHONPATH: [join(import.meta.dirname, 'python'), ...(PYTHONPATH ? [PYTHONPATH] : [])].join(delimiter),
  };
}

async function launch(
  command: string,
  args: readonly string[],
  { onLog, path }: MotoOptions,
): Promise<Moto | { readonly lastWords: string }> {
  const port = await freePort();
  const nursery = path === undefined ? process.env[nurseryVariable] : undefined;
  const program = nursery
    ? forkedProgram(nursery, port, onLog)
    : startProgram(command, [...args, '-H', '127.0.0.1', '-p', String(port)], motoEnvironment(), onLog);
  const endpoint = `http://127.0.0.1:${port}`;
  if (await answers(endpoint, program)) return { endpoint, exited: program.exited, stop: program.stop };
  await program.stop();
  return { lastWords: program.lastWords() };
}

async function answers(endpoint: string, program: Program): Promise<boolean> {
  let alive = true;
  void program.exited.then(() => {
    alive = false;
  });
  const deadline = Date.now() + startSeconds * 1000;
  while (alive && Date.now() < deadline) {
    const response = await fetch(`${endpoint}/moto-api/data.json`).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.ok) return true;
    await sleep(30);
  }
  return false;
}

async function findOnPath(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    const file = join(folder, name);
    const executable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return file;
  }
  return undefined;
}
