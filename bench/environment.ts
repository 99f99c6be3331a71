import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';

const probe = join(import.meta.dirname, 'probe.js');
const coldAnswer = v.object({ importMs: v.number(), firstMs: v.number(), failed: v.literal(0) });
const warmAnswer = v.object({ ms: v.number(), cpuMs: v.number(), peakMb: v.number(), failed: v.literal(0) });

/** What handling one event took: milliseconds of time and of CPU, and the most memory of the process so far. */
export type Handled = Omit<v.InferOutput<typeof warmAnswer>, 'failed'>;

/** One cold start, in milliseconds: of the import, of it and the first event, and of the process from its start to its end. */
export interface ColdStart {
  readonly importMs: number;
  readonly firstMs: number;
  readonly processMs: number;
}

/** A function that is loaded and waits for events. */
export interface WarmFunction {
  invoke(event: object): Promise<Handled>;
  stop(): Promise<void>;
}

/** Writes the config that a function reads, and returns the environment that Lambda would give it. */
export async function functionEnvironment(folder: string, config: object, endpoint: string): Promise<NodeJS.ProcessEnv> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return {
    LAMBDA_TASK_ROOT: folder,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    POWERTOOLS_SERVICE_NAME: 'redress',
    REDRESS_TABLE: 'ledger',
    REDRESS_BUS: 'bus',
    REDRESS_QUEUE_URL: `${endpoint}/queue`,
    REDRESS_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:alerts',
  };
}

/** Starts Node, imports a bundle and has it handle one event. */
export async function coldStart(file: string, event: object, env: NodeJS.ProcessEnv): Promise<ColdStart> {
  const begun = performance.now();
  const child = spawn(process.execPath, [probe, pathToFileURL(file).href, JSON.stringify(event)], {
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const texts = Promise.all([text(child.stdio[3]), text(child.stderr)]);
  const [code] = await once(child, 'exit');
  const processMs = performance.now() - begun;
  const [answer, errors] = await texts;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), coldAnswer), answer);
  if (!parsed.success) throw new Error(`a cold start of ${file} failed (exit ${String(code)}): ${answer}${errors.slice(-500)}`);
  return { ...parsed.output, processMs };
}

/** Starts Node, with flags of its own, and imports a bundle, which then serves. */
export async function startWarm(file: string, env: NodeJS.ProcessEnv, execArgv: string[] = []): Promise<WarmFunction> {
  const child = fork(probe, [pathToFileURL(file).href, 'serve'], { env, execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await message(child);
  return {
    async invoke(event) {
      child.send(event);
      return v.parse(warmAnswer, await message(child));
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: unknown): void => {
      child.off('exit', onExit);
      resolve(answer);
    };
    const onExit = (code: number | null): void => {
      child.off('message', onMessage);
      reject(new Error(`a function's process ended (exit ${String(code)})`));
    };
    child.once('message', onMessage).once('exit', onExit);
  });
}

async function text(stream: unknown): Promise<string> {
  if (!(stream instanceof Object && Symbol.asyncIterator in stream)) return '';
  let all = '';
  // `in` says that the member is there, and not what it yields: a body yields buffers
  for await (const chunk of stream as AsyncIterable<Buffer>) all += chunk.toString('utf8');
  return all;
}
