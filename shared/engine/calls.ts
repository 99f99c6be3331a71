import type { Reason } from '#shared/finding/finding.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import type { Decision, Words } from './types.ts';

/** How long a finding about calls stays open, in milliseconds. */
const CALLS_STAND = 24 * 3_600_000;

/** Words about a finding, with a reason if there is one. */
export type Wording = (reason?: Reason) => Pick<Words, 'found' | 'risk' | 'reason' | 'advice'>;

/** Nothing can be fixed about calls: a day after it was opened, the finding is closed. */
export function callsStand({ finding }: CaseState, now: Date, words: Wording): Decision {
  const opened = Date.parse(finding?.receivedAt ?? now.toISOString());
  const left = Math.ceil((opened + CALLS_STAND - now.getTime()) / 1000);
  if (left > 0) return { is: 'wait', seconds: left, ...words(), reportsTo: 'everybody' };
  return { is: 'close', status: 'closed', ...words({ code: 'day-over', says: 'A day has passed since the first call.' }) };
}
