import { readFileSync } from 'node:fs';
import type { Scanned } from './record-scan.ts';

/** Where the module keeps what; record-scan.wat says the same. */
const FIRSTS = 256;
const TEXTS = 512;
const TEXT_BYTES = 16;
const DATA = 8192;
const ZEROS = 128;
/** So many texts have room. */
const MOST_TEXTS = (DATA - TEXTS) / (2 * TEXT_BYTES);
const PAGES = 4;
/** So much is scanned without another copy, and no longer record at all. */
const WINDOW = PAGES * 65_536 - DATA - ZEROS;

/** Flags of an answer. */
const API_CALL = 1;
const TEXT = 2;

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
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly texts: { value: number };
  scan(from: number, end: number, isOwn: number): number;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Scans usual records several times as fast as `scanObject`, in WebAssembly: whatever it finds, that would find too. It also looks
 * for texts, which stand between quotes as whole strings.
 */
export class QuickScan {
  readonly #module: Exports;
  readonly #memory: Buffer;
  readonly #answer: Int32Array;
  readonly #looksForTexts: boolean;
  #bytes: Buffer = Buffer.alloc(0);
  /** What part of the bytes is in the module's memory. */
  #from = 0;
  #to = 0;

  constructor(texts: readonly string[]) {
    compiled ??= new WebAssembly.Module(readFileSync(new URL('record-scan.wasm', import.meta.url)));
    // what it exports is written beside this
    this.#module = new WebAssembly.Instance(compiled).exports as Exports;
    const { memory } = this.#module;
    this.#memory = Buffer.from(memory.buffer);
    this.#answer = new Int32Array(memory.buffer, 0, 3);
    this.#looksForTexts = texts.length <= MOST_TEXTS;
    if (!this.#looksForTexts) return;
    for (const [n, text] of texts.entries()) {
      const quoted = Buffer.from(`"${text}"`).subarray(0, TEXT_BYTES);
      const at = TEXTS + n * 2 * TEXT_BYTES;
      this.#memory.set(quoted, at);
      this.#memory.fill(0xff, at + TEXT_BYTES, at + TEXT_BYTES + quoted.length);
      this.#memory[FIRSTS + (quoted[1] ?? 0)] = 1;
    }
    this.#module.texts.value = texts.length;
  }

  /** Begins with other bytes. */
  begin(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#to = 0;
  }

  /** Scans the object whose inside begins at `from`, one level down; answers whether it could, and `out` holds what it found. */
  scan(from: number, isOwn: boolean, out: Scanned): boolean {
    if (from >= this.#to) this.#load(from);
    let end = this.#scan(from, isOwn);
    if (end === 1 && this.#to < this.#bytes.length && this.#from < from - 1) {
      this.#load(from);
      end = this.#scan(from, isOwn);
    }
    if (end <= 1) return false;
    const moved = this.#from - DATA;
    const [start = 0, stop = 0, flags = 0] = this.#answer;
    out.is = 'whole';
    out.end = end + moved;
    out.name = this.#bytes.toString('latin1', start + moved, stop + moved);
    out.isUnusual = false;
    out.isTooDeep = false;
    out.isApiCall = (flags & API_CALL) !== 0;
    out.holdsText = this.#looksForTexts ? (flags & TEXT) !== 0 : undefined;
    return true;
  }

  #scan(from: number, isOwn: boolean): number {
    return this.#module.scan(from - this.#from + DATA, this.#to - this.#from + DATA, isOwn ? 1 : 0);
  }

  /** Copies what is from there on, with the brace before it. */
  #load(from: number): void {
    this.#from = from - 1;
    this.#to = Math.min(this.#bytes.length, this.#from + WINDOW);
    const length = this.#bytes.copy(this.#memory, DATA, this.#from, this.#to);
    this.#memory.fill(0, DATA + length, DATA + length + ZEROS);
  }
}
