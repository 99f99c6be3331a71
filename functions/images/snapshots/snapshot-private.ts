import { GetSnapshotBlockPublicAccessStateCommand } from '@aws-sdk/client-ec2';
import { defineControl, type Plan, type Target, type Verdict } from '#shared/control/control.ts';
import { later } from '../sharer.ts';
import { restored, snapshots } from './kind.ts';
import {
  afterUse,
  changeSharing,
  codeThatShares,
  publishing,
  sharingById,
  sharingCalls,
  sharingReads,
  type Use,
  unsharing,
  useBySomebody,
  useIn,
  useSays,
} from './sharing.ts';
import { imagesBySnapshot, pageOfSnapshots, publicSnapshots } from './snapshots.ts';

interface Facts {
  readonly isPublic: boolean;
  /** The accounts that it is shared with by id. */
  readonly accounts: readonly string[];
  /** Whether block public access hides for now that it is public. */
  readonly isHidden: boolean;
  /** A public image that is made of it. */
  readonly image: string | undefined;
  readonly use: Use | undefined;
}

const BLOCK = 'AWS::EC2::SnapshotBlockPublicAccess';
const blocking = snapshots.calls('DisableSnapshotBlockPublicAccess', 'EnableSnapshotBlockPublicAccess');
const everyone = { group: ['all'] };
const guide = 'https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html';

export default defineControl(snapshots, {
  id: 'snapshot-private',
  title: 'EBS snapshots are private',
  why: 'Any AWS account can make a volume from a public snapshot, and read everything that is on it.',
  remediation: 'Removes public sharing. Accounts that it is shared with by id keep their access.',
  severity: 'critical',
  defaultMode: 'approve',
  amountsTo: 'It can make any unencrypted snapshot of the account public, for an undo does that.',
  triggers: [
    sharingCalls('add', everyone),
    // so that a finding ends when a person makes it private
    sharingCalls('remove', everyone),
    snapshots.calls('ResetSnapshotAttribute'),
    blocking,
    restored,
    useBySomebody,
  ],
  sweep: { every: '1 day', atDeployment: true },
  // CloudFormation has no property for it, and Terraform's permission names accounts only, so no code keeps a snapshot public:
  // https://github.com/hashicorp/terraform-provider-aws/issues/13198
  fixesManaged: true,
  permissions: {
    reads: [sharingReads, { action: 'ec2:GetSnapshotBlockPublicAccessState' }, { action: 'ec2:DescribeImages' }],
    writes: [unsharing, publishing],
  },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html',
    guide,
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySnapshotAttribute.html',
  ],
  iac: codeThatShares,
  prevention: {
    declarative: { snapshot_block_public_access: { state: { '@@assign': 'block_all_sharing' } } },
    scp: [
      {
        actions: ['ec2:ModifySnapshotAttribute'],
        resources: ['arn:*:ec2:*::snapshot/*'],
        conditions: { StringEquals: { 'ec2:Add/group': 'all' } },
      },
    ],
    breaks: 'Nobody can publish a snapshot any more, and what is public already cannot be used by others.',
    references: [
      guide,
      'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html',
      'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html',
    ],
  },

  targets(record, place): Target<Use>[] {
    if (blocking.eventNames.includes(record.eventName)) return [{ type: BLOCK, id: place.account }];
    const hint = useIn(record);
    return snapshots.targets(record, place).map((target) => ({ ...target, ...(hint && { hint }) }));
  },

  joinHints: later,

  async find(blocks, read) {
    const ids = await publicSnapshots(read);
    return new Map(blocks.map((block) => [block.id, ids.map((id) => ({ type: snapshots.type, id }))]));
  },

  list: (read, _context, from) => pageOfSnapshots({ RestorableByUserIds: ['all'] }, read, from),

  async inspectOne({ SnapshotId: id = '' }, read, _context, { hint: use }): Promise<Facts | undefined> {
    const sharing = (await read.many(sharingById, [id])).get(id);
    if (!sharing?.isPublic) return sharing && { ...sharing, isHidden: false, image: undefined, use };
    const [{ State }, images] = await Promise.all([
      read(new GetSnapshotBlockPublicAccessStateCommand({})),
      read.many(imagesBySnapshot, [id]),
    ]);
    const image = images.get(id)?.find(({ Public }) => Public)?.ImageId;
    return { ...sharing, isHidden: State === 'block-all-sharing', image, use };
  },

  judge({ isPublic, accounts, isHidden, image, use }): Verdict {
    const kept = accounts.length > 0 ? ` It stays shared with ${accounts.join(', ')}.` : '';
    if (!isPublic) return { is: 'compliant', says: `The snapshot is not public.${kept}` };
    const says = isHidden
      ? 'The snapshot is public. Block public access hides that for now: the moment that is lifted, every AWS account can make a volume from it.'
      : 'The snapshot is public: every AWS account can make a volume from it.';
    return {
      is: 'violation',
      says: [says, ...(use ? [useSays(use)] : [])].join(' '),
      risk: `${isHidden ? 'hidden' : 'public'}${use ? ' used' : ''}`,
      ...(isHidden && { severity: 'medium' }),
      advice: [
        ...(use ? [afterUse] : []),
        ...(image ? [`The image ${image} is made of it and is public too: image-private says what to do about that.`] : []),
        ...(isHidden || use ? [] : ['Change every secret that is on it: others may have copied it, and a copy stays theirs.']),
      ],
    };
  },

  plan: ({ isPublic, image }, { id }): Plan => ({
    changes: isPublic ? [{ command: changeSharing(id, 'remove', { GroupNames: ['all'] }), says: `Remove public sharing from ${id}.` }] : [],
    // whoever copies a public image has to read its snapshots
    ...(image && { needsApproval: `The image ${image}, which is made of it, is public too, so somebody may mean it.` }),
  }),

  before: ({ isPublic }) => ({ isPublic }),

  undo: ({ isPublic }, _facts, { id }): Plan => ({
    changes: isPublic ? [{ command: changeSharing(id, 'add', { GroupNames: ['all'] }), says: `Make ${id} public again.` }] : [],
  }),
});
