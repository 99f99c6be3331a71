import type { Instance } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { isByMaker } from '#shared/control/kind.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { callEvent } from '../../test/fixtures/events.ts';
import { place } from '../../test/support/harness.ts';
import { readerOver } from '../../test/support/reading.ts';
import { instances } from './kind.ts';

const described = (...Instances: Instance[]) => ({ 'ec2:DescribeInstances': () => ({ Reservations: [{}, { Instances }] }) });

test('an instance that goes away is left alone, and no other', async () => {
  const states = ['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'] as const;
  const { read } = readerOver(
    described(...states.map((Name) => ({ InstanceId: `i-${Name}`, State: { Name } })), { InstanceId: 'i-unknown' }),
  );
  const live = await instances.live([...states.map((name) => `i-${name}`), 'i-unknown'], read);
  const left = [...live].filter(([, { leave }]) => leave === 'The instance is terminated.').map(([id]) => id);
  expect(left).toEqual(['i-shutting-down', 'i-terminated']);
  expect([...live].filter(([, { leave }]) => leave !== undefined).length).toBe(2);
});

test.each([
  ['ModifyInstanceMetadataOptions', { ModifyInstanceMetadataOptionsRequest: { InstanceId: 'i-1', HttpTokens: 'optional' } }],
  ['ModifyInstanceAttribute', { instanceId: 'i-1', userData: '<sensitiveDataRemoved>' }],
])('%s names an instance that somebody else may have made', (eventName, requestParameters) => {
  const record = callEvent(eventName, { requestParameters }).detail as unknown as CloudTrailRecord;
  expect(instances.targets(record, place)).toEqual([{ type: 'AWS::EC2::Instance', id: 'i-1' }]);
  expect(isByMaker(instances, record)).toBe(false);
});

test('the sweep lists those that are there', async () => {
  const { read, sent } = readerOver(described({ InstanceId: 'i-1' }, {}, { InstanceId: 'i-2' }));
  expect(await instances.list(read, place)).toEqual({ items: ['i-1', 'i-2'] });
  const Values = ['pending', 'running', 'stopping', 'stopped'];
  expect(sent).toEqual([['ec2:DescribeInstances', { Filters: [{ Name: 'instance-state-name', Values }], MaxResults: 500 }]]);
});

test('an instance came from its group and its launch template', async () => {
  const tags = { 'aws:autoscaling:groupName': 'web', 'aws:ec2launchtemplate:id': 'lt-1' };
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const { read } = readerOver({
    'autoscaling:DescribeAutoScalingGroups': () => ({ AutoScalingGroups: [{ AutoScalingGroupName: 'web' }] }),
    'ec2:DescribeLaunchTemplates': () => ({ LaunchTemplates: [{ LaunchTemplateId: 'lt-1' }] }),
  });
  const found = await instances.tags?.parents?.(new Map([['i-1', { InstanceId: 'i-1', Tags }]]), read);
  expect(found?.get('i-1')).toEqual([
    { is: 'group', id: 'web', tags: [] },
    { is: 'template', id: 'lt-1', tags: [] },
  ]);
  // the day of the last start is not that of its creation
  expect(instances.tags?.madeAt).toBeUndefined();
});
