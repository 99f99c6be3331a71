import type { AnyControl } from '#shared/control/control.ts';

/** What loads the controls of one module, by the id of each of them. */
export type ControlLoaders = { readonly [id: string]: () => Promise<readonly AnyControl[]> };

/** The controls of a function, each loaded when it is first asked for: a cold start loads what its event needs, however many there are. */
export function lazily(loaders: ControlLoaders) {
  const known = new Map<string, Promise<AnyControl | undefined>>();
  const load = async (id: string) => (await loaders[id]?.())?.find((control) => control.id === id);
  /** The control of that id, the same one each time; undefined if the function has none. */
  const controlOf = async (id: string): Promise<AnyControl | undefined> => {
    // an id comes from a message, and may be the name of something that every object has
    if (!Object.hasOwn(loaders, id)) return undefined;
    const control = known.get(id) ?? load(id);
    known.set(id, control);
    return await control;
  };
  const all = async (): Promise<readonly AnyControl[]> =>
    (await Promise.all(Object.keys(loaders).map(controlOf))).filter((control) => control !== undefined);
  return { controlOf, all };
}
