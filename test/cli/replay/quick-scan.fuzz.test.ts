import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QuickScan } from '../../../cli/replay/quick-scan.ts';
import { scanObject, unscanned } from '../../../cli/replay/record-scan.ts';
import { assembled } from '../../../scripts/build-scan.ts';
import { drawn, Members, members, odds } from './documents.ts';
import { ec2Record, readBytes, ruleOn, setupOf } from './reads.ts';

/* The scan in WebAssembly against the one in JavaScript: it may leave any record to that, and else finds the same. */

const texts = ['Create', 'AttachVolume', 'RunInstances', 'a text that is longer than a vector'];
const names = ['CreateVolume', 'Records', 'é'];
const quick = new QuickScan({ names: names.map((name) => Buffer.from(name)), texts, isAll: true });

/** Lays bytes where they are scanned. */
function put(bytes: Buffer): Buffer {
  while (quick.roomBehind(0).length < bytes.length) quick.roomBehind(quick.roomBehind(0).length);
  bytes.copy(quick.roomBehind(0));
  return quick.bytes(bytes.length);
}

/** What both find in the first object; undefined where the quick one leaves it to the other. */
function both(bytes: Buffer, isOwn: boolean) {
  const found = unscanned();
  put(bytes);
  if (!quick.scan(1, bytes.length, isOwn, found)) return undefined;
  return { found, wanted: scanObject(bytes, 1, 1, isOwn, unscanned()) };
}

test('the binary is what its source gives', async () => {
  const there = await readFile(new URL('../../../cli/replay/record-scan.wasm', import.meta.url));
  // if not: npm run build:scan
  expect(there.equals(await assembled())).toBe(true);
});

test('it finds in records what the other finds', () => {
  let answered = 0;
  let held = 0;
  fc.assert(
    fc.property(
      members,
      odds,
      fc.nat(130),
      fc.constantFrom('', 'é', '\\', '"', '\\\\"', '{', '\n'),
      fc.boolean(),
      (entries, odd, length, last, isOwn) => {
        // whatever it is, it lies at any place of a block of 64 bytes
        const all = [['7'.repeat(length) + last, last] as const, ...entries];
        const bytes = Buffer.from(`${drawn(new Members(all), odd)},{"a":"\n`);
        const result = both(bytes, isOwn);
        if (!result) return;
        const { found, wanted } = result;
        expect(found).toEqual({ ...wanted, holdsText: found.holdsText });
        const record = bytes.subarray(0, found.end);
        expect(found.holdsText).toBe(texts.some((text) => record.includes(`"${text}"`)));
        answered += 1;
        if (found.holdsText) held += 1;
      },
    ),
    { numRuns: 3000 },
  );
  expect(answered).toBeGreaterThan(500);
  expect(held).toBeGreaterThan(50);
});

test('it finds no more in what is broken', () => {
  const odd = fc.constantFrom(...Array.from('{}[]",:\\\nuneET \0x'));
  const changes = fc.array(fc.tuple(fc.nat(), odd, fc.nat(2)), { minLength: 1, maxLength: 4 });
  let answered = 0;
  fc.assert(
    fc.property(members, odds, changes, fc.boolean(), (entries, chooses, all, isOwn) => {
      let text = drawn(new Members(entries), chooses);
      for (const [place, one, removed] of all) {
        const at = 1 + (place % text.length);
        text = text.slice(0, at) + one + text.slice(at + removed);
      }
      const result = both(Buffer.from(text), isOwn);
      if (!result) return;
      expect(result.found).toEqual({ ...result.wanted, holdsText: result.found.holdsText });
      answered += 1;
    }),
    { numRuns: 3000 },
  );
  expect(answered).toBeGreaterThan(100);
});

test('of many records it passes over none that may be wanted', () => {
  const between = fc.constantFrom(',', ' ,\n', ',,', '\n', '', ' ', 'x', ']', '{"Records":[');
  let passed = 0;
  let handed = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(members, between), { maxLength: 6 }), odds, fc.boolean(), fc.nat(60), (parts, odd, isOwn, cut) => {
      const text = parts.map(([entries, behind]) => `${drawn(new Members(entries), odd)}${behind}`).join('');
      const bytes = put(Buffer.from(text).subarray(0, cut === 0 ? -odd() : undefined));
      const several = quick.scanAll(0, bytes.length, isOwn);
      const candidates = Array.from({ length: several.found }, (_, n) => {
        const found = unscanned();
        return { start: quick.candidate(n, found), found };
      });
      let count = 0;
      for (let at = 0; ; count += 1) {
        while (/[\s,]/.test(String.fromCharCode(bytes[at] ?? 0)) && at < several.end) at += 1;
        if (at >= several.end) break;
        const one = scanObject(bytes, at + 1, 1, isOwn, unscanned());
        expect(one).toMatchObject({ is: 'whole', isUnusual: false, isTooDeep: false });
        const holdsText = texts.some((wanted) => bytes.subarray(at, one.end).includes(`"${wanted}"`));
        const candidate = candidates.find(({ start }) => start === at);
        if (candidate) expect(candidate.found).toEqual({ ...one, holdsText });
        else expect(holdsText || names.includes(Buffer.from(one.name ?? '', 'latin1').toString())).toBe(false);
        at = one.end;
      }
      expect(several.passed + several.found).toBe(count);
      passed += several.passed;
      handed += several.found;
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(passed, handed)).toBeGreaterThan(30);
});

test('of more candidates than it writes down at once it loses none', () => {
  const wanted = Array.from({ length: 3000 }, (_, n) => ec2Record(n % 3 === 0 ? 'DescribeVolumes' : 'CreateVolume', { eventID: `e-${n}` }));
  const { matches, records, parsed } = readBytes(Buffer.from(JSON.stringify({ Records: wanted })), setupOf([ruleOn('CreateVolume')]));
  expect(matches.map(({ event }) => event.id)).toEqual(wanted.flatMap((_, n) => (n % 3 === 0 ? [] : [`e-${n}`])));
  expect({ records, parsed }).toEqual({ records: 3000, parsed: 2000 });
});

test.each([
  ['an escaped quote at the end of a block', (length: number) => `{"a":"${'x'.repeat(length)}\\"","eventName":"N"}`],
  ['many backslashes', (length: number) => `{"a":"${'\\\\'.repeat(length)}","b":"${'x'.repeat(length)}\\\\","eventName":"N"}`],
  ['a key across blocks', (length: number) => `{"a":"${'x'.repeat(length)}" ,\t"eventName"\r\n : "N", "eventType": "AwsApiCall"}`],
])('%s', (_name, at) => {
  for (let length = 0; length < 200; length += 1) {
    const bytes = Buffer.from(at(length));
    const result = both(bytes, false);
    expect(result?.found).toEqual({ ...result?.wanted, holdsText: false });
    expect(result?.found).toMatchObject({ is: 'whole', name: 'N', end: bytes.length });
  }
});

test('what is longer than its window is read too', () => {
  const long = (length: number) => ec2Record('CreateVolume', { eventID: `e-${length}`, requestParameters: { a: 'x'.repeat(length) } });
  const lengths = [10, 100_000, 252_000, 254_000, 400_000, 20, 1_000_000, 30];
  const bytes = Buffer.from(JSON.stringify({ Records: lengths.map(long) }));
  const { matches, records, count } = readBytes(bytes, setupOf([ruleOn('CreateVolume')]), [70_000, 300_000]);
  expect(matches.map(({ event }) => event.id)).toEqual(lengths.map((length) => `e-${length}`));
  expect({ records, count }).toEqual({ records: lengths.length, count: 0 });
});
