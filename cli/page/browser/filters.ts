import type { PageData } from '../data.ts';
import { button, el } from './dom.ts';
import { type Choice, everything } from './view.ts';

const DAY_MS = 86_400_000;

/** The form that says what is shown. */
export class Filters {
  readonly element = el('form', { class: 'filters', 'aria-label': 'Filters' });
  readonly #data: PageData;
  readonly #facets: readonly HTMLSelectElement[];
  readonly #outcome: HTMLSelectElement;
  readonly #from = el('input', { type: 'date' });
  readonly #until = el('input', { type: 'date' });
  readonly #text = el('input', { type: 'search', autocomplete: 'off', spellcheck: 'false' });
  readonly #said = el('p', { class: 'said', 'aria-live': 'polite' });
  readonly #onChange: () => void;

  constructor(data: PageData, onChange: () => void) {
    this.#data = data;
    this.#onChange = onChange;
    this.#facets = data.facets.map(({ plural, values }, n) => options(`All ${plural.toLowerCase()}`, values, usedIn(data, 2 + n)));
    this.#outcome = options('All outcomes', data.outcomes, usedIn(data, 1));
    const fields: readonly (readonly [string, HTMLElement])[] = [
      ...data.facets.map(({ name }, n) => [name, this.#facets[n] ?? el('select')] as const),
      ['Outcome', this.#outcome],
      ['From', this.#from],
      ['Until', this.#until],
      ['Search', this.#text],
    ];
    this.element.append(
      ...fields.map(([name, field]) => el('label', {}, el('span', {}, name), field)),
      button('Show all', () => this.clear()),
      this.#said,
    );
    this.element.addEventListener('input', onChange);
    this.element.addEventListener('submit', (event) => event.preventDefault());
  }

  /** What is chosen now. */
  get choice(): Choice {
    const { from, until } = everything(this.#data);
    const to = Date.parse(this.#until.value) + DAY_MS;
    const since = Date.parse(this.#from.value);
    return {
      facets: this.#facets.map(chosen),
      outcome: chosen(this.#outcome),
      from: Number.isNaN(since) ? from : since,
      until: Number.isNaN(to) ? until : to,
      text: this.#text.value.trim(),
    };
  }

  /** Says how much is shown. */
  say(text: string): void {
    this.#said.textContent = text;
  }

  /** Chooses one value of a facet. */
  take(facet: number, value: number): void {
    const select = this.#facets[facet];
    if (select) select.value = String(value);
    this.#onChange();
    select?.focus();
  }

  /** Chooses the days that a span touches, in milliseconds since the epoch. */
  takeSpan(from: number, until: number): void {
    this.#from.value = new Date(from).toISOString().slice(0, 10);
    this.#until.value = new Date(until).toISOString().slice(0, 10);
    this.#onChange();
  }

  /** Chooses everything. */
  clear(): void {
    this.element.reset();
    this.#onChange();
  }
}

function options(all: string, values: readonly { readonly name: string }[], used: ReadonlySet<number>): HTMLSelectElement {
  const named = values.map(({ name }, n) => [name, n] as const).filter(([, n]) => used.has(n));
  const sorted = named.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return el('select', {}, el('option', { value: '' }, all), ...sorted.map(([name, n]) => el('option', { value: String(n) }, name)));
}

/** The values that some cell counts at a place. */
function usedIn({ cells }: PageData, at: number): ReadonlySet<number> {
  return new Set(cells.map((cell) => cell[at] ?? 0));
}

function chosen({ value }: HTMLSelectElement): number | undefined {
  return value === '' ? undefined : Number(value);
}
