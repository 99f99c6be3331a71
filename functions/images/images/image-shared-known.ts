import { DescribeImageAttributeCommand, type LaunchPermission } from '@aws-sdk/client-ec2';
import { ifThere } from '#shared/aws/loaders.ts';
import { defineControl, type Plan, type Trigger, type Verdict } from '#shared/control/control.ts';
import { trustedAccounts, trustedOrganizations } from '#shared/control/trusted.ts';
import { later, sharerIn } from '../sharer.ts';
import { images, restored } from './kind.ts';
import { sharing, sharingByName, withoutSharing } from './sharing.ts';

type Facts = {
  /** Accounts, organizations and units that it is shared with and that the settings do not name, sorted. */
  readonly strangers: readonly string[];
};

/** A share with one of those whom AWS knows by such a member. */
const shared = (member: string): Trigger => ({
  ...images.calls('ModifyImageAttribute'),
  where: { requestParameters: { launchPermission: { add: { items: { [member]: [{ exists: true }] } } } } },
  breaks: true,
  // whom the settings trust, the record does not tell
  isMistake: false,
});

export default defineControl(images, {
  id: 'image-shared-known',
  title: 'AMIs are shared with known accounts only',
  why: 'Whoever an AMI is shared with can launch it, read what is on its disks, and keep what was launched after the share has ended.',
  remediation: 'Removes the launch permissions of accounts and organizations that the settings do not name, and no others.',
  severity: 'high',
  defaultMode: 'observe',
  amountsTo: 'It can share any AMI of the account with any other account, for an undo shares again.',
  triggers: [shared('userId'), shared('organizationArn'), shared('organizationalUnitArn'), restored],
  permissions: {
    reads: [{ action: 'ec2:DescribeImageAttribute', resource: 'arn:{partition}:ec2:{region}::image/*' }],
    writes: [withoutSharing, ...sharingByName],
  },
  common: { trustedAccounts, trustedOrganizations },
  isIdle: (settings) => settings.trustedAccounts.length === 0,
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/share-amis-with-organizations-and-OUs.html',
  ],
  iac: {
    terraform: 'remove the aws_ami_launch_permission with this `account_id`, `organization_arn` or `organizational_unit_arn`.',
    cloudFormation:
      'no resource shares an image that is there. Where EC2 Image Builder shares it, remove the account from `UserIds` of `LaunchPermissionConfiguration` in the AWS::ImageBuilder::DistributionConfiguration.',
    cdk: 'no construct shares an image that is there. Where EC2 Image Builder shares it, remove the account from `userIds` of `launchPermissionConfiguration` in the imagebuilder.CfnDistributionConfiguration.',
  },
  prevention: {
    none: 'Redress writes no policy that lists accounts. Write one yourself: a service control policy that denies `ec2:ModifyImageAttribute` where `ec2:Add/userId` is none of them.',
  },
  reportsManaged: true,

  targets: (record, place) =>
    images.targets(record, place).map((target) => ({
      ...target,
      // who shared it is whose share would be removed
      ...(record.eventName === 'ModifyImageAttribute' && { hint: sharerIn(record) }),
    })),

  joinHints: later,

  async inspectOne({ ImageId }, read, { account, settings }): Promise<Facts | undefined> {
    const answer = await ifThere(read(new DescribeImageAttributeCommand({ ImageId, Attribute: 'launchPermission' })));
    const known = [account, ...settings.trustedAccounts, ...settings.trustedOrganizations];
    if (!answer) return undefined;
    const names = (answer.LaunchPermissions ?? []).flatMap((one) => nameOf(one) ?? []).filter((name) => !known.includes(name));
    return { strangers: [...new Set(names)].sort() };
  },

  // where only other places name accounts, nobody is a stranger
  judge: ({ strangers }, { settings }): Verdict =>
    strangers.length === 0 || settings.trustedAccounts.length === 0
      ? { is: 'compliant', says: 'The image is shared with nobody that the settings do not name.' }
      : {
          is: 'violation',
          says: `The image is shared with ${strangers.join(', ')}, which the settings do not name.`,
          advice: ['If it is meant to be, add the account to `trustedAccounts`, or the organization to `trustedOrganizations`.'],
        },

  plan: ({ strangers }, { id }): Plan => ({
    changes:
      strangers.length === 0
        ? []
        : [
            {
              command: sharing(id, 'Remove', strangers.map(permissionOf)),
              says: `Remove the launch permissions of ${strangers.join(', ')} from ${id}. Instances that run already keep running.`,
            },
          ],
  }),

  before: ({ strangers }) => ({ strangers }),

  undo({ strangers: before }, { strangers: now }, { id }): Plan {
    const gone = before.filter((one) => !now.includes(one));
    return {
      changes:
        gone.length === 0
          ? []
          : [{ command: sharing(id, 'Add', gone.map(permissionOf)), says: `Share ${id} with ${gone.join(', ')} again.` }],
    };
  },
});

/** Whom a permission names; undefined for the group of everybody, which is another control's matter. */
function nameOf({ UserId, OrganizationArn, OrganizationalUnitArn }: LaunchPermission): string | undefined {
  return UserId ?? OrganizationArn ?? OrganizationalUnitArn;
}

function permissionOf(name: string): LaunchPermission {
  if (!name.startsWith('arn:')) return { UserId: name };
  return name.includes(':ou/') ? { OrganizationalUnitArn: name } : { OrganizationArn: name };
}
