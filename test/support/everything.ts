import type { AnyControl } from '#shared/control/control.ts';
import type { RedressConfig } from '#shared/finding/config.ts';

/** A config in which every control has a mode, and all that its settings can grant besides. */
export function everythingIn(controls: readonly AnyControl[], mode: 'off' | 'observe' | 'fix'): RedressConfig {
  return {
    common: { trustedAccounts: ['222233334444'] },
    controls: Object.fromEntries(controls.map((control) => [control.id, { mode, ...settingsOf(control) }])),
  };
}

function settingsOf({ permissions, settings = {} }: AnyControl): object {
  return Object.fromEntries([
    ...permissions.writes.flatMap(({ onlyIf }) => (onlyIf ? [[onlyIf, true]] : [])),
    ...('instanceRoles' in settings ? [['instanceRoles', ['web']]] : []),
    // what is idle without a setting is not
    ...('vpcs' in settings ? [['vpcs', ['vpc-1']]] : []),
    ...('names' in settings
      ? [
          ['names', ['/shop/*']],
          ['key', 'alias/logs'],
        ]
      : []),
    ...('require' in settings ? [['require', true]] : []),
  ]);
}
