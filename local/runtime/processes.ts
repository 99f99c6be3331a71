import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Readable } from 'node:stream';

/** A program in a process group of its own, so that no child of it outlives it. */
export interface Program {
  /** Its exit code; null where it was killed or could not be started. */
  readonly exited: Promise<number | null>;
  /** The last lines that it wrote to stderr. */
  lastWords(): string;
  stop(): Promise<void>;
}

// `cat` sees the end of its input when this process ends, however it ends, and takes the group with it.
const guarded = 'exec 3<&0; (cat <&3 >/dev/null; kill -KILL 0) & exec "$@" 3<&- </dev/null';

/** Calls `stop` at every Ctrl-C or signal to end, and when an `npm run` that started this process is gone: npm's shell passes no signal on. */
export function whenAskedToEnd(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, 500);
  watch.unref();
}

/** Starts a program that also ends when this process crashes. */
export function startProgram(command: string, args: readonly string[], env: NodeJS.ProcessEnv, onLine?: (line: string) => void): Program {
  const child = spawn('sh', ['-c', guarded, 'sh', command, ...args], { detached: true, env, stdio: ['pipe', 'ignore', 'pipe'] });
  const lastWords = heard(child.stderr, onLine);
  child.stdin.on('error', () => undefined);
  const exited = ended(child).then(() => {
    killGroup(child);
    return child.exitCode;
  });
  return {
    exited,
    lastWords,
    async stop() {
      killGroup(child);
      await exited;
    },
  };
}

/** Has a server that is loaded already (`nursery.py`) fork another one on a port; it ends with the connection, so also when this process crashes. */
export function forkedProgram(socket: string, port: number, onLine?: (line: string) => void): Program {
  const connection = connect(socket, () => connection.write(`${port}\n`));
  const lastWords = heard(connection, onLine);
  connection.on('error', () => undefined);
  const exited = new Promise<null>((resolve) => {
    connection.once('close', () => resolve(null));
  });
  return {
    exited,
    lastWords,
    async stop() {
      connection.end();
      await exited;
    },
  };
}

function heard(output: Readable, onLine?: (line: string) => void): () => string {
  const lines: string[] = [];
  output.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter((part) => part !== '')) {
      lines.push(line);
      if (lines.length > 40) lines.shift();
      onLine?.(line);
    }
  });
  return () => lines.join('\n');
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

/** Resolves when a child process has ended or could not be started. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await Promise.race([once(child, 'exit'), once(child, 'error')]).catch(() => undefined);
}

/** Finds a free port on 127.0.0.1. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port was given.');
  return address.port;
}

/** Waits so many milliseconds. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
