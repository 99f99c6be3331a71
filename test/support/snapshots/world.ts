import type {
  CopySnapshotCommand,
  CreateVolumePermission,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  Filter,
  Image,
  ModifySnapshotAttributeCommand,
  Snapshot,
  Tag,
} from '@aws-sdk/client-ec2';
import { actionOf } from '#shared/aws/actions.ts';
import type { AwsCommand } from '#shared/control/types.ts';
import { type Answers, answerTo } from '../answers.ts';
import { awsError, type World } from '../harness.ts';

/** The key of AWS's own that EBS takes where nobody names another. */
const EBS_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/ebs';

/** A snapshot, as a test knows it. */
export type Held = Snapshot & { permissions?: CreateVolumePermission[] };

/** A snapshot of 1 GiB that is not encrypted. */
export const openSnapshot = (SnapshotId: string): Held => ({
  SnapshotId,
  VolumeId: 'vol-1',
  VolumeSize: 1,
  State: 'completed',
  Encrypted: false,
  Tags: [],
});

/** What there is in the account, as AWS shows it. */
export interface Account {
  readonly snapshots?: readonly Held[];
  readonly images?: readonly Image[];
  readonly block?: 'block-all-sharing' | 'block-new-sharing' | 'unblocked';
  /** The state of every key; absent means that it can be used. */
  readonly keyState?: string;
  /** The tags of stacks, by name. */
  readonly stacks?: { readonly [name: string]: readonly Tag[] };
  /** How long a copy is hidden from reads, and how long it is pending, in seconds. */
  readonly hidden?: number;
  readonly pending?: number;
  readonly copyFails?: boolean;
  /** Errors that a call throws instead of answering, one after the other, by its action. */
  readonly refuses?: { readonly [action: string]: Error[] };
}

/** An EC2 that remembers what it was told about snapshots, whose copies take their time. */
export function snapshotsWorld(account: Account = {}): World & { readonly snapshots: Held[] } {
  const snapshots: Held[] = structuredClone([...(account.snapshots ?? [])]);
  const shownFrom = new Map<string, number>();
  const readyFrom = new Map<string, number>();
  const world: World & { readonly snapshots: Held[] } = { snapshots, send };
  const now = () => (world.clock?.() ?? new Date()).getTime();
  const isShown = ({ SnapshotId = '' }: Held) => now() >= (shownFrom.get(SnapshotId) ?? 0);
  const there = (id: string | undefined): Held => {
    const found = snapshots.find((one) => one.SnapshotId === id && isShown(one));
    if (!found) throw awsError('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);
    return found;
  };
  const shown = (one: Held): Snapshot => {
    const { permissions: _, ...snapshot } = structuredClone(one);
    const isPending = now() < (readyFrom.get(one.SnapshotId ?? '') ?? 0);
    return isPending ? { ...snapshot, State: 'pending' } : snapshot;
  };
  const isPublic = ({ permissions = [] }: Held) => permissions.some(({ Group }) => Group === 'all');

  const answers: Answers = {
    'ec2:DescribeSnapshots': ({ Filters = [], RestorableByUserIds }: DescribeSnapshotsCommand['input']) => ({
      Snapshots: snapshots
        .filter((one) => isShown(one) && Filters.every((filter) => fits(one, filter)))
        .filter((one) => !RestorableByUserIds || isPublic(one))
        .map(shown),
    }),
    'ec2:DescribeSnapshotAttribute': ({ SnapshotId }: { SnapshotId: string }) => ({
      SnapshotId,
      CreateVolumePermissions: structuredClone(there(SnapshotId).permissions ?? []),
    }),
    'ec2:GetSnapshotBlockPublicAccessState': () => ({ State: account.block ?? 'unblocked', ManagedBy: 'account' }),
    'ec2:DescribeImages': ({ Filters = [] }: DescribeImagesCommand['input']) => ({
      Images: (account.images ?? []).filter(({ BlockDeviceMappings = [] }) =>
        BlockDeviceMappings.some(({ Ebs }) => Filters[0]?.Values?.includes(Ebs?.SnapshotId ?? '')),
      ),
    }),
    'ec2:ModifySnapshotAttribute': (input: ModifySnapshotAttributeCommand['input']) => {
      const one = there(input.SnapshotId);
      const asked = [...(input.GroupNames ?? []).map((Group) => ({ Group })), ...(input.UserIds ?? []).map((UserId) => ({ UserId }))];
      const isSame = (a: object) => asked.some((b) => JSON.stringify(a) === JSON.stringify(b));
      const kept = (one.permissions ?? []).filter((permission) => !isSame(permission));
      one.permissions = (input.OperationType === 'add' ? [...kept, ...asked] : kept) as CreateVolumePermission[];
    },
    'ec2:CopySnapshot': (input: CopySnapshotCommand['input']) => {
      const source = there(input.SourceSnapshotId);
      if (shown(source).State !== 'completed') throw awsError('IncorrectState', 'The snapshot is not completed.');
      const id = `snap-copy${snapshots.filter(({ SnapshotId }) => SnapshotId?.startsWith('snap-copy')).length + 1}`;
      shownFrom.set(id, now() + (account.hidden ?? 0) * 1000);
      readyFrom.set(id, now() + (account.pending ?? 0) * 1000);
      snapshots.push({
        SnapshotId: id,
        VolumeId: 'vol-ffffffff',
        VolumeSize: source.VolumeSize,
        StartTime: new Date(now()),
        Encrypted: input.Encrypted ?? false,
        KmsKeyId: input.KmsKeyId ?? EBS_KEY,
        State: account.copyFails ? 'error' : 'completed',
        ...(input.Description && { Description: input.Description }),
        Tags: input.TagSpecifications?.[0]?.Tags ?? [],
      });
      return { SnapshotId: id };
    },
    'ec2:CreateTags': ({ Resources = [], Tags = [] }: { Resources: string[]; Tags: Tag[] }) => {
      for (const one of Resources.map(there))
        one.Tags = [...(one.Tags ?? []).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key)), ...Tags];
    },
    'ec2:DeleteTags': ({ Resources = [], Tags = [] }: { Resources: string[]; Tags: Tag[] }) => {
      for (const one of Resources.map(there)) one.Tags = (one.Tags ?? []).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key));
    },
    'cloudformation:DescribeStacks': ({ StackName }: { StackName: string }) => ({
      Stacks: [{ StackName, Tags: account.stacks?.[StackName] ?? [] }],
    }),
    'kms:DescribeKey': ({ KeyId }: { KeyId: string }) => ({ KeyMetadata: { KeyId, KeyState: account.keyState ?? 'Enabled' } }),
  };

  async function send(command: AwsCommand): Promise<unknown> {
    const action = actionOf(command);
    return answerTo(command, answers, { [action]: account.refuses?.[action]?.shift() });
  }
  return world;
}

function fits(one: Held, { Name = '', Values = [] }: Filter): boolean {
  const isTagged = (value: string) => one.Tags?.some(({ Key, Value }) => `tag:${Key}` === Name && Value === value) ?? false;
  return Values.some((value) => {
    if (Name === 'snapshot-id') return one.SnapshotId === value;
    if (Name === 'encrypted') return String(one.Encrypted ?? false) === value;
    if (Name.startsWith('tag:')) return isTagged(value);
    throw new Error(`this world knows no filter ${Name}`);
  });
}
