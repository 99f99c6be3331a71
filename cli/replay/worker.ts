import { parentPort, workerData } from 'node:worker_threads';
import type { LogFile } from './files.ts';
import { readFiles } from './read-files.ts';
import { type Counts, Reading, type Setup } from './reading.ts';

/** What the main thread sends: files to read, or that it is done with what was found in between. */
export type ToReader = { readonly files: readonly LogFile[] } | { readonly isTaken: true };

/**
 * What a reader sends: what it found, as JSON, for objects would take several times as long; with `counts` all files of a part are
 * read, and else it waits for an answer before it has sent many.
 */
export interface FromReader {
  readonly found: string;
  readonly bytes: number;
  readonly counts?: Counts;
}

/** So many matches go in one message. */
const PART = 200;
/** So many messages may be on their way. */
const UNDER_WAY = 4;
/** After so many bytes it says how far it is. */
const TOLD = 2 ** 22;

const port = parentPort;
if (!port) throw new Error('this runs as a thread of `redress replay`');
const setup: Setup = workerData;
const reading = new Reading(setup);
let bytes = 0;
let underWay = 0;
let wake = (): void => undefined;
/** Parts are read one after the other. */
let reads = Promise.resolve();

function send(counts?: Counts): void {
  const message: FromReader = { found: JSON.stringify(reading.collect()), bytes, ...(counts && { counts }) };
  port?.postMessage(message);
  bytes = 0;
}

async function hand(): Promise<void> {
  send();
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
  keepUp: () => (reading.waiting >= PART || bytes >= TOLD ? hand() : undefined),
};

port.on('message', (message: ToReader) => {
  if ('isTaken' in message) {
    underWay -= 1;
    wake();
  } else reads = reads.then(() => readPart(message.files));
});

async function readPart(files: readonly LogFile[]): Promise<void> {
  await readFiles(reading, files, setup, driver);
  send(reading.counts);
}
