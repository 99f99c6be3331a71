import type { QuickScan } from './quick-scan.ts';
import { isBlank, type Scanned, scanObject, unscanned } from './record-scan.ts';

const OPEN = 0x7b;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Bounds of what is read, in bytes. */
export interface Bounds {
  /** No record is longer; CloudTrail's own have at most 256 KB. */
  readonly record: number;
  /** After so much without a whole record, a file is none of CloudTrail's. */
  readonly barren: number;
}

/** The bounds where a test sets no others. */
export const BOUNDS: Bounds = { record: 16 * 2 ** 20, barren: 64 * 2 ** 20 };

/** What a scanner hands on. */
export interface Sink {
  /** Scans what is usual. */
  readonly quick: QuickScan;
  /** The object from `start` to `scanned.end`, which may be a record, an event, or (`isOwn`) a file's own; `at` is its offset in the file. */
  object(bytes: Buffer, start: number, scanned: Scanned, isOwn: boolean, at: number): void;
  /** So many records that are not wanted. */
  pass(records: number): void;
  /** A place that cannot be read, by its offset, and why. */
  unreadable(at: number, why: string): void;
}

type Step = 'on' | 'more';

/**
 * Cuts the bytes of a file into its objects, chunk by chunk, in whatever form: a file of CloudTrail's, a list, one object a line, or
 * one alone. What is broken costs the line, or in a list the rest of it; what is kept meanwhile is at most one record.
 */
export class Scanner {
  readonly #sink: Sink;
  readonly #bounds: Bounds;
  readonly #found = unscanned();
  /** Where it stands: between objects, in a list (`isOwn`: of a file's own object), behind that list, or in a line that is skipped. */
  #where: 'top' | 'list' | 'records' | 'behind' | 'line' | 'lost' = 'top';
  /** How much waits in the memory of the scan, and how much of it there must be to read on. */
  #length = 0;
  #enough = 0;
  /** The offset of the first byte that waits. */
  #base = 0;
  #lastWhole = 0;
  #isBarren = false;

  constructor(sink: Sink, bounds: Bounds = BOUNDS) {
    this.#sink = sink;
    this.#bounds = bounds;
  }

  /** Whether nothing that still comes would be read. */
  get isLost(): boolean {
    return this.#where === 'lost';
  }

  /** Takes the next bytes of the file. */
  feed(chunk: Buffer): void {
    for (let from = 0; from < chunk.length && !this.isLost; ) {
      const written = chunk.copy(this.room(), 0, from);
      from += written;
      this.written(written);
    }
  }

  /** Where the next bytes of the file may be written, which spares a copy of them. */
  room(): Buffer {
    return this.#sink.quick.roomBehind(this.#length);
  }

  /** Takes so many bytes that were written to the room. */
  written(bytes: number): void {
    if (this.isLost) return;
    this.#length += bytes;
    if (this.#length >= this.#enough) this.#read();
  }

  /** Takes the end of the file. */
  end(): void {
    if (!this.isLost) this.#read();
    if (this.isLost || this.#where === 'line') return;
    if (this.#where !== 'top') this.#sink.unreadable(this.#base, 'ends in the middle of its records');
    else if (this.#sink.quick.bytes(this.#length).some((byte) => !isBlank(byte)))
      this.#sink.unreadable(this.#base, 'ends in the middle of a record');
  }

  /** Reads what has come together, and keeps what is not whole. */
  #read(): void {
    const { quick } = this.#sink;
    const used = this.#run(quick.bytes(this.#length));
    quick.keep(used, this.#length);
    this.#base += used;
    this.#length -= used;
    // a long record is scanned again when twice as much is there, not at each chunk
    this.#enough = used === 0 ? Math.min(2 * this.#length, this.#bounds.record + 1) : 0;
    if (this.isLost) this.#drop();
    else if (this.#length > this.#bounds.record) this.#tooLong();
    else if (this.#base + this.#length - this.#lastWhole > this.#bounds.barren)
      this.#lose(this.#lastWhole, `holds no whole record in ${this.#bounds.barren / 2 ** 20} MB; the rest is not read`);
  }

  #drop(): void {
    this.#base += this.#length;
    this.#length = 0;
    this.#enough = 0;
  }

  /** Goes as far as the bytes reach; answers how many are done with. */
  #run(bytes: Buffer): number {
    if (this.#base === 0 && bytes.length < MARK.length && bytes[0] === MARK[0]) return 0;
    let at = this.#base === 0 && bytes.subarray(0, MARK.length).equals(MARK) ? MARK.length : 0;
    for (;;) {
      if (this.#where === 'lost') return bytes.length;
      if (this.#where === 'line') {
        const end = bytes.indexOf(NEWLINE, at);
        if (end < 0) return bytes.length;
        at = end + 1;
        this.#where = 'top';
      }
      if (this.#where !== 'behind') {
        while (at < bytes.length && (isBlank(bytes[at]) || (this.#where !== 'top' && bytes[at] === COMMA))) at += 1;
        if (at >= bytes.length) return bytes.length;
        if (this.#sink.quick.canPass && bytes[at] === OPEN) at = this.#pass(bytes, at);
        if (at >= bytes.length) return bytes.length;
      }
      const { step, end } = this.#next(bytes, at);
      if (step === 'more') return at;
      at = end;
    }
  }

  /** Goes over usual records, and hands on those that may be wanted; answers where something else is. */
  #pass(bytes: Buffer, from: number): number {
    const { quick } = this.#sink;
    const isOwn = this.#where === 'top';
    const found = this.#found;
    for (let at = from; ; ) {
      const several = quick.scanAll(at, bytes.length, isOwn);
      if (several.end === at) return at;
      at = several.end;
      this.#isBarren = false;
      this.#lastWhole = this.#base + at;
      this.#sink.pass(several.passed);
      for (let n = 0; n < several.found; n += 1) {
        const start = quick.candidate(n, found);
        this.#sink.object(bytes, start, found, isOwn, this.#base + start);
      }
    }
  }

  /** One object, or one step from or into a list. */
  #next(bytes: Buffer, at: number): { step: Step; end: number } {
    const byte = bytes[at];
    const isInList = this.#where === 'list' || this.#where === 'records';
    if (this.#where === 'behind') return this.#object(bytes, at, at);
    if (byte === OPEN) return this.#object(bytes, at, at + 1);
    if (isInList && byte === CLOSE_LIST) {
      this.#where = this.#where === 'records' ? 'behind' : 'top';
      return { step: 'on', end: at + 1 };
    }
    if (!isInList && byte === OPEN_LIST) {
      this.#where = 'list';
      return { step: 'on', end: at + 1 };
    }
    if (isInList) this.#lose(this.#base + at, 'is no list of records here; the rest is not read');
    else {
      // what follows something broken is a part of it
      if (!this.#isBarren) this.#sink.unreadable(this.#base + at, 'is not JSON');
      this.#isBarren = true;
      this.#where = 'line';
    }
    return { step: 'on', end: at };
  }

  #object(bytes: Buffer, start: number, from: number): { step: Step; end: number } {
    const where = this.#where;
    const isOwn = where === 'top' || where === 'behind';
    const found = this.#found;
    // behind a file's own list its object goes on, without the brace at which it began
    if (where === 'behind' || !this.#sink.quick.scan(from, bytes.length, isOwn, found)) scanObject(bytes, from, 1, isOwn, found);
    if (found.is === 'cut') return { step: 'more', end: start };
    if (found.is === 'broken') {
      const place = this.#base + start;
      if (where === 'top') {
        this.#sink.unreadable(place, 'is not JSON');
        this.#isBarren = true;
      } else this.#lose(place, 'is not JSON; the rest is not read');
      return { step: 'on', end: found.end };
    }
    this.#isBarren = false;
    if (found.is === 'records') {
      this.#where = 'records';
      return { step: 'on', end: found.end };
    }
    this.#lastWhole = this.#base + found.end;
    if (where === 'behind') this.#where = 'top';
    else if (found.isTooDeep) this.#sink.unreadable(this.#base + start, 'is nested too deep');
    else this.#sink.object(bytes, start, found, where === 'top', this.#base + start);
    return { step: 'on', end: found.end };
  }

  #tooLong(): void {
    const why = `is longer than ${this.#bounds.record / 2 ** 20} MB`;
    // a line's end stands in no string, so that what begins there is another object
    if (this.#where !== 'top') this.#lose(this.#base, `${why}; the rest is not read`);
    else {
      this.#sink.unreadable(this.#base, why);
      this.#drop();
      this.#where = 'line';
    }
  }

  #lose(at: number, why: string): void {
    this.#sink.unreadable(at, why);
    this.#where = 'lost';
  }
}
