import uPlot from 'uplot';
import type { Cell, PageData } from '../data.ts';
import { count, el } from './dom.ts';
import { PagedTable } from './table.ts';
import { bucketOf, countOf, outcomeOf, usedOutcomes } from './view.ts';

const HEIGHT = 240;
const DAY = 86_400;
/** Between the marks of an axis of days. */
const DAYS = [1, 2, 7, 14, 28, 91, 182, 364, 1820].map((days) => days * DAY);

/** Rows over time as stacked bars, with the same numbers as a table; a span that is drawn over the bars is chosen. */
export class Timeline {
  readonly element = el('div');
  readonly #data: PageData;
  readonly #place = el('div', { class: 'chart', role: 'img' });
  readonly #hovered = el('p', { class: 'hovered' });
  readonly #table: PagedTable;
  readonly #used: readonly number[];
  readonly #onSpan: (from: number, until: number) => void;
  #sums: readonly (readonly number[])[] = [];
  #times: readonly number[] = [];
  #plot: uPlot | undefined;

  constructor(data: PageData, onSpan: (from: number, until: number) => void) {
    this.#data = data;
    this.#onSpan = onSpan;
    const { row, outcomes } = data;
    this.#used = usedOutcomes(data);
    this.#table = new PagedTable('Timeline', ['Time', ...this.#used.map((n) => outcomes[n]?.name ?? '')], { none: `No ${row.many}.` });
    const legend = outcomes.flatMap(({ name, tone }, n) => (this.#used.includes(n) ? [el('li', { class: `tone ${tone}` }, name)] : []));
    const numbers = el('details', {}, el('summary', {}, 'The timeline as a table'), this.#table.element);
    this.element.append(el('ul', { class: 'legend' }, ...legend), this.#place, this.#hovered, numbers);
    new ResizeObserver(() => this.#resize()).observe(this.#place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
  }

  /** Shows other cells. */
  show(cells: readonly Cell[]): void {
    const { outcomes, bucket, start } = this.#data;
    const buckets = cells.map(bucketOf);
    const first = buckets.length === 0 ? 0 : buckets.reduce((a, b) => Math.min(a, b));
    const last = buckets.reduce((a, b) => Math.max(a, b), first);
    const length = cells.length === 0 ? 0 : last - first + 1;
    this.#times = Array.from({ length }, (_one, n) => start + (first + n) * bucket);
    const sums = outcomes.map(() => new Array<number>(length).fill(0));
    for (const cell of cells) {
      const sum = sums[outcomeOf(cell)];
      const at = bucketOf(cell) - first;
      if (sum) sum[at] = (sum[at] ?? 0) + countOf(cell);
    }
    this.#sums = sums;
    this.#describe();
    this.#draw();
  }

  #describe(): void {
    const { outcomes, row } = this.#data;
    const totals = this.#sums.map((sum) => sum.reduce((all, one) => all + one, 0));
    const named = outcomes.flatMap(({ name }, n) => ((totals[n] ?? 0) > 0 ? [`${count(totals[n] ?? 0)} ${name}`] : []));
    const span = this.#times.length === 0 ? '' : ` from ${this.#label(0)} to ${this.#label(this.#times.length - 1)}`;
    this.#place.setAttribute('aria-label', named.length === 0 ? `No ${row.many}.` : `Bars of ${row.many}${span}: ${named.join(', ')}.`);
    const rows = this.#times.flatMap((_time, n) => {
      const sums = this.#sums.map((sum) => sum[n] ?? 0);
      return sums.some((one) => one > 0) ? [{ cells: [this.#label(n), ...this.#used.map((at) => sums[at] ?? 0)] }] : [];
    });
    this.#table.show(rows);
  }

  #draw(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#hovered.textContent = '';
    this.#place.hidden = this.#times.length === 0;
    if (this.#times.length === 0) {
      this.#hovered.textContent = `No ${this.#data.row.many}: nothing is drawn.`;
      return;
    }
    this.#place.replaceChildren();
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    // the highest stack is drawn first, and the lower ones over it
    const stacks = this.#data.outcomes.map((_one, top) =>
      this.#times.map((_time, n) => this.#sums.slice(0, top + 1).reduce((all, sum) => all + (sum[n] ?? 0), 0)),
    );
    const order = this.#data.outcomes.map((_one, n) => n).reverse();
    const { bucket } = this.#data;
    const axis = { stroke: colour('--faint'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line'), width: 1 } };
    const [first = 0, last = first] = [this.#times[0], this.#times.at(-1)];
    const options: uPlot.Options = {
      width: Math.max(200, this.#place.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      // days are days of UTC
      tzDate: (time) => uPlot.tzDate(new Date(time * 1000), 'Etc/UTC'),
      cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false } },
      // few bars are no wider than bars of a week
      scales: {
        x: { range: [Math.min(first, last - 6 * bucket) - bucket, last + bucket] },
        y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.05)] },
      },
      axes: [
        { ...axis, ...(bucket >= DAY && { incrs: DAYS }), values: (_plot, times) => times.map((time) => this.#tick(time)) },
        { ...axis, size: 64, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6, 1e7] },
      ],
      series: [
        {},
        ...order.map((n) => {
          const tone = colour(`--${this.#data.outcomes[n]?.tone ?? 'none'}`);
          const paths = uPlot.paths.bars?.({ size: [0.8, 48, 1] });
          return { stroke: tone, fill: tone, width: 0, points: { show: false }, ...(paths && { paths }) };
        }),
      ],
      hooks: { setCursor: [(plot) => this.#hover(plot)], setSelect: [(plot) => this.#select(plot)] },
    };
    this.#plot = new uPlot(options, [[...this.#times], ...order.map((n) => stacks[n] ?? [])], this.#place);
  }

  #hover({ cursor: { idx } }: uPlot): void {
    if (idx === null || idx === undefined) {
      this.#hovered.textContent = 'Draw over the bars to choose a span.';
      return;
    }
    const named = this.#data.outcomes.flatMap(({ name }, n) => {
      const sum = this.#sums[n]?.[idx] ?? 0;
      return sum > 0 ? [`${count(sum)} ${name}`] : [];
    });
    this.#hovered.textContent = `${this.#label(idx)}: ${named.join(', ') || 'none'}`;
  }

  #select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    this.#onSpan(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000);
  }

  #resize(): void {
    const width = this.#place.clientWidth;
    if (this.#plot && width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT });
  }

  /** A day of UTC, or an hour of one. */
  #tick(time: number): string {
    const iso = new Date(time * 1000).toISOString();
    return this.#data.bucket >= DAY || iso.includes('T00:00') ? iso.slice(5, 10) : iso.slice(11, 16);
  }

  #label(n: number): string {
    const iso = new Date((this.#times[n] ?? 0) * 1000).toISOString();
    return this.#data.bucket >= DAY ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
  }
}
