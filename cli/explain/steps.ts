import type { AnyControl } from '#shared/control/control.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { factText } from '#shared/finding/view.ts';
import type { BusEvent } from '../replay/events.ts';
import { gatesOf } from '../replay/gates.ts';
import { Judge, type Judged } from '../replay/judge.ts';
import { busThing, patternAt, type Rule } from '../replay/rule-book.ts';
import { type Alert, alertsOf } from './alert.ts';
import { type Difference, firstDifference } from './why.ts';

/** What one control would do with an event, or why its rule does not get it. */
export type Step =
  | {
      readonly is: 'match';
      readonly control: AnyControl;
      readonly judged: Judged;
      readonly gates: readonly string[];
      readonly alerts: readonly Alert[];
    }
  | { readonly is: 'other'; readonly control: AnyControl; readonly because: Difference };

/** Goes through the rules of controls with one event. */
export async function stepsOf(
  controls: readonly AnyControl[],
  rules: readonly Rule[],
  event: BusEvent,
  config: RedressConfig,
): Promise<readonly Step[]> {
  const judge = new Judge(config);
  return await Promise.all(
    rules.flatMap((rule) =>
      controls
        .filter(({ id }) => id === rule.control)
        .map(async (control): Promise<Step> => {
          const because = firstDifference(patternAt(rule, event), busThing(event));
          if (because) return { is: 'other', control, because };
          const judged = await judge.judge(control, event);
          const isOver = judged.told.is === 'nothing' || judged.told.is === 'compliant';
          const alerts = isOver || judged.told.is === 'exempt' ? [] : await alertsOf(judged, event, config);
          return { is: 'match', control, judged, gates: isOver ? [] : gatesOf(judged), alerts };
        }),
    ),
  );
}

/** A step as JSON has it. */
export function stepRow(step: Step): object {
  const { control } = step;
  if (step.is === 'other') return { control: control.id, matches: false, because: step.because };
  const { judged, gates, alerts } = step;
  return {
    control: control.id,
    matches: true,
    severity: control.severity,
    mode: judged.mode,
    targets: judged.targets.map(({ type, id }) => ({ type, id })),
    verdict: judged.told,
    gates,
    alerts: alerts.map((alert) => ('headline' in alert ? { headline: alert.headline } : viewRow(alert.view))),
  };
}

function viewRow({ headline, story, facts, advice }: Extract<Alert, { view: unknown }>['view']): object {
  return {
    headline,
    story,
    facts: facts.map((fact) => ({ name: fact.name, value: factText(fact) })),
    advice: advice.map(({ says }) => says),
  };
}
