import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Inflater } from '../../../cli/replay/inflater.ts';

const inflater = Inflater.make();
if (!inflater) throw new Error('this Node unpacks with streams alone');

/** Unpacks in steps of so many packed bytes, into rooms of a size. */
function unpacked(packed: Buffer, step: number, size: number): Buffer {
  const parts: Buffer[] = [];
  inflater?.begin();
  for (let at = 0; at < packed.length; ) {
    const room = Buffer.alloc(size);
    const { taken = 0, written = 0 } = inflater?.step(packed.subarray(at, at + step), room) ?? {};
    parts.push(room.subarray(0, written));
    at += taken;
    if (taken === 0 && written === 0) break;
  }
  for (let more = 1; more > 0; ) {
    const room = Buffer.alloc(size);
    more = inflater?.step(Buffer.alloc(0), room).written ?? 0;
    parts.push(room.subarray(0, more));
  }
  return Buffer.concat(parts);
}

test('unpacks what was packed, in whatever steps, one file after the other', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 3000 }),
      fc.integer({ min: 1, max: 4000 }),
      fc.integer({ min: 1, max: 4000 }),
      (bytes, step, size) => {
        const wanted = Buffer.concat([bytes, bytes, Buffer.from('{"eventName":"x"}'.repeat(50))]);
        expect(unpacked(gzipSync(wanted), step, size).equals(wanted)).toBe(true);
        expect(inflater.isWhole()).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});

test('unpacks members that follow each other, as gzip does', () => {
  const packed = Buffer.concat([gzipSync('one'), gzipSync('two'), Buffer.alloc(8)]);
  expect(unpacked(packed, packed.length, 100).toString()).toBe('onetwo');
});

test('knows what is cut off, and refuses what is broken or is no gzip', () => {
  const packed = gzipSync(randomBytes(1000));
  unpacked(packed.subarray(0, 700), 100, 5000);
  expect(inflater.isWhole()).toBe(false);
  packed[packed.length - 6] = (packed[packed.length - 6] ?? 0) ^ 1;
  expect(() => unpacked(packed, 5000, 5000)).toThrow(expect.objectContaining({ code: 'Z_DATA_ERROR' }));
  expect(() => unpacked(Buffer.from('no gzip at all'), 100, 100)).toThrow(expect.objectContaining({ code: 'Z_DATA_ERROR' }));
  expect(unpacked(gzipSync('after that'), 100, 100).toString()).toBe('after that');
});
