import { blanksOf } from '#shared/control/blank.ts';
import { discoverFunctions, type LocatedFunction } from '../../infra/catalog.ts';

/** The functions with what of their controls has no blank left: a control that is begun costs nothing yet, and breaks no figure. */
export async function completeFunctions(): Promise<readonly LocatedFunction[]> {
  const functions = await discoverFunctions();
  const complete = functions.map((fn) => ({ ...fn, controls: fn.controls.filter((control) => blanksOf(control).length === 0) }));
  return complete.filter(({ controls }) => controls.length > 0);
}
