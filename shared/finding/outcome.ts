import type { Finding, Outcome, Status } from './finding.ts';
import type { Order } from './message.ts';

const asked: { readonly [kind in Order['kind']]: readonly Status[] } = {
  fix: ['fixed', 'superseded'],
  undo: ['undone'],
  exempt: ['exempt'],
};

const otherwise: { readonly [status in Status]: Outcome } = {
  open: 'not-possible',
  'would-fix': 'refused',
  'awaiting-approval': 'refused',
  fixed: 'nothing-to-do',
  superseded: 'nothing-to-do',
  exempt: 'exempted',
  failed: 'failed',
  skipped: 'refused',
  undone: 'refused',
  closed: 'nothing-to-do',
};

/** What came of an order, by the status in which it left the finding; `open` means here that no call fixes it. */
export function outcomeIn(status: Status, kind: NonNullable<Finding['order']>['kind']): Outcome {
  return asked[kind].includes(status) ? 'done' : otherwise[status];
}
