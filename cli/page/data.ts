/** How bad an outcome is: what colour it has; its name says it too. */
type Tone = 'bad' | 'warn' | 'good' | 'quiet' | 'none';

/** One value of a facet: a control, a person, a place. */
export interface FacetValue {
  readonly name: string;
  /** What the table shows beside it, under the facet's columns. */
  readonly columns?: readonly string[];
  /** What an explained row says of it, as names and texts. */
  readonly about?: readonly (readonly [string, string])[];
}

/** What rows are counted and filtered by. */
interface Facet {
  /** Such as `Control`, and `Controls`. */
  readonly name: string;
  readonly plural: string;
  readonly columns: readonly string[];
  readonly values: readonly FacetValue[];
}

/** One way a row can end, such as `wrong`. */
export interface PageOutcome {
  readonly name: string;
  readonly tone: Tone;
  /** What it means, in a sentence. */
  readonly says: string;
}

/** One row that is listed and explained; texts are indices into `texts`. */
export interface Item {
  /** ISO 8601. */
  readonly at: string;
  readonly outcome: number;
  /** One index for each facet. */
  readonly facets: readonly number[];
  readonly title: number;
  readonly things: readonly string[];
  readonly says: number;
  readonly about: readonly (readonly [number, number])[];
}

/** So many rows, by time, outcome and facets: `[bucket, outcome, ...facets, count]`. */
export type Cell = readonly number[];

/** All that a page shows: what a replay found, or what Redress did. Every text is shown as text, whatever stands in it. */
export interface PageData {
  readonly title: string;
  /** When the page was made, as ISO 8601. */
  readonly made: string;
  /** Sentences below the title. */
  readonly lead: readonly string[];
  readonly figures: readonly { readonly name: string; readonly value: string }[];
  /** What one row is, such as `match` and `matches`. */
  readonly row: { readonly one: string; readonly many: string };
  readonly outcomes: readonly PageOutcome[];
  readonly facets: readonly Facet[];
  /** Where the buckets of the cells begin, and how long one is, in seconds. */
  readonly start: number;
  readonly bucket: number;
  readonly cells: readonly Cell[];
  readonly items: readonly Item[];
  readonly texts: readonly string[];
  /** What the page leaves out, and what could not be read. */
  readonly notes: readonly string[];
}
