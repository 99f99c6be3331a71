import { DescribeSnapshotsCommand, EnableSnapshotBlockPublicAccessCommand } from '@aws-sdk/client-ec2';
import * as v from 'valibot';
import { onePage, partOf } from '#shared/aws/pages.ts';
import { defineControl, type Plan, type Reader, type Verdict } from '#shared/control/control.ts';
import { areOrIs, named, notAsked, PAGE, type Public, publicOf } from '../public.ts';
import { type SnapshotSharing, snapshotSharing } from './kind.ts';

type Facts = SnapshotSharing & { readonly open: Public };

const accept = v.pipe(
  v.optional(v.picklist(['block-new-sharing'])),
  v.description('A weaker state that is enough as long as no snapshot is public.'),
);
const guide = 'https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html';

export default defineControl(snapshotSharing, {
  id: 'snapshot-sharing-blocked',
  title: 'Public sharing of EBS snapshots is blocked',
  why: 'One call makes a snapshot public, and then any AWS account can copy it and read everything on it. The block makes that call impossible.',
  remediation:
    'Blocks all public sharing of snapshots in the Region. Asks first where a snapshot is public, for nobody else could use it any more.',
  severity: 'high',
  defaultMode: 'fix',
  // not the call that publishes a snapshot: a block right after the fix of that snapshot would make its undo impossible
  triggers: [...snapshotSharing.created],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [{ action: 'ec2:DescribeSnapshots' }],
    writes: [{ action: 'ec2:EnableSnapshotBlockPublicAccess' }, { action: 'ec2:DisableSnapshotBlockPublicAccess' }],
  },
  settings: { accept },
  references: [guide, 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableSnapshotBlockPublicAccess.html'],
  iac: {
    cloudFormation: 'have an AWS::EC2::SnapshotBlockPublicAccess with `State: block-all-sharing` in each Region.',
    terraform: 'have an aws_ebs_snapshot_block_public_access with `state = "block-all-sharing"` in each Region.',
    cdk: "have an ec2.CfnSnapshotBlockPublicAccess with `state: 'block-all-sharing'` in each Region.",
  },
  prevention: {
    declarative: { snapshot_block_public_access: { state: { '@@assign': 'block_all_sharing' } } },
    breaks: 'Nobody can use snapshots that are public, and no account can publish any.',
    references: [guide, 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html'],
  },

  async inspectOne({ state: { state } }, read): Promise<Facts> {
    return { state, open: state === 'block-all-sharing' ? notAsked : await publicSnapshots(read) };
  },

  judge({ state, open }, { settings }): Verdict {
    if (state === 'block-all-sharing') return { is: 'compliant', says: 'All public sharing of snapshots is blocked.' };
    if (state === settings.accept && open.ids.length === 0)
      return { is: 'compliant', says: 'No snapshot is public, and none can be made public.' };
    const what =
      state === 'unblocked'
        ? 'Block public access for snapshots is off: everybody who may share a snapshot can make it public'
        : `Block public access for snapshots is ${state}: what is public stays public`;
    if (open.ids.length === 0) return { is: 'violation', says: `${what}. No snapshot is public.`, risk: what };
    return {
      is: 'violation',
      says: `${what}. Public now: ${named(open)}.`,
      // each public snapshot is reported for itself
      risk: what,
      advice: [
        'Look at what others get from these snapshots. If they are public on purpose, exempt this setting; if not, approve the fix.',
      ],
    };
  },

  plan({ open }): Plan {
    const command = new EnableSnapshotBlockPublicAccessCommand({ State: 'block-all-sharing' });
    const changes = [{ command, says: 'Block all public sharing of snapshots in this Region.' }];
    if (open.ids.length === 0) return { changes };
    return {
      changes,
      needsApproval: `A person should look first: ${named(open)} ${areOrIs(open)} public, and nobody else could use ${open.ids.length > 1 ? 'them' : 'it'} any more.`,
    };
  },

  before: ({ state }): SnapshotSharing => ({ state }),
});

async function publicSnapshots(read: Reader): Promise<Public> {
  const command = (token: { readonly NextToken?: string }) =>
    new DescribeSnapshotsCommand({ OwnerIds: ['self'], RestorableByUserIds: ['all'], MaxResults: PAGE, ...token });
  return await publicOf(async (from) =>
    partOf(await onePage(read, command, ({ Snapshots }) => Snapshots, from), ({ SnapshotId }) => SnapshotId ?? []),
  );
}
