import { button, count, el } from './dom.ts';

/** A word of more letters is broken where the table would be too wide. */
const LONG = 36;

/** What stands in a cell. */
type CellContent = Node | string | number;

/** One row of a table; `detail` makes what is shown below it when it is opened. */
export interface Row {
  readonly cells: readonly CellContent[];
  readonly detail?: () => Node;
}

/** A table that shows some rows at a time. */
export class PagedTable {
  readonly element = el('div', { class: 'table' });
  readonly #caption: string;
  readonly #columns: readonly string[];
  readonly #size: number;
  readonly #none: string;
  readonly #body = el('tbody');
  readonly #pager = el('nav', { class: 'pager' });
  #rows: readonly Row[] = [];
  #page = 0;

  constructor(caption: string, columns: readonly string[], { size = 20, none }: { size?: number; none: string }) {
    this.#caption = caption;
    this.#columns = columns;
    this.#size = size;
    this.#none = none;
    const heads = columns.map((name) => el('th', { scope: 'col' }, name));
    const table = el('table', {}, el('caption', { class: 'unseen' }, caption), el('thead', {}, el('tr', {}, ...heads)), this.#body);
    // what is wider than the page is scrolled, also by keys
    this.element.append(el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, table), this.#pager);
    this.#pager.setAttribute('aria-label', `Pages of ${caption}`);
  }

  /** Shows other rows, from the first. */
  show(rows: readonly Row[]): void {
    this.#rows = rows;
    this.#page = 0;
    this.#draw();
  }

  #draw(): void {
    const first = this.#page * this.#size;
    const shown = this.#rows.slice(first, first + this.#size);
    this.#body.replaceChildren(...shown.flatMap((row) => this.#lines(row)));
    if (shown.length === 0) this.#body.append(el('tr', {}, el('td', { class: 'none', colspan: String(this.#columns.length) }, this.#none)));
    this.#pager.hidden = this.#rows.length <= this.#size;
    const turn = (by: number) => () => {
      this.#page += by;
      this.#draw();
      this.#pager.querySelector<HTMLButtonElement>('button:not([disabled])')?.focus();
    };
    const back = button('Previous', turn(-1));
    const on = button('Next', turn(1));
    back.disabled = first === 0;
    on.disabled = first + this.#size >= this.#rows.length;
    const place = `${count(first + 1)} to ${count(first + shown.length)} of ${count(this.#rows.length)}`;
    this.#pager.replaceChildren(back, el('span', { 'aria-live': 'polite' }, place), on);
  }

  #lines({ cells, detail }: Row): HTMLElement[] {
    const line = el('tr', {}, ...cells.map((cell, at) => cellOf(cell, at)));
    if (!detail) return [line];
    const below = el('tr', { class: 'detail' });
    below.hidden = true;
    const opener = button('Explain', () => {
      const isOpen = below.hidden;
      if (isOpen) below.replaceChildren(el('td', { colspan: String(this.#columns.length) }, detail()));
      below.hidden = !isOpen;
      opener.setAttribute('aria-expanded', String(isOpen));
    });
    opener.setAttribute('aria-expanded', 'false');
    opener.setAttribute('aria-label', `Explain the row of ${line.firstElementChild?.textContent ?? this.#caption}`);
    line.firstElementChild?.append(opener);
    return [line, below];
  }
}

function cellOf(content: CellContent, at: number): HTMLElement {
  if (typeof content === 'number') return el('td', { class: 'number' }, count(content));
  const cell = at === 0 ? el('th', { scope: 'row' }, content) : el('td', {}, content);
  const words = (cell.textContent ?? '').split(' ');
  if (words.some((word) => word.length > LONG)) cell.className = 'long';
  else if (words.length === 1 || words.at(-1) === 'UTC') cell.className = 'whole';
  return cell;
}
