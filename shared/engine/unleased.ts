import { errorText } from '#shared/aws/errors.ts';
import type { Place } from '#shared/control/control.ts';
import { placeKey } from '#shared/ledger/items.ts';
import { newCase } from '#shared/ledger/ledger.ts';
import { decideOn, ENOUGH_MS, runOf } from './case.ts';
import { worthKeeping } from './finish.ts';
import type { Case } from './intake.ts';
import { hinted } from './state.ts';
import type { CaseDeps } from './types.ts';

/** Looks at a case before its lease: answers what is left to do, undefined where that is nothing. It does not throw. */
export type Look = (one: Case) => Promise<Case | undefined>;

/**
 * Nearly all that a sweep looks at is right and has no case: a lease would be two writes for nothing. So what only sweeps ask for is
 * looked at without one, and leased where a lease would do anything. The ledger is asked first, so that what has a case is read once;
 * a finding that is opened in between about what is right by now ends with its next event or sweep.
 */
export function firstLooks(cases: readonly Case[], depsAt: (place: Place) => CaseDeps): Look {
  const newOnes = new Map<Case, Promise<boolean>>();
  for (const its of Map.groupBy(cases.filter(isOfSweeps), ({ place }) => placeKey(place)).values()) {
    const [first] = its;
    const asked = first && areNew(its, depsAt(first.place));
    for (const [n, one] of its.entries())
      if (asked)
        newOnes.set(
          one,
          asked.then((answers) => answers[n] === true),
        );
  }
  return async (one) => ((await newOnes.get(one)) ? await lookAt(one, depsAt(one.place)) : one);
}

/** Whether only sweeps ask for it, which have not waited for it; a call has happened, whatever is read now. */
function isOfSweeps({ jobs, control: { kind } }: Case): boolean {
  const isPlain = ({ occasion, message: { look, waits } }: Case['jobs'][number]) =>
    occasion.is === 'sweep' && look === undefined && Object.keys(waits).length === 0;
  return kind.is !== 'call' && jobs.every(isPlain);
}

/** Of which cases the ledger keeps nothing; where it does not say, it may keep something of each. */
async function areNew(cases: readonly Case[], { ledger, telemetry }: CaseDeps): Promise<readonly boolean[]> {
  try {
    const kept = await ledger.areKept(cases.map(({ control: { id }, target }) => ({ control: id, target })));
    return kept.map((isKept) => !isKept);
  } catch (error) {
    telemetry.log('warn', 'the ledger does not say what a sweep has no case of: each is leased', { error: errorText(error) });
    return [];
  }
}

async function lookAt(one: Case, deps: CaseDeps): Promise<Case | undefined> {
  const { control, target } = one;
  const state = hinted(newCase({ control: control.id, target }), target.hint, control.joinHints);
  const run = runOf(one, state, deps);
  if (run.mode === 'off' || deps.remainingMs() < ENOUGH_MS) return one;
  try {
    const seen = await deps.observe(run);
    const decided = decideOn(run, seen, deps);
    if (decided.decision.is === 'drop' && worthKeeping(decided) === undefined) return undefined;
    return seen.facts === undefined ? one : { ...one, seen };
  } catch {
    // under its lease it fails again, and that says what it means
    return one;
  }
}
