/** Rings that come closer than this are one: each makes every poller ask moto, which does one thing at a time. */
const APART_MS = 100;

/** Wakes those who wait, before their time is up. */
export class Bell {
  readonly #waiting = new Set<() => void>();
  #stopped = false;
  #rang = 0;
  #next: NodeJS.Timeout | undefined;

  /** Wakes everybody who waits, now or very soon. */
  ring(): void {
    const left = this.#rang + APART_MS - Date.now();
    if (left <= 0 || this.#stopped) this.#wake();
    else this.#next ??= setTimeout(() => this.#wake(), left);
  }

  #wake(): void {
    clearTimeout(this.#next);
    this.#next = undefined;
    this.#rang = Date.now();
    for (const wake of [...this.#waiting]) wake();
  }

  /** Wakes everybody for good: nobody waits any longer. */
  stop(): void {
    this.#stopped = true;
    this.ring();
  }

  /** Whether `stop` was called. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Waits so many milliseconds, or until it rings. */
  wait(milliseconds: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#waiting.add(wake);
    });
  }
}
