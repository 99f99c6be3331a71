import { type AutoScalingGroup, type LaunchTemplateSpecification, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import type { Place } from '#shared/launch/pointers.ts';

/** The update that makes a group follow other versions, by place, and leaves all else of it as it is. */
export function following(group: AutoScalingGroup, versions: ReadonlyMap<Place, string>): UpdateAutoScalingGroupCommand {
  const { AutoScalingGroupName, LaunchTemplate, MixedInstancesPolicy } = group;
  const moved = (place: Place, specification: LaunchTemplateSpecification): LaunchTemplateSpecification => ({
    // AWS shows the name beside the id, and takes only one of them
    LaunchTemplateId: specification.LaunchTemplateId,
    Version: versions.get(place) ?? specification.Version,
  });
  if (LaunchTemplate) return new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, LaunchTemplate: moved('group', LaunchTemplate) });
  const policy = MixedInstancesPolicy?.LaunchTemplate;
  return new UpdateAutoScalingGroupCommand({
    AutoScalingGroupName,
    MixedInstancesPolicy: {
      ...MixedInstancesPolicy,
      LaunchTemplate: {
        ...policy,
        ...(policy?.LaunchTemplateSpecification && { LaunchTemplateSpecification: moved('policy', policy.LaunchTemplateSpecification) }),
        ...(policy?.Overrides && {
          Overrides: policy.Overrides.map(({ LaunchTemplateSpecification: own, ...override }, n) => ({
            ...override,
            ...(own && { LaunchTemplateSpecification: moved(n, own) }),
          })),
        }),
      },
    },
  });
}
