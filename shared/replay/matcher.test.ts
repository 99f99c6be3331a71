import { describe, expect, test } from 'vitest';
import { branchesOf, fitsAlone, fitsOutsideLists, matches, type Thing, valuesAt } from '#shared/replay/matcher.ts';

describe('the matcher of event patterns', () => {
  test.each<[string, Thing, Thing, boolean]>([
    ['an exact value', { a: ['x'] }, { a: 'x' }, true],
    ['another value', { a: ['x'] }, { a: 'y' }, false],
    ['one of the elements of an array', { a: ['x'] }, { a: ['w', 'x'] }, true],
    ['every field', { a: ['x'], b: ['y'] }, { a: 'x' }, false],
    ['false is not 0', { a: [false] }, { a: 0 }, false],
    ['false is not "false"', { a: [false] }, { a: 'false' }, false],
    ['false is not missing', { a: [false] }, {}, false],
    ['null', { a: [null] }, { a: null }, true],
    ['null is not "null"', { a: [null] }, { a: 'null' }, false],
    ['a missing field does not exist', { a: [{ exists: false }] }, {}, true],
    ['an empty one does', { a: [{ exists: false }] }, { a: '' }, false],
    ['null is a value', { a: [{ exists: false }] }, { a: null }, false],
    ['a field below null does not exist', { a: { b: [{ exists: false }] } }, { a: null }, true],
    ['an object is no value', { a: [{ exists: true }] }, { a: { b: 1 } }, false],
    ['an empty array has none', { a: [{ exists: true }] }, { a: [] }, false],
    ['a field that is there', { a: [{ exists: true }] }, { a: null }, true],
    ['a value, or nothing', { a: [{ exists: false }, 'x'] }, {}, true],
    ['a value, or nothing, where it is another', { a: [{ exists: false }, 'x'] }, { a: 'y' }, false],
    ['anything but', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'z' }, true],
    ['not these', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'y' }, false],
    ['anything but one', { a: [{ 'anything-but': 'x' }] }, { a: 'x' }, false],
    ['anything but a number', { a: [{ 'anything-but': [1] }] }, { a: 2 }, true],
    ['one element that is another', { a: [{ 'anything-but': ['x'] }] }, { a: ['x', 'y'] }, true],
    ['anything but an end', { a: [{ 'anything-but': { suffix: '-1' } }] }, { a: 'x-2' }, true],
    ['not this end', { a: [{ 'anything-but': { suffix: '-1' } }] }, { a: 'x-1' }, false],
    ['anything but beginnings', { a: [{ 'anything-but': { prefix: ['x', 'y'] } }] }, { a: 'yes' }, false],
    ['anything but a form', { a: [{ 'anything-but': { wildcard: '*/role/*' } }] }, { a: 'arn/role/x' }, false],
    ['another form', { a: [{ 'anything-but': { wildcard: '*/role/*' } }] }, { a: 'arn/user/x' }, true],
    ['anything but a word in any case', { a: [{ 'anything-but': { 'equals-ignore-case': ['Root'] } }] }, { a: 'ROOT' }, false],
    ['a number is no such word', { a: [{ 'anything-but': { prefix: 'x' } }] }, { a: 1 }, true],
    ['anything but does not match what is missing', { a: [{ 'anything-but': ['x'] }] }, {}, false],
    ['a prefix', { a: [{ prefix: 'vol-' }] }, { a: 'vol-1' }, true],
    ['another prefix', { a: [{ prefix: 'vol-' }] }, { a: 'i-1' }, false],
    ['a prefix in any case', { a: [{ prefix: { 'equals-ignore-case': 'VOL-' } }] }, { a: 'vol-1' }, true],
    ['a suffix', { a: [{ suffix: '.com' }] }, { a: 'amazonaws.com' }, true],
    ['a suffix in any case', { a: [{ suffix: { 'equals-ignore-case': '.COM' } }] }, { a: 'amazonaws.cn' }, false],
    ['a word in any case', { a: [{ 'equals-ignore-case': 'false' }] }, { a: 'False' }, true],
    ['a wildcard', { a: [{ wildcard: 'arn:*:role/*-x' }] }, { a: 'arn:aws:role/a-x' }, true],
    ['a wildcard that overlaps', { a: [{ wildcard: 'ab*ba' }] }, { a: 'aba' }, false],
    ['a star itself', { a: [{ wildcard: 'a\\*b' }] }, { a: 'a*b' }, true],
    ['a star itself is no other text', { a: [{ wildcard: 'a\\*b' }] }, { a: 'axb' }, false],
    ['a number in a range', { a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
    ['a number outside', { a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 0 }, false],
    ['a text is no number', { a: [{ numeric: ['=', 5] }] }, { a: '5' }, false],
    ['a field of one of several objects', { a: { b: [{ prefix: 'vol-' }] } }, { a: [{ b: 'i-1' }, { b: 'vol-1' }] }, true],
    [
      'both fields of one object',
      { a: { b: ['x'], c: ['y'] } },
      {
        a: [
          { b: 'x', c: 'z' },
          { b: 'x', c: 'y' },
        ],
      },
      true,
    ],
    [
      'the fields of two objects',
      { a: { b: ['x'], c: ['y'] } },
      {
        a: [
          { b: 'x', c: 'z' },
          { b: 'w', c: 'y' },
        ],
      },
      false,
    ],
    ['a field that the same object lacks', { a: { b: ['x'], c: [{ exists: false }] } }, { a: [{ b: 'x' }, { c: 'y' }] }, true],
    ['a field before it that any object has', { a: { a: [{ exists: false }], b: ['x'] } }, { a: [{ b: 'x' }, { a: 'y' }] }, false],
    ['an array in an array', { a: ['x'] }, { a: [['w'], ['x']] }, true],
    ['one branch of $or', { a: { $or: [{ b: ['x'] }, { c: ['y'] }] } }, { a: { c: 'y' } }, true],
    ['no branch of $or', { a: { $or: [{ b: ['x'] }, { c: ['y'] }] } }, { a: { c: 'x' } }, false],
    ['$or beside other fields', { $or: [{ b: ['x'] }, { c: ['y'] }], d: ['z'] }, { c: 'y' }, false],
    ['$or and the object that it is of', { a: { $or: [{ b: ['x'] }], c: ['y'] } }, { a: [{ b: 'x' }, { c: 'y' }] }, false],
    ['a key of the prototype', { a: { constructor: { name: [{ exists: true }] } } }, { a: {} }, false],
  ])('%s', (_name, pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  test.each<[string, Thing]>([
    ['an operator', { a: [{ cidr: '10.0.0.0/8' }] }],
    ['two operators', { a: [{ prefix: 'x', suffix: 'y' }] }],
    ['a number as a beginning', { a: [{ prefix: 1 }] }],
    ['a bound that is no number', { a: [{ numeric: ['>', 'x'] }] }],
    ['no bound', { a: [{ numeric: [] }] }],
    ['a list in a list', { a: [['x']] }],
    ['an object in a list', { a: [{ 'anything-but': [{ b: 1 }] }] }],
    ['a word for whether it is there', { a: [{ exists: 'no' }] }],
    ['an operator of objects', { a: [{ toString: 'x' }] }],
  ])('refuses %s that it does not know', (_name, pattern) => {
    expect(() => matches(pattern, { a: 'x' })).toThrow('does not know');
  });

  test('refuses a pattern that is none', () => {
    expect(() => matches({ a: 'x' }, {})).toThrow('has a list of filters at a');
    expect(() => matches({ a: ['x'], $or: [{ a: ['y'] }, { b: ['z'] }] }, {})).toThrow('names a twice');
  });

  test('shows what stands at a field, and whether that fits by itself', () => {
    const [[field] = []] = branchesOf({ a: { b: ['x'] } });
    if (!field) throw new Error('no field');
    const event = { a: [{ b: 'w' }, { b: ['x', 1] }] };
    expect(valuesAt(event, field)).toEqual(['w', 'x', 1]);
    expect(fitsAlone(field, event)).toBe(true);
    expect(fitsAlone(field, { a: { b: 'w' } })).toBe(false);
  });

  test('tells what fits whatever else does from what is in a list', () => {
    const [[present] = []] = branchesOf({ a: { b: ['x'] } });
    const [[absent] = []] = branchesOf({ a: { b: [{ exists: false }] } });
    if (!present || !absent) throw new Error('no field');
    const events: readonly Thing[] = [
      { a: { b: 'x' } },
      { a: { b: 'w' } },
      { a: 1 },
      { a: { b: {} } },
      { a: [{ b: 'x' }] },
      { a: { b: [] } },
    ];
    expect(events.map((event) => fitsOutsideLists(present, event))).toEqual([true, false, false, false, undefined, undefined]);
    expect(events.map((event) => fitsOutsideLists(absent, event))).toEqual([false, false, true, true, undefined, undefined]);
  });
});
