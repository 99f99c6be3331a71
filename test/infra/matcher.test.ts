import { describe, expect, test } from 'vitest';
import { matches } from './matcher.ts';

describe('the matcher of event patterns', () => {
  test.each([
    ['an exact value', { a: ['x'] }, { a: 'x' }, true],
    ['another value', { a: ['x'] }, { a: 'y' }, false],
    ['one of the elements of an array', { a: ['x'] }, { a: ['w', 'x'] }, true],
    ['every field', { a: ['x'], b: ['y'] }, { a: 'x' }, false],
    ['false is not 0', { a: [false] }, { a: 0 }, false],
    ['false is not "false"', { a: [false] }, { a: 'false' }, false],
    ['false is not missing', { a: [false] }, {}, false],
    ['null', { a: [null] }, { a: null }, true],
    ['a missing field does not exist', { a: [{ exists: false }] }, {}, true],
    ['an empty one does', { a: [{ exists: false }] }, { a: '' }, false],
    ['a field below null does not exist', { a: { b: [{ exists: false }] } }, { a: null }, true],
    ['anything but', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'z' }, true],
    ['not these', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'y' }, false],
    ['anything but an end', { a: [{ 'anything-but': { suffix: '-1' } }] }, { a: 'x-2' }, true],
    ['not this end', { a: [{ 'anything-but': { suffix: '-1' } }] }, { a: 'x-1' }, false],
    ['anything but some wildcards', { a: [{ 'anything-but': { wildcard: ['*-x.*', 'y*'] } }] }, { a: 'x.y' }, true],
    ['not one of them', { a: [{ 'anything-but': { wildcard: ['*-x.*', 'y*'] } }] }, { a: 'a-x.b' }, false],
    ['anything but does not match what is missing', { a: [{ 'anything-but': ['x'] }] }, {}, false],
    ['a prefix', { a: [{ prefix: 'vol-' }] }, { a: 'vol-1' }, true],
    ['another prefix', { a: [{ prefix: 'vol-' }] }, { a: 'i-1' }, false],
    ['a suffix', { a: [{ suffix: '/0' }] }, { a: '0.0.0.0/0' }, true],
    ['another suffix', { a: [{ suffix: '/0' }] }, { a: '10.0.0.0/10' }, false],
    ['a field of one of several objects', { a: { b: [{ prefix: 'vol-' }] } }, { a: [{ b: 'i-1' }, { b: 'vol-1' }] }, true],
    ['one branch of $or', { a: { $or: [{ b: ['x'] }, { c: ['y'] }] } }, { a: { c: 'y' } }, true],
    ['no branch of $or', { a: { $or: [{ b: ['x'] }, { c: ['y'] }] } }, { a: { c: 'x' } }, false],
    ['$or beside other fields', { $or: [{ b: ['x'] }, { c: ['y'] }], d: ['z'] }, { c: 'y' }, false],
  ])('%s', (_name, pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  test('refuses a filter that it does not know', () => {
    expect(() => matches({ a: [{ numeric: ['>', 1] }] }, { a: 'x' })).toThrow('does not know');
  });
});
