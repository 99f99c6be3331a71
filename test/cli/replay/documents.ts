import fc from 'fast-check';
import type { Json } from '#shared/control/control.ts';
import { ec2Record } from './reads.ts';

const names = ['CreateVolume', 'RunInstances', 'DescribeVolumes', 'AttachVolume', 'Records', 'eventName', 'Create'];
const name = fc.constantFrom(...names);
const any = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('"', '\\', '}]', '{"eventName":"CreateVolume"}', '\n', '/', 'é'),
    name,
    fc.integer(),
    fc.constantFrom(null, true, -0.5),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(name, fc.string({ maxLength: 3 })), tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** The members of a record, in any order, some twice, and its name now and then nothing that is one. */
export const members = fc
  .tuple(
    fc.array(
      fc.tuple(fc.constantFrom('requestParameters', 'responseElements', 'detail', 'Records', 'eventSource', 'errorCode', 'x'), any),
      { maxLength: 4 },
    ),
    fc.array(fc.oneof({ weight: 5, arbitrary: name }, { weight: 1, arbitrary: any }), { minLength: 1, maxLength: 2 }),
    fc.string(),
  )
  .chain(([more, own, id]) => {
    const base = Object.entries(ec2Record('none', { eventID: id })).filter(([key]) => key !== 'eventName') as [string, Json][];
    return fc.shuffledSubarray([...base, ...more, ...own.map((one): [string, Json] => ['eventName', one])], { minLength: base.length });
  });

/** Draws text with odd blanks, escapes of what needs none, and keys that come twice; `odd` chooses. */
export function drawn(value: Json | Members, odd: () => number, isEscaped = odd() % 3 === 0): string {
  const blank = () => ['', '', '', ' ', '\n', '\t \r\n'][odd() % 6] ?? '';
  // an escape that JSON needs stays whole
  const quoted = (text: string) =>
    JSON.stringify(text).replace(/\\(?:u[0-9a-f]{4}|.)|[a-zA-Z/]/g, (one) =>
      isEscaped && one.length === 1 && odd() % 40 === 0 ? `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}` : one,
    );
  if (typeof value === 'string') return quoted(value);
  if (value instanceof Members) {
    const inner = value.entries.map(([key, one]) => `${blank()}${quoted(key)}${blank()}:${blank()}${drawn(one, odd, isEscaped)}${blank()}`);
    return `{${inner.join(',') || blank()}}`;
  }
  if (Array.isArray(value)) return `[${value.map((one: Json) => `${blank()}${drawn(one, odd, isEscaped)}${blank()}`).join(',')}]`;
  if (typeof value === 'object' && value !== null) return drawn(new Members(Object.entries(value)), odd, isEscaped);
  return JSON.stringify(value);
}

/** An object by its members, of which some may have the same key. */
export class Members {
  readonly entries: readonly (readonly [string, Json | Members])[];

  constructor(entries: readonly (readonly [string, Json | Members])[]) {
    this.entries = entries;
  }
}

/** What chooses among the odd ways to write something. */
export const odds = fc.infiniteStream(fc.nat(1000)).map((stream) => () => Number(stream.next().value));
