import type { Context } from '../../shared/control.ts';
import type { KeyState } from '../../shared/ebs-key.ts';
import type { Launched } from './launches.ts';

/** The control that makes encrypted versions. */
export const TEMPLATES = 'launch-template-encrypted';

/** Whether the group itself has to be updated to follow another version. */
export function isNumbered({ follows }: Launched): boolean {
  return !follows.startsWith('$');
}

/** Whether moving its default would change what a tool owns. */
export function isOwnedDefault({ follows, owner }: Launched): boolean {
  return follows === '$Default' && owner !== undefined;
}

/** What a person can do about bad launches where Redress does not. */
export function adviceOn(
  bad: readonly Launched[],
  key: KeyState | undefined,
  { modeOf, settings }: Context<{ readonly allowGroupUpdates: boolean }>,
): string[] {
  const open = bad.filter(({ replacement }) => replacement === undefined);
  const own = open.filter(({ owner }) => owner === undefined);
  const mode = modeOf(TEMPLATES);
  const texts = [
    ...open.flatMap(({ owner, name }) => (owner ? [`${owner} owns the launch template ${name}: set encryption there.`] : [])),
    ...bad
      .filter((one) => one.replacement !== undefined && isOwnedDefault(one))
      .map(({ owner, name, replacement }) => `${owner} owns the launch template ${name}: make version ${replacement} its default there.`),
    ...own.flatMap(({ obstacles }) => obstacles),
    ...own
      .filter(({ isLatest }) => !isLatest)
      .map(
        ({ name, version }) =>
          `Version ${version} of ${name} is not its latest, and a version made of it would be launched by whatever follows \`$Latest\`: make an encrypted one by hand.`,
      ),
    ...(own.some(({ isLatest, obstacles }) => isLatest && obstacles.length === 0) && mode !== 'fix'
      ? [`${TEMPLATES} makes the encrypted version, and its mode is ${mode}: approve its finding, or set it to fix.`]
      : []),
    ...(bad.some(isNumbered) && !settings.allowGroupUpdates
      ? ['The group follows a version by number, and Redress may not update it: set `allowGroupUpdates`, or move the group yourself.']
      : []),
    ...(key?.problem ? [`It is not moved: ${key.problem}.`, ...key.advice] : []),
  ];
  return [...new Set(texts)];
}
