import type { AnyControl, Json, Trigger } from '#shared/control/control.ts';
import { valuesOf } from '#shared/control/statements.ts';
import { isSetSomewhere, type RedressConfig, settingsEverywhere } from '#shared/finding/config.ts';
import { isThing } from '#shared/replay/filters.ts';

/** The most characters that one filter may take of a rule for what settings name; a longer one is left out, and the control sorts. */
const LONGEST_FILTER = 600;

/** The triggers that a control's rule has under a config: those that some setting asks for, with the calls and values that the settings name. */
export function triggersUnder(config: RedressConfig, control: AnyControl): readonly Trigger[] {
  const settings = settingsEverywhere(config, control);
  return control.triggers.flatMap((trigger) => {
    if (trigger.onlyIf && !isSetSomewhere(config, control, trigger.onlyIf)) return [];
    const { where, eventNames } = trigger;
    // without a name it would be a trigger on every call, and without a value one on all such calls
    if ([...eventNames, ...placeholdersIn(where)].some((text) => valuesOf(text, settings).length === 0)) return [];
    const names = [...new Set(eventNames.flatMap((name) => valuesOf(name, settings)))];
    return [{ ...trigger, eventNames: names, ...(where && { where: filledIn(where, settings) }) }];
  });
}

function placeholdersIn(where: Trigger['where']): string[] {
  return JSON.stringify(where ?? {}).match(/\{settings\.[\w.*]+\}/g) ?? [];
}

/** The paths of a filter, each with its values; one whose settings name more than a rule holds is left out. */
function filledIn(where: NonNullable<Trigger['where']>, settings: readonly unknown[]): NonNullable<Trigger['where']> {
  const parts = Object.entries(where).flatMap(([key, inner]): [string, Json][] => {
    if (isThing(inner)) return [[key, filledIn(inner, settings)]];
    if (!Array.isArray(inner)) return [[key, inner]];
    const filters = inner.flatMap((one) => filtersOf(one, settings));
    return filters.length > inner.length && JSON.stringify(filters).length > LONGEST_FILTER ? [] : [[key, filters]];
  });
  return Object.fromEntries(parts);
}

/** A filter, or its copies with each value of the setting that it names. */
function filtersOf(filter: Json, settings: readonly unknown[]): Json[] {
  if (typeof filter === 'string') return [...new Set(valuesOf(filter, settings))];
  if (!isThing(filter)) return [filter];
  return Object.entries(filter).flatMap(([operator, inner]) => filtersOf(inner, settings).map((one) => ({ [operator]: one })));
}
