import type { Cell } from './data.ts';

const HOUR = 3600;
const DAY = 86_400;
/** So many are kept before they get coarser; a page with more would be slow. */
const MOST = 20_000;
/** A span of so many hours is drawn by the hour. */
const SHORT = 4 * 24;
/** What is older or newer than any trail is not drawn: a record may name the year 1 or 9999. */
const [EARLIEST, LATEST] = [Date.parse('2013-01-01T00:00:00Z') / 1000, Date.parse('2100-01-01T00:00:00Z') / 1000];
/** Buckets that are drawn at most, the last ones. */
const BUCKETS = 4000;

/** What stands for the values beyond a bound. */
const OTHERS = '(others)';

/** The values of a facet, in the order in which they came; the first is of all those beyond a bound. */
export class Values {
  readonly #most: number;
  readonly #known = new Map<string, number>([[OTHERS, 0]]);

  constructor(most: number) {
    this.#most = most;
  }

  /** The index of a value. */
  at(name: string): number {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size > this.#most) return 0;
    const at = this.#known.size;
    this.#known.set(name, at);
    return at;
  }

  /** All of them. */
  get names(): readonly string[] {
    return [...this.#known.keys()];
  }
}

/** Counts by time, outcome and facets, in memory that does not grow without end: by the hour, then by the day. */
export class Cells {
  #bucket = HOUR;
  #counts = new Map<string, number>();
  #isPlain = false;
  /** How many have no time that could be drawn. */
  timeless = 0;

  /** Counts one row; the time is in seconds since the epoch. */
  add(time: number, outcome: number, facets: readonly number[]): void {
    if (!(time >= EARLIEST && time < LATEST)) {
      this.timeless += 1;
      return;
    }
    this.#count([Math.floor(time / this.#bucket), outcome, ...this.#kept(facets)], 1);
    if (this.#counts.size <= MOST) return;
    if (this.#bucket === HOUR) this.#toDays();
    else if (!this.#isPlain) this.#toPlain();
  }

  /** Whether there were so many that only the first facet is still counted. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** The cells as a page takes them. */
  take(): { readonly start: number; readonly bucket: number; readonly cells: readonly Cell[] } {
    const buckets = this.#rows().map(([at = 0]) => at);
    const [first, last] = buckets.reduce(([a, b], at) => [Math.min(a, at), Math.max(b, at)], [Number.POSITIVE_INFINITY, 0]);
    if (this.#bucket === HOUR && last - first >= SHORT) {
      this.#toDays();
      return this.take();
    }
    const begin = buckets.length === 0 ? 0 : Math.max(first, last - BUCKETS);
    const cells = this.#rows().map(([at = 0, ...rest]) => [Math.max(0, at - begin), ...rest]);
    return { start: begin * this.#bucket, bucket: this.#bucket, cells };
  }

  #kept([first = 0, ...others]: readonly number[]): number[] {
    return [first, ...others.map((one) => (this.#isPlain ? 0 : one))];
  }

  #toDays(): void {
    this.#bucket = DAY;
    this.#again(([at = 0, ...rest]) => [Math.floor((at * HOUR) / DAY), ...rest]);
  }

  #toPlain(): void {
    this.#isPlain = true;
    this.#again(([at = 0, outcome = 0, ...facets]) => [at, outcome, ...this.#kept(facets)]);
  }

  #again(change: (key: readonly number[]) => number[]): void {
    const rows = this.#rows();
    this.#counts = new Map();
    for (const row of rows) this.#count(change(row.slice(0, -1)), row.at(-1) ?? 0);
  }

  #count(key: readonly number[], more: number): void {
    const name = key.join(' ');
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + more);
  }

  #rows(): number[][] {
    return [...this.#counts].map(([key, count]) => [...key.split(' ').map(Number), count]);
  }
}
