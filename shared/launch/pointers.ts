import type { AutoScalingGroup, LaunchTemplateSpecification } from '@aws-sdk/client-auto-scaling';

/** Where in a group a launch template is named: the group itself, its mixed instances policy, or an override of that, by place. */
export type Place = 'group' | 'policy' | number;

/** A launch template that a group names, and which version of it it follows. */
export interface Pointer {
  readonly place: Place;
  /** The template's id. */
  readonly template: string;
  readonly name: string;
  /** `$Latest`, `$Default` or a number, as text. */
  readonly follows: string;
  /** Whether anything is launched by it: a policy's own template is not, if every override has one. */
  readonly isUsed: boolean;
  /** The images that the overrides name in place of the template's, `undefined` for the template's own. */
  readonly images: readonly (string | undefined)[];
}

/** Every launch template that a group names. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchTemplateOverrides.html */
export function pointersOf({ LaunchTemplate, MixedInstancesPolicy }: AutoScalingGroup): Pointer[] {
  if (LaunchTemplate) return pointer('group', LaunchTemplate, [undefined]);
  const policy = MixedInstancesPolicy?.LaunchTemplate;
  if (!policy?.LaunchTemplateSpecification) return [];
  const overrides = policy.Overrides ?? [];
  const bare = overrides.filter(({ LaunchTemplateSpecification }) => !LaunchTemplateSpecification);
  const images = overrides.length === 0 ? [undefined] : [...new Set(bare.map(({ ImageId }) => ImageId))];
  return [
    ...pointer('policy', policy.LaunchTemplateSpecification, images),
    ...overrides.flatMap(({ LaunchTemplateSpecification, ImageId }, n) =>
      LaunchTemplateSpecification ? pointer(n, LaunchTemplateSpecification, [ImageId]) : [],
    ),
  ];
}

function pointer(
  place: Place,
  { LaunchTemplateId, LaunchTemplateName, Version = '$Default' }: LaunchTemplateSpecification,
  images: readonly (string | undefined)[],
): Pointer[] {
  if (!LaunchTemplateId) return [];
  const name = LaunchTemplateName ?? LaunchTemplateId;
  return [{ place, template: LaunchTemplateId, name, follows: Version, isUsed: images.length > 0, images }];
}
