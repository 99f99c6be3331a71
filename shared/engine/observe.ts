import type { AnyControl, Place } from '#shared/control/control.ts';
import { readersOfRound } from './reader.ts';
import { madeFor } from './state.ts';
import { lostSince } from './state-unsure.ts';
import { caseContextOf, contextOf, type EngineDeps, type Observed, type Run } from './types.ts';

/** Reads the live state of the resources of one place, each thing once; an `Error` = could not be read. */
export async function observeAll(
  runs: readonly Run[],
  place: Place,
  deps: Pick<EngineDeps, 'read' | 'config' | 'now'>,
): Promise<readonly (Observed | Error)[]> {
  const readerFor = readersOfRound((command) => deps.read(command, place));
  const inspect = async (control: AnyControl, group: readonly Run[]): Promise<void> => {
    const [first] = group;
    if (!first) return;
    try {
      const targets = group.map(({ target, state }) => {
        const madeSince = lostSince(state);
        const hint = control.joinHints ? state.hint : (target.hint ?? state.hint);
        return {
          ...target,
          hint,
          made: madeFor(state),
          ...(madeSince && { madeSince }),
          ...(state.kept !== undefined && { kept: state.kept }),
        };
      });
      const read = readerFor(control.permissions.reads);
      const now = deps.now();
      const found = await control.inspect(targets, read, contextOf(first, deps, now));
      const wrong = group.filter((run) => {
        const facts = found.get(run.target.id);
        return facts !== undefined && control.judge(facts, caseContextOf(run, deps, now)).is === 'violation';
      });
      const ids = wrong.map(({ target }) => target.id);
      const live = ids.length > 0 ? await control.kind.live(ids, read) : undefined;
      for (const run of group) answers.set(run, { facts: found.get(run.target.id), live: live?.get(run.target.id) });
    } catch (error) {
      // one resource that breaks its read must not take the others with it
      if (group.length > 1) await Promise.all(group.map((run) => inspect(control, [run])));
      else answers.set(first, error instanceof Error ? error : new Error(String(error)));
    }
  };
  const answers = new Map<Run, Observed | Error>();
  await Promise.all([...Map.groupBy(runs, ({ control }) => control)].map(([control, group]) => inspect(control, group)));
  return runs.map((run) => answers.get(run) ?? {});
}
