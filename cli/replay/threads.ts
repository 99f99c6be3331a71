import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

/** What a thread may take, in MB: it holds a chunk of one file, and what it found there. */
const YOUNG_MB = 12;
const LIMITS = { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: 128 };

/** Threads that read files. */
export class Threads {
  readonly count: number;
  readonly #waiting = new Set<Worker>();

  constructor(count: number) {
    this.count = Math.max(1, count);
  }

  /** Starts so many before it is known what they look for: they load their code meanwhile, and end with the process if nobody takes them. */
  begin(count: number): void {
    for (let n = 0; n < count; n += 1) {
      const one = start();
      // whoever takes a new one in its place learns why that cannot start
      one.on('error', () => undefined);
      one.once('exit', () => this.#waiting.delete(one));
      one.unref();
      this.#waiting.add(one);
    }
  }

  /** One that waits, or a new one. */
  take(): Worker {
    const [one = start()] = this.#waiting;
    this.#waiting.delete(one);
    one.ref();
    return one;
  }
}

function start(): Worker {
  // threads that begin with little room for what is young collect after every megabyte
  setFlagsFromString(`--min-semi-space-size=${YOUNG_MB / 3}`);
  return new Worker(new URL('worker.ts', import.meta.url), { resourceLimits: LIMITS });
}
