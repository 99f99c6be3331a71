import {
  CopyImageCommand,
  CreateTagsCommand,
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
  type Image,
} from '@aws-sdk/client-ec2';
import * as v from 'valibot';
import {
  COPY_OF,
  type Copies,
  claimsOf,
  copiesOf,
  noCopies,
  SUPERSEDED_BY,
  suspicionsOf,
  tagsToCopy,
  whyUnfit,
} from '#shared/aws/copies.ts';
import { FIX } from '#shared/control/command.ts';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { serviceName } from '#shared/control/manager.ts';
import { AWS_MANAGED_ALIAS } from '#shared/launch/ebs-key.ts';
import { encryptionPages, keepsDefaultEncryption } from '#shared/launch/prevention.ts';
import { MOST_TAGS } from '#shared/tags/taggable.ts';
import { recipeOf } from './built.ts';
import { asOriginal, copyIn, type ImageCopy, imageCopies, openDevices } from './copies.ts';
import { pageOfImages } from './images.ts';
import { images, restored } from './kind.ts';
import { availableIn, imagesBehind, makerReads } from './makers.ts';
import { copyName, keeperOf } from './names.ts';
import { copyWrites } from './permissions.ts';

type Facts = Copies<ImageCopy> & {
  readonly image: Image;
  /** The devices that are not encrypted. */
  readonly open: readonly string[];
  readonly service: string | undefined;
  /** The recipe of EC2 Image Builder that it was built from, by a tag that anybody can set. */
  readonly recipe: string | undefined;
  /** Whether EBS encrypts what is launched here, whatever the image says. */
  readonly isDefault: boolean;
  /** Whether a copy is under the key of AWS's own, with which nothing is shared. */
  readonly isUnderManagedKey: boolean;
};

const settleSeconds = v.pipe(
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 3600),
  v.description(
    'How long an image must have been left unchanged before it is copied, in seconds: pipelines that encrypt make an unencrypted one first.',
  ),
);
const kmsKey = v.pipe(
  v.optional(v.string()),
  v.description("The key of the copies: id, ARN or alias; absent means the account's default key of EBS."),
);

export default defineControl(images, {
  id: 'image-encrypted',
  title: 'AMIs are encrypted',
  why: 'Whoever gets hold of an unencrypted image, or of a snapshot of it, can read what is on its disks.',
  remediation: 'Copies the image to an encrypted one and tags the original with the id of the copy. Never deregisters an image.',
  severity: 'medium',
  defaultMode: 'observe',
  triggers: [
    ...images.created,
    restored,
    // the snapshots are there by then, and it comes for images that no call names, such as imported ones
    { eventSource: 'ec2.amazonaws.com', eventNames: [], detailType: 'EC2 AMI State Change', where: { State: ['available'] } },
  ],
  permissions: {
    reads: [
      { action: 'ec2:GetEbsEncryptionByDefault' },
      { action: 'ec2:GetEbsDefaultKmsKeyId' },
      { action: 'ec2:DescribeSnapshots' },
      { action: 'kms:DescribeKey' },
      ...makerReads,
    ],
    writes: copyWrites,
  },
  // EBS copies 20 snapshots at a time
  limit: { fixes: 10, minutes: 60 },
  settings: { settleSeconds, kmsKey },
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitor-ami-events.html',
  ],
  iac: {
    about: 'encryption',
    terraform:
      'make an aws_ami_copy of it with `encrypted = true`, and use that. For an aws_ami, register it from encrypted snapshots: the argument alone encrypts nothing that is there.',
    cloudFormation:
      'no resource encrypts an image that is there. Where EC2 Image Builder makes it, set `Encrypted: true` under `Ebs` of `BlockDeviceMappings` in a new version of the AWS::ImageBuilder::ImageRecipe.',
    cdk: 'no construct encrypts an image that is there. Where EC2 Image Builder makes it, set `encrypted: true` under `ebs` of `blockDeviceMappings` in a new version of the imagebuilder.CfnImageRecipe.',
  },
  prevention: {
    scp: [keepsDefaultEncryption],
    breaks:
      'No policy looks at the encryption of an image. Where encryption by default is on, new volumes are encrypted, and so are the images made of them; the policy keeps it on.',
    references: [encryptionPages.byDefault, encryptionPages.scope],
  },
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html: a copy under another key is a full one
  costs: 'AWS bills the snapshots of the copy in full, besides those of the original until you deregister it and delete them.',

  noticed: availableIn,
  find: imagesBehind,
  list: (read, _context, from) => pageOfImages([{ Name: 'block-device-mapping.encrypted', Values: ['false'] }], read, from),

  async inspectOne(image, read, context, { hint, made = [], madeSince }): Promise<Facts> {
    const { settings } = context;
    const open = openDevices(image);
    const known = { image, open, service: hint?.service, recipe: recipeOf(image, context), isDefault: false, isUnderManagedKey: false };
    if (open.length === 0 || image.State === 'pending') return { ...known, ...noCopies };
    const [copies, { EbsEncryptionByDefault }, { KmsKeyId }] = await Promise.all([
      copiesOf(imageCopies, asOriginal(image), made, read, { madeSince }),
      read(new GetEbsEncryptionByDefaultCommand({})),
      read(new GetEbsDefaultKmsKeyIdCommand({})),
    ]);
    const key = settings.kmsKey ?? KmsKeyId ?? AWS_MANAGED_ALIAS;
    return { ...known, ...copies, isDefault: EbsEncryptionByDefault === true, isUnderManagedKey: key.endsWith(AWS_MANAGED_ALIAS) };
  },

  judge(facts): Verdict {
    const { image, open, copy, isDefault, recipe } = facts;
    // AWS does not say what DescribeImages shows of devices whose snapshots are being made; EC2 reports when they are done
    if (image.State === 'pending') return { is: 'compliant', says: 'The image is pending, and is judged when it is available.' };
    if (open.length === 0) return { is: 'compliant', says: 'The image has no unencrypted device.' };
    if (image.State === 'disabled') return { is: 'skip', says: 'The image is disabled, so nothing is launched from it.' };
    const keeper = keeperOf(image);
    if (keeper) return { is: 'skip', says: keeper.says, advice: [keeper.advice] };
    const by = copy?.image.ImageId;
    if (by && facts.named?.id === by && whyUnfit(imageCopies, facts) === undefined)
      return { is: 'superseded', says: `The encrypted image ${by} replaces it; the original is kept for you to deregister.`, by };
    const claims = claimsOf(imageCopies, facts);
    return {
      is: 'violation',
      says: [
        `The image is not encrypted: ${open.join(', ')}.`,
        ...(recipe === undefined ? [] : [`Its tag names the recipe ${recipe}, which \`recipe-encrypted\` judges.`]),
        ...claims,
      ].join(' '),
      risk: [...open, isDefault, ...claims].join(' '),
      // what is launched from it is encrypted all the same
      ...(isDefault && { severity: 'low' as const }),
      advice: [...obstacles(facts), ...suspicionsOf(imageCopies, facts), ...(copy ? [] : sharingAdvice(facts))],
    };
  },

  plan(facts, { id, region, settings }): Plan {
    const { image, open, copy } = facts;
    if (open.length === 0 || image.State !== 'available') return { changes: [] };
    if (copy) return completion(id, copy, facts);
    const tags = tagsToCopy({ Tags: image.Tags });
    if (tags.length >= MOST_TAGS) return { changes: [] };
    const approval = whyApprove(facts);
    const command = new CopyImageCommand({
      SourceImageId: id,
      SourceRegion: region,
      Name: copyName(image),
      ...(image.Description && { Description: image.Description }),
      Encrypted: true,
      ...(settings.kmsKey && { KmsKeyId: settings.kmsKey }),
      // not `CopyImageTags`, which would copy the marks of Redress too
      TagSpecifications: [{ ResourceType: 'image', Tags: [...tags, { Key: COPY_OF, Value: id }] }],
    });
    return {
      changes: [
        {
          command,
          says: `Copy ${id} to an encrypted image of the same devices and tags. Nobody but this account may launch it.`,
          repeats: ['TagSpecifications'],
          made: copyIn,
        },
      ],
      later: [{ api: 'ec2:CreateTags', says: `Tag ${id} with the id of the copy that replaces it; Redress never deregisters it.` }],
      settleSeconds: settings.settleSeconds,
      ...(approval && { needsApproval: approval }),
    };
  },

  before: ({ image, open }) => ({ openDevices: open, state: image.State ?? null }),
});

function whyApprove({ named, service, image }: Facts): string | undefined {
  if (named?.is === 'gone') return `The copy ${named.id} that replaced it is gone, so somebody may not want one.`;
  // a tag alone asks nobody, or whoever may write tags could switch the fix off
  if (named?.is === 'theirs') return `${named.id} is an encrypted copy of it already; look whose it is.`;
  if (image.Public) return 'The image is public, and an encrypted one cannot be.';
  return service && `${serviceName(service)} made this image, and may look for it by its id.`;
}

function completion(id: string, copy: ImageCopy, facts: Facts): Plan {
  const { ImageId: replacement, State } = copy.image;
  if (!replacement || whyUnfit(imageCopies, facts) !== undefined) return { changes: [] };
  if (State !== 'available') return { changes: [], again: { afterSeconds: 60, why: `the copy ${replacement} is ${State}` } };
  const command = new CreateTagsCommand({ Resources: [id], Tags: [{ Key: SUPERSEDED_BY, Value: replacement }] });
  return { changes: [{ command, says: `Tag ${id} with ${replacement}, which replaces it.`, made: () => [replacement] }], completes: true };
}

/** Why no copy is made, and what a person can do. */
function obstacles(facts: Facts): string[] {
  const unfit = whyUnfit(imageCopies, facts);
  if (unfit !== undefined) return [unfit];
  if (facts.copy || tagsToCopy({ Tags: facts.image.Tags }).length < MOST_TAGS) return [];
  return [`The image has 50 tags, so the copy's own marker does not fit: remove one, and run ${FIX}.`];
}

/** What others lose who launch the original. */
function sharingAdvice({ image, isDefault, isUnderManagedKey }: Facts): string[] {
  return [
    ...(image.Public ? ['It is public, which AWS allows for unencrypted images only.'] : []),
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html
    isUnderManagedKey
      ? 'An encrypted image under the AWS managed key cannot be shared. To share the copy, set `kmsKey` to a customer key first, and let the other accounts use it.'
      : 'A copy is shared with nobody. To share it, let the other accounts use its key too.',
    ...(isDefault ? ['EBS encryption by default is on, so what is launched from it in this Region is encrypted all the same.'] : []),
  ];
}
