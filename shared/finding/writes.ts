import type { AnyControl, Permission } from '#shared/control/control.ts';
import { writesUnder } from '#shared/control/statements.ts';
import { isSetSomewhere, type RedressConfig, settingsEverywhere } from './config.ts';

/** What a control's writes need, with the settings of everywhere that the config names a place. */
export function writesEverywhere(config: RedressConfig, control: AnyControl): Permission[] {
  return writesUnder(control, settingsEverywhere(config, control), (setting) => isSetSomewhere(config, control, setting));
}
