import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '#shared/control/control.ts';
import { branchesOf, isMatch } from '#shared/replay/matcher.ts';
import { objectsIn, readObject } from '../../../cli/replay/events.ts';
import { busThing, patternAt, RuleBook } from '../../../cli/replay/rule-book.ts';
import { rulesOf } from '../../../cli/replay/rules.ts';
import { controlsOf, discoverFunctions } from '../../../infra/catalog.ts';
import { naive } from '../../support/naive-matcher.ts';
import { ec2Record, parseAll, readBytes, ruleOn, setupOf } from './reads.ts';

/* The scanner against a parse of the whole: whatever the text looks like, it proposes no fewer records, and so the same ones match. */

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
const members = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom('requestParameters', 'responseElements', 'detail', 'Records', 'eventSource', 'x'), any), {
      maxLength: 4,
    }),
    fc.array(fc.oneof({ weight: 5, arbitrary: name }, { weight: 1, arbitrary: any }), { minLength: 1, maxLength: 2 }),
    fc.string(),
  )
  .chain(([more, own, id]) => {
    const base = Object.entries(ec2Record('none', { eventID: id })).filter(([key]) => key !== 'eventName') as [string, Json][];
    return fc.shuffledSubarray([...base, ...more, ...own.map((one): [string, Json] => ['eventName', one])], { minLength: base.length });
  });

/** Draws text with odd blanks, escapes of what needs none, and keys that come twice; `odd` chooses. */
function drawn(value: Json | Members, odd: () => number, isEscaped = odd() % 3 === 0): string {
  const blank = () => ['', '', '', ' ', '\n', '\t \r\n'][odd() % 6] ?? '';
  const quoted = (text: string) =>
    JSON.stringify(text).replace(/[a-zA-Z/]/g, (one) =>
      isEscaped && odd() % 40 === 0 ? `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}` : one,
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
class Members {
  readonly entries: readonly (readonly [string, Json | Members])[];

  constructor(entries: readonly (readonly [string, Json | Members])[]) {
    this.entries = entries;
  }
}

const odds = fc.infiniteStream(fc.nat(1000)).map((stream) => () => Number(stream.next().value));
const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 12 });
const rules = [
  ruleOn('CreateVolume', 'RunInstances'),
  { control: 'unnamed', pattern: { detail: { requestParameters: { eventName: ['Create', 'AttachVolume'] } } } },
];
const setup = setupOf(rules);

describe('the scanner finds what a parse of the whole finds', () => {
  test('in files of CloudTrail', () => {
    let matched = 0;
    let skipped = 0;
    fc.assert(
      fc.property(fc.array(members, { maxLength: 6 }), odds, cuts, fc.boolean(), (records, odd, sizes, isAlone) => {
        // alone, a list called Records makes an object a file's own
        const own = records.map((entries) => (isAlone ? entries.filter(([key]) => key !== 'Records') : entries));
        const objects = own.map((entries) => drawn(new Members(entries), odd));
        const texts = isAlone ? objects : [`{"a":${drawn({ Records: [1] }, odd)}, "Records" : [${objects.join(' ,\n')}] , "b":[{}]}`];
        const expected = texts.flatMap((text) => parseAll(text, setup));
        const found = readBytes(Buffer.from(texts.join('\n')), setup, sizes);
        expect(found.matches).toEqual(expected);
        expect(found.unreadable.filter(({ why }) => why !== 'is neither a record nor an event')).toEqual([]);
        matched += expected.length;
        skipped += found.records - found.parsed;
      }),
      { numRuns: 600 },
    );
    // both ways were gone often enough
    expect(matched).toBeGreaterThan(100);
    expect(skipped).toBeGreaterThan(100);
  });

  test('in whatever stands before a cut, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(members, { minLength: 1, maxLength: 4 }), odds, fc.nat(), (records, odd, place) => {
        const objects = records.map((entries) => drawn(new Members(entries), odd));
        const bytes = Buffer.from(`{"Records":[${objects.join(',')}]}`);
        const end = place % bytes.length;
        let length = Buffer.byteLength('{"Records":[') - 1;
        const whole = objects.filter((one) => {
          length += Buffer.byteLength(one) + 1;
          return length <= end;
        });
        const found = readBytes(bytes.subarray(0, end), setup);
        expect(found.matches).toEqual(whole.flatMap((one) => parseAll(`{"Records":[${one}]}`, setup)));
        expect(found.count).toBeGreaterThan(end === 0 ? -1 : 0);
      }),
      { numRuns: 300 },
    );
  });

  test('and never fails on bytes of any kind', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ',',
      ':',
      '\n',
      ' ',
      '{"Records":[',
      '"eventName":"CreateVolume"',
      '\\u',
      '\0',
      '\ufeff',
      'x',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 60 }), cuts, (tokens, sizes) => {
        const bytes = Buffer.from(tokens.join(''));
        const { matches, records, count } = readBytes(bytes, setup, sizes);
        expect({ matches, records, count }).toEqual(
          (({ matches, records, count }) => ({ matches, records, count }))(readBytes(bytes, setup)),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the rules of all controls', async () => {
  const functions = await discoverFunctions();
  // with the rules that only a setting asks for
  const asked = { controls: { 'calls-with-mfa': { calls: { iam: ['CreateUser'] } }, 'call-transport': { fips: true } } };
  const all = rulesOf(controlsOf(functions), functions, asked);

  test('are known to the matcher', () => {
    for (const { pattern } of all) expect(branchesOf(pattern).length).toBeGreaterThan(0);
  });

  const folders = ['records', 'relatives', 'more'].map((one) => `../shared/cloudtrail/${one}`).filter((folder) => existsSync(folder));
  test.skipIf(folders.length === 0)('find in every record at hand what a parse finds', () => {
    const texts = folders.flatMap((folder) => readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8')));
    const one = setupOf(all);
    const expected = texts.flatMap((text) => parseAll(text, one));
    expect(expected.length).toBeGreaterThan(5);
    // parts of records, which have no time
    const parts = texts.filter((text) => objectsIn(JSON.parse(text), true).some((value) => readObject(value).is === 'other'));
    for (const joined of [texts.join('\n'), `{"Records":[${texts.join(',')}]}`]) {
      const found = readBytes(Buffer.from(joined), one);
      expect(found.matches).toEqual(expected);
      expect(found.records).toBe(texts.length);
      // one of them that only reads need not be parsed
      expect(found.count).toBeLessThanOrEqual(parts.length);
    }
  });

  test.skipIf(folders.length === 0)('match every record at hand as another matcher has it', () => {
    const events = folders.flatMap((folder) =>
      readdirSync(folder).flatMap((file) => {
        const read = readObject(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')));
        return read.is === 'event' ? [read.event] : [];
      }),
    );
    const differing = events.flatMap((event) =>
      all.filter((rule) => {
        const pattern = patternAt(rule, event);
        return isMatch(branchesOf(pattern), busThing(event)) !== naive(pattern, busThing(event));
      }),
    );
    const book = new RuleBook(all);
    const wrong = events.filter((event) => {
      const direct = all.filter((rule) => isMatch(branchesOf(patternAt(rule, event)), busThing(event)));
      return String(book.controlsFor(event)) !== String(direct.map(({ control }) => control));
    });
    expect(wrong).toEqual([]);
    expect(events.length).toBeGreaterThan(100);
    expect(differing).toEqual([]);
  });
});
