import * as v from 'valibot';
import { code } from '#shared/control/command.ts';
import { defineControl, type Verdict } from '#shared/control/control.ts';
import type { Iac } from '#shared/control/iac.ts';
import { instances } from './kind.ts';
import { atGroup, sourceOf } from './source.ts';
import { transitOf } from './transit.ts';

const require = v.pipe(
  v.optional(v.boolean(), false),
  v.description(
    'Whether instances have to be of a type that encrypts what they send to each other. As long as it is off, the control finds nothing.',
  ),
);
const guide = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html';
const ALL =
  "aws ec2 describe-instance-types --filters Name=network-info.encryption-in-transit-supported,Values=true --query 'InstanceTypes[].InstanceType' --output text";
const changed = instances.calls('ModifyInstanceAttribute');

/** How code sets it for the instances of a group. */
const ofGroup: Iac = {
  cloudFormation: 'set such an `InstanceType` in `LaunchTemplateData` of the AWS::EC2::LaunchTemplate that the group launches from.',
  terraform: 'set such an `instance_type` on the aws_launch_template that the group launches from.',
  cdk: 'set such an `instanceType` on the ec2.LaunchTemplate or autoscaling.AutoScalingGroup.',
};

export default defineControl(instances, {
  id: 'instance-transit-encrypted',
  title: 'EC2 instances are of types that encrypt traffic between instances',
  why: 'Nitro types of newer generations encrypt what they send to each other in a VPC, whatever the program does. Between others, plaintext stays plaintext.',
  remediation: 'Reports only; changes nothing.',
  severity: 'medium',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: [
    instances.calls('RunInstances'),
    // the API takes the type by a name of its own, or as the value of an attribute
    { ...changed, where: { requestParameters: { instanceType: { value: [{ exists: true }] } } } },
    { ...changed, where: { requestParameters: { attribute: ['instanceType'] } } },
  ],
  permissions: { reads: [{ action: 'ec2:DescribeInstanceTypes' }] },
  settings: { require },
  isIdle: ({ require }) => !require,
  references: [guide, 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInfo.html'],
  iac: {
    cloudFormation:
      'set such an `InstanceType` on the AWS::EC2::Instance. CloudFormation stops the instance for it, and replaces one with instance store volumes.',
    terraform: 'set such an `instance_type` on the aws_instance. Terraform stops the instance for it.',
    cdk: 'set such an `instanceType` on the ec2.Instance. CloudFormation stops the instance for it.',
  },
  prevention: {
    none: 'No condition key tells types that encrypt from others. A service control policy could only list types by name with `ec2:InstanceType`.',
  },

  async inspectOne(instance, read, { settings }) {
    const type = instance.InstanceType ?? '';
    const transit = settings.require ? await transitOf(type, read) : { isEncrypted: true, others: [] };
    return { type, ...transit, ...sourceOf(instance) };
  },

  judge({ type, isEncrypted, others, ...source }, { settings }): Verdict {
    if (!settings.require) return { is: 'compliant', says: 'The settings do not require encryption between instances.' };
    if (isEncrypted) return { is: 'compliant', says: `Its type ${type} encrypts traffic between instances.` };
    if (isEncrypted === undefined)
      return { is: 'skip', says: `AWS does not show whether its type ${type} encrypts traffic between instances.` };
    return {
      is: 'violation',
      says: `Its type ${type} does not encrypt traffic between instances.`,
      risk: type,
      advice: [
        others.length > 0
          ? `Types of its size that do: ${others.join(', ')}.`
          : 'No current type of a family with its letter and of its size does.',
        `All types of the Region that do: ${code(ALL)}.`,
        ...(source.group
          ? atGroup(source)
          : [
              'A type is changed while the instance is stopped: then instance store volumes lose their data, and its public address changes unless it is elastic.',
            ]),
        'Both ends need such a type, in one VPC or in peered VPCs of one Region. A load balancer or transit gateway between them ends that encryption.',
      ],
      ...(source.group && { iac: ofGroup }),
    };
  },

  before: ({ type }) => ({ type }),
});
