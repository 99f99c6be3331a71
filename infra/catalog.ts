import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyControl, ControlFunction } from '#shared/control/control.ts';
import type { AnyKind } from '#shared/control/kind.ts';
import { tagControls } from '#shared/tags/index.ts';

/** The folder that holds one folder a Lambda. */
export const functionsFolder = join(import.meta.dirname, '..', 'functions');

/** One thing that a function's folder holds, and where, relative to that folder. */
export interface Found<Thing> {
  readonly thing: Thing;
  /** Such as `volume-encrypted.ts`, or `trails/kind.ts`. */
  readonly path: string;
  /** The name that it is exported by; undefined for a default export. */
  readonly name?: string;
}

/** A function with the places of its parts, for what is generated of it. */
export interface LocatedFunction extends ControlFunction {
  readonly located: { readonly kinds: readonly Found<AnyKind>[]; readonly controls: readonly Found<AnyControl>[] };
}

/** Finds the functions that controls run in: each folder under `functions/` with a `kind.ts` in it or below; sorted by id. */
export async function discoverFunctions(folder = functionsFolder): Promise<readonly LocatedFunction[]> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const functions = await Promise.all(names.sort().map((id) => load(join(folder, id), id)));
  return refuseTwins(functions.flat());
}

/** Every control of every function, in the functions' order. */
export function controlsOf(functions: readonly ControlFunction[]): readonly AnyControl[] {
  return functions.flatMap(({ controls }) => controls);
}

/** Every kind of every function, in the functions' order. */
export function kindsOf(functions: readonly ControlFunction[]): readonly AnyKind[] {
  return functions.flatMap(({ kinds }) => kinds);
}

async function load(folder: string, id: string): Promise<LocatedFunction[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).sort();
  const kinds = (await Promise.all(files.filter((file) => /(^|\/)kind\.ts$/.test(file)).map((file) => loadKinds(folder, file)))).flat();
  if (kinds.length === 0) return [];
  const controls = (await Promise.all(files.map((file) => loadControl(folder, file)))).flat();
  const own = controls.map(({ thing }) => thing);
  const all = [...own, ...kinds.flatMap(({ thing }) => tagControls(thing))].sort((a, b) => a.id.localeCompare(b.id));
  return [{ id, kinds: kinds.map(({ thing }) => thing), controls: all, located: { kinds, controls } }];
}

async function loadKinds(folder: string, path: string): Promise<Found<AnyKind>[]> {
  const module: object = await import(pathToFileURL(join(folder, path)).href);
  const found = Object.entries(module).flatMap(([name, thing]: [string, unknown]) => (isKind(thing) ? [{ name, thing, path }] : []));
  if (found.length === 0) throw new TypeError(`${join(folder, path)} exports no kind`);
  return found;
}

/** Only a module with a default export is loaded: a handler must not be run to learn that it holds no control. */
async function loadControl(folder: string, path: string): Promise<Found<AnyControl>[]> {
  if (!/^export default /m.test(await readFile(join(folder, path), 'utf8'))) return [];
  const { default: thing }: { default?: unknown } = await import(pathToFileURL(join(folder, path)).href);
  if (!isControl(thing)) throw new TypeError(`${join(folder, path)} has no control as its default export`);
  if (path.split('/').at(-1) !== `${thing.id}.ts`)
    throw new TypeError(`${join(folder, path)} holds the control ${thing.id}; a file is named after its control`);
  return [{ thing, path }];
}

function isControl(value: unknown): value is AnyControl {
  return typeof value === 'object' && value !== null && 'id' in value && 'triggers' in value && 'permissions' in value;
}

function isKind(value: unknown): value is AnyKind {
  return typeof value === 'object' && value !== null && 'noun' in value && 'arnOf' in value;
}

function refuseTwins(functions: readonly LocatedFunction[]): readonly LocatedFunction[] {
  const seen = new Map<string, string>();
  for (const { id: where, controls } of functions) {
    for (const { id } of controls) {
      const other = seen.get(id);
      if (other) throw new TypeError(`the control ${id} is in two functions, ${other} and ${where}`);
      seen.set(id, where);
    }
  }
  return functions;
}
