import { expect, test } from 'vitest';
import { findable, levelBody } from '../../local/trail/level-event.ts';

const items = [
  { resourceId: 'vol-1', tagSet: { items: [{ key: 'a', value: '1' }] } },
  { resourceId: 'vol-2', tagSet: { items: [{ key: 'b', value: '2' }, { key: 'c' }] } },
];
const detail = { requestParameters: { resourcesSet: { items }, names: ['x', 'y'], none: [] } };

test('an array of objects shows the values of each field, at any depth, to rules that know no arrays', () => {
  expect(findable(detail)).toMatchObject({
    requestParameters: {
      resourcesSet: { items: { resourceId: ['vol-1', 'vol-2'], tagSet: { items: { key: ['a', 'b', 'c'] } } } },
      names: ['x', 'y'],
    },
  });
});

test('the body that a function gets has the arrays again', () => {
  const event = { 'detail-type': 'AWS API Call via CloudTrail', time: 1795251600, detail: findable(detail) };
  expect(JSON.parse(levelBody(JSON.stringify({ control: 'x', event }), '123456789012'))).toEqual({
    control: 'x',
    event: { 'detail-type': 'AWS API Call via CloudTrail', time: '2026-11-21T09:00:00Z', account: '123456789012', detail },
  });
});
