import { createReadStream, readFileSync, statSync } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { errorCode } from '#shared/aws/errors.ts';
import type { Reading } from './reading.ts';
import { BOUNDS, type Bounds, Scanner } from './scanner.ts';

const MB = 2 ** 20;
/** Files up to so many bytes are read, and unpacked to so many, in one go. */
const SMALL = MB;
const SMALL_UNPACKED = 8 * MB;
const CHUNK = MB / 4;

/** What a reader asks of whoever drives it. */
export interface Driver {
  /** So many more bytes of the file are done with, packed as they are. */
  onBytes(bytes: number): void;
  /** Waits where more has come together than can be handed on now. */
  keepUp(): Promise<void> | undefined;
}

/** Reads one file into a reading, whatever is in it. */
export async function readInto(reading: Reading, file: string, driver: Driver, bounds: Bounds = BOUNDS): Promise<void> {
  reading.begin(file);
  try {
    const packed = smallFile(file);
    const small = packed && unpacked(packed);
    if (!packed || !small) return await readStream(reading, createReadStream(file, { highWaterMark: CHUNK }), driver, bounds);
    const scanner = new Scanner(reading, bounds);
    scanner.feed(small.bytes);
    if (small.isCut) reading.unreadable(undefined, 'is cut off');
    else scanner.end();
    driver.onBytes(packed.length);
  } catch (error) {
    reading.unreadable(undefined, `cannot be read (${errorCode(error)})`);
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
    const code = errorCode(error);
    reading.unreadable(undefined, code.startsWith('Z_') ? `is no whole gzip (${code})` : `cannot be read (${code})`);
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

/** The whole of a small file; undefined for another, or for one that is no plain file. To wait for each of many takes longer than to read it. */
function smallFile(file: string): Buffer | undefined {
  const found = statSync(file);
  return found.isFile() && found.size <= SMALL ? readFileSync(file) : undefined;
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** A small file's bytes, unpacked at once into a buffer of the size that its trailer names; undefined if they are more, or broken. */
function unpacked(bytes: Buffer): { readonly bytes: Buffer; readonly isCut: boolean } | undefined {
  if (!isGzip(bytes)) return { bytes, isCut: false };
  const size = bytes.length < 18 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  const named = size > SMALL_UNPACKED ? 0 : size;
  // a trailer can say anything; the buffer grows if it says too little
  const options = { chunkSize: Math.max(named + 64, 64 * 1024), maxOutputLength: SMALL_UNPACKED };
  try {
    return { bytes: gunzipSync(bytes, options), isCut: false };
  } catch (error) {
    if (errorCode(error) !== 'Z_BUF_ERROR') return undefined;
  }
  try {
    return { bytes: gunzipSync(bytes, { ...options, finishFlush: constants.Z_SYNC_FLUSH }), isCut: true };
  } catch {
    return undefined;
  }
}
