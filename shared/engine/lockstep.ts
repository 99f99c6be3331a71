interface Parked {
  readonly item: unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Runs many tasks side by side and joins what they ask for: a batched call is made only
 * when every task has either asked for something or ended, so that a batch shares its calls.
 */
export class Lockstep {
  #running = 0;
  #inFlight = 0;
  readonly #queues = new Map<(items: never[]) => Promise<readonly unknown[]>, Parked[]>();

  /** Runs the tasks to their ends; a task must not throw. */
  async run(tasks: readonly (() => Promise<void>)[]): Promise<void> {
    this.#running += tasks.length;
    await Promise.all(
      tasks.map(async (task) => {
        try {
          await task();
        } finally {
          this.#running -= 1;
          this.#advance();
        }
      }),
    );
  }

  /** Makes a call that is joined over all tasks; `flush` answers one value an item, in order, and an `Error` value rejects just that item. */
  batched<In, Out>(flush: (items: In[]) => Promise<readonly (Out | Error)[]>): (item: In) => Promise<Out> {
    return (item) =>
      new Promise<Out>((resolve, reject) => {
        const queue = this.#queues.get(flush) ?? [];
        queue.push({ item, resolve, reject });
        this.#queues.set(flush, queue);
        this.#running -= 1;
        this.#advance();
      });
  }

  #advance(): void {
    if (this.#running > 0 || this.#inFlight > 0) return;
    const queues = [...this.#queues];
    this.#queues.clear();
    for (const [flush, parked] of queues) {
      this.#inFlight += 1;
      // a queue stands under its own flush, whose items and values it holds
      flush(parked.map(({ item }) => item as never)).then(
        (values) =>
          this.#resume(parked, (one, n) => (values[n] instanceof Error ? one.reject(values[n]) : one.resolve(values[n] as never))),
        (error: unknown) => this.#resume(parked, (one) => one.reject(error)),
      );
    }
  }

  #resume(parked: readonly Parked[], settle: (one: Parked, n: number) => void): void {
    this.#inFlight -= 1;
    this.#running += parked.length;
    parked.forEach(settle);
  }
}
