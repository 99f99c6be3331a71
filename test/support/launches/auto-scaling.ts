import {
  DescribeAutoScalingGroupsCommand,
  DescribeLaunchConfigurationsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { AwsStub } from 'aws-sdk-client-mock';
import { awsError } from '../harness.ts';
import type { Answer } from '../kms.ts';
import type { State } from './account.ts';

// biome-ignore lint/suspicious/noExplicitAny: the mock's own type parameters
type Stub = AwsStub<any, any, any>;

/** The calls of Auto Scaling; what an update does not name stays as it is. */
export function mockAutoScaling(autoScaling: Stub, { groups, configurations, templates }: State, answer: Answer): void {
  const nameOf = (id: string | undefined) => templates.find((one) => one.LaunchTemplateId === id)?.LaunchTemplateName;
  autoScaling.on(DescribeAutoScalingGroupsCommand).callsFake(
    answer('DescribeAutoScalingGroups', ({ AutoScalingGroupNames: names }: DescribeAutoScalingGroupsCommand['input']) => ({
      AutoScalingGroups: groups.filter(({ AutoScalingGroupName = '' }) => !names || names.includes(AutoScalingGroupName)),
    })),
  );
  autoScaling.on(DescribeLaunchConfigurationsCommand).callsFake(
    answer('DescribeLaunchConfigurations', ({ LaunchConfigurationNames: names }: DescribeLaunchConfigurationsCommand['input']) => ({
      LaunchConfigurations: configurations.filter(({ LaunchConfigurationName = '' }) => !names || names.includes(LaunchConfigurationName)),
    })),
  );
  autoScaling.on(UpdateAutoScalingGroupCommand).callsFake(
    answer('UpdateAutoScalingGroup', (input: UpdateAutoScalingGroupCommand['input']) => {
      const group = groups.find(({ AutoScalingGroupName }) => AutoScalingGroupName === input.AutoScalingGroupName);
      if (!group) throw awsError('ValidationError', 'AutoScalingGroup name not found - null');
      const specification = input.LaunchTemplate ?? input.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
      if (specification?.LaunchTemplateId && specification.LaunchTemplateName)
        throw awsError('ValidationError', 'Valid requests must contain either launchTemplateId or LaunchTemplateName');
      if (input.LaunchTemplate) {
        delete group.LaunchConfigurationName;
        group.LaunchTemplate = { ...input.LaunchTemplate, LaunchTemplateName: nameOf(input.LaunchTemplate.LaunchTemplateId) };
      }
      if (input.MixedInstancesPolicy) group.MixedInstancesPolicy = input.MixedInstancesPolicy;
      if (input.LaunchConfigurationName) {
        delete group.LaunchTemplate;
        group.LaunchConfigurationName = input.LaunchConfigurationName;
      }
      return {};
    }),
  );
}
