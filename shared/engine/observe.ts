import type { AnyControl, Place } from '#shared/control/control.ts';
import type { EngineDeps } from './batch.ts';
import { readersOfRound } from './reader.ts';
import { contextOf, type Run } from './types.ts';

/** Reads the live state of the resources of one place, each thing once; undefined = not found, an `Error` = could not be read. */
export async function observeAll(
  runs: readonly Run[],
  place: Place,
  deps: Pick<EngineDeps, 'read' | 'config' | 'now'>,
): Promise<readonly (unknown | Error)[]> {
  const readerFor = readersOfRound((command) => deps.read(command, place));
  const inspect = async (control: AnyControl, group: readonly Run[]): Promise<void> => {
    const [first] = group;
    if (!first) return;
    try {
      const targets = group.map(({ target, state }) =>
        target.hint === undefined && state.hint !== undefined ? { ...target, hint: state.hint } : target,
      );
      const found = await control.inspect(targets, readerFor(control.permissions.reads), contextOf(first, deps, deps.now()));
      for (const run of group) answers.set(run, found.get(run.target.id));
    } catch (error) {
      // one resource that breaks its read must not take the others with it
      if (group.length > 1) await Promise.all(group.map((run) => inspect(control, [run])));
      else answers.set(first, error instanceof Error ? error : new Error(String(error)));
    }
  };
  const answers = new Map<Run, unknown>();
  await Promise.all([...Map.groupBy(runs, ({ control }) => control)].map(([control, group]) => inspect(control, group)));
  return runs.map((run) => answers.get(run));
}
