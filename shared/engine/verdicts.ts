import type { Verdict } from '#shared/control/control.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { riskOf } from './meaning.ts';
import { silenceIn } from './silence.ts';
import type { Run, Words } from './types.ts';

/** A verdict's advice in the form that findings have. */
export function adviceIn(verdict: Verdict): Finding['advice'] {
  const advice = verdict.is === 'violation' || verdict.is === 'skip' ? (verdict.advice ?? []) : [];
  return advice.map((one) => (typeof one === 'string' ? { says: one } : one));
}

/** Whether a fix has reached its end. */
export function isReached(verdict: Verdict): boolean {
  return verdict.is === 'compliant' || verdict.is === 'superseded' || (verdict.is === 'skip' && verdict.endsFix === true);
}

/** What a violation says of its finding. */
export function seenIn(run: Run, verdict: Verdict & { is: 'violation' }): Words & { readonly found: string } {
  const { state, control } = run;
  const says = [verdict.says, silenceIn(run)].filter((one) => one !== undefined).join(' ');
  // what mattered less or more before is as for most again
  const severity = verdict.severity ?? (state.finding?.severity && control.severity);
  return { found: says, risk: riskOf(verdict), ...(severity && { severity }), advice: adviceIn(verdict) };
}
