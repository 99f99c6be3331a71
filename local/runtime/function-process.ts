import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { StackFunction } from '../emulator/stack.ts';
import { isObject, type Json, stringAt } from '../json.ts';
import type { Callers } from '../trail/callers.ts';
import { account } from '../trail/identity.ts';
import { namedEndpoint } from './localhost-names.ts';
import { ended } from './processes.ts';

/** What the parent asks of the child. */
export interface HostRequest {
  readonly event: Json;
  readonly requestId: string;
  readonly account: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** What the child says: that it has loaded the function, and what came of each call. */
export type HostAnswer = { readonly isReady: true } | { readonly result: unknown } | { readonly error: string };

/** How an invocation ended. */
export type Outcome =
  | { readonly is: 'result'; readonly result: Json }
  | { readonly is: 'error' | 'crash' | 'timeout'; readonly says: string };

interface Running {
  readonly child: ChildProcess;
  /** Resolves when the function is loaded, or never will be. */
  readonly loaded: Promise<unknown>;
  readonly ended: Promise<void>;
}

/** One execution environment of a function: a child process that is started when first needed, and stays. */
export class FunctionProcess {
  readonly #function: StackFunction;
  readonly #endpoint: string;
  readonly #region: string;
  readonly #callers: Callers;
  readonly #onLog: (line: string) => void;
  #running: Running | undefined;

  constructor(definition: StackFunction, endpoint: string, region: string, callers: Callers, onLog: (line: string) => void) {
    this.#function = definition;
    this.#endpoint = endpoint;
    this.#region = region;
    this.#callers = callers;
    this.#onLog = onLog;
  }

  /** Starts the process, unless it runs. */
  prepare(): void {
    this.#running ??= this.#start();
  }

  /** Calls the function; one call at a time. A crash or a timeout ends the process, and the next call starts a new one. */
  async invoke(event: Json): Promise<Outcome> {
    this.#running ??= this.#start();
    const running = this.#running;
    const { child } = running;
    // the time that a call has does not begin before the function is loaded, as on Lambda
    await Promise.race([running.loaded, running.ended]);
    const timeout = this.#function.timeoutSeconds * 1000;
    const outcome = await new Promise<Outcome>((resolve) => {
      const timer = setTimeout(() => resolve({ is: 'timeout', says: `timed out after ${this.#function.timeoutSeconds} s` }), timeout);
      const end = (outcome: Outcome): void => {
        clearTimeout(timer);
        resolve(outcome);
      };
      child.once('message', (message: Json) => end(readAnswer(message)));
      void running.ended.then(() =>
        end({ is: 'crash', says: `its process ended (${child.signalCode ?? child.exitCode ?? 'not started'})` }),
      );
      const request: HostRequest = { event, requestId: randomUUID(), account, deadline: Date.now() + timeout };
      child.send(request, (error) => {
        if (error !== null) end({ is: 'crash', says: error.message });
      });
    });
    child.removeAllListeners('message');
    if (outcome.is === 'crash' || outcome.is === 'timeout') await this.stop();
    return outcome;
  }

  /** Ends the process at once. */
  kill(): void {
    this.#running?.child.kill('SIGKILL');
  }

  /** Ends the process and waits until it has ended. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.child.kill('SIGKILL');
    await running?.ended;
  }

  #start(): Running {
    const { name, roleArn, environment, folder, handler, memoryMegabytes } = this.#function;
    const { NODE_COMPILE_CACHE } = process.env;
    const keys = this.#callers.enter(name, roleArn, () => this.kill());
    const env = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }),
      ...environment,
      _HANDLER: handler,
      AWS_REGION: this.#region,
      AWS_DEFAULT_REGION: this.#region,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: `local/[$LATEST]${randomUUID().replaceAll('-', '')}`,
      LAMBDA_TASK_ROOT: folder,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
      AWS_ENDPOINT_URL: this.#endpoint,
      AWS_ENDPOINT_URL_S3_CONTROL: namedEndpoint(this.#endpoint),
    };
    const child = fork(join(import.meta.dirname, 'function-host.ts'), {
      cwd: folder,
      env,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const input of [child.stdout, child.stderr]) {
      // a long line comes in several pieces
      if (input) createInterface({ input }).on('line', (line) => line !== '' && this.#onLog(line));
    }
    child.on('error', () => undefined);
    return { child, loaded: once(child, 'message').catch(() => undefined), ended: ended(child) };
  }
}

function readAnswer(message: Json): Outcome {
  if (isObject(message) && 'result' in message) return { is: 'result', result: message['result'] ?? null };
  return { is: 'error', says: stringAt(message, 'error') ?? 'failed' };
}
