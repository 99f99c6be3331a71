import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cells, Values } from '../../../cli/page/cells.ts';
import type { PageData } from '../../../cli/page/data.ts';
import { asData, pageOf } from '../../../cli/page/page.ts';
import { bundledScript } from '../../../scripts/build-page.ts';
import { redress } from '../world.ts';
import { ec2Record } from './reads.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-page-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const HOSTILE = '</script><script>alert(1)</script><!--\u2028\u202e';
const volume = (id: string, more: object = {}) =>
  ec2Record('CreateVolume', { eventID: `e-${id}`, responseElements: { volumeId: id, encrypted: false }, ...more });

/** The page of some records, and what it says to its script. */
async function paged(records: readonly object[], ...args: string[]): Promise<{ html: string; data: PageData; code: number; err: string }> {
  const file = join(folder, 'page.html');
  await writeFile(join(folder, 'records.json'), JSON.stringify({ Records: records }));
  const { code, err } = await redress(['replay', folder, '--control', 'volume-encrypted', '--html', file, ...args]);
  const html = await readFile(file, 'utf8');
  return { html, data: JSON.parse(/<script type="application\/json" id="data">(.*)<\/script>/.exec(html)?.[1] ?? ''), code, err };
}

const sumOf = ({ cells }: PageData) => cells.reduce((sum, cell) => sum + (cell.at(-1) ?? 0), 0);

test('the script of pages is what its source gives', async () => {
  const there = await readFile(new URL('../../../cli/page/script.min.js', import.meta.url), 'utf8');
  // if not: npm run build:page
  expect(there === (await bundledScript())).toBe(true);
});

describe('redress replay --html', () => {
  test('writes one file that allows nothing but its own script and style', async () => {
    const { html, code, err } = await paged([volume('vol-1')]);
    expect(code).toBe(0);
    expect(err).toContain('The page is ');
    expect(html).toMatch(
      /Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[\w+/=]{44}'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'"/,
    );
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.replace(/<script[\s\S]*<\/script>/, '')).not.toMatch(/\b(?:src|href|url)\s*[=(]/i);
    expect(html).toContain('Copyright (c) 2022 Leon Sorokin');
  });

  test('explains each match', async () => {
    const { data } = await paged([volume('vol-1'), volume('vol-2', { eventTime: '2027-01-30T14:00:00Z' })]);
    expect(data.items.map(({ at, things }) => [at, things])).toEqual([
      ['2027-01-30T14:00:00.000Z', ['vol-2']],
      ['2027-01-30T12:00:00.000Z', ['vol-1']],
    ]);
    const [item] = data.items;
    const text = (at = -1) => data.texts[at];
    expect(text(item?.title)).toBe('CreateVolume of aws.ec2');
    expect(data.outcomes[item?.outcome ?? -1]?.name).toBe('Wrong');
    expect(item?.facets.map((at, n) => data.facets[n]?.values[at]?.name)).toEqual(['volume-encrypted', 'dana', '111122223333 eu-west-1']);
    expect(Object.fromEntries((item?.about ?? []).map(([name, at]) => [text(name), text(at)]))).toMatchObject({
      Who: 'arn:aws:iam::111122223333:user/dana with AWS CLI',
      From: '192.0.2.1',
      'Mode here': 'observe',
      'What stands before a fix': expect.stringContaining('a fix is shown, and not sent'),
    });
    expect([data.bucket, sumOf(data)]).toEqual([3600, 2]);
  });

  test('shows hostile texts as text', async () => {
    const { html, data } = await paged([
      volume(HOSTILE, { userIdentity: { type: 'IAMUser', userName: HOSTILE, arn: HOSTILE, accountId: '111122223333' }, eventID: HOSTILE }),
    ]);
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toContain('<!--');
    expect(data.items[0]?.things).toEqual(['</script><script>alert(1)</script><!-- ']);
  });

  test('of nothing is a page too', async () => {
    const { data } = await paged([]);
    expect([data.cells, data.items, sumOf(data)]).toEqual([[], [], 0]);
    expect(data.lead[0]).toContain('A replay of 0 records of 1 file.');
  });

  test('says what has no time, and what could not be read', async () => {
    const { data } = await paged([
      volume('vol-1', { eventTime: 'never' }),
      volume('vol-2', { eventTime: '0001-01-01T00:00:00Z' }),
      { a: 1 },
    ]);
    expect(data.items).toHaveLength(2);
    expect(data.notes).toEqual([
      '2 matches have no time that could be drawn; they are listed only.',
      '1 place could not be read.',
      expect.stringContaining('is neither a record nor an event'),
    ]);
  });

  test('lists so many, counts all, and says so', async () => {
    const { data } = await paged(Array.from({ length: 10_050 }, (_one, n) => volume(`vol-${n}`)));
    expect([data.items.length, sumOf(data)]).toEqual([10_000, 10_050]);
    expect(data.notes[0]).toContain('10,000 of 10,050 matches are listed and explained');
  });
});

test('no data ends the element that holds it, and all of it comes back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'<!-/script>"\\&\u2028') }),
      fc.nat(450),
      (title, text, count) => {
        const items = Array.from({ length: count }, (_, n) => ({ ...item, things: [`${text}${n}`] }));
        const data: PageData = { ...empty, title, texts: [text] };
        const written = [...asData({ ...data, items })].join('');
        expect(written).not.toContain('<');
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify({ ...data, items })));
      },
    ),
  );
});

test('a title is no markup', async () => {
  expect([...(await pageOf({ ...empty, title: '<b>&"' }))].join('')).toContain('<title>&lt;b&gt;&amp;&quot;</title>');
});

const item = { at: '2027-01-30T12:00:00Z', outcome: 0, facets: [0], title: 0, things: [], says: 0, about: [] };
const empty: PageData = {
  title: '',
  made: '2027-01-30T12:00:00Z',
  lead: [],
  figures: [],
  row: { one: 'match', many: 'matches' },
  outcomes: [],
  facets: [],
  start: 0,
  bucket: 3600,
  cells: [],
  items: [],
  texts: [],
  notes: [],
};

describe('what is counted for a page', () => {
  const BEGIN = Date.parse('2027-01-01T00:00:00Z') / 1000;

  test('stays bounded, and loses no count', () => {
    const cells = new Cells();
    for (let n = 0; n < 60_000; n += 1) cells.add(BEGIN + n * 3600, n % 2, [n % 50, n % 400, n % 400]);
    const { cells: taken, bucket, start } = cells.take();
    expect(taken.reduce((sum, cell) => sum + (cell.at(-1) ?? 0), 0)).toBe(60_000);
    expect([bucket, start, cells.isPlain]).toEqual([86_400, BEGIN, true]);
    expect(taken.length).toBeLessThan(130_000);
    // what is no longer told apart is of the others
    expect(new Set(taken.map((cell) => cell[3]))).toEqual(new Set([0]));
  });

  test('is by the hour for a few days, and by the day for more', () => {
    const few = new Cells();
    few.add(BEGIN, 0, [1]);
    few.add(BEGIN + 95 * 3600, 0, [1]);
    expect(few.take().bucket).toBe(3600);
    few.add(BEGIN + 96 * 3600, 0, [1]);
    expect(few.take()).toEqual({
      start: BEGIN,
      bucket: 86_400,
      cells: [
        [0, 0, 1, 1],
        [3, 0, 1, 1],
        [4, 0, 1, 1],
      ],
    });
  });

  test('names so many values, and the others as one', () => {
    const values = new Values(2);
    expect(['a', 'b', 'c', 'a', 'd'].map((name) => values.at(name))).toEqual([1, 2, 0, 1, 0]);
    expect(values.names).toEqual(['(others)', 'a', 'b']);
  });
});
