import type { Report, Run } from './types.ts';

const within = { '1 hour': 'an hour', '1 day': 'a day' } as const;

/** A report of a failure with the sentence that says whether and when it is tried again; any other report as it is. */
export function withRetry(run: Run, report: Report, maxReceives: number): Report {
  if (report.is !== 'close' || report.status !== 'failed' || !report.reason) return report;
  const { code, says } = report.reason;
  const whole = /[.!?]$/.test(says) ? says : `${says}.`;
  const tries = [byQueue(run, report, maxReceives), bySweep(run, report)].filter((text) => text !== undefined);
  return { ...report, reason: { code, says: [whole, ...tries].join(' ') } };
}

type Failure = Extract<Report, { is: 'close' }>;

/** A message that is handed back comes again, until the queue gives it up. */
function byQueue({ jobs }: Run, { leaves }: Failure, maxReceives: number): string | undefined {
  if (leaves !== 'failed') return undefined;
  const left = maxReceives - Math.max(...jobs.map(({ delivery }) => delivery.receiveCount));
  if (left <= 0) return 'Its message goes to the dead-letter queue now; `redress redrive` has it tried again.';
  return `Redress tries again within minutes, at most ${left} more ${left === 1 ? 'time' : 'times'}.`;
}

/** What the next sweep does; it gives no order in a person's place. */
function bySweep({ control, state: { fix } }: Run, { keepsFix, reason }: Failure): string | undefined {
  // no list shows what is gone, or a call
  if (control.kind.is === 'call' || reason?.code === 'gone') return undefined;
  if (fix?.kind === 'undo') return 'No sweep undoes anything: order the undo again.';
  const does = !fix ? 'looks' : fix.order && !keepsFix ? 'looks, and asks for approval,' : 'tries';
  return `The next sweep, within ${within[control.sweep.every]}, ${does} again.`;
}
