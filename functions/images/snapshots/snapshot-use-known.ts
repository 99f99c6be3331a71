import { defineControl, type Target, type Verdict } from '#shared/control/control.ts';
import { later } from '../sharer.ts';
import { snapshots } from './kind.ts';
import { afterUse, codeThatShares, sharingById, sharingReads, type Use, useBySomebody, useIn, useSays } from './sharing.ts';
import { pageOfSnapshots } from './snapshots.ts';

interface Facts {
  readonly isPublic: boolean;
  readonly accounts: readonly string[];
  readonly use: Use | undefined;
}

/** How long a use is reported, in milliseconds: nothing fixes it later. */
const TOLD_FOR = 7 * 86_400_000;

export default defineControl(snapshots, {
  id: 'snapshot-use-known',
  title: 'Only known accounts use EBS snapshots',
  why: 'A snapshot that was public for seconds may have been copied meanwhile, and AWS records that only after it is private again.',
  remediation: 'Reports for a week that another account used a snapshot which is shared with nobody by now; changes nothing.',
  severity: 'high',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: [useBySomebody],
  permissions: { reads: [sharingReads] },
  references: ['https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html'],
  iac: codeThatShares,
  prevention: { none: 'It reports what was done already; the policies of snapshot-private prevent that it comes to that.' },

  targets: (record, place): Target<Use>[] => {
    const hint = useIn(record);
    return snapshots.targets(record, place).map((target) => ({ ...target, ...(hint && { hint }) }));
  },

  // each use is reported for a week of its own
  joinHints: later,

  // only the event shows a use, so that a sweep finds none; it looks again at those that are reported
  list: (read, _context, from) => pageOfSnapshots({ RestorableByUserIds: ['all'] }, read, from),

  async inspectOne({ SnapshotId: id = '' }, read, _context, { hint: use }): Promise<Facts | undefined> {
    const sharing = (await read.many(sharingById, [id])).get(id);
    return sharing && { ...sharing, use };
  },

  judge({ isPublic, accounts, use }, { now, modeOf }): Verdict {
    if (!use || now.getTime() - Date.parse(use.at) >= TOLD_FOR) return { is: 'compliant', says: 'No use of it is known of the last week.' };
    if (isPublic && modeOf('snapshot-private') !== 'off')
      return { is: 'compliant', says: 'It is public, and snapshot-private says who used it.' };
    // partners may, and the record names nobody
    if (accounts.length > 0)
      return { is: 'compliant', says: `It is shared with ${accounts.join(', ')}, and AWS does not record who used it.` };
    return {
      is: 'violation',
      says: `${useSays(use)} The snapshot is ${isPublic ? 'public' : 'shared with nobody now'}.`,
      risk: 'used',
      advice: [afterUse],
    };
  },

  before: ({ isPublic }) => ({ isPublic }),
});
