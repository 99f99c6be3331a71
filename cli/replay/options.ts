import type { Severity } from '#shared/control/types.ts';
import { Failure } from '../failure.ts';
import { parsePast } from '../times.ts';
import type { Selection } from './reading.ts';

/** The options of `redress replay`, as they are written. */
export interface ReplayOptions {
  readonly config?: string;
  readonly since?: string;
  readonly until?: string;
  readonly account?: string;
  readonly region?: string;
  readonly control?: string;
  readonly strict?: true;
  readonly exemptions?: true;
  readonly html?: string;
  readonly live?: true;
  readonly athena?: string;
  readonly printSql?: true;
  readonly workgroup: string;
  readonly yes?: true;
  readonly failOn?: Severity;
  readonly threads?: number;
}

/** The severities, the least first. */
export const severities = ['low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];

/** What is looked at; throws `Failure` for what cannot be meant. */
export function selectionOf({ since, until, account, region, strict }: ReplayOptions, now: Date): Selection {
  if (account !== undefined && !/^\d{12}$/.test(account))
    throw new Failure(`--account ${account} is not an account id of 12 digits.`, { exitCode: 2 });
  const from = since === undefined ? undefined : parsePast('--since', since, now).getTime();
  const to = until === undefined ? undefined : endOf(until, now);
  if (from !== undefined && to !== undefined && to <= from) throw new Failure('--until is not after --since.', { exitCode: 2 });
  return {
    isStrict: strict === true,
    ...(from !== undefined && { since: from }),
    ...(to !== undefined && { until: to }),
    ...(account !== undefined && { account }),
    ...(region !== undefined && { region }),
  };
}

/** Whether a severity is at least as high as another. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least);
}

/** The ids of a list with commas. */
export function idsIn(list: string | undefined): readonly string[] {
  return (list ?? '').split(',').flatMap((one) => one.trim() || []);
}

/** A day ends with its midnight. */
function endOf(until: string, now: Date): number {
  const time = parsePast('--until', until, now).getTime();
  return until.length === 10 ? time + 86_400_000 : time;
}
