/** Wakes those who wait, before their time is up. */
export class Bell {
  readonly #waiting = new Set<() => void>();
  #stopped = false;

  /** Wakes everybody who waits now. */
  ring(): void {
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
