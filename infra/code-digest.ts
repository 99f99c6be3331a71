import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
/** What bundles are made of, and with which packages. */
const PARTS = ['functions', 'shared', 'infra/bundle.ts', 'infra/bundle-sdk.ts', 'infra/bundle-sources.ts', 'package-lock.json'];

let known: string | undefined;

/**
 * A digest of everything that the functions are bundled from. Bundles are the same wherever they are made, and take seconds to make;
 * Lambda's `CodeSha256` is of the archive around them, which need not be.
 */
export function codeDigest(): string {
  known ??= digestOf(root, PARTS);
  return known;
}

/** The digest of files, and of the sources in folders, by their paths; tests, and how lines end, do not count. */
export function digestOf(folder: string, parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of parts.flatMap((part) => (/\.\w+$/.test(part) ? [part] : sourcesIn(folder, part))).sort()) {
    const text = readFileSync(join(folder, path), 'utf8').replaceAll('\r\n', '\n');
    hash.update(JSON.stringify([path, text]));
  }
  return hash.digest('hex').slice(0, 16);
}

function sourcesIn(folder: string, part: string): string[] {
  return readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' })
    .map((path) => `${part}/${path}`.replaceAll('\\', '/'))
    .filter((path) => /\.(?:ts|json)$/.test(path) && !path.endsWith('.test.ts'));
}
