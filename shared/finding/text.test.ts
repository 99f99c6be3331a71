import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cut, jsonLine, plain, plainLines, plainMember } from './text.ts';

const range = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at));

/** Every character that would steer what shows it, or would not be seen, by what it is. */
const unwanted: { readonly [name: string]: readonly string[] } = {
  'C0 and C1 controls': [...range(0x00, 0x1f), ...range(0x7f, 0x9f)],
  'bidi controls': ['\u061c', '\u200e', '\u200f', ...range(0x202a, 0x202e), ...range(0x2066, 0x206f)],
  'zero-width characters': ['\u200b', '\u200c', '\u200d', '\ufeff', ...range(0x2060, 0x2064), '\u034f', '\u180e'],
  'soft hyphens': ['\u00ad'],
  'variation selectors': [...range(0x180b, 0x180d), ...range(0xfe00, 0xfe0f), ...range(0xe0100, 0xe01ef)],
  'tag characters': range(0xe0000, 0xe007f),
  'separators of lines and paragraphs': ['\u2028', '\u2029'],
  'letters that are not seen': ['\u115f', '\u1160', '\u3164', '\uffa0', '\u17b4', '\u17b5', '\u2800'],
  'private and interlinear characters': ['\ue000', '\u{f0000}', '\u{10ffff}', '\ufff9', '\ufffb', '\uffff'],
};

describe('text from records', () => {
  test.each(Object.entries(unwanted))('shows no %s', (_name, characters) => {
    for (const one of characters) {
      expect(plain(`a${one}b`), one.codePointAt(0)?.toString(16)).toBe('a b');
      expect(jsonLine(`a${one}b`)).toMatch(/^"a\\[\x20-\x7e]+b"$/);
      expect(JSON.parse(jsonLine(`a${one}b`))).toBe(`a${one}b`);
    }
    expect(plain(`a${characters.join('')}b`)).toBe('a b');
  });

  test('has no half of a character', () => {
    expect(plain('x\ud800y\udc00')).toBe('x\ufffdy\ufffd');
    expect(jsonLine('\ud800')).toBe('"\\ud800"');
  });

  test('has one kind of blank', () => expect(plain('a\u00a0b\u2003c\u3000d')).toBe('a b c d'));

  test.each([
    ['a Cyrillic letter in a Latin word', '\u0430dmin', '\\u0430dmin'],
    ['a Latin letter in a Cyrillic word', '\u0440\u0430\u0443\u0440\u0430l-db', '\\u0440\\u0430\\u0443\\u0440\\u0430l-db'],
    ['a Greek letter in a Latin word', 'r\u03bfot', 'r\\u03bfot'],
    ['an Armenian letter in a Latin word', 'r\u0585ot', 'r\\u0585ot'],
    ['a Cherokee letter, which nobody expects', '\u13a0dmin', '\\u13a0dmin'],
    ['two scripts, neither of them Latin', '\u0431\u03b2', '\\u0431\\u03b2'],
    ['a word all of whose letters look like Latin ones', '\u0441\u043e\u0440\u0435-prod', '\\u0441\\u043e\\u0440\\u0435-prod'],
    ['a capital that looks like a Latin one', 'prod-\u0410', 'prod-\\u0410'],
    ['one such letter in the next part of a name', 'db.\u0430', 'db.\\u0430'],
    ['mathematical letters', '\u{1d41a}dmin', '\\u{1d41a}dmin'],
    ['full-width letters', '\uff41dmin', '\\uff41dmin'],
    ['letters of phonetics', 'm\u0251in', 'm\\u0251in'],
    ['a slash that is none', 'role\u2215admin', 'role\\u2215admin'],
  ])('shows %s escaped', (_name, name, shown) => {
    expect(plain(name)).toBe(shown);
    expect(plain(`Volume ${name} is not encrypted.`)).toBe(`Volume ${shown} is not encrypted.`);
    expect(plain(plain(name))).toBe(shown);
    expect(jsonLine({ name })).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(jsonLine({ name }))).toEqual({ name });
  });

  test.each([
    'Привет, мир: база данных со старой осой',
    'Обычный а текст',
    'база-prod',
    'ελληνικά και',
    'Հայերեն',
    'שלום עולם',
    'مرحبا بالعالم',
    'नमस्ते दुनिया',
    '日本語のDB名',
    '数据库',
    '한국어 이름',
    'ฐานข้อมูลDB',
    'Zürich – naïve’s “x” … 5 m² µs º İstanbul ı ŁÓDŹ',
    'cafe\u0301',
    '🇩🇪 👍🏽 😀 © ™',
  ])('leaves %s readable', (text) => {
    expect(plain(text)).toBe(text);
    expect(jsonLine(`${text}\n${text}`)).toBe(`"${text}\\n${text}"`);
  });

  test('keeps emoji, without what only joins their parts', () =>
    expect(plain('👩\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3')).toBe('👩👩👧 ❤ 1\u20e3'));

  test('keeps its lines where lines are written, and in a log', () => {
    expect(plainLines('a\u200b\n\u202eb\r\nc')).toBe('a \n b \nc');
    expect(JSON.stringify({ says: 'x\n\u202e\u0430dmin', count: 1, more: ['\u2066'] }, plainMember)).toBe(
      '{"says":"x\\n \\\\u0430dmin","count":1,"more":[" "]}',
    );
  });

  test('is cut between characters', () => {
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abcd', 3)).toBe('ab…');
    expect(cut('ab😀d', 4)).toBe('ab…');
  });
});

test('every logger writes such text only', async () => {
  const loggers: string[] = [];
  const root = join(import.meta.dirname, '..', '..');
  for await (const file of glob('{shared,functions}/**/handler.ts', { cwd: root })) {
    loggers.push(...((await readFile(join(root, file), 'utf8')).match(/new Logger\(.*?\);/gs) ?? []));
  }
  expect(loggers).toHaveLength(3);
  expect(new Set(loggers)).toEqual(new Set(['new Logger({ jsonReplacerFn: plainMember });']));
});
