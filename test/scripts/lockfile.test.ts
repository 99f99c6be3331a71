import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

const packageSchema = v.looseObject({
  version: v.string(),
  integrity: v.optional(v.string()),
  resolved: v.optional(v.string()),
  inBundle: v.optional(v.boolean()),
  link: v.optional(v.boolean()),
  hasInstallScript: v.optional(v.boolean()),
  engines: v.optional(v.record(v.string(), v.string())),
});

const lock = v.parse(
  v.object({ packages: v.record(v.string(), packageSchema) }),
  JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')),
  { abortEarly: true },
);
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

describe('the lock file', () => {
  test('holds the integrity of every archive; what is bundled is part of another', () => {
    const without = packages.filter(([path, { integrity, inBundle }]) => {
      const parent = lock.packages[path.slice(0, path.lastIndexOf('/node_modules/'))];
      return !/^sha512-[\w+/]{86}==$/.test((inBundle === true ? parent : undefined)?.integrity ?? integrity ?? '');
    });
    expect(without.map(([path]) => path)).toEqual([]);
  });

  test('names no place to get a package from: that is the registry, as npm is configured', () => {
    expect(packages.filter(([, { resolved, link }]) => resolved !== undefined || link === true).map(([path]) => path)).toEqual([]);
  });

  test('gives every name one exact version in the manifest, never an address', () => {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    expect(Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+(-r\.\d+)?$/.test(String(version)))).toEqual([]);
  });

  test('pins the Node that builds and tests, one version for all platforms, as archives that run no script', () => {
    const nodes = packages.filter(([path]) => /^node_modules\/node(-\w+-\w+)?$/.test(path) && !path.endsWith('/node-releases'));
    expect(nodes.map(([path]) => path)).toEqual(Object.keys(manifest.optionalDependencies).map((name) => `node_modules/${name}`));
    expect(new Set(nodes.map(([, { version }]) => version)).size).toBe(1);
    expect(nodes.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
  });

  test('lets one package run a script at installation, and none needs to', () => {
    // it puts the binary of esbuild in place of the script that starts it
    expect(packages.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path)).toEqual([
      'node_modules/esbuild',
    ]);
    expect(Object.keys(manifest.allowScripts)).toEqual(['esbuild']);
  });

  test('asks for no Node newer than the oldest that the manifest allows', () => {
    const oldest = /^>=(\d+)\.(\d+)\.\d+$/.exec(manifest.engines.node);
    const [major, minor] = [Number(oldest?.[1]), Number(oldest?.[2])];
    expect(major).toBe(20);
    const refusing = packages.filter(([, { engines }]) => !takes(engines?.['node'] ?? '*', major, minor));
    expect(refusing.map(([path, { engines }]) => `${path} ${engines?.['node']}`)).toEqual([]);
  });
});

/** Whether a range of versions has `major.minor`: as much of npm's ranges as packages use for their Node. */
function takes(range: string, major: number, minor: number): boolean {
  return range.split('||').some((part) => {
    const [, sign = '', from = '', least = '0'] = /^(>=|\^|~)?\s*v?(\d+|\*|x)(?:\.(\d+|x|\*))?\S*$/.exec(part.trim()) ?? [];
    if (from === '*' || from === 'x') return true;
    const isAbove = Number(from) === major ? minor >= (Number(least) || 0) : sign === '>=' && Number(from) < major;
    return from !== '' && isAbove;
  });
}

test.each([
  ['>=20', true],
  ['>= 18.0.0', true],
  ['^20.19.0 || >=22.12.0', true],
  ['18 || 20 || >=22', true],
  ['*', true],
  ['>=22', false],
  ['^20.20.0 || >=22', false],
  ['^22.18.0 || >=24.11.0', false],
  ['^18.0.0', false],
])('Node 20.19 is in %s: %s', (range, isIn) => expect(takes(range, 20, 19)).toBe(isIn));
