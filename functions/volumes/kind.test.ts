import type { Volume } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { attachVolume, callEvent, createVolume, runInstances } from '../../test/fixtures/events.ts';
import type { Answers } from '../../test/support/answers.ts';
import { place } from '../../test/support/harness.ts';
import { readerOver } from '../../test/support/reading.ts';
import { volumes } from './kind.ts';

const recordOf = ({ detail }: { detail: object }) => detail as CloudTrailRecord;
const targets = (event: { detail: object }) => volumes.targets(recordOf(event), place);
const described = (...found: Volume[]): Answers => ({ 'ec2:DescribeVolumes': () => ({ Volumes: found }) });

test('a volume that goes away is left alone, and no other', async () => {
  const states = ['creating', 'available', 'in-use', 'deleting', 'deleted', 'error'] as const;
  const { read } = readerOver(described(...states.map((State) => ({ VolumeId: `vol-${State}`, State, Tags: [{ Key: 'a', Value: 'b' }] }))));
  const live = await volumes.live(
    states.map((state) => `vol-${state}`),
    read,
  );
  expect(Object.fromEntries([...live].map(([id, { leave }]) => [id, leave]))).toEqual({
    'vol-creating': undefined,
    'vol-available': undefined,
    'vol-in-use': undefined,
    'vol-deleting': 'The volume is being deleted.',
    'vol-deleted': 'The volume is being deleted.',
    'vol-error': undefined,
  });
  expect(live.get('vol-available')?.tags).toEqual([{ Key: 'a', Value: 'b' }]);
});

describe('a record names', () => {
  test('of a launch the instances, whose volumes are looked up', () => {
    expect(targets(runInstances('i-1', 'i-2'))).toEqual([
      { type: 'AWS::EC2::Instance', id: 'i-1' },
      { type: 'AWS::EC2::Instance', id: 'i-2' },
    ]);
  });
  test('of every other call one volume, first as the answer has it', () => {
    expect(targets(createVolume('vol-1'))).toEqual([{ type: 'AWS::EC2::Volume', id: 'vol-1' }]);
    expect(targets(attachVolume('vol-1', 'i-1'))).toEqual([{ type: 'AWS::EC2::Volume', id: 'vol-1' }]);
    const modified = { requestParameters: { volumeId: 'vol-asked' }, responseElements: null };
    expect(targets(callEvent('ModifyVolume', modified))).toEqual([{ type: 'AWS::EC2::Volume', id: 'vol-asked' }]);
    const both = { requestParameters: { volumeId: 'vol-asked' }, responseElements: { volumeId: 'vol-made' } };
    expect(targets(callEvent('ModifyVolume', both))).toEqual([{ type: 'AWS::EC2::Volume', id: 'vol-made' }]);
  });
  test('of a tag call the volumes alone', () => {
    const requestParameters = { resourcesSet: { items: [{ resourceId: 'i-1' }, { resourceId: 'vol-1' }] } };
    expect(targets(callEvent('CreateTags', { requestParameters }))).toEqual([{ type: 'AWS::EC2::Volume', id: 'vol-1' }]);
  });
});

test('the sweep lists volumes by the page', async () => {
  const { read, sent } = readerOver({
    'ec2:DescribeVolumes': ({ NextToken }: { NextToken?: string }) =>
      NextToken ? { Volumes: [{ VolumeId: 'vol-2' }] } : { Volumes: [{ VolumeId: 'vol-1' }, {}], NextToken: 'more' },
  });
  expect(await volumes.list(read, place)).toEqual({ items: ['vol-1'], next: 'more' });
  expect(await volumes.list(read, place, 'more')).toEqual({ items: ['vol-2'] });
  expect(sent.map(([, input]) => input)).toEqual([{ MaxResults: 500 }, { MaxResults: 500, NextToken: 'more' }]);
});

describe('a volume came from', () => {
  const instance = (InstanceId: string, tags: Record<string, string> = {}) => ({
    InstanceId,
    Tags: Object.entries({ name: InstanceId, ...tags }).map(([Key, Value]) => ({ Key, Value })),
  });
  const world: Answers = {
    'ec2:DescribeInstances': () => ({ Reservations: [{ Instances: [instance('i-1', { 'aws:autoscaling:groupName': 'web' })] }] }),
    'ec2:DescribeLaunchTemplates': () => ({ LaunchTemplates: [] }),
    'autoscaling:DescribeAutoScalingGroups': () => ({
      AutoScalingGroups: [{ AutoScalingGroupName: 'web', Tags: [{ Key: 'team', Value: 'a' }] }],
    }),
  };
  const parentsOf = async (...Attachments: { InstanceId?: string }[]) => {
    const found = await volumes.tags?.parents?.(new Map([['vol-1', { Attachments }]]), readerOver(world).read);
    return found?.get('vol-1')?.map(({ is, id }) => `${is} ${id}`);
  };

  test('its instance, and what launched that', async () => {
    expect(await parentsOf({ InstanceId: 'i-1' })).toEqual(['instance i-1', 'group web']);
    const found = await volumes.tags?.parents?.(new Map([['vol-1', { Attachments: [{ InstanceId: 'i-1' }] }]]), readerOver(world).read);
    expect(found?.get('vol-1')?.[0]?.tags).toContainEqual({ Key: 'name', Value: 'i-1' });
  });
  test('nothing, where it is attached to none, to several, or to one that is gone', async () => {
    expect(await parentsOf()).toBeUndefined();
    expect(await parentsOf({ InstanceId: 'i-1' }, { InstanceId: 'i-2' })).toBeUndefined();
    expect(await parentsOf({ InstanceId: 'i-gone' })).toBeUndefined();
    expect(await parentsOf({})).toBeUndefined();
    const found = await volumes.tags?.parents?.(new Map([['vol-1', {}]]), readerOver(world).read);
    expect([...(found ?? [])]).toEqual([]);
  });
});

test('its day is that of its creation', () => {
  const CreateTime = new Date('2026-11-20T08:00:00Z');
  expect(volumes.tags?.madeAt?.({ CreateTime })).toBe(CreateTime);
});
