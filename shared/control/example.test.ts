import { describe, expect, test } from 'vitest';
import { exampleOf, valuesAt } from './example.ts';

describe('the strings at a path', () => {
  test.each<[string, unknown, string[]]>([
    ['a.b', { a: { b: 'x' } }, ['x']],
    ['a.b', { a: { b: '' } }, []],
    ['a.b', { a: { b: 1 } }, []],
    ['a.b', { a: null }, []],
    ['a.b', undefined, []],
    ['a.b', 'text', []],
    ['a[]', { a: ['x', '', 1, 'y'] }, ['x', 'y']],
    ['a[]', { a: { items: ['x'] } }, ['x']],
    ['a[]', { a: 'x' }, []],
    ['a[].id', { a: [{ id: 'x' }, { id: '' }, null, { id: 'y' }] }, ['x', 'y']],
    ['a[].id', { a: { items: [{ id: 'x' }] } }, ['x']],
    ['a[].b[].id', { a: [{ b: [{ id: 'x' }] }, { b: { items: [{ id: 'y' }, { id: 'z' }] } }] }, ['x', 'y', 'z']],
    ['a.b[].c.d', { a: { b: [{ c: { d: 'x' } }] } }, ['x']],
  ])('%s of %j', (path, value, found) => expect(valuesAt(value, path)).toEqual(found));
});

describe('the record of a creation', () => {
  const example = (id: string, where?: { readonly requestParameters?: object; readonly responseElements?: object }) =>
    exampleOf('ec2.amazonaws.com', [{ id, eventName: 'CreateThing', ...(where && { where: where as never }) }], 'x-1');

  test('holds the id where the path says, and nothing else', () => {
    const call = { eventSource: 'ec2.amazonaws.com', eventName: 'CreateThing' };
    expect(example('requestParameters.name')).toEqual({ ...call, requestParameters: { name: 'x-1' }, responseElements: null });
    expect(example('responseElements.set[].id')).toEqual({
      ...call,
      requestParameters: null,
      responseElements: { set: { items: [{ id: 'x-1' }] } },
    });
    expect(example('responseElements.ids[]').responseElements).toEqual({ ids: { items: ['x-1'] } });
  });
  test('holds the first plain value that each filter takes', () => {
    const where = { requestParameters: { kind: [{ exists: true }, 'a', 'b'], size: [{ numeric: ['>', 1] }], deep: { on: [true] } } };
    expect(example('requestParameters.name', where).requestParameters).toEqual({ kind: 'a', deep: { on: true }, name: 'x-1' });
    expect(example('responseElements.id', { responseElements: { version: [1] } }).responseElements).toEqual({ version: 1, id: 'x-1' });
  });
  test('is none, where nothing makes one', () => {
    expect(() => exampleOf('ec2.amazonaws.com', [], 'x-1')).toThrow('nothing makes');
  });
});
