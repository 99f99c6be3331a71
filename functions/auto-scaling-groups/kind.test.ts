import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { expect, test } from 'vitest';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { callEvent } from '../../test/fixtures/events.ts';
import { place } from '../../test/support/harness.ts';
import { readerOver } from '../../test/support/reading.ts';
import { autoScalingGroups } from './kind.ts';

const targets = (name: string, requestParameters: object) =>
  autoScalingGroups.targets(
    callEvent(name, { requestParameters }, 'autoscaling.amazonaws.com').detail as unknown as CloudTrailRecord,
    place,
  );
const group = (id: string) => ({ type: 'AWS::AutoScaling::AutoScalingGroup', id });

test('a record names a group, and each of its tags names one, all of them once', () => {
  expect(targets('UpdateAutoScalingGroup', { autoScalingGroupName: 'web', tags: [{ resourceId: 'not-this' }] })).toEqual([group('web')]);
  const tags = [{ resourceId: 'web' }, { resourceId: 'web' }, { resourceId: 'api' }];
  expect(targets('CreateOrUpdateTags', { tags, autoScalingGroupName: 'not-this' })).toEqual([group('web'), group('api')]);
});

test('a group that is being deleted is left alone, and no other', async () => {
  const { read } = readerOver({
    'autoscaling:DescribeAutoScalingGroups': () => ({
      AutoScalingGroups: [
        { AutoScalingGroupName: 'web', Tags: [{ Key: 'team', Value: 'a' }] },
        { AutoScalingGroupName: 'old', Status: 'Delete in progress' },
      ],
    }),
  });
  expect(Object.fromEntries(await autoScalingGroups.live(['web', 'old', 'gone'], read))).toEqual({
    web: { tags: [{ Key: 'team', Value: 'a' }], leave: undefined },
    old: { tags: [], leave: 'The group is being deleted (Delete in progress).' },
  });
});

test('the sweep lists groups by the page', async () => {
  const { read } = readerOver({
    'autoscaling:DescribeAutoScalingGroups': () => ({ AutoScalingGroups: [{ AutoScalingGroupName: 'web' }, {}], NextToken: 'more' }),
  });
  expect(await autoScalingGroups.list(read, place)).toEqual({ items: ['web'], next: 'more' });
});

test('requests name it as a group, and in their tags', () => {
  expect(autoScalingGroups.idsIn({ AutoScalingGroupName: 'web' })).toEqual(['web']);
  expect(autoScalingGroups.idsIn({ Tags: [{ ResourceId: 'web', Key: 'x' }] })).toEqual(['web']);
});

test('AWS shows when it was made', () => {
  const CreatedTime = new Date(0);
  const madeThen = { CreatedTime } as AutoScalingGroup;
  expect(autoScalingGroups.tags?.madeAt?.(madeThen)).toBe(CreatedTime);
});
