import type { Terminal } from '../terminal.ts';
import { logFiles, sizeOf } from './files.ts';

const EVERY_MS = 250;

/** Shows how far a replay is, how fast, and how long it takes yet; once it is known how much there is. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #clock: () => number;
  readonly #begun: number;
  #shown = Number.NEGATIVE_INFINITY;
  #done = 0;
  #total: number | undefined;

  /** The clock says milliseconds. */
  constructor(terminal: Terminal, clock = () => performance.now()) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#begun = clock();
  }

  /** Adds up the sizes of all files beside the reading, where anybody sees it. */
  async measure(paths: readonly string[]): Promise<void> {
    if (!this.#terminal.showsProgress) return;
    let total = 0;
    for await (const files of logFiles(paths, () => undefined)) total += sizeOf(files);
    this.#total = total;
  }

  /** So many more bytes are done with. */
  add(bytes: number): void {
    this.#done += bytes;
    const now = this.#clock();
    if (now - this.#shown < EVERY_MS) return;
    this.#shown = now;
    this.#terminal.progress(this.#line((now - this.#begun) / 1000));
  }

  /** Seconds since it began. */
  get seconds(): number {
    return (this.#clock() - this.#begun) / 1000;
  }

  #line(seconds: number): string {
    const rate = this.#done / Math.max(seconds, 0.001);
    const speed = `${megabytes(this.#done)} MB read, ${megabytes(rate)} MB a second`;
    if (this.#total === undefined || this.#total === 0) return `Replaying: ${speed} …`;
    const left = Math.max(0, (this.#total - this.#done) / rate);
    return `Replaying: ${Math.min(100, Math.floor((100 * this.#done) / this.#total))} %, ${speed}, about ${Math.ceil(left)} s left …`;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
