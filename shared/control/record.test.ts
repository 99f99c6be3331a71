import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { createVolume } from '../../test/fixtures/events.ts';
import { at, isTruncated, listAt, maybe, recordSchema, stringAt } from './record.ts';

const { detail } = createVolume('vol-1');
const parse = (more: object) => v.parse(recordSchema, { ...detail, ...more });

describe('a record', () => {
  test('keeps what it does not know', () => {
    expect(parse({ extra: { deep: 1 } })).toMatchObject({ extra: { deep: 1 }, eventName: 'CreateVolume' });
  });
  test.each(['eventID', 'eventName', 'eventSource', 'eventTime'])('needs its %s', (name) => {
    expect(() => parse({ [name]: undefined })).toThrow();
    expect(() => parse({ [name]: null })).toThrow();
  });
  test.each(['errorCode', 'sourceIPAddress', 'userAgent', 'userIdentity'])('takes null for no %s', (name) => {
    expect(Reflect.get(parse({ [name]: null }), name)).toBeUndefined();
  });
  test.each(['type', 'arn', 'accountId', 'userName', 'principalId', 'invokedBy'])(
    'takes null for no %s of a caller, and text alone',
    (name) => {
      expect(parse({ userIdentity: { [name]: null } }).userIdentity).toEqual({ [name]: undefined });
      expect(parse({ userIdentity: { [name]: 'x' } }).userIdentity).toEqual({ [name]: 'x' });
      expect(() => parse({ userIdentity: { [name]: 1 } })).toThrow();
    },
  );
  test.each(['requestParameters', 'responseElements'])('has %s as an object, as text, as null, or not at all', (name) => {
    for (const value of [{ a: 1 }, 'omitted', null, undefined]) expect(Reflect.get(parse({ [name]: value }), name)).toEqual(value);
    expect(() => parse({ [name]: 1 })).toThrow();
  });
  test('a member that may be absent may be null', () => {
    expect([undefined, null, 'x'].map((value) => v.parse(maybe(v.string()), value))).toEqual([undefined, undefined, 'x']);
  });
});

test.each<[unknown, string[], unknown]>([
  [{ a: { b: 1 } }, ['a', 'b'], 1],
  [{ a: { b: null } }, ['a', 'b'], null],
  [{ a: { b: null } }, ['a', 'b', 'c'], undefined],
  [{ a: 'text' }, ['a', 'length'], undefined],
  [undefined, ['a'], undefined],
  [null, ['a'], undefined],
  [{ a: 1 }, [], { a: 1 }],
])('walks into %j by %j', (value, path, found) => expect(at(value, ...path)).toEqual(found));

test.each<[unknown, string | undefined]>([
  ['x', 'x'],
  ['', undefined],
  [1, undefined],
  [null, undefined],
])('of %j the string is %j', (value, found) => expect(stringAt({ a: value }, 'a')).toBe(found));

test.each<[unknown, unknown[]]>([
  [
    ['x', 'y'],
    ['x', 'y'],
  ],
  [{ items: ['x'] }, ['x']],
  [{ item: ['x'] }, ['x']],
  [{ member: ['x'] }, ['x']],
  [{ items: { id: 'x' } }, [{ id: 'x' }]],
  [{ item: { id: 'x' } }, [{ id: 'x' }]],
  [{ member: { id: 'x' } }, [{ id: 'x' }]],
  [{ id: 'x' }, [{ id: 'x' }]],
  [{ items: null }, []],
  [{ item: null }, []],
  [{ items: 'x' }, []],
  [{}, []],
  ['text', []],
  [null, []],
  [undefined, []],
])('of %j the list is %j', (value, found) => expect(listAt({ a: value }, 'a')).toEqual(found));

test.each<[object, boolean]>([
  [{}, false],
  [{ requestParameters: { omitted: true } }, true],
  [{ responseElements: { omitted: true } }, true],
  [{ responseElements: { omitted: 'true' } }, false],
  [{ requestParameters: null, responseElements: null }, false],
])('%j is truncated: %j', (more, isIt) => expect(isTruncated(parse(more))).toBe(isIt));
