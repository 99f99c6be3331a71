import type { AnyControl } from '#shared/control/control.ts';
import { plain } from '#shared/finding/text.ts';
import { placeKey } from '#shared/ledger/items.ts';
import { Cells, Values } from '../page/cells.ts';
import type { FacetValue, Item, PageData, PageOutcome } from '../page/data.ts';
import { foreseen } from './draw.ts';
import { type BusEvent, nameOf } from './events.ts';
import { gatesOf } from './gates.ts';
import type { Judged, Told } from './judge.ts';
import type { Outcome } from './outcome.ts';
import type { ControlSum } from './tally.ts';

/** So many matches are listed; of each control at least so many, whatever the others have. */
const LISTED = { all: 10_000, ofEach: 100 };
/** So many people and places are told apart. */
const APART = 500;
/** So many resources of one match are named. */
const NAMED = 20;

const verdicts: { readonly [is in Told['is']]: PageOutcome } = {
  violation: { name: 'Wrong', tone: 'bad', says: 'The record alone shows it.' },
  'needs-live': { name: 'Needs a look', tone: 'warn', says: 'Only the live resource tells.' },
  compliant: { name: 'Right', tone: 'good', says: 'The record alone shows it.' },
  exempt: { name: 'Exempt', tone: 'quiet', says: 'The config exempts it.' },
  nothing: { name: 'Not judged', tone: 'none', says: 'Redress would drop it.' },
};
const order = Object.keys(verdicts);

/** Gathers what the page of a replay shows while the replay runs, in memory that does not grow without end. */
export class PageGathering {
  readonly #cells = new Cells();
  readonly #controls = new Values(Number.POSITIVE_INFINITY);
  readonly #people = new Values(APART);
  readonly #places = new Values(APART);
  readonly #texts = new Values(Number.POSITIVE_INFINITY);
  readonly #items: { readonly item: Item; readonly keys: readonly string[] }[] = [];
  readonly #listed = new Map<string, number>();
  readonly #found = new Map<string, readonly (readonly [string, string])[]>();
  readonly #isLive: boolean;
  #matches = 0;

  /** With `isLive`, looks at resources may be added to it. */
  constructor(isLive: boolean) {
    this.#isLive = isLive;
  }

  /** Takes what a control made of an event. */
  add(event: BusEvent, judged: Judged): void {
    const { control, place, actor, told, targets } = judged;
    this.#matches += 1;
    const facets = [
      this.#controls.at(control.id),
      this.#people.at(plain(actor.name)),
      this.#places.at(plain(`${place.account} ${place.region}`.trim() || 'unknown')),
    ];
    const outcome = order.indexOf(told.is);
    const time = Date.parse(event.time);
    this.#cells.add(time / 1000, outcome, facets);
    const listed = this.#listed.get(control.id) ?? 0;
    if (this.#items.length >= LISTED.all && listed >= LISTED.ofEach) return;
    this.#listed.set(control.id, listed + 1);
    const item: Item = {
      at: Number.isNaN(time) ? plain(event.time) : new Date(time).toISOString(),
      outcome,
      facets,
      title: this.#text(`${nameOf(event)} of ${event.source}`),
      things: targets.slice(0, NAMED).map(({ id }) => plain(id)),
      says: this.#text(told.says),
      about: aboutOf(event, judged).map(([name, text]) => [this.#text(name), this.#text(text)] as const),
    };
    const looked = this.#isLive ? targets.slice(0, NAMED) : [];
    this.#items.push({ item, keys: looked.map(({ type, id }) => liveKey(control, placeKey(place), type, id)) });
  }

  /** Takes what a live look at a resource found. */
  addLive(key: string, lines: readonly (readonly [string, string])[]): void {
    this.#found.set(key, lines);
  }

  /** The page of all that was taken. */
  page(outcome: Outcome, made: Date, more: readonly string[]): PageData {
    const items = this.#items.map(({ item, keys }) => {
      const live = keys.flatMap((key) => this.#found.get(key) ?? []);
      if (live.length === 0) return item;
      return { ...item, about: [...live.map(([name, text]) => [this.#text(name), this.#text(text)] as const), ...item.about] };
    });
    const { controls, files, counts } = outcome;
    return {
      title: 'What Redress would have done',
      made: made.toISOString(),
      lead: [...leadOf(outcome), ...more],
      figures: figuresOf(outcome, this.#matches),
      row: { one: 'match', many: 'matches' },
      outcomes: Object.values(verdicts),
      facets: [
        {
          name: 'Control',
          plural: 'Controls',
          columns: ['Severity', 'Mode', 'At most, in mode fix'],
          values: this.#controls.names.map((name) => controlValue(name, controls)),
        },
        { name: 'Person', plural: 'People', columns: [], values: this.#people.names.map((name) => ({ name })) },
        { name: 'Place', plural: 'Places', columns: [], values: this.#places.names.map((name) => ({ name })) },
      ],
      ...this.#cells.take(),
      items: items.toSorted((a, b) => (a.at < b.at ? 1 : -1)),
      texts: this.#texts.names,
      notes: [...this.#left(), ...unreadableIn(counts.unreadable, outcome), ...(files === 0 ? ['No file was read.'] : [])],
    };
  }

  #text(text: string): number {
    return this.#texts.at(plain(text));
  }

  /** What the page leaves out. */
  #left(): string[] {
    const { timeless, isPlain } = this.#cells;
    const listed = this.#items.length;
    return [
      ...(listed < this.#matches
        ? [
            `${number(listed)} of ${number(this.#matches)} matches are listed and explained, at least ${LISTED.ofEach} of each control. The timeline, the controls, the people and the places count all of them; the resources are those of the listed ones. --json has all.`,
          ]
        : []),
      ...(isPlain
        ? ['There are so many that people and places are counted as others; a smaller span or fewer controls tell them apart.']
        : []),
      ...(timeless > 0 ? [`${number(timeless)} matches have no time that could be drawn; they are listed only.`] : []),
    ];
  }
}

/** What a resource of a control is known by, while live looks are matched with what asked for them. */
export function liveKey({ id: control }: AnyControl, place: string, type: string, id: string): string {
  return `${control} ${place} ${type} ${id}`;
}

function controlValue(name: string, sums: readonly ControlSum[]): FacetValue {
  const sum = sums.find(({ control }) => control.id === name);
  if (!sum) return { name };
  const { control, modes } = sum;
  const [, observe = '', approve = '', fix = ''] = foreseen(sum);
  return {
    name,
    columns: [control.severity, modes.join(', '), fix],
    about: [
      ['Control', control.title],
      ['Why it matters', control.why],
      ['What a fix does', control.remediation],
      ['All its matches, at most', `observe: ${observe}; approve: ${approve}; fix: ${fix}`],
    ],
  };
}

function aboutOf(event: BusEvent, judged: Judged): (readonly [string, string])[] {
  const { actor, mode, told } = judged;
  const isOver = told.is === 'nothing' || told.is === 'compliant';
  return [
    ['Who', [actor.arn ?? actor.name, ...(actor.via === actor.name ? [] : [`with ${actor.via}`])].join(' ')],
    ['From', actor.sourceIp ?? 'not known'],
    ['Event', event.id],
    ['Mode here', mode],
    ...(isOver ? [] : [['What stands before a fix', gatesOf(judged).join(' ')] as const]),
  ];
}

function leadOf({ files, counts, controls }: Outcome): string[] {
  const first = controls.map((one) => one.first).toSorted()[0];
  const last = controls
    .map((one) => one.last)
    .toSorted()
    .at(-1);
  const span = first === undefined ? '' : `, from ${plain(first)} to ${plain(last ?? first)}`;
  return [
    `A replay of ${number(counts.records)} records of ${number(files)} ${files === 1 ? 'file' : 'files'}${span}. Nothing was changed.`,
    'Each match is an event that the rule of a control would have delivered. "Wrong" is what the record alone shows; "needs a look" is what only the resource tells.',
  ];
}

function figuresOf({ counts, controls, cost }: Outcome, matches: number): PageData['figures'] {
  const sum = (of: (one: ControlSum) => number) => controls.reduce((all, one) => all + of(one), 0);
  return [
    { name: 'Records', value: number(counts.records) },
    { name: 'Matches', value: number(matches) },
    { name: 'Wrong', value: number(sum(({ told }) => told.violation)) },
    { name: 'Need a look', value: number(sum(({ told }) => told['needs-live'])) },
    { name: 'Controls that matched', value: number(controls.length) },
    { name: 'Cost at most', value: cost.atMost < 0.01 ? '< 0.01 USD' : `${cost.atMost.toFixed(2)} USD` },
  ];
}

function unreadableIn(count: number, { unreadable }: Outcome): string[] {
  if (count === 0) return [];
  return [
    `${number(count)} ${count === 1 ? 'place' : 'places'} could not be read${count > unreadable.length ? `; the first ${unreadable.length} follow` : ''}.`,
    ...unreadable.map(({ file, at, why }) => `${plain(file)}${at === undefined ? '' : ` at byte ${at}`}: ${plain(why)}`),
  ];
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
