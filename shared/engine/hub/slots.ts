/** So many calls of each key run at once; the others wait in their order, and those of other keys do not. */
export class Slots {
  readonly #most: number;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(most: number) {
    this.#most = most;
  }

  async run<Value>(key: string, call: () => Promise<Value>): Promise<Value> {
    const running = this.#running.get(key) ?? 0;
    // whoever ends hands its place over, so that nobody comes in between
    if (running >= this.#most) await new Promise<void>((resume) => this.#waitingOf(key).push(resume));
    else this.#running.set(key, running + 1);
    try {
      return await call();
    } finally {
      this.#leave(key);
    }
  }

  #leave(key: string): void {
    const next = this.#waiting.get(key)?.shift();
    if (next) {
      next();
      return;
    }
    this.#waiting.delete(key);
    const left = (this.#running.get(key) ?? 1) - 1;
    if (left > 0) this.#running.set(key, left);
    else this.#running.delete(key);
  }

  #waitingOf(key: string): (() => void)[] {
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.set(key, waiting);
    return waiting;
  }
}
