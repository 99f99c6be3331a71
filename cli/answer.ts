import { setTimeout as sleep } from 'node:timers/promises';
import { findingId } from '#shared/engine/types.ts';
import type { Finding, Outcome } from '#shared/finding/finding.ts';
import type { Order } from '#shared/finding/message.ts';
import type { FindingRow, Ledger } from '#shared/ledger/ledger.ts';
import { trying } from './failure.ts';

/** What came of an order: the engine's word, `unanswered` within the time given, or `sent` where nobody waited. */
export interface Answer {
  readonly outcome: Outcome | 'unanswered' | 'sent';
  /** The same for a person. */
  readonly says: string;
  readonly finding: Finding;
}

/** What `awaitAnswer` needs. */
export interface Awaited {
  readonly ledger: Ledger;
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

/** Looks at the finding until it carries the order's answer. */
export async function awaitAnswer({ ledger, row, order, seconds, progress }: Awaited): Promise<Answer> {
  const start = Date.now();
  let pause = SOONEST;
  let last: Answer | undefined;
  let waitsSince: number | undefined;
  for (;;) {
    last = (await trying(`read what came of the order ${order.id}`, () => answerTo(order, row.finding, ledger))) ?? last;
    if (last) {
      if (last.outcome !== 'waiting') return last;
      waitsSince ??= Date.now();
      // it waits for a fix in progress; what waits to begin may take until the next window
      if (last.finding.changes.length === 0 && Date.now() - waitsSince >= PATIENCE) return last;
    }
    const passed = Date.now() - start;
    if (passed >= seconds * 1000) break;
    progress(`${last ? last.says : 'Waiting for Redress to look'} … ${Math.round(passed / 1000)} s`);
    await sleep(Math.min(pause, seconds * 1000 - passed));
    pause = Math.min(LATEST, pause * 1.5);
  }
  const says = `Redress has not answered within ${seconds} s; the order ${order.id} is still on its way. \`redress status\` shows the queues.`;
  return last ?? { outcome: 'unanswered', says, finding: row.finding };
}

/** The answer that a finding carries: the one that was named or, where its case was closed before, a new one. */
async function answerTo(order: Order, named: Finding, ledger: Ledger): Promise<Answer | undefined> {
  const { id, control, resource } = named;
  for (const one of [id, findingId(named, control, resource, order.id, order.at)]) {
    const finding = (await ledger.getFinding(one))?.finding;
    if (finding?.order?.id !== order.id) continue;
    const { outcome, says = finding.says } = finding.order;
    return { outcome, says, finding };
  }
  return undefined;
}
