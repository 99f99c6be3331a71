import type { AnyControl, Trigger } from '#shared/control/control.ts';
import { isSetSomewhere, type RedressConfig, settingsEverywhere } from '#shared/finding/config.ts';
import { valuesOf } from './permissions.ts';

/** The triggers that a control's rule has under a config: those that some setting asks for, with the calls that the settings name. */
export function triggersUnder(config: RedressConfig, control: AnyControl): readonly Trigger[] {
  const settings = settingsEverywhere(config, control);
  return control.triggers.flatMap((trigger) => {
    if (trigger.onlyIf && !isSetSomewhere(config, control, trigger.onlyIf)) return [];
    const eventNames = [...new Set(trigger.eventNames.flatMap((name) => valuesOf(name, settings)))];
    // without a name it would be a trigger on every call
    return eventNames.length === 0 && trigger.eventNames.length > 0 ? [] : [{ ...trigger, eventNames }];
  });
}
