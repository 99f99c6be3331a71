import type { AnyControl } from './control.ts';
import type { AnyKind } from './kind.ts';

/** What is still to be filled in, and in which file. */
export interface Blank {
  readonly what: string;
  /** The control's own file, such as `volume-iops.ts`, or `kind.ts` with the noun of its kind. */
  readonly file: string;
}

const marked = /fill_in\(([^()]*)\)/g;
const nowhere = { account: '', region: '', partition: '' };

/**
 * Stands in a control or a kind where its author has yet to say something. As long as one is left, the control stays `off`. The text
 * may have no parentheses; it has no spaces either, so that it can stand in an ARN.
 */
export function blank(what: string): string {
  return `fill_in(${what.replaceAll(' ', '_')})`;
}

/** Whether a text has a blank. */
export function hasBlank(text: string): boolean {
  return text.search(marked) >= 0;
}

/** Every blank that is left in a control and its kind. */
export function blanksOf(control: AnyControl): readonly Blank[] {
  const { kind, ...own } = control;
  const ofKind = blanksOfKind(kind);
  const ofControl = blanksIn(own).filter((what) => !ofKind.includes(what));
  return [
    ...ofControl.map((what) => ({ what, file: `${control.id}.ts` })),
    ...ofKind.map((what) => ({ what, file: `the kind.ts of ${kind.noun}` })),
  ];
}

/** Of each kind, what its controls ask for again and again. */
const known = new WeakMap<AnyKind, readonly string[]>();

function blanksOfKind(kind: AnyKind): readonly string[] {
  // the ARN and the ids of records are known to functions alone
  const blanks = known.get(kind) ?? blanksIn([kind, kind.arnOf('', nowhere), kind.created.length > 0 ? kind.example('') : undefined]);
  known.set(kind, blanks);
  return blanks;
}

function blanksIn(value: unknown): string[] {
  const found = new Set<string>();
  for (const text of stringsIn(value)) for (const [, what = ''] of text.matchAll(marked)) found.add(what.replaceAll('_', ' '));
  return [...found];
}

/** The strings of plain data that may have a blank, keys among them; Valibot's schemas and loaders hold none of an author's. */
function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    if (value.includes('fill_in(')) yield value;
  } else if (typeof value === 'object' && value !== null && !('~standard' in value)) {
    for (const [key, inner] of Object.entries(value)) {
      yield* stringsIn(key);
      yield* stringsIn(inner);
    }
  }
}
