import type { Worker } from 'node:worker_threads';
import { errorCode } from '#shared/aws/errors.ts';
import { type FileQueue, isBelow } from './file-queue.ts';
import type { LogFile } from './files.ts';
import { readFiles } from './read-files.ts';
import { type Counts, type Found, matchesOf, Reading, type Setup } from './reading.ts';
import type { Threads } from './threads.ts';
import type { FromReader, ToReader } from './worker.ts';

/** Is given what was found in a part of the files, and how many of their bytes are done with. */
export type Taker = (found: Found, bytes: number) => Promise<void>;

/** Less than this is read here: to start threads for it would take longer. */
export const HERE = { files: 64, bytes: 8 * 2 ** 20 };
/** So much goes to a thread at once, and so many parts are there before it has read the first: it never waits. */
export const PART = { files: 64, bytes: 2 ** 20 };
const AHEAD = 2;

/** Reads files on threads, or here if they are few; what cannot be read is reported to `take`, and stops nothing. */
export async function readAll(queue: FileQueue, setup: Setup, take: Taker, threads: Threads): Promise<Counts> {
  const first = await queue.take(HERE);
  if (isBelow(first, HERE)) return await readHere(first, setup, take);
  queue.give(first);
  const begin = () => new Thread(threads.take(), setup, take);
  const counts = await Promise.all(Array.from({ length: threads.count }, () => readOnThread(queue, begin, take)));
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
  await readFiles(reading, files, setup, { onBytes, keepUp });
  await keepUp();
  return reading.counts;
}

/** Has a thread read part after part; if it dies of one, that is named, and another thread goes on. */
async function readOnThread(queue: FileQueue, begin: () => Thread, take: Taker): Promise<Counts[]> {
  const counts: Counts[] = [];
  let thread: Thread | undefined;
  const given: { readonly files: readonly LogFile[]; readonly done: Promise<void> }[] = [];
  for (;;) {
    while (given.length < AHEAD) {
      const files = await queue.take(PART);
      if (files.length === 0) break;
      thread ??= begin();
      given.push({ files, done: thread.read(files) });
    }
    const first = given.shift();
    if (!first || !thread) break;
    try {
      await first.done;
    } catch (error) {
      const { files } = first;
      counts.push({ ...thread.counts, unreadable: thread.counts.unreadable + files.length });
      await thread.end();
      thread = undefined;
      queue.give(given.splice(0).flatMap((one) => one.files));
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
  /** The parts that it has, the first of which it reads. */
  readonly #parts: PromiseWithResolvers<void>[] = [];
  #error: unknown;

  constructor(worker: Worker, setup: Setup, take: Taker) {
    this.#worker = worker;
    this.#send({ setup });
    // what is found is taken in the order in which it comes, and a part is done when all of it is taken
    let taking = Promise.resolve();
    this.#worker.on('message', ({ matches, unreadable, bytes, counts }: FromReader) => {
      taking = taking
        .then(async () => {
          await take({ matches: matchesOf(matches), unreadable }, bytes);
          if (!counts) return this.#send({ isTaken: true });
          this.counts = counts;
          this.#parts.shift()?.resolve();
        })
        .catch((error: unknown) => this.#fail(error));
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('the thread ended')));
  }

  /** Has it read files after those that it has already. */
  read(files: readonly LogFile[]): Promise<void> {
    const part = Promise.withResolvers<void>();
    // it fails with the part before, which is waited for first
    part.promise.catch(() => undefined);
    if (this.#error !== undefined) part.reject(this.#error);
    this.#parts.push(part);
    this.#send({ files });
    return part.promise;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    this.#error ??= error;
    for (const part of this.#parts.splice(0)) part.reject(error);
  }

  #send(message: ToReader): void {
    this.#worker.postMessage(message);
  }
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
