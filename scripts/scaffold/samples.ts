import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Member } from './declarations.ts';

/** A value of a type, for a test: as it is, and as code says it. */
export interface Sample {
  readonly value: unknown;
  readonly code: string;
}

const simple: { readonly [type: string]: Sample } = {
  string: { value: 'x', code: "'x'" },
  number: { value: 1, code: '1' },
  boolean: { value: true, code: 'true' },
  Date: { value: new Date(0), code: 'new Date(0)' },
};

/** A value of a member's type; undefined for a structure. */
export async function sampleOf(root: string, packageName: string, { type }: Member): Promise<Sample | undefined> {
  if (simple[type]) return simple[type];
  if (type.endsWith('[]')) return { value: [], code: '[]' };
  if (/^(Partial<)?Record</.test(type)) return { value: {}, code: '{}' };
  const file = join(root, 'node_modules', packageName, 'dist-types', 'models', 'enums.d.ts');
  const text = await readFile(file, 'utf8').catch(() => '');
  const [, first] =
    new RegExp(`^export declare const ${type}: \\{\\s*(?:/\\*[\\s\\S]*?\\*/\\s*)?readonly "?[^:]+"?: "([^"]+)"`, 'm').exec(text) ?? [];
  return first === undefined ? undefined : { value: first, code: `'${first}'` };
}
