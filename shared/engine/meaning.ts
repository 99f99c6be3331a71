import { createHash } from 'node:crypto';
import type { Severity, Verdict } from '#shared/control/control.ts';
import { type Finding, type Reason, waitingReasons } from '#shared/finding/finding.ts';
import type { Meaning } from '#shared/ledger/ledger.ts';
import type { Report, Run } from './types.ts';

/** Reasons that pass by themselves, or are said once: they do not change what a finding means. */
const passing: readonly Reason['code'][] = [...waitingReasons, 'exemption-ended', 'mode', 'plan-changed', 'last-try'];

/** Reasons whose sentence names a cause that stays; the sentences of the others hold times, counts or words of AWS. */
const telling: readonly Reason['code'][] = ['managed', 'claimed', 'left-unchanged', 'needs-approval'];

/** What is at risk by a verdict, so that it can be compared: by itself a sentence may name what changes while the risk does not. */
export function riskOf(verdict: Verdict): string | undefined {
  if (verdict.is === 'violation') return digest(verdict.risk ?? verdict.says);
  return verdict.is === 'skip' ? digest(verdict.says) : undefined;
}

/** What a finding means as it is reported; a part that is absent is not known this time. */
export function meaningOf({ control, state }: Run, report: Report, severity: Severity): Meaning {
  const reason = report.is === 'answer' ? undefined : report.reason;
  const isPassing = report.is === 'answer' || (reason !== undefined && passing.includes(reason.code));
  // each call says something else, and is counted
  const risk = control.kind.is === 'call' ? undefined : state.finding?.risk;
  return { severity, ...(!isPassing && { reason: sayReason(reason) }), ...(risk !== undefined && { risk }) };
}

/** The parts of a meaning that are known before and after, and differ. */
export function changedIn(before: Meaning | undefined, now: Meaning): NonNullable<Finding['changed']> {
  const differs = (part: keyof Meaning) => before?.[part] !== undefined && now[part] !== undefined && before[part] !== now[part];
  return (['severity', 'reason', 'risk'] as const).filter(differs);
}

function sayReason(reason: Reason | undefined): string {
  if (!reason) return '';
  return telling.includes(reason.code) ? `${reason.code} ${digest(reason.says)}` : reason.code;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
