import { parentPort } from 'node:worker_threads';
import type { LogFile } from './files.ts';
import { readFiles } from './read-files.ts';
import { type Counts, Reading, type SentMatch, type Setup, type Unreadable } from './reading.ts';

/** What the main thread sends: first what to look for, then files to read, and that it is done with what was found in between. */
export type ToReader = { readonly setup: Setup } | { readonly files: readonly LogFile[] } | { readonly isTaken: true };

/**
 * What a reader sends: what it found, with events as the JSON that they were read from, for objects would take several times as long;
 * with `counts` all files of a part are read, and else it waits for an answer before it has sent many.
 */
export interface FromReader {
  readonly matches: readonly SentMatch[];
  readonly unreadable: readonly Unreadable[];
  readonly bytes: number;
  readonly counts?: Counts;
}

/** So many matches go in one message; of more at once, the most would outlive a collection of what is young. */
const PART = 40;
/** So many messages may be on their way. */
const UNDER_WAY = 8;
/** After so many bytes it says how far it is. */
const TOLD = 2 ** 22;

const port = parentPort;
if (!port) throw new Error('this runs as a thread of `redress replay`');
let bytes = 0;
let underWay = 0;
let wake = (): void => undefined;
/** Parts are read one after the other. */
let reads = Promise.resolve();
let read = (_files: readonly LogFile[]): Promise<void> => Promise.reject(new Error('files came before it was said what to look for'));

function send(reading: Reading, counts?: Counts): void {
  const { matches, unreadable } = reading.collect();
  const message: FromReader = {
    matches: matches.map(({ json, controls }) => ({ json, controls })),
    unreadable,
    bytes,
    ...(counts && { counts }),
  };
  port?.postMessage(message);
  bytes = 0;
}

async function hand(reading: Reading): Promise<void> {
  send(reading);
  underWay += 1;
  while (underWay >= UNDER_WAY) {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    await promise;
  }
}

/** Makes what reads a part of the files. */
function readerOf(setup: Setup): typeof read {
  const reading = new Reading(setup);
  const driver = {
    onBytes(more: number): void {
      bytes += more;
    },
    keepUp: () => (reading.waiting >= PART || bytes >= TOLD ? hand(reading) : undefined),
  };
  return async (files) => {
    await readFiles(reading, files, setup, driver);
    send(reading, reading.counts);
  };
}

port.on('message', (message: ToReader) => {
  if ('setup' in message) read = readerOf(message.setup);
  else if ('files' in message) reads = reads.then(() => read(message.files));
  else {
    underWay -= 1;
    wake();
  }
});
