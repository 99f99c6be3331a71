import type { AnyControl, ControlFunction } from '#shared/control/control.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { roleOf } from '#shared/finding/names.ts';
import { controlsOf } from '../../infra/catalog.ts';
import { patternOf } from '../../infra/patterns.ts';
import { isOn } from '../../infra/permissions.ts';
import { triggersUnder } from '../../infra/triggers.ts';
import { Failure } from '../failure.ts';
import { nearest } from '../nearest.ts';
import type { Rule } from './rule-book.ts';

/** The controls that are on somewhere under the config, or those that are named; throws `Failure` for a name that is none. */
export function chosenControls(
  ids: readonly string[],
  functions: readonly ControlFunction[],
  config: RedressConfig,
): readonly AnyControl[] {
  const all = controlsOf(functions);
  const names = all.map(({ id }) => id);
  const wrong = ids.find((id) => !names.includes(id));
  if (wrong !== undefined)
    throw new Failure(`There is no control ${wrong}.`, {
      next: `The nearest are ${nearest(wrong, names).join(', ')}; \`redress controls\` lists all.`,
      exitCode: 2,
    });
  return ids.length === 0 ? all.filter((control) => isOn(config, control)) : all.filter(({ id }) => ids.includes(id));
}

/**
 * The rules that controls have under a config, which may leave one without any; what the roles of any function do reaches none of
 * them.
 */
export function rulesOf(controls: readonly AnyControl[], functions: readonly ControlFunction[], config: RedressConfig): readonly Rule[] {
  const roles = functions.map(({ id }) => `arn:{partition}:iam::{account}:role/${roleOf(id, '{region}')}`);
  return controls.flatMap((control): Rule[] => {
    const { id } = control;
    const triggers = triggersUnder(config, control);
    const isOfOwnCalls = triggers.some(({ isOwn }) => isOwn);
    return triggers.length === 0 || isOfOwnCalls ? [] : [{ control: id, pattern: patternOf({ id, triggers }, roles) }];
  });
}
