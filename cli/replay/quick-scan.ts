import { readFileSync } from 'node:fs';
import type { Scanned } from './record-scan.ts';

/** Where the module keeps what; record-scan.wat says the same. */
const LOOKED_AT = 64;
const FIRSTS = 256;
const TEXTS = 512;
const TEXT_BYTES = 16;
const NAMES = 8192;
const CANDIDATES = 16_384;
const DATA = 36_864;
const ZEROS = 128;
/** So many texts have room. */
const MOST_TEXTS = (NAMES - TEXTS) / (2 * TEXT_BYTES);
/** So many numbers are written down of a candidate. */
const CANDIDATE = 5;
const PAGE = 65_536;

/** Flags of an answer. */
const API_CALL = 1;
const TEXT = 2;
const FAILED = 4;

declare global {
  /** The types of Node have none of it. */
  namespace WebAssembly {
    class Module {
      constructor(bytes: Uint8Array);
    }
    class Instance {
      readonly exports: object;
      constructor(module: Module);
    }
  }
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly texts: { value: number };
  readonly passed: { readonly value: number };
  readonly found: { readonly value: number };
  scan(from: number, end: number, isOwn: number): number;
  scanAll(from: number, end: number, isOwn: number): number;
}

/** What records are looked for. */
export interface Wanted {
  /** The names of calls, as bytes. */
  readonly names: readonly Buffer[];
  /** Texts that stand between quotes as whole strings. */
  readonly texts: readonly string[];
  /** Whether a record with neither is not wanted. */
  readonly isAll: boolean;
}

/** What a scan of several records found. */
export interface Several {
  /** Where it stopped. */
  readonly end: number;
  /** How many records are not wanted. */
  readonly passed: number;
  /** How many may be. */
  readonly found: number;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Scans usual records several times as fast as `scanObject`, in WebAssembly: whatever it finds, that would find too. The bytes lie in
 * the memory of the module, so that a file is read or unpacked to where it is scanned.
 */
export class QuickScan {
  readonly #module: Exports;
  readonly #looksForTexts: boolean;
  /** Whether it can pass over records by itself. */
  readonly canPass: boolean;
  #memory: Buffer;
  #numbers: Int32Array;

  constructor({ names, texts, isAll }: Wanted) {
    compiled ??= new WebAssembly.Module(readFileSync(new URL('record-scan.wasm', import.meta.url)));
    // what it exports is written beside this
    this.#module = new WebAssembly.Instance(compiled).exports as Exports;
    const { buffer } = this.#module.memory;
    this.#memory = Buffer.from(buffer);
    this.#numbers = new Int32Array(buffer);
    this.#looksForTexts = texts.length <= MOST_TEXTS;
    this.canPass = isAll && this.#looksForTexts;
    for (const name of names) {
      const bit = hashOf(name);
      const at = NAMES + (bit >> 3);
      this.#memory[at] = (this.#memory[at] ?? 0) | (1 << (bit & 7));
    }
    if (!this.#looksForTexts) return;
    for (const [n, text] of texts.entries()) {
      const quoted = Buffer.from(`"${text}"`).subarray(0, TEXT_BYTES);
      const at = TEXTS + n * 2 * TEXT_BYTES;
      this.#memory.set(quoted, at);
      this.#memory.fill(0xff, at + TEXT_BYTES, at + TEXT_BYTES + quoted.length);
      const first = quoted[1] ?? 0;
      this.#memory[FIRSTS + first] = 1;
      const half = LOOKED_AT + (first & 15);
      this.#memory[half] = (this.#memory[half] ?? 0) | (1 << (first >> 4));
    }
    this.#module.texts.value = texts.length;
  }

  /** The room behind so many bytes that wait; the memory grows where there would be none. */
  roomBehind(length: number): Buffer {
    const { memory } = this.#module;
    if (DATA + length + ZEROS >= memory.buffer.byteLength) {
      memory.grow(memory.buffer.byteLength / PAGE);
      this.#memory = Buffer.from(memory.buffer);
      this.#numbers = new Int32Array(memory.buffer);
    }
    return this.#memory.subarray(DATA + length, memory.buffer.byteLength - ZEROS);
  }

  /** The bytes that wait, ready to be scanned. */
  bytes(length: number): Buffer {
    this.#memory.fill(0, DATA + length, DATA + length + ZEROS);
    return this.#memory.subarray(DATA, DATA + length);
  }

  /** Moves what waits from there on to the beginning. */
  keep(from: number, length: number): void {
    if (from > 0 && from < length) this.#memory.copyWithin(DATA, DATA + from, DATA + length);
  }

  /** Scans the object whose inside begins at `from`, one level down; answers whether it could, and `out` holds what it found. */
  scan(from: number, length: number, isOwn: boolean, out: Scanned): boolean {
    const end = this.#module.scan(DATA + from, DATA + length, isOwn ? 1 : 0);
    if (end <= 1) return false;
    this.#tell(end, 0, out);
    return true;
  }

  /** Scans records from there on, in a list or (`isOwn`) one behind the other, as long as they are usual. */
  scanAll(from: number, length: number, isOwn: boolean): Several {
    const end = this.#module.scanAll(DATA + from, DATA + length, isOwn ? 1 : 0) - DATA;
    return { end, passed: this.#module.passed.value, found: this.#module.found.value };
  }

  /** Says of a record that the last `scanAll` found where it begins, and `out` holds the rest. */
  candidate(n: number, out: Scanned): number {
    const at = CANDIDATES / 4 + n * CANDIDATE;
    this.#tell(this.#numbers[at + 1] ?? 0, at + 2, out);
    return (this.#numbers[at] ?? 0) - DATA;
  }

  /** Writes an answer, which stands at a number, to `out`. */
  #tell(end: number, at: number, out: Scanned): void {
    const numbers = this.#numbers;
    const flags = numbers[at + 2] ?? 0;
    out.is = 'whole';
    out.end = end - DATA;
    out.name = this.#memory.toString('latin1', numbers[at], numbers[at + 1]);
    out.isUnusual = false;
    out.isTooDeep = false;
    out.isApiCall = (flags & API_CALL) !== 0;
    out.isFailed = (flags & FAILED) !== 0;
    out.holdsText = this.#looksForTexts ? (flags & TEXT) !== 0 : undefined;
  }
}

/** The hash that record-scan.wat makes of a name. */
function hashOf(name: Buffer): number {
  let hash = 0;
  for (const byte of name) hash = Math.imul(hash, 33) ^ byte;
  return (hash ^ (hash >>> 16)) & 0xffff;
}
