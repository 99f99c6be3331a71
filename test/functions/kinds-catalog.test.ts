import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AnyKind } from '#shared/control/kind.ts';
import { kindsCatalog } from '../../scripts/kinds-catalog.ts';

declare global {
  interface ImportMeta {
    /** Vite's own: what a pattern matches, imported as by name. */
    glob(pattern: string, options: { readonly eager: true }): { readonly [path: string]: object };
  }
}

// never called: its imports tell the Vite under `npm run mutate` that a change of a kind runs these tests
void (() => import.meta.glob('../../functions/**/kind.ts', { eager: true }));

const root = join(import.meta.dirname, '..', '..');
const files = globSync('functions/**/kind.ts', { cwd: root });
const modules: readonly object[] = await Promise.all(files.sort().map((file) => import(join(root, file))));
const isKind = (value: unknown): value is AnyKind => typeof value === 'object' && value !== null && 'noun' in value && 'arnOf' in value;
const kinds = modules.flatMap((module): unknown[] => Object.values(module)).filter(isKind);

test('docs/kinds.json says what is known of each kind', async () => {
  const written = await readFile(join(root, 'docs', 'kinds.json'), 'utf8');
  expect(kindsCatalog(kinds), 'run `npm run generate`').toBe(written);
});
