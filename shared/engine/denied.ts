import { isTagPolicy } from '#shared/aws/errors.ts';
import { FIX } from '#shared/control/command.ts';
import type { Finding } from '#shared/finding/finding.ts';
import type { FixInProgress } from '#shared/ledger/ledger.ts';
import type { Failed } from './sender.ts';
import { mayHaveBegun } from './state-unsure.ts';
import type { Report } from './types.ts';

/** How a write that AWS denied is reported: a permission is missing, or a policy of the organization is against it. */
export function deniedReport(api: string, { code, text, policy }: Failed, fix: FixInProgress): Report {
  const { kind, wrong: found } = fix;
  const keepsFix = mayHaveBegun(fix);
  const advice = [{ says: adviceOnDenial(api, { code, policy }) }];
  const rest = { is: 'close', found, leaves: 'rerunnable', keepsFix, advice } as const;
  // AWS's own words may hold another encoded message each time, so a finding that stays the same would be reported again
  if (policy && kind === 'fix' && !keepsFix)
    return { ...rest, status: 'open', reason: { code: 'left-unchanged', says: `${policy} denies ${api}, so it is left unchanged.` } };
  const says = policy ? `${policy} denies ${api}.` : `Redress may not ${api}: ${text}`;
  return { ...rest, status: 'failed', reason: { code: 'no-permission', says } };
}

/** What a person can do about a call that was denied. */
export function adviceOnDenial(action: string, { code, policy }: Pick<Failed, 'code' | 'policy'>): Finding['advice'][number]['says'] {
  if (policy)
    return 'Those who manage the organization decide: exempt the resource, or have them leave the role of Redress out of the policy.';
  if (isTagPolicy(code))
    return "A tag policy of the organization denies it: bring the control's settings in line with the policy, or exempt the resource.";
  return `Allow ${action} to the role of Redress, then run ${FIX}.`;
}
