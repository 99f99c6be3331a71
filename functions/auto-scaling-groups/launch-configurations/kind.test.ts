import { expect, test } from 'vitest';
import { place } from '../../../test/support/harness.ts';
import { readerOver } from '../../../test/support/reading.ts';
import { launchConfigurations } from './kind.ts';

test('it has the tags of the groups that use it and are not being deleted', async () => {
  const tags = (Value: string) => [{ Key: 'team', Value }];
  const { read } = readerOver({
    'autoscaling:DescribeAutoScalingGroups': () => ({
      AutoScalingGroups: [
        { AutoScalingGroupName: 'web', LaunchConfigurationName: 'lc-1', Tags: tags('a') },
        { AutoScalingGroupName: 'api', LaunchConfigurationName: 'lc-1', Tags: tags('b') },
        { AutoScalingGroupName: 'old', LaunchConfigurationName: 'lc-1', Tags: tags('c'), Status: 'Delete in progress' },
        { AutoScalingGroupName: 'other', LaunchConfigurationName: 'lc-2', Tags: tags('d') },
      ],
    }),
  });
  expect(Object.fromEntries(await launchConfigurations.live(['lc-1', 'lc-3'], read))).toEqual({
    'lc-1': { tags: [...tags('a'), ...tags('b')] },
    'lc-3': { tags: [] },
  });
});

test('the sweep lists launch configurations by the page', async () => {
  const { read } = readerOver({
    'autoscaling:DescribeLaunchConfigurations': () => ({
      LaunchConfigurations: [{ LaunchConfigurationName: 'lc-1' }, {}],
      NextToken: 'more',
    }),
  });
  expect(await launchConfigurations.list(read, place)).toEqual({ items: ['lc-1'], next: 'more' });
});

test('requests name it', () => {
  expect(launchConfigurations.idsIn({ LaunchConfigurationName: 'lc-1' })).toEqual(['lc-1']);
});
