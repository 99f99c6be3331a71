import type { AnyControl } from '#shared/control/control.ts';
import { compose, stateToReport } from '#shared/engine/compose.ts';
import { decide } from '#shared/engine/decide.ts';
import { contextOf } from '#shared/engine/types.ts';
import { exemptionFor, type RedressConfig } from '#shared/finding/config.ts';
import { cardOf, headOf, type View, viewOf } from '#shared/finding/view.ts';
import type { BusEvent } from '../replay/events.ts';
import type { Judged } from '../replay/judge.ts';
import { runOf } from '../replay/run.ts';

/** What an alert would say: all of it where the record tells all, else its first line. */
export type Alert = { readonly view: View } | { readonly headline: string };

/** The alerts about what an event names; of resources only how they would begin, for what is wrong with them is not known. */
export async function alertsOf(judged: Judged, event: BusEvent, config: RedressConfig): Promise<readonly Alert[]> {
  const { control, place, mode, settings, targets } = judged;
  if (mode === 'off') return [];
  if (control.kind.is !== 'call')
    return targets
      .filter(({ type }) => type === control.kind.type)
      .map(({ id }) => ({ headline: `${headOf(statusIn(control, mode))}: ${id}` }));
  const now = new Date(Date.parse(event.time) || 0);
  const context = contextOf({ place, settings }, { config }, now);
  // a control of calls judges what its targets carry
  const facts = await control.inspect(
    targets,
    Object.assign(() => Promise.reject(new Error()), { many: () => Promise.reject(new Error()) }),
    context,
  );
  return targets.flatMap((target): Alert[] => {
    const known = facts.get(target.id);
    if (known === undefined) return [];
    const run = Object.assign(runOf(judged, event, target), { facts: known });
    const { decision, state } = decide(
      run,
      { ...context, id: target.id },
      exemptionFor(config, control.id, { account: context.account, id: target.id }, now),
    );
    if (decision.is !== 'close' && decision.is !== 'wait') return [];
    run.state = state;
    run.state = stateToReport(run, decision, () => true, now);
    const { finding } = compose(run, decision, now);
    return [{ view: viewOf(finding, { [control.id]: cardOf(control) }, config) }];
  });
}

function statusIn({ permissions, maxMode }: AnyControl, mode: Judged['mode']): 'open' | 'would-fix' | 'awaiting-approval' | 'fixed' {
  if (permissions.writes.length === 0 || maxMode === 'observe') return 'open';
  if (mode === 'observe') return 'would-fix';
  return mode === 'fix' ? 'fixed' : 'awaiting-approval';
}
