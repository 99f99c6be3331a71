import type { AnyControl } from '#shared/control/control.ts';
import { occasionOf, type Run } from './types.ts';

/** How long an event may take, in milliseconds: CloudTrail takes minutes at most. */
const PATIENCE = 15 * 60_000;
/** How often a schedule sweeps, in milliseconds; its first sweep comes so long after the rule was made. */
const spans = { '1 hour': 3_600_000, '1 day': 86_400_000 } as const;

/**
 * What a scheduled sweep shows by a resource of which no event came, in a sentence. Since the sweep before, the control's rules were
 * there, so what was made meanwhile, and its making would be an event that the control looks at, should have come as one.
 */
export function silenceIn({ control, state, target, jobs, live }: Run): string | undefined {
  const [first] = jobs;
  const openedBy = state.finding?.openedBy ?? (first && occasionOf(first).event);
  if (openedBy?.is !== 'sweep' || openedBy.name !== 'Scheduled Event') return undefined;
  if (jobs.some(({ occasion }) => occasion.is === 'call') || (state.hint ?? target.hint) !== undefined) return undefined;
  const age = Date.parse(openedBy.time) - (live?.madeAt?.getTime() ?? Number.NaN);
  if (!looksAtMaking(control) || !(age > PATIENCE && age < spans[control.sweep.every])) return undefined;
  return `It was made at ${live?.madeAt?.toISOString()}, and Redress got no event of that: look whether a trail logs in this Region.`;
}

function looksAtMaking({ kind, triggers }: AnyControl): boolean {
  const making = kind.created.flatMap(({ eventNames }) => eventNames);
  return triggers.some(({ eventNames, onlyIf }) => onlyIf === undefined && eventNames.some((name) => making.includes(name)));
}
