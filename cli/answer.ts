import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyControl } from '#shared/control/control.ts';
import { doneKey, findingId, type Job } from '#shared/engine/types.ts';
import type { Finding, Status } from '#shared/finding/finding.ts';
import type { Order } from '#shared/finding/message.ts';
import type { FindingRow, Ledger } from '#shared/ledger/ledger.ts';
import { trying } from './failure.ts';

/**
 * What came of an order: `done` as asked; `refused`, or it no longer applies; `waiting` for its time or its end;
 * `unanswered` within the time given; `sent` where nobody waited.
 */
export interface Answer {
  readonly outcome: 'done' | 'refused' | 'waiting' | 'unanswered' | 'sent';
  /** The engine's sentence. */
  readonly says: string;
  readonly finding: Finding;
}

/** What `awaitAnswer` needs. */
export interface Awaited {
  readonly ledger: Ledger;
  readonly control: AnyControl;
  /** The finding as it stood before the order. */
  readonly row: FindingRow;
  readonly order: Order;
  readonly seconds: number;
  readonly progress: (text?: string) => void;
}

/** How soon the finding is looked at again, in milliseconds: soon at first, once a second in the end. */
const SOONEST = 200;
const LATEST = 1000;
/** How long an order that waits, and for which nothing was sent yet, is looked at, in milliseconds. */
const PATIENCE = 3000;

const asked: { readonly [kind in Order['kind']]: readonly Status[] } = {
  fix: ['fixed', 'superseded'],
  undo: ['undone'],
  exempt: ['exempt'],
};

/** Looks at the finding until it carries the order's answer. */
export async function awaitAnswer({ ledger, control, row, order, seconds, progress }: Awaited): Promise<Answer> {
  const doing = `read what came of the order ${order.id}`;
  const start = Date.now();
  let pause = SOONEST;
  let last: Finding | undefined;
  let waitsSince: number | undefined;
  for (;;) {
    const answered = await trying(doing, () => answeredFinding(ledger, row.finding, order));
    if (answered) {
      last = answered;
      const outcome = outcomeOf(answered, order);
      const isOver = outcome !== 'waiting' || (await trying(doing, () => ledger.done([keyOf(order, control, answered)]))).size > 0;
      // the engine is through with the order, and the finding is as open as before
      if (isOver)
        return { outcome: outcome === 'waiting' ? 'refused' : outcome, says: answered.order?.says ?? answered.says, finding: answered };
      waitsSince ??= Date.now();
      // what has begun is waited for; what waits to begin may take until the next window
      if (answered.changes.length === 0 && Date.now() - waitsSince >= PATIENCE) break;
    }
    const passed = Date.now() - start;
    if (passed >= seconds * 1000) break;
    progress(`${last ? last.says : 'Waiting for Redress to look'} … ${Math.round(passed / 1000)} s`);
    await sleep(Math.min(pause, seconds * 1000 - passed));
    pause = Math.min(LATEST, pause * 1.5);
  }
  if (!last)
    return {
      outcome: 'unanswered',
      says: `Redress has not answered within ${seconds} s; the order ${order.id} is still on its way. \`redress status\` shows the queues.`,
      finding: row.finding,
    };
  return { outcome: 'waiting', says: last.order?.says ?? last.says, finding: last };
}

/** The finding that tells of the order: the one that was named or, where its case was closed before, a new one. */
async function answeredFinding(ledger: Ledger, finding: Finding, order: Order): Promise<Finding | undefined> {
  const { id, control, resource } = finding;
  for (const one of [id, findingId(finding, control, resource, order.id, order.at)]) {
    const found = (await ledger.getFinding(one))?.finding;
    if (found?.order?.id === order.id) return found;
  }
  return undefined;
}

// the engine marks an order as done when it has come to an end, and not while it looks again later
function keyOf(order: Order, control: AnyControl, { resource }: Finding): string {
  const job: Job = {
    delivery: { id: '', body: '', receiveCount: 1 },
    message: { control: control.id, order, round: 0 },
    occasion: { is: 'order', order },
  };
  return doneKey(job, control, resource);
}

function outcomeOf({ status, says, order: answer }: Finding, { kind }: Order): 'done' | 'refused' | 'waiting' {
  // an answer that changes nothing leaves the finding's own sentence as it was
  if (answer?.says !== says) return 'refused';
  if (asked[kind].includes(status)) return 'done';
  return status === 'open' ? 'waiting' : 'refused';
}
