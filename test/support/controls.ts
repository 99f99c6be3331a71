import { blanksOf } from '#shared/control/blank.ts';
import type { AnyControl } from '#shared/control/control.ts';
import type { AnyKind } from '#shared/control/kind.ts';
import { tagControls } from '#shared/tags/index.ts';
import { discoverFunctions } from '../../infra/catalog.ts';

/** The three tag controls of a kind, by what each wants; throws for a kind without tags. */
export function tagControlsOf(kind: AnyKind): {
  readonly owner: AnyControl;
  readonly required: AnyControl;
  readonly sensitive: AnyControl;
} {
  const [owner, required, sensitive] = tagControls(kind);
  if (!owner || !required || !sensitive) throw new Error(`${kind.type} has no tag controls`);
  return { owner, required, sensitive };
}

const functions = await discoverFunctions();

/** The controls of one function; throws if there is no such function. */
export function controlsOfFunction(id: string): readonly AnyControl[] {
  const found = functions.find((one) => one.id === id);
  if (!found) throw new Error(`there is no function ${id}`);
  return found.controls;
}

/** The controls of kinds without blanks: what is not filled in stays off, and what is asked of the rest would be too early. */
export function finished(controls: readonly AnyControl[]): readonly AnyControl[] {
  const begun = new Set(controls.flatMap((control) => (blanksOf(control).length > 0 ? control.kind : [])));
  return controls.filter(({ kind }) => !begun.has(kind));
}
