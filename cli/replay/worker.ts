import { parentPort, workerData } from 'node:worker_threads';
import { readFiles } from './read-files.ts';
import { type Counts, type Found, Reading, type Setup } from './reading.ts';

/** What the main thread sends: files to read, or that it is done with a part of what was found. */
export type ToReader = { readonly files: readonly string[] } | { readonly isTaken: true };

/** What a reader sends: a part of what it found, or that all its files are read. */
export type FromReader =
  | { readonly is: 'found'; readonly found: Found; readonly bytes: number }
  | { readonly is: 'done'; readonly counts: Counts };

/** So many matches go in one message. */
const PART = 100;
/** So many messages may be on their way. */
const UNDER_WAY = 4;

const port = parentPort;
if (!port) throw new Error('this runs as a thread of `redress replay`');
const setup: Setup = workerData;
const reading = new Reading(setup);
let bytes = 0;
let underWay = 0;
let wake = (): void => undefined;

async function hand(): Promise<void> {
  const found = reading.collect();
  port?.postMessage({ is: 'found', found, bytes } satisfies FromReader);
  bytes = 0;
  underWay += 1;
  while (underWay >= UNDER_WAY) {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    await promise;
  }
}

const driver = {
  onBytes(more: number): void {
    bytes += more;
  },
  keepUp: () => (reading.waiting >= PART || bytes >= 2 ** 22 ? hand() : undefined),
};

port.on('message', (message: ToReader) => {
  if ('isTaken' in message) {
    underWay -= 1;
    wake();
  } else void readPart(message.files);
});

async function readPart(files: readonly string[]): Promise<void> {
  await readFiles(reading, files, setup, driver);
  await hand();
  port?.postMessage({ is: 'done', counts: reading.counts } satisfies FromReader);
}
