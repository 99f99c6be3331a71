import { describe, expect, test } from 'vitest';
import { code, FIX, option, withFinding, word } from './command.ts';

describe('a word of a shell', () => {
  test.each([
    ['vol-0abc', 'vol-0abc'],
    ['/shop/db:3', '/shop/db:3'],
    ['a=b,c%d+e@f', 'a=b,c%d+e@f'],
    // some shells take what begins so for a command
    ['=cat', "'=cat'"],
    ['~root', "'~root'"],
    ['', "''"],
    ['a b', "'a b'"],
    ['$(id)', "'$(id)'"],
    ["it's", "'it'\\''s'"],
    ['a!b', "'a!b'"],
    ['`id`', '"$(printf \'\\140\\151\\144\\140\')"'],
    ['a\nb', '"$(printf \'\\141\\012\\142\')"'],
    ['ä', '"$(printf \'\\303\\244\')"'],
    ['~', "'~'"],
    ['\x7f', '"$(printf \'\\177\')"'],
  ])('%j is %s', (value, expected) => expect(word(value)).toBe(expected));
});

test('an option takes a value that looks like one', () => {
  expect(option('name', 'x')).toBe('--name x');
  expect(option('name', '-x')).toBe("--name='-x'");
});

test('commands run one after the other', () => expect(code('a', 'b')).toBe('`a`, then `b`'));

test('a finding’s id comes into each command', () =>
  expect(withFinding(`Run ${FIX} or ${FIX}.`, 'f-1')).toBe('Run `redress fix f-1` or `redress fix f-1`.'));
