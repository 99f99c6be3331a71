import type { AnyControl, ControlFunction } from '#shared/control/control.ts';
import { between, markersOf } from './markers.ts';
import { code } from './words.ts';

/** Where the last release's permissions stand. */
export const RELEASED = 'docs/permissions.released.json';

/** What each control could do in the last release. */
export interface Released {
  /** Such as `0.1.0`; null before the first. */
  readonly version: string | null;
  readonly controls: { readonly [id: string]: Actions };
}

interface Actions {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

const markers = markersOf('permissions');

/** What a release's controls can do, as the file that is compared with afterwards. */
export function releasedOf(version: string, functions: readonly ControlFunction[]): string {
  const controls = functions.flatMap((one) => one.controls).map((control): [string, Actions] => [control.id, actionsOf(control)]);
  const sorted = controls.toSorted(([a], [b]) => a.localeCompare(b));
  const released: Released = { version, controls: Object.fromEntries(sorted) };
  return `${JSON.stringify(released, null, 2)}\n`;
}

/** The changelog with the list of what controls may do that they could not in the last release, and the other way round. */
export function withChanges(changelog: string, functions: readonly ControlFunction[], released: Released): string {
  return between('CHANGELOG.md', changelog, markers, changesSince(released, functions));
}

/** The changelog of a release: its list stays as it is, and a new section begins above it. */
export function released(changelog: string): string {
  const frozen = changelog.replace(`${markers.begin}\n`, '').replace(`${markers.end}\n`, '');
  const fresh = `## [Unreleased]\n\n### Permissions\n\n${markers.begin}\n${markers.end}\n\n`;
  return frozen.replace(/^## \[/m, `${fresh}## [`);
}

/** The list, by function: one line for each control that differs. */
export function changesSince({ version, controls: before }: Released, functions: readonly ControlFunction[]): string {
  const since = version === null ? 'There is no release yet, so every control is listed.' : `Compared with ${version}.`;
  const sections = functions.flatMap(({ id, controls }) => {
    const lines = controls.flatMap((control) => lineOf(control.id, before[control.id], actionsOf(control)));
    return lines.length === 0 ? [] : [`In the role \`redress-${id}-<region>\`:`, lines.join('\n')];
  });
  const ids = functions.flatMap(({ controls }) => controls.map((control) => control.id));
  const gone = Object.keys(before).filter((one) => !ids.includes(one));
  const losses = gone.length === 0 ? [] : [`No role has the permissions of ${gone.map(code).join(', ')} any more.`];
  const all = [...sections, ...losses];
  return [since, ...(all.length === 0 ? ['No control may do more or less than before.'] : all)].join('\n\n');
}

function lineOf(id: string, before: Actions | undefined, now: Actions): string[] {
  if (!before)
    return [
      `- ${code(id)} is new. It ${(['reads', 'writes'] as const).map((access) => `${access} ${listOf(now[access])}`).join('; it ')}.`,
    ];
  const parts = (['reads', 'writes'] as const).flatMap((access) => {
    const more = now[access].filter((action) => !before[access].includes(action));
    const less = before[access].filter((action) => !now[access].includes(action));
    return [
      ...(more.length > 0 ? [`${access} also ${listOf(more)}`] : []),
      ...(less.length > 0 ? [`no longer ${access} ${listOf(less)}`] : []),
    ];
  });
  return parts.length === 0 ? [] : [`- ${code(id)} ${parts.join('; it ')}.`];
}

function listOf(actions: readonly string[]): string {
  return actions.length === 0 ? 'nothing' : actions.map(code).join(', ');
}

function actionsOf({ permissions: { reads, writes } }: AnyControl): Actions {
  const distinct = (all: readonly { readonly action: string }[]) => [...new Set(all.map(({ action }) => action))].sort();
  return { reads: distinct(reads), writes: distinct(writes) };
}
