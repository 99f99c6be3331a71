import type { Cell, Item, PageData } from '../data.ts';

/** What is chosen: an index for each facet and for the outcome, buckets, and a text. */
export interface Choice {
  readonly facets: readonly (number | undefined)[];
  readonly outcome: number | undefined;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  readonly text: string;
}

/** What the choice leaves. */
export interface Chosen {
  readonly cells: readonly Cell[];
  readonly items: readonly Item[];
}

/** The choice of everything. */
export function everything({ facets }: PageData): Choice {
  return {
    facets: facets.map(() => undefined),
    outcome: undefined,
    from: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    text: '',
  };
}

/** The cells and the rows that fit a choice; the text is looked for in rows alone. */
export function choose(data: PageData, choice: Choice): Chosen {
  const fits = (outcome: number, facets: readonly number[], at: number) =>
    (choice.outcome === undefined || choice.outcome === outcome) &&
    at >= choice.from &&
    at < choice.until &&
    choice.facets.every((wanted, n) => wanted === undefined || wanted === facets[n]);
  const text = choice.text.toLowerCase();
  return {
    cells: data.cells.filter((cell) => fits(outcomeOf(cell), cell.slice(2, -1), timeOf(data, cell))),
    items: data.items.filter((item) => fits(item.outcome, item.facets, Date.parse(item.at) || 0) && holds(data, item, text)),
  };
}

/** The outcomes that some cell counts, in order. */
export function usedOutcomes({ cells, outcomes }: PageData): readonly number[] {
  const used = new Set(cells.map(outcomeOf));
  return outcomes.map((_one, n) => n).filter((n) => used.has(n));
}

/** When the bucket of a cell begins, in milliseconds since the epoch. */
function timeOf({ start, bucket }: PageData, cell: Cell): number {
  return (start + bucketOf(cell) * bucket) * 1000;
}

/** Which bucket a cell counts. */
export function bucketOf(cell: Cell): number {
  return cell[0] ?? 0;
}

/** Which outcome a cell counts. */
export function outcomeOf(cell: Cell): number {
  return cell[1] ?? 0;
}

/** How many rows a cell counts. */
export function countOf(cell: Cell): number {
  return cell.at(-1) ?? 0;
}

/** A time as people read it, in UTC. */
export function readable(iso: string): string {
  return iso.replace('T', ' ').replace(/:\d\d(?:\.\d+)?Z$/, ' UTC');
}

function holds({ texts, facets }: PageData, item: Item, text: string): boolean {
  if (text === '') return true;
  const words = [
    texts[item.title],
    texts[item.says],
    ...item.things,
    ...item.about.map(([, at]) => texts[at]),
    ...item.facets.map((value, n) => facets[n]?.values[value]?.name),
  ];
  return words.some((one) => one?.toLowerCase().includes(text));
}
