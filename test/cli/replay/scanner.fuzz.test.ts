import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { branchesOf, isMatch } from '#shared/replay/matcher.ts';
import { objectsIn, readObject } from '../../../cli/replay/events.ts';
import { busThing, patternAt, RuleBook } from '../../../cli/replay/rule-book.ts';
import { rulesOf } from '../../../cli/replay/rules.ts';
import { controlsOf, discoverFunctions } from '../../../infra/catalog.ts';
import { naive } from '../../support/naive-matcher.ts';
import { drawn, Members, members, odds } from './documents.ts';
import { parseAll, readBytes, ruleOn, setupOf } from './reads.ts';

/* The scanner against a parse of the whole: whatever the text looks like, it proposes no fewer records, and so the same ones match. */

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
