import {
  DisableSnapshotBlockPublicAccessCommand,
  EnableSnapshotBlockPublicAccessCommand,
  GetSnapshotBlockPublicAccessStateCommand,
  type SnapshotBlockPublicAccessState,
} from '@aws-sdk/client-ec2';
import { ec2Setting } from '../ec2-setting.ts';

/** How far public sharing of snapshots is blocked. */
export type SnapshotSharing = { readonly state: SnapshotBlockPublicAccessState };

/** Block public access for EBS snapshots. */
export const snapshotSharing = ec2Setting<SnapshotSharing>({
  noun: 'snapshot-sharing',
  plural: 'Block public access for snapshots',
  changed: ['DisableSnapshotBlockPublicAccess', 'EnableSnapshotBlockPublicAccess'],
  reads: [{ action: 'ec2:GetSnapshotBlockPublicAccessState' }],
  async read(read) {
    const { State = 'unblocked', ManagedBy } = await read(new GetSnapshotBlockPublicAccessStateCommand({}));
    return { state: { state: State }, managedBy: ManagedBy };
  },
  restore: ({ state }) => [
    state === 'unblocked'
      ? {
          command: new DisableSnapshotBlockPublicAccessCommand({}),
          says: 'Turn block public access for snapshots off again, so that snapshots which are set to public are public again.',
        }
      : {
          command: new EnableSnapshotBlockPublicAccessCommand({ State: state }),
          says: `Set block public access for snapshots to ${state} again, so that snapshots which are set to public are public again.`,
        },
  ],
});
