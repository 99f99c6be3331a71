import { CopyVolumesCommand, CreateTagsCommand, type Instance, type Volume } from '@aws-sdk/client-ec2';
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
import { partOf } from '#shared/aws/pages.ts';
import { FIX } from '#shared/control/command.ts';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { serviceName } from '#shared/control/manager.ts';
import { encryptionPages, refusesUnencrypted, UNTRIED } from '#shared/launch/prevention.ts';
import { instancesById } from '#shared/tags/parents.ts';
import { MOST_TAGS } from '#shared/tags/taggable.ts';
import { copiesIn, volumeCopies } from './copies.ts';
import { adviceInUse, attachmentsOf } from './in-use.ts';
import { madeUnencrypted, volumes } from './kind.ts';
import { pageOfVolumes } from './volumes.ts';

type Facts = Copies<Volume> & {
  readonly volume: Volume;
  readonly via: string | undefined;
  /** What it is attached to, as far as AWS shows it. */
  readonly instances: ReadonlyMap<string, Instance>;
};

const anyVolume = 'arn:{partition}:ec2:{region}:{account}:volume/*';
const settleSeconds = v.pipe(
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 900),
  v.description('How long a volume must have been unattached before it is replaced, in seconds.'),
);
const kmsKey = v.pipe(
  v.optional(v.string()),
  v.description("The key of the copies: id, ARN or alias; absent means the account's default key of EBS."),
);
// no tool encrypts a volume that is there: CloudFormation refuses the update, and Terraform replaces the volume with an empty one
const iac = {
  about: 'encryption',
  cloudFormation:
    'take a snapshot, and make another AWS::EC2::Volume with `SnapshotId: SNAPSHOT` and `Encrypted: true`: an update of this one fails. In an AWS::EC2::Instance, set `Encrypted: true` under `Ebs` of `BlockDeviceMappings`, which replaces the instance.',
  terraform:
    'take a snapshot, and set `snapshot_id = "SNAPSHOT"` and `encrypted = true` on the aws_ebs_volume: without the snapshot an empty volume takes its place. In an aws_instance, set `encrypted = true` in `root_block_device` or `ebs_block_device`, which replaces the instance.',
  cdk: "take a snapshot, and make another ec2.Volume with `snapshotId: 'SNAPSHOT'` and `encrypted: true`: an update of this one fails. In an ec2.Instance, set `encrypted: true` in `BlockDeviceVolume.ebs(…)` of `blockDevices`, which replaces the instance.",
  kubernetes:
    'make another StorageClass with `encrypted: "true"` under `parameters`, and claims that name it: the parameters of one that is there cannot be changed. Move what this volume holds to a claim of the new class.',
} as const;
const onBehalf = 'EBS uses a customer key on behalf of whoever calls CopyVolumes';
const viaEc2 = { StringEquals: { 'kms:ViaService': ['ec2.{region}.amazonaws.com', 'ec2.{region}.amazonaws.com.cn'] } };

export default defineControl(volumes, {
  id: 'volume-encrypted',
  title: 'EBS volumes are encrypted',
  why: 'Whoever gets hold of an unencrypted volume, or of a snapshot of it, can read its data.',
  remediation:
    'Replaces an unattached volume with an equal, encrypted copy; tags the original and never deletes it. Reports an attached one.',
  severity: 'high',
  defaultMode: 'observe',
  triggers: [
    ...madeUnencrypted.map((trigger) => ({ ...trigger, isMistake: true })),
    volumes.calls('RunInstances', 'AttachVolume', 'CreateReplaceRootVolumeTask', 'RestoreVolumeFromRecycleBin'),
  ],
  permissions: {
    reads: [{ action: 'kms:DescribeKey' }, { action: 'ec2:DescribeInstances' }],
    writes: [
      { action: 'ec2:CopyVolumes', resource: anyVolume },
      // which of the two AWS takes for the tags of a copy is not documented
      {
        action: 'ec2:CreateTags',
        resource: anyVolume,
        conditions: { StringEquals: { 'ec2:CreateAction': ['CopyVolumes', 'CreateVolume'] } },
      },
      {
        action: 'ec2:CreateTags',
        resource: anyVolume,
        conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': [SUPERSEDED_BY] }, Null: { 'aws:TagKeys': 'false' } },
      },
      { action: 'kms:DescribeKey', conditions: viaEc2, impliedBy: onBehalf },
      { action: 'kms:Decrypt', conditions: viaEc2, impliedBy: onBehalf },
      { action: 'kms:GenerateDataKeyWithoutPlaintext', conditions: viaEc2, impliedBy: onBehalf },
      { action: 'kms:ReEncrypt*', conditions: viaEc2, impliedBy: onBehalf },
      { action: 'kms:CreateGrant', conditions: { ...viaEc2, Bool: { 'kms:GrantIsForAWSResource': 'true' } }, impliedBy: onBehalf },
    ],
  },
  settings: { settleSeconds: settleSeconds, kmsKey },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html',
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copying-volume.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyVolumes.html',
  ],
  iac,
  prevention: {
    scp: [refusesUnencrypted('ec2:CreateVolume', 'ec2:RunInstances')],
    breaks: `AWS refuses whoever makes a volume or launches an instance without encryption. ${UNTRIED}`,
    references: [encryptionPages.refusal, encryptionPages.scope],
  },
  // https://aws.amazon.com/ebs/pricing/ and the page on copying a volume
  costs: 'AWS bills a fee for each GiB that is copied, and the copy as a second volume until you delete the original.',

  async list(read, _context, from) {
    const open = await pageOfVolumes([{ Name: 'encrypted', Values: ['false'] }], read, from);
    return partOf(open, ({ VolumeId }) => (VolumeId ? [{ type: volumes.type, id: VolumeId }] : []));
  },

  async inspectOne(volume, read, _context, { hint, made = [], madeSince }): Promise<Facts> {
    const known = { volume, via: hint?.via };
    if (volume.Encrypted) return { ...known, ...noCopies, instances: new Map() };
    const [copies, instances] = await Promise.all([
      copiesOf(volumeCopies, volume, made, read, { madeSince }),
      read.many(
        instancesById,
        attachmentsOf(volume).flatMap(({ InstanceId }) => InstanceId ?? []),
      ),
    ]);
    return { ...known, ...copies, instances };
  },

  judge(facts, { settings }): Verdict {
    const { volume, copy, instances } = facts;
    if (volume.Encrypted) return { is: 'compliant', says: 'The volume is encrypted.' };
    if (volume.State === 'error') return { is: 'skip', says: 'The volume failed, so there is nothing to copy: delete it.' };
    const attached = instancesOf(volume);
    const by = copy?.VolumeId;
    if (attached.length === 0 && by && facts.named?.id === by && whyUnfit(volumeCopies, facts) === undefined) {
      return { is: 'superseded', says: `The encrypted volume ${by} replaces it; the original is kept for you to delete.`, by };
    }
    if (attached.length === 0)
      return {
        is: 'violation',
        says: ['The volume is not encrypted, and not attached.', ...claimsOf(volumeCopies, facts)].join(' '),
        risk: ['free', ...claimsOf(volumeCopies, facts)].join(' '),
        advice: [...obstacles(facts), ...suspicionsOf(volumeCopies, facts)],
      };
    return {
      is: 'violation',
      says: `The volume is not encrypted, and attached to ${attached.join(', ')}; Redress never changes a volume in use.`,
      // to which instance changes with each that a cluster starts
      risk: 'in use',
      // what is written from now on is in no copy
      ...(by && { outdates: [by] }),
      advice: [
        ...(copy ? [`The copy ${copy.VolumeId} was made before the volume was attached and may lack later writes: delete it.`] : []),
        ...suspicionsOf(volumeCopies, facts),
        ...adviceInUse(volume, instances, settings.kmsKey),
      ],
    };
  },

  plan(facts, { settings }): Plan {
    const { volume, copy } = facts;
    if (instancesOf(volume).length > 0 || !volume.VolumeId) return { changes: [] };
    if (copy) return completion(volume.VolumeId, copy, facts);
    if (volume.State !== 'available') return { changes: [], again: { afterSeconds: 15, why: `the volume is ${volume.State}` } };
    const tags = tagsToCopy(volume);
    if (tags.length >= MOST_TAGS) return { changes: [] };
    const approval = whyApprove(facts);
    const command = new CopyVolumesCommand({
      SourceVolumeId: volume.VolumeId,
      Encrypted: true,
      VolumeType: volume.VolumeType,
      // gp2 and the magnetic types report IOPS too, but a copy refuses them as input
      ...(['io1', 'io2', 'gp3'].includes(volume.VolumeType ?? '') && { Iops: volume.Iops }),
      ...(volume.VolumeType === 'gp3' && { Throughput: volume.Throughput }),
      ...(volume.MultiAttachEnabled && { MultiAttachEnabled: true }),
      ...(settings.kmsKey && { KmsKeyId: settings.kmsKey }),
      TagSpecifications: [{ ResourceType: 'volume', Tags: [...tags, { Key: COPY_OF, Value: volume.VolumeId }] }],
    });
    return {
      changes: [
        {
          command,
          says: `Copy ${volume.VolumeId} to an encrypted volume of the same size, type, zone and tags.`,
          repeats: ['TagSpecifications'],
          made: copiesIn,
        },
      ],
      later: [
        { api: 'ec2:CreateTags', says: `Tag ${volume.VolumeId} with the id of the copy that replaces it; Redress never deletes it.` },
      ],
      settleSeconds: settings.settleSeconds,
      ...(approval && { needsApproval: approval }),
    };
  },

  before: ({ volume }) => ({
    encrypted: volume.Encrypted ?? null,
    state: volume.State ?? null,
    type: volume.VolumeType ?? null,
    sizeGiB: volume.Size ?? null,
    availabilityZone: volume.AvailabilityZone ?? null,
  }),
});

function whyApprove({ named, via }: Facts): string | undefined {
  if (named?.is === 'gone') return `The copy ${named.id} that replaced it is gone, so somebody may not want one.`;
  // a tag alone asks nobody, or whoever may write tags could switch the fix off
  if (named?.is === 'theirs') return `${named.id} is an encrypted copy of it already; look whose it is.`;
  return via?.endsWith('.amazonaws.com') ? `${serviceName(via)} made this volume, and may look for it by its id.` : undefined;
}

function completion(id: string, copy: Volume, facts: Facts): Plan {
  if (!copy.VolumeId || whyUnfit(volumeCopies, facts) !== undefined) return { changes: [] };
  if (copy.State !== 'available' && copy.State !== 'in-use')
    return { changes: [], again: { afterSeconds: 30, why: `the copy ${copy.VolumeId} is ${copy.State}` } };
  const replacement = copy.VolumeId;
  const command = new CreateTagsCommand({ Resources: [id], Tags: [{ Key: SUPERSEDED_BY, Value: copy.VolumeId }] });
  // one whose answer was lost is not recorded yet
  return { changes: [{ command, says: `Tag ${id} with ${replacement}, which replaces it.`, made: () => [replacement] }], completes: true };
}

/** Why no copy is made of a volume that is free, and what a person can do. */
function obstacles(facts: Facts): string[] {
  const { volume, copy } = facts;
  const unfit = whyUnfit(volumeCopies, facts);
  if (unfit !== undefined) return [unfit];
  if (copy) return [];
  return tagsToCopy(volume).length < MOST_TAGS
    ? []
    : [`The volume has 50 tags, so the copy's own marker does not fit: remove one, and run ${FIX}.`];
}

function instancesOf(volume: Volume): string[] {
  return attachmentsOf(volume).map(({ InstanceId }) => InstanceId ?? 'an instance');
}
