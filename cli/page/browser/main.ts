import type { Item, PageData } from '../data.ts';
import { Timeline } from './chart.ts';
import { button, counted, el } from './dom.ts';
import { Filters } from './filters.ts';
import { PagedTable, type Row } from './table.ts';
import { type Chosen, choose, countOf, outcomeOf, readable, usedOutcomes } from './view.ts';

const data: PageData = JSON.parse(document.querySelector('#data')?.textContent ?? '{}');
const { row, outcomes, facets, texts } = data;
const all = data.cells.reduce((sum, cell) => sum + countOf(cell), 0);
const used = usedOutcomes(data);
const none = `No ${row.many}.`;
const filters = new Filters(data, show);
const timeline = new Timeline(data, (from, until) => filters.takeSpan(from, until));
const facetTables = facets.map(
  ({ plural, name, columns }) =>
    new PagedTable(plural, [name, ...columns, capital(row.many), ...used.map((n) => outcomes[n]?.name ?? '')], { none }),
);
const things = new PagedTable('Resources', ['Resource', facets[0]?.name ?? '', 'Outcome', 'Last', capital(row.many)], { none });
const items = new PagedTable(capital(row.many), ['Time', facets[0]?.name ?? '', 'Outcome', 'Resources', facets[1]?.name ?? ''], {
  none,
});

document
  .querySelector('main')
  ?.replaceChildren(
    el('header', {}, el('h1', {}, data.title), ...data.lead.map((text) => el('p', {}, text)), figures()),
    filters.element,
    section('Timeline', timeline.element),
    ...facetTables.map((table, n) => section(facets[n]?.plural ?? '', table.element)),
    section('Resources', things.element),
    section(`${capital(row.many)}, each explained`, items.element),
    ...(data.notes.length > 0 ? [section('What to know of this page', el('ul', {}, ...data.notes.map((text) => el('li', {}, text))))] : []),
  );
show();

function show(): void {
  const chosen = choose(data, filters.choice);
  const shown = chosen.cells.reduce((sum, cell) => sum + countOf(cell), 0);
  const listed = chosen.items.length === shown ? '' : `; ${counted(chosen.items.length, `${row.one} is`, `${row.many} are`)} listed`;
  filters.say(`${shown.toLocaleString('en-US')} of ${counted(all, row.one, row.many)}${listed}.`);
  timeline.show(chosen.cells);
  for (const [n, table] of facetTables.entries()) table.show(facetRows(chosen, n));
  things.show(thingRows(chosen.items));
  items.show(chosen.items.map(itemRow));
}

function facetRows({ cells }: Chosen, n: number): Row[] {
  const values = facets[n]?.values ?? [];
  const counts = values.map(() => outcomes.map(() => 0));
  for (const cell of cells) {
    const sums = counts[cell[2 + n] ?? 0];
    if (sums) sums[outcomeOf(cell)] = (sums[outcomeOf(cell)] ?? 0) + countOf(cell);
  }
  return values
    .map(({ name, columns = [] }, value) => {
      const sums = counts[value] ?? [];
      return { sum: sums.reduce((a, b) => a + b, 0), sums, name, columns, value };
    })
    .filter(({ sum }) => sum > 0)
    .toSorted((a, b) => b.sum - a.sum)
    .map(({ sum, sums, name, columns, value }) => ({
      cells: [
        button(name, () => filters.take(n, value), { class: 'link', title: `Show only ${name}` }),
        ...columns,
        sum,
        ...used.map((at) => sums[at] ?? 0),
      ],
    }));
}

function thingRows(listed: readonly Item[]): Row[] {
  const found = new Map<string, { count: number; outcome: number; last: string; control: number }>();
  for (const {
    things: named,
    outcome,
    at,
    facets: [control = 0],
  } of listed)
    for (const thing of named) {
      const known = found.get(thing) ?? { count: 0, outcome, last: at, control };
      // outcomes stand in order, the worst first
      const next = {
        count: known.count + 1,
        outcome: Math.min(known.outcome, outcome),
        last: [known.last, at].toSorted()[1] ?? at,
        control,
      };
      found.set(thing, next);
    }
  return [...found]
    .toSorted(([, a], [, b]) => a.outcome - b.outcome || b.count - a.count)
    .map(([thing, { count, outcome, last, control }]) => ({
      cells: [thing, facets[0]?.values[control]?.name ?? '', badge(outcome), readable(last), count],
    }));
}

function itemRow(item: Item): Row {
  const [control = 0, person = 0] = item.facets;
  const named = item.things.slice(0, 3).join(', ');
  const more = item.things.length > 3 ? ` and ${item.things.length - 3} more` : '';
  return {
    cells: [
      readable(item.at),
      facets[0]?.values[control]?.name ?? '',
      badge(item.outcome),
      `${named}${more}`,
      facets[1]?.values[person]?.name ?? '',
    ],
    detail: () => explained(item),
  };
}

function explained(item: Item): HTMLElement {
  const entries: (readonly [string, string])[] = [
    ['What', texts[item.title] ?? ''],
    ['Outcome', `${texts[item.says] ?? ''} ${outcomes[item.outcome]?.says ?? ''}`],
    ['Resources', item.things.join(', ') || 'none'],
    ...item.about.map(([name, text]) => [texts[name] ?? '', texts[text] ?? ''] as const),
    ...item.facets.flatMap((value, n) => facets[n]?.values[value]?.about ?? []),
  ];
  return el('dl', {}, ...entries.flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, text)]));
}

function badge(outcome: number): HTMLElement {
  return el('span', { class: `tone ${outcomes[outcome]?.tone ?? 'none'}` }, outcomes[outcome]?.name ?? '');
}

function figures(): HTMLElement {
  return el('dl', { class: 'figures' }, ...data.figures.map(({ name, value }) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

function section(title: string, ...content: readonly Node[]): HTMLElement {
  return el('section', {}, el('h2', {}, title), ...content);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
