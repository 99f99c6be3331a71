import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { errorCode } from '#shared/aws/errors.ts';
import type { LogFile } from './files.ts';
import { Inflater } from './inflater.ts';
import type { Reading } from './reading.ts';
import { BOUNDS, type Bounds, Scanner } from './scanner.ts';

const CHUNK = 256 * 1024;

/** What a reader asks of whoever drives it. */
export interface Driver {
  /** So many more bytes of the file are done with, packed as they are. */
  onBytes(bytes: number): void;
  /** Waits where more has come together than can be handed on now. */
  keepUp(): Promise<void> | undefined;
}

/** What this thread unpacks with, and reads packed files to. */
let inflater: Inflater | 'none' | undefined;
const packedRoom = Buffer.allocUnsafeSlow(CHUNK);

/** Reads one file into a reading, whatever is in it. */
export async function readInto(reading: Reading, file: LogFile, driver: Driver, bounds: Bounds = BOUNDS): Promise<void> {
  const { path, size, isPlain } = file;
  reading.begin(path);
  inflater ??= Inflater.make() ?? 'none';
  try {
    if (inflater === 'none' || !isPlain) return await readStream(reading, createReadStream(path, { highWaterMark: CHUNK }), driver, bounds);
    const handle = openSync(path, 'r');
    try {
      await readHandle(reading, { handle, size }, driver, { bounds, inflater });
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    reading.unreadable(undefined, whyUnread(error));
  }
}

/** Reads an open file; to wait for each of many would take longer than to read it. */
async function readHandle(
  reading: Reading,
  { handle, size }: { handle: number; size: number },
  driver: Driver,
  { bounds, inflater }: { bounds: Bounds; inflater: Inflater },
): Promise<void> {
  const scanner = new Scanner(reading, bounds);
  let isPacked: boolean | undefined;
  let left = size;
  // a file that says that it is empty may be none, such as those of /proc
  while (left > 0 || size === 0) {
    // what is not packed is read to where it is scanned; only its beginning shows which it is
    const room: Buffer = isPacked === false ? scanner.room() : packedRoom;
    const length = readSync(handle, room, 0, room.length, null);
    if (length === 0) break;
    driver.onBytes(length);
    left -= length;
    if (isPacked === undefined) {
      isPacked = isGzip(room);
      if (isPacked) inflater.begin();
      else scanner.feed(room.subarray(0, length));
    } else if (!isPacked) scanner.written(length);
    const isAtEnd = isPacked && (await unpack(room.subarray(0, length), scanner, driver, inflater));
    if (scanner.isLost) return;
    if (isAtEnd) break;
    await driver.keepUp();
  }
  // the records before the cut are read by then
  if (isPacked && !inflater.isWhole()) reading.unreadable(undefined, 'is cut off');
  else scanner.end();
}

/** Unpacks a chunk to where it is scanned; answers whether the packed data came to their end before it. */
async function unpack(packed: Buffer, scanner: Scanner, driver: Driver, inflater: Inflater): Promise<boolean> {
  for (let at = 0; ; ) {
    const room = scanner.room();
    const { taken, written } = inflater.step(packed.subarray(at), room);
    at += taken;
    scanner.written(written);
    if (written < room.length || scanner.isLost) return at < packed.length;
    await driver.keepUp();
  }
}

/** Reads a stream into a reading, packed or not. */
export async function readStream(reading: Reading, input: Readable, driver: Driver, bounds: Bounds = BOUNDS): Promise<void> {
  const scanner = new Scanner(reading, bounds);
  try {
    for await (const chunk of unpackedStream(input, driver)) {
      scanner.feed(chunk);
      await driver.keepUp();
      if (scanner.isLost) break;
    }
    scanner.end();
  } catch (error) {
    reading.unreadable(undefined, whyUnread(error));
  } finally {
    input.destroy();
  }
}

/** The chunks of a stream; what begins as gzip does is unpacked on the way. */
async function* unpackedStream(input: Readable, driver: Driver): AsyncGenerator<Buffer> {
  const chunks = counted(input, driver);
  const first = await chunks.next();
  if (first.done) return;
  const all = rejoined(first.value, chunks);
  if (!isGzip(first.value)) return yield* all;
  // what is cut off is no error, or the last records before the cut would be lost; the scanner sees that the end is missing
  yield* pipeline(all, createGunzip({ chunkSize: CHUNK, finishFlush: constants.Z_SYNC_FLUSH }), () => undefined);
}

async function* counted(input: Readable, driver: Driver): AsyncGenerator<Buffer> {
  for await (const chunk of input) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    driver.onBytes(bytes.length);
    yield bytes;
  }
}

async function* rejoined(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function whyUnread(error: unknown): string {
  const code = errorCode(error);
  return code.startsWith('Z_') ? `is no whole gzip (${code})` : `cannot be read (${code})`;
}
