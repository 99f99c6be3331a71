import type { Image } from '@aws-sdk/client-ec2';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import type { Advice } from '#shared/control/iac.ts';
import { later, type Sharer, sharerIn } from '../sharer.ts';
import { distributionOf, isMarked } from './built.ts';
import { pageOfImages } from './images.ts';
import { images, restored } from './kind.ts';
import { sharing, sharingWithAll, withoutSharing } from './sharing.ts';

/** Who shared the image, which need not be who made it; `builder` where EC2 Image Builder did. */
type Hint = Omit<Sharer, 'service'> & { readonly service?: string; readonly builder?: string };

interface Facts {
  readonly isPublic: boolean;
  readonly isOfMarketplace: boolean;
  readonly isByBuilder: boolean;
  /** Whether it bears the mark of EC2 Image Builder, which anybody can set. */
  readonly isOfBuilder: boolean;
  /** How a person finds what shared it, by that mark. */
  readonly distribution: string | undefined;
}

const BUILDER = 'imagebuilder.amazonaws.com';
const everyone = [{ Group: 'all' as const }];
const iac = {
  terraform: 'remove the aws_ami_launch_permission with `group = "all"`.',
  cloudFormation:
    'no resource shares an image that is there. Where EC2 Image Builder shares it, remove `all` from `UserGroups` of `LaunchPermissionConfiguration` in the AWS::ImageBuilder::DistributionConfiguration.',
  cdk: 'no construct shares an image that is there. Where EC2 Image Builder shares it, remove `all` from `userGroups` of `launchPermissionConfiguration` in the imagebuilder.CfnDistributionConfiguration.',
} as const;
const distribution: Advice = {
  tool: 'EC2 Image Builder',
  says: 'remove `all` from `userGroups` of `launchPermission` in the distribution settings of the pipeline, or the next build shares its image with everybody too.',
};

export default defineControl(images, {
  id: 'image-private',
  title: 'AMIs are private',
  why: 'Any AWS account can launch a public AMI, and read everything that is on its disks.',
  remediation: 'Removes public sharing. Accounts and organizations that it is shared with by name keep their access.',
  severity: 'critical',
  defaultMode: 'approve',
  amountsTo: 'It can make any AMI of the account public, for an undo does that.',
  triggers: [
    {
      ...images.calls('ModifyImageAttribute'),
      // [U] that the older form of the request, with `UserGroups`, is recorded like this too; the daily sweep finds what it missed.
      // A share with accounts by name starts nothing, https://github.com/panther-labs/panther-analysis/pull/1067
      where: { requestParameters: { launchPermission: { add: { items: { group: ['all'] } } } } },
      breaks: true,
    },
    restored,
  ],
  sweep: { every: '1 day', atDeployment: true },
  permissions: { writes: [withoutSharing, sharingWithAll] },
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-intro.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyImageAttribute.html',
  ],
  iac,
  prevention: {
    declarative: { image_block_public_access: { state: { '@@assign': 'block_new_sharing' } } },
    scp: [
      {
        actions: ['ec2:ModifyImageAttribute'],
        resources: ['arn:*:ec2:*:*:image/*'],
        conditions: { StringEquals: { 'ec2:Add/group': 'all' } },
      },
    ],
    breaks: 'Nobody can publish an AMI any more, pipelines that do so included. Images that are public already stay so.',
    references: [
      'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html',
      'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html',
    ],
  },
  // one that is public has to be looked at, whoever manages it
  reportsManaged: true,

  targets(record, place) {
    const { service, ...who } = sharerIn(record);
    const isSharing = record.eventName === 'ModifyImageAttribute';
    // the service changes no image that is there, so the fix of this one does not fight it: the next one has to be prevented
    const hint: Hint = service === BUILDER ? { ...who, builder: service } : { ...who, ...(service && { service }) };
    return images.targets(record, place).map((target) => ({ ...target, ...(isSharing && { hint }) }));
  },

  // who shares it again need not be who did before
  joinHints: later,

  list: (read, _context, from) => pageOfImages([{ Name: 'is-public', Values: ['true'] }], read, from),

  inspectOne: (image, _read, context, { hint }): Facts => ({
    isPublic: image.Public === true,
    isOfMarketplace: hasMarketplaceCode(image),
    isByBuilder: hint?.builder === BUILDER,
    isOfBuilder: isMarked(image),
    distribution: distributionOf(image, context),
  }),

  judge({ isPublic, isByBuilder, isOfBuilder, distribution: where }): Verdict {
    if (!isPublic) return { is: 'compliant', says: 'The image is not public.' };
    return {
      is: 'violation',
      says: `The image is public: every AWS account can launch it.${isByBuilder ? ' EC2 Image Builder shared it.' : ''}`,
      risk: 'public',
      advice: [
        ...(isByBuilder || isOfBuilder ? [distribution] : []),
        ...(where === undefined ? [] : [where]),
        'Change every secret that is on its disks: others may have launched it, and what they launched keeps running.',
        'Look at its snapshots too: each has permissions of its own, and stays public if somebody made it so.',
      ],
    };
  },

  plan({ isPublic, isOfMarketplace, isByBuilder }, { id }): Plan {
    if (!isPublic) return { changes: [] };
    const why = isByBuilder
      ? 'Its distribution settings say that it is to be public, so a person decides.'
      : isOfMarketplace && 'It has an AWS Marketplace code, so buyers may depend on it.';
    return {
      changes: [{ command: sharing(id, 'Remove', everyone), says: `Remove public sharing from ${id}.` }],
      ...(why && { needsApproval: why }),
    };
  },

  before: ({ isPublic }) => ({ isPublic }),

  undo: ({ isPublic }, _facts, { id }): Plan => ({
    changes: isPublic ? [{ command: sharing(id, 'Add', everyone), says: `Make ${id} public again.` }] : [],
  }),
});

/** AWS refuses to publish such an image, so one that is public all the same is an odd case. */
function hasMarketplaceCode({ ProductCodes = [] }: Image): boolean {
  return ProductCodes.some(({ ProductCodeType }) => ProductCodeType === 'marketplace');
}
