import type { Finding, Status } from '#shared/finding/finding.ts';
import { aVolumeFinding } from './findings.ts';

/** One of many findings. */
export const nth = (n: number, status: Status = 'awaiting-approval', changes: Partial<Finding> = {}): Finding => {
  const id = `f-20261121-${n.toString(16).padStart(12, '0')}`;
  return aVolumeFinding(status, { id, announcement: `${id}-1-${status}`, ...changes });
};
/** Whose doing it is. */
export const by = (name: string): Partial<Finding> => ({ actor: { arn: null, name, via: 'console', sourceIp: null } });
/** The same finding, told again later with another status. */
export const later = (finding: Finding, status: Status, decidedAt: string): Finding => ({
  ...finding,
  status,
  announcement: `${finding.id}-2-${status}`,
  timings: { ...finding.timings, decidedAt },
});
