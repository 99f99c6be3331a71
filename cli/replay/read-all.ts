import { Worker } from 'node:worker_threads';
import { errorCode } from '#shared/aws/errors.ts';
import type { LogFile } from './files.ts';
import { readFiles } from './read-files.ts';
import { type Counts, type Found, Reading, type Setup } from './reading.ts';
import type { FromReader, ToReader } from './worker.ts';

/** Is given what was found in a part of the files, and how many of their bytes are done with. */
export type Taker = (found: Found, bytes: number) => Promise<void>;

/** So much is read here: to start threads for it would take longer. */
const HERE = { files: 64, bytes: 8 * 2 ** 20 };
/** So much goes to a thread at once. */
const PART = { files: 32, bytes: 4 * 2 ** 20 };

/** What a thread may take, in MB: it holds a chunk of one file, and what it found there. */
const LIMITS = { maxYoungGenerationSizeMb: 3, maxOldGenerationSizeMb: 128 };

/** Reads files on so many threads, or here if they are few; what cannot be read is reported to `take`, and stops nothing. */
export async function readAll(files: AsyncGenerator<LogFile>, setup: Setup, take: Taker, threads: number): Promise<Counts> {
  const first = await part(files, HERE);
  const isAll = first.length < HERE.files && sizeOf(first) < HERE.bytes;
  if (isAll) return await readHere(first, setup, take);
  const queue = [...inParts(first)];
  const next = async () => queue.shift() ?? (await part(files, PART));
  const counts = await Promise.all(Array.from({ length: Math.max(1, threads) }, () => readOnThread(next, setup, take)));
  return sum(counts.flat());
}

async function readHere(files: readonly LogFile[], setup: Setup, take: Taker): Promise<Counts> {
  const reading = new Reading(setup);
  let bytes = 0;
  const onBytes = (more: number) => {
    bytes += more;
  };
  const keepUp = async () => {
    const done = bytes;
    bytes = 0;
    await take(reading.collect(), done);
  };
  const paths = files.map(({ path }) => path);
  await readFiles(reading, paths, setup, { onBytes, keepUp });
  await keepUp();
  return reading.counts;
}

/** Has a thread read part after part; if it dies of one, that is named, and another thread goes on. */
async function readOnThread(next: () => Promise<readonly LogFile[]>, setup: Setup, take: Taker): Promise<Counts[]> {
  const counts: Counts[] = [];
  let thread: Thread | undefined;
  for (let files = await next(); files.length > 0; files = await next()) {
    thread ??= new Thread(setup, take);
    try {
      await thread.read(files.map(({ path }) => path));
    } catch (error) {
      counts.push({ ...thread.counts, unreadable: thread.counts.unreadable + files.length });
      await thread.end();
      thread = undefined;
      const why = `may not be read whole: its reader ended (${errorCode(error)})`;
      await take({ matches: [], unreadable: files.map(({ path }) => ({ file: path, why })) }, 0);
    }
  }
  if (thread) counts.push(thread.counts);
  await thread?.end();
  return counts;
}

/** One thread, and what it said last. */
class Thread {
  counts: Counts = { records: 0, parsed: 0, unreadable: 0 };
  readonly #worker: Worker;
  #done = Promise.withResolvers<void>();

  constructor(setup: Setup, take: Taker) {
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: setup, resourceLimits: LIMITS });
    // what is found is taken in the order in which it comes, and a part is done when all of it is taken
    let taking = Promise.resolve();
    this.#worker.on('message', (message: FromReader) => {
      taking = taking
        .then(async () => {
          if (message.is === 'found') {
            await take(message.found, message.bytes);
            return this.#send({ isTaken: true });
          }
          this.counts = message.counts;
          this.#done.resolve();
        })
        .catch((error: unknown) => this.#done.reject(error));
    });
    this.#worker.on('error', (error) => this.#done.reject(error));
    this.#worker.on('exit', () => this.#done.reject(new Error('the thread ended')));
  }

  async read(files: readonly string[]): Promise<void> {
    this.#done = Promise.withResolvers();
    this.#send({ files });
    await this.#done.promise;
  }

  async end(): Promise<void> {
    this.#done.promise.catch(() => undefined);
    await this.#worker.terminate();
  }

  #send(message: ToReader): void {
    this.#worker.postMessage(message);
  }
}

/** The next files, up to a bound in number and bytes. */
async function part(files: AsyncGenerator<LogFile>, most: typeof PART): Promise<LogFile[]> {
  const found: LogFile[] = [];
  while (found.length < most.files && sizeOf(found) < most.bytes) {
    const { done, value } = await files.next();
    if (done) break;
    found.push(value);
  }
  return found;
}

function inParts(files: readonly LogFile[]): LogFile[][] {
  const parts: LogFile[][] = [];
  for (const file of files) {
    const last = parts.at(-1);
    if (last && last.length < PART.files && sizeOf(last) < PART.bytes) last.push(file);
    else parts.push([file]);
  }
  return parts;
}

function sizeOf(files: readonly LogFile[]): number {
  return files.reduce((size, file) => size + file.size, 0);
}

function sum(all: readonly Counts[]): Counts {
  const total: Counts = { records: 0, parsed: 0, unreadable: 0 };
  for (const { records, parsed, unreadable } of all) {
    total.records += records;
    total.parsed += parsed;
    total.unreadable += unreadable;
  }
  return total;
}
