import { expect, test } from 'vitest';
import { callEvent } from '../../test/fixtures/events.ts';
import type { CloudTrailRecord } from './record.ts';
import { allTags, ec2TaggedIds, isTagCall, tagOf } from './tag.ts';

test('tags have both halves, and a key', () => {
  expect(allTags([{ Key: 'a', Value: 'b' }, { Key: 'c' }, { Value: 'd' }, { Key: '', Value: 'e' }, { Key: 'aws:x', Value: '' }])).toEqual([
    { Key: 'a', Value: 'b' },
    { Key: 'c', Value: '' },
    { Key: 'aws:x', Value: '' },
  ]);
  expect(allTags(undefined)).toEqual([]);
});

test('a tag is found by its key', () => {
  const tags = [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '2' },
  ];
  expect([tagOf(tags, 'b'), tagOf(tags, 'A')]).toEqual(['2', undefined]);
});

test.each([
  ['CreateTags', true],
  ['DeleteTags', true],
  ['CreateOrUpdateTags', true],
  ['AddTagsToResource', true],
  ['RemoveTagsFromResource', true],
  ['TagResource', true],
  ['UntagResource', true],
  ['CreateTagsX', false],
  ['XDeleteTags', false],
  ['ListTagsForResource', false],
  ['XAddTagsToResource', false],
  ['TagResources', false],
  ['ReTagResource', false],
  ['RemoveTagsFromResources', false],
  ['CreateVolume', false],
])('%s is a tag call: %s', (eventName, isIt) => expect(isTagCall({ eventName } as CloudTrailRecord)).toBe(isIt));

test('the ids of a tag call are those of one kind', () => {
  const items = [
    { resourceId: 'vol-1' },
    { resourceId: 'i-1' },
    { resourceId: null },
    {},
    { resourceId: 'x-vol-2' },
    { resourceId: 'vol-3' },
  ];
  const record = callEvent('CreateTags', { requestParameters: { resourcesSet: { items } } }).detail as unknown as CloudTrailRecord;
  expect(ec2TaggedIds(record, 'vol-')).toEqual(['vol-1', 'vol-3']);
});
