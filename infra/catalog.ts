import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyControl, Kind } from '#shared/control/control.ts';

/** The folder that holds one folder a Lambda. */
export const functionsFolder = join(import.meta.dirname, '..', 'functions');

/** Finds the resource kinds: each folder under `functions/` that holds controls, which are the modules with a default export; sorted by id. */
export async function discoverKinds(folder = functionsFolder): Promise<readonly Kind[]> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const kinds = await Promise.all(
    names.sort().map(async (id): Promise<Kind[]> => {
      const controls = await loadControls(join(folder, id));
      return controls.length > 0 ? [{ id, controls }] : [];
    }),
  );
  return refuseTwins(kinds.flat());
}

/** Every control of every kind, in the kinds' order. */
export function controlsOf(kinds: readonly Kind[]): readonly AnyControl[] {
  return kinds.flatMap(({ controls }) => controls);
}

async function loadControls(folder: string): Promise<readonly AnyControl[]> {
  const files = await modulesWithDefault(folder);
  const controls = await Promise.all(
    files.map(async (file) => {
      const module: { default?: unknown } = await import(pathToFileURL(join(folder, file)).href);
      const control = module.default;
      if (!isControl(control)) throw new TypeError(`${join(folder, file)} has no control as its default export`);
      if (`${control.id}.ts` !== file)
        throw new TypeError(`${join(folder, file)} holds the control ${control.id}; a file is named after its control`);
      return control;
    }),
  );
  return controls.sort((a, b) => a.id.localeCompare(b.id));
}

/** The modules of a folder that have a default export, found by their text: a handler must not be loaded to learn that it is none. */
async function modulesWithDefault(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return files.filter((_file, n) => /^export default /m.test(texts[n] ?? ''));
}

function isControl(value: unknown): value is AnyControl {
  return typeof value === 'object' && value !== null && 'id' in value && 'triggers' in value && 'permissions' in value;
}

function refuseTwins(kinds: readonly Kind[]): readonly Kind[] {
  const seen = new Map<string, string>();
  for (const kind of kinds) {
    for (const { id } of kind.controls) {
      const other = seen.get(id);
      if (other) throw new TypeError(`the control ${id} is in two kinds, ${other} and ${kind.id}`);
      seen.set(id, kind.id);
    }
  }
  return kinds;
}
