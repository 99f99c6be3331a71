import type { Place, Target } from '#shared/control/control.ts';

/** How AWS writes the ARN of each resource type that controls judge. */
const shapes: { readonly [type: string]: (id: string, place: Place) => string } = {
  'AWS::::Account': (id, { partition }) => `arn:${partition}:iam::${id}:root`,
  'AWS::EC2::Volume': (id, place) => ec2(`volume/${id}`, place),
  'AWS::EC2::Instance': (id, place) => ec2(`instance/${id}`, place),
  'AWS::EC2::LaunchTemplate': (id, place) => ec2(`launch-template/${id}`, place),
  // AWS draws an id for the middle, and takes a star there in policies
  'AWS::AutoScaling::AutoScalingGroup': (id, place) => autoScaling(`autoScalingGroup:*:autoScalingGroupName/${id}`, place),
  'AWS::AutoScaling::LaunchConfiguration': (id, place) => autoScaling(`launchConfiguration:*:launchConfigurationName/${id}`, place),
  // the slash that a hierarchy's name begins with is not written twice
  'AWS::SSM::Parameter': (id, { partition, region, account }) =>
    `arn:${partition}:ssm:${region}:${account}:parameter/${id.replace(/^\//, '')}`,
};

/** A resource's ARN; an id that is one already stays. */
export function arnOf({ type, id }: Target, place: Place): string {
  if (id.startsWith('arn:')) return id;
  const shape = shapes[type];
  if (!shape) throw new Error(`no ARN shape for ${type}: add it to shared/aws/arn.ts`);
  return shape(id, place);
}

/** The partition of a Region. */
export function partitionOf(region: string): 'aws' | 'aws-cn' | 'aws-us-gov' {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function autoScaling(resource: string, { partition, region, account }: Place): string {
  return `arn:${partition}:autoscaling:${region}:${account}:${resource}`;
}

function ec2(resource: string, { partition, region, account }: Place): string {
  return `arn:${partition}:ec2:${region}:${account}:${resource}`;
}
