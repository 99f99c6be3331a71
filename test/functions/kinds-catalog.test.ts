import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AnyKind } from '#shared/control/kind.ts';
import { kindsCatalog } from '../../scripts/kinds-catalog.ts';

declare global {
  interface ImportMeta {
    /** Vite's own: what a pattern matches, imported as by name, so that a change of a kind runs these tests. */
    glob(pattern: string, options: { readonly eager: true }): { readonly [path: string]: object };
  }
}

const modules = import.meta.glob('../../functions/**/kind.ts', { eager: true });
const isKind = (value: unknown): value is AnyKind => typeof value === 'object' && value !== null && 'noun' in value && 'arnOf' in value;
const kinds = Object.values(modules)
  .flatMap((module): unknown[] => Object.values(module))
  .filter(isKind);

test('docs/kinds.json says what is known of each kind', async () => {
  const written = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'kinds.json'), 'utf8');
  expect(kindsCatalog(kinds), 'run `npm run generate`').toBe(written);
});
