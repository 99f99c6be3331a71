import type { Finding, Status } from './finding.ts';

/** The name of a case's announcement, which says what it tells; the first is number 1. */
export function announcementName(finding: string, number: number, tells: Status | 'last-try'): string {
  return `${finding}-${number}-${tells}`;
}

/** The name of an announcement of an undo: one finding may see several, each by an order of its own. */
export function undoName(finding: string, order: string, tells: Status | 'last-try'): string {
  return `${finding}-undo-${order}-${tells}`;
}

/** The name of the announcement that answers an order, though the finding stays as it was. */
export function answerName(finding: string, order: string): string {
  return `${finding}-answer-${order}`;
}

/**
 * Whether somebody waits for this or must know it, whatever the status: the answer to an order, that an exemption ends, or that a
 * resource claims to be managed, which whoever makes it can claim.
 */
export function isUrgent({ id, announcement, order, exemption, reason, severity }: Finding): boolean {
  const isClaim = reason?.code === 'claimed' && severity !== 'low';
  return isClaim || exemption?.isEnding === true || isAnswer({ id, announcement, order });
}

/** Whether an announcement only answers an order. */
export function isAnswer({ id, announcement, order }: Pick<Finding, 'id' | 'announcement' | 'order'>): boolean {
  return order !== undefined && announcement === answerName(id, order.id);
}
