import { isKeyPolicy, isTagPolicy } from '#shared/aws/errors.ts';
import { FIX } from '#shared/control/command.ts';
import type { Finding, Reason } from '#shared/finding/finding.ts';
import type { FixInProgress } from '#shared/ledger/ledger.ts';
import type { Failed } from './sender.ts';
import type { Report } from './types.ts';

/** A report that ends a case for the time being. */
export type Failure = Extract<Report, { is: 'close' }>;

/** How a write that AWS denied is reported: a permission is missing, or a policy of the organization is against it. */
export function deniedReport(
  api: string,
  { code, text, policy }: Failed,
  { kind }: Pick<FixInProgress, 'kind'>,
  failed: (reason: Reason, leaves: 'rerunnable', advice: Finding['advice']) => Failure,
): Failure {
  const says = policy ? `${policy} denies ${api}.` : isKeyPolicy(text) ? `AWS denies ${api}: ${text}` : `Redress may not ${api}: ${text}`;
  const advice = isKeyPolicy(text) ? `Look at the policy of the key, then run ${FIX}.` : adviceOnDenial(api, { code, policy });
  const report = failed({ code: 'no-permission', says }, 'rerunnable', [{ says: advice }]);
  // what is half made, and an undo that is ordered, have failed, whoever denies it
  if (!policy || kind === 'undo' || report.keepsFix) return report;
  // without AWS's own words: with another encoded message each time, a finding that stays the same would be reported again
  return { ...report, status: 'open', reason: { code: 'left-unchanged', says: `${policy} denies ${api}, so it is left unchanged.` } };
}

/** The call that gives a hub its sessions in a member. */
export const ASSUME_ROLE = 'sts:AssumeRole';

/** What a person can do about a call that was denied. */
export function adviceOnDenial(action: string, { code, policy }: Pick<Failed, 'code' | 'policy'>): string {
  if (policy)
    return 'Those who manage the organization decide: exempt the resource, or have them leave the role of Redress out of the policy.';
  if (isTagPolicy(code))
    return "A tag policy of the organization denies it: bring the control's settings in line with the policy, or exempt the resource.";
  if (action === ASSUME_ROLE)
    return `Let the hub assume the role that the answer names: deploy the roles of Redress to the account, then run ${FIX}.`;
  return `Allow ${action} to the role of Redress, then run ${FIX}.`;
}
