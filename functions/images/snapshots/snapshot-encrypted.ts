import { CopySnapshotCommand, CreateTagsCommand, type Image, type Snapshot } from '@aws-sdk/client-ec2';
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
import { type CaseContext, defineControl, type Plan, type Reader, type Target, type Verdict } from '#shared/control/control.ts';
import { MOST_TAGS } from '#shared/tags/taggable.ts';
import { keeperOf } from './keepers.ts';
import { EBS, restored, snapshots } from './kind.ts';
import { copyIn, imagesBySnapshot, marksTellMore, pageOfSnapshots, snapshotCopies, volumeOf } from './snapshots.ts';

type Facts = Copies<Snapshot> & {
  readonly snapshot: Snapshot;
  /** The account's images that are made of it. */
  readonly images: readonly Image[];
};

const anySnapshot = 'arn:{partition}:ec2:{region}::snapshot/*';
const kmsKey = v.pipe(
  v.optional(v.string()),
  v.description("The key of the copies: id, ARN or alias; absent means the account's default key of EBS."),
);
const onBehalf = 'EBS uses a customer key on behalf of whoever calls CopySnapshot';
const viaEc2 = { StringEquals: { 'kms:ViaService': ['ec2.{region}.amazonaws.com', 'ec2.{region}.amazonaws.com.cn'] } };
const guide = 'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html';

export default defineControl(snapshots, {
  id: 'snapshot-encrypted',
  title: 'EBS snapshots are encrypted',
  why: 'Whoever an unencrypted snapshot is shared with can read it, and it can be made public.',
  remediation: 'Makes an encrypted copy beside the snapshot, and tags the original with it; never deletes the original.',
  severity: 'medium',
  defaultMode: 'observe',
  triggers: [
    { ...snapshots.calls('CreateSnapshot'), where: { responseElements: { encrypted: [false] } } },
    // [U] whether the records of these show encryption is not known
    snapshots.calls('CreateSnapshots', 'CopySnapshot'),
    // the key is hidden in the record, and there where the snapshot is encrypted
    { eventSource: EBS, eventNames: ['StartSnapshot'], where: { responseElements: { kmsKeyArn: [{ exists: false }] } } },
    restored,
  ],
  permissions: {
    reads: [{ action: 'ec2:DescribeImages' }, { action: 'kms:DescribeKey' }],
    writes: [
      { action: 'ec2:CopySnapshot', resource: anySnapshot },
      { action: 'ec2:CreateTags', resource: anySnapshot, conditions: { StringEquals: { 'ec2:CreateAction': 'CopySnapshot' } } },
      {
        action: 'ec2:CreateTags',
        resource: anySnapshot,
        conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': [SUPERSEDED_BY] }, Null: { 'aws:TagKeys': 'false' } },
      },
      { action: 'kms:DescribeKey', conditions: viaEc2, impliedBy: onBehalf },
      { action: 'kms:Decrypt', conditions: viaEc2, impliedBy: onBehalf },
      { action: 'kms:GenerateDataKeyWithoutPlaintext', conditions: viaEc2, impliedBy: onBehalf },
      { action: 'kms:ReEncrypt*', conditions: viaEc2, impliedBy: onBehalf },
      { action: 'kms:CreateGrant', conditions: { ...viaEc2, Bool: { 'kms:GrantIsForAWSResource': 'true' } }, impliedBy: onBehalf },
    ],
  },
  // EC2 makes at most 20 copies of snapshots at once in a Region
  limit: { fixes: 10, minutes: 10 },
  settings: { kmsKey },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html',
    guide,
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopySnapshot.html',
  ],
  // a snapshot is encrypted as its volume is, and another can only be a copy
  iac: {
    about: 'encryption',
    cloudFormation: 'set `Encrypted: true` on the AWS::EC2::Volume that it is of, which replaces the volume: copy its data first.',
    terraform:
      'have an aws_ebs_snapshot_copy with `source_snapshot_id`, `source_region` and `encrypted = true`, and use that. An aws_ebs_snapshot is encrypted as its volume is.',
    cdk: 'set `encrypted: true` on the ec2.Volume that it is of, which replaces the volume: copy its data first.',
  },
  prevention: {
    none: 'A snapshot is encrypted as its volume is: the policies of volume-encrypted and ebs-default-encryption prevent those that are not.',
  },
  // https://aws.amazon.com/ebs/pricing/
  costs: 'AWS bills the copy as a second, full snapshot until you delete the original.',

  list: (read, _context, from) => pageOfSnapshots({ Filters: [{ Name: 'encrypted', Values: ['false'] }] }, read, from),

  async inspect(targets, read, { now }) {
    const recordedOf = ({ made = [] }: Target) => (made === 'unrecorded' ? [] : made);
    // what the ledger knows as copies is read in one call with the originals
    const all = await read.many(
      snapshots.items,
      targets.flatMap((target) => [target.id, ...recordedOf(target)]),
    );
    const found = targets.map(async (target): Promise<[string, Facts][]> => {
      const snapshot = all.get(target.id);
      if (!snapshot) return [];
      const recorded = recordedOf(target).flatMap((id) => all.get(id) ?? []);
      return [[target.id, await factsOf(snapshot, target, marksTellMore(snapshot, target, recorded, now), read)]];
    });
    return new Map((await Promise.all(found)).flat());
  },

  judge(facts): Verdict {
    const { snapshot, copy, named } = facts;
    if (snapshot.Encrypted) return { is: 'compliant', says: 'The snapshot is encrypted.' };
    const by = copy?.SnapshotId;
    if (by && named?.id === by && copy.State === 'completed' && whyUnfit(snapshotCopies, facts) === undefined)
      return { is: 'superseded', says: `The encrypted snapshot ${by} replaces it; the original is kept for you to delete.`, by };
    // a copy that is there is seen through, for it is paid for
    const left = copy ? undefined : whyLeft(facts);
    if (left) return { is: 'skip', ...left };
    const volume = volumeOf(snapshot);
    return {
      is: 'violation',
      says: [`The snapshot${volume ? ` of ${volume}` : ''} is not encrypted.`, ...claimsOf(snapshotCopies, facts)].join(' '),
      advice: [
        ...obstacles(facts),
        ...suspicionsOf(snapshotCopies, facts),
        ...(volume ? [`Encrypt ${volume} too, or its next snapshot is like this one: see volume-encrypted.`] : []),
      ],
    };
  },

  plan(facts, context): Plan {
    const { snapshot, copy } = facts;
    if (copy) return completion(copy, facts, context);
    if (snapshot.State !== 'completed') return { changes: [], again: { afterSeconds: 15, why: `the snapshot is ${snapshot.State}` } };
    const tags = tagsToCopy(snapshot);
    if (tags.length >= MOST_TAGS) return { changes: [] };
    const { id, region, settings } = context;
    const approval = whyApprove(facts);
    const command = new CopySnapshotCommand({
      SourceRegion: region,
      SourceSnapshotId: id,
      Encrypted: true,
      ...(settings.kmsKey && { KmsKeyId: settings.kmsKey }),
      ...(snapshot.Description && { Description: snapshot.Description }),
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [...tags, { Key: COPY_OF, Value: id }] }],
    });
    return {
      changes: [
        {
          command,
          says: `Copy ${id} to an encrypted snapshot with the same tags and description.`,
          repeats: ['TagSpecifications'],
          made: copyIn,
        },
      ],
      later: [{ api: 'ec2:CreateTags', says: `Tag ${id} with the id of the copy that replaces it; Redress never deletes it.` }],
      // a copy takes a while, and a look at once would show it pending
      again: { afterSeconds: 15, why: 'the copy is being made' },
      ...(approval && { needsApproval: approval }),
    };
  },

  before: ({ snapshot }) => ({
    encrypted: snapshot.Encrypted ?? null,
    volume: volumeOf(snapshot) ?? null,
    sizeGiB: snapshot.VolumeSize ?? null,
  }),
});

async function factsOf(snapshot: Snapshot, { id, made = [], madeSince }: Target, readsMarks: boolean, read: Reader): Promise<Facts> {
  if (snapshot.Encrypted) return { snapshot, ...noCopies, images: [] };
  const [copies, images] = await Promise.all([
    copiesOf(snapshotCopies, snapshot, made, read, { madeSince, readsMarks }),
    read.many(imagesBySnapshot, [id]),
  ]);
  return { snapshot, ...copies, images: images.get(id) ?? [] };
}

/** Why no copy is made, though the snapshot is not encrypted. */
function whyLeft({ snapshot, images }: Facts): { readonly says: string; readonly advice?: string[] } | undefined {
  const keeper = keeperOf(snapshot);
  if (keeper) return { says: `The snapshot is not encrypted. It is one of ${keeper.says}, which deletes it too.`, advice: [keeper.advice] };
  const [image] = images.flatMap(({ ImageId }) => ImageId ?? []);
  if (image) return { says: `The snapshot is not encrypted, and the image ${image} is made of it: image-encrypted judges that.` };
  if (snapshot.StorageTier !== 'archive') return undefined;
  const restore = `aws ec2 restore-snapshot-tier --snapshot-id ${snapshot.SnapshotId} --permanent-restore`;
  return {
    says: 'The snapshot is not encrypted, and it is archived: it has to be restored before it can be copied.',
    advice: [`If you need it, restore it: \`${restore}\`.`],
  };
}

/** Waits for the copy, and then tags the original with it. */
function completion(copy: Snapshot, facts: Facts, { id, now }: CaseContext): Plan {
  if (whyUnfit(snapshotCopies, facts) !== undefined) return { changes: [] };
  const { SnapshotId: replacement = '', StartTime = now } = copy;
  if (copy.State !== 'completed') {
    // minutes or hours: it is looked at as often as it is old
    const age = Math.floor((now.getTime() - StartTime.getTime()) / 1000);
    return { changes: [], again: { afterSeconds: Math.min(900, Math.max(15, age)), why: `the copy ${replacement} is ${copy.State}` } };
  }
  const command = new CreateTagsCommand({ Resources: [id], Tags: [{ Key: SUPERSEDED_BY, Value: replacement }] });
  // one whose answer was lost is not recorded yet
  return { changes: [{ command, says: `Tag ${id} with ${replacement}, which replaces it.`, made: () => [replacement] }], completes: true };
}

function whyApprove({ named, gone, strangers }: Facts): string | undefined {
  if (named?.is === 'gone') return `The copy ${named.id} that replaced it is gone, so somebody may not want one.`;
  if (named?.is === 'theirs') return `${named.id} is an encrypted copy of it already; look whose it is.`;
  if (gone.length > 0) return `AWS does not show the copy ${gone.join(', ')} that Redress made, so somebody may have deleted it.`;
  // a copy is paid for, and AWS takes no token that would keep a second from being made
  return strangers.length > 0 ? `${strangers.join(', ')} is marked as a copy of it already; look whose it is.` : undefined;
}

/** Why no copy is made, and what a person can do. */
function obstacles(facts: Facts): string[] {
  const unfit = whyUnfit(snapshotCopies, facts);
  if (unfit !== undefined) return [unfit];
  if (facts.copy || tagsToCopy(facts.snapshot).length < MOST_TAGS) return [];
  return [`The snapshot has 50 tags, so the copy's own marker does not fit: remove one, and run ${FIX}.`];
}
