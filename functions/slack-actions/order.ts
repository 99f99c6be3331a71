import { randomUUID } from 'node:crypto';
import { endOf } from '#shared/finding/config.ts';
import { type Finding, isHalfMade, type Status } from '#shared/finding/finding.ts';
import type { Order } from '#shared/finding/message.ts';
import { type Click, nameOfClicker } from './click.ts';

const EXEMPT_DAYS = 7;
const DAY = 86_400_000;

/** Statuses in which each order can do something. */
const sensible: { readonly [order in Order['kind']]: readonly Status[] } = {
  fix: ['open', 'awaiting-approval', 'failed', 'exempt'],
  undo: ['fixed', 'superseded'],
  exempt: ['open', 'would-fix', 'awaiting-approval', 'failed', 'exempt'],
};

const already: { readonly [status in Status]: string } = {
  open: 'It is not fixed.',
  'would-fix': 'Its control only observes here; set its mode to approve or fix first.',
  'awaiting-approval': 'It is not fixed.',
  fixed: 'It is fixed already.',
  superseded: 'It is replaced already.',
  exempt: 'It is exempt.',
  failed: 'Its fix failed.',
  skipped: 'Redress skips it.',
  undone: 'It is undone already.',
  closed: 'It is closed.',
};

/** The order that a click gives; an exemption that is about to end lasts so many days longer. */
export function orderOf({ order: kind, user, plan }: Click, { id: finding, account, region, exemption }: Finding, now: Date): Order {
  const by = nameOfClicker(user);
  const end = exemption ? endOf(exemption.until) : 0;
  const isEnding = end > now.getTime() && end < now.getTime() + EXEMPT_DAYS * DAY;
  const until = new Date((isEnding ? end : now.getTime()) + EXEMPT_DAYS * DAY).toISOString();
  const wish = { until, reason: `exempted in Slack by ${by}` };
  return {
    kind,
    id: randomUUID(),
    finding,
    place: { account, region },
    by,
    at: now.toISOString(),
    isAnnounced: true,
    ...(kind === 'exempt' && wish),
    ...(kind === 'fix' && plan !== undefined && { plan }),
  };
}

/** Why an order about a finding would do nothing, as a sentence; undefined if it is worth the engine's look. */
export function futilityOf(order: Order, finding: Finding): string | undefined {
  const { status } = finding;
  if (order.kind === 'undo' && finding.canUndo === false) return `${finding.control} has no undo.`;
  const isAnotherTry = order.kind === 'undo' && finding.isFailedUndo;
  if (!isAnotherTry && !sensible[order.kind].includes(status)) return already[status];
  if (order.kind !== 'exempt') return undefined;
  return isHalfMade(finding) ? 'It is half fixed, and is finished first: order the fix again.' : longerExemption(finding, order);
}

function longerExemption({ status, exemption }: Finding, { until = '' }: Order): string | undefined {
  const isLonger = status === 'exempt' && exemption && endOf(exemption.until) >= endOf(until);
  return isLonger ? `It is exempt until ${exemption.until} already.` : undefined;
}
