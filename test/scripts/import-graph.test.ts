import { glob, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const ours = ['*.ts', '{bench,cli,functions,infra,local,scripts,shared,test}/**/*.ts'];

/** What each module imports of ours, types included. */
const imports = new Map<string, readonly string[]>();
const controls: string[] = [];
for await (const path of glob(ours, { cwd: root })) {
  const text = await readFile(join(root, path), 'utf8');
  imports.set(path, modulesIn(text, path));
  if (/^export default /m.test(text) && /^functions\/[^.]*\.ts$/.test(path)) controls.push(path);
}

function modulesIn(text: string, path: string): readonly string[] {
  // `from '…'` of imports and exports, `import '…'`, and `import('…')` of types and of modules that are loaded later
  const named = [...text.matchAll(/(?:\bfrom|^import|\bimport\()\s*'((?:\.\.?|#shared)\/[^']+\.ts)'/gm)].map(([, name = '']) => name);
  return named.map((name) => (name.startsWith('#') ? name.slice(1) : relative(root, join(root, dirname(path), name))));
}

/** The modules that a module leads to. */
function reached(from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const next = [...(imports.get(from) ?? [])];
  for (let one = next.pop(); one !== undefined; one = next.pop()) {
    if (found.has(one)) continue;
    found.add(one);
    next.push(...(imports.get(one) ?? []));
  }
  return found;
}

/** Each group of modules that lead to one another. */
function circles(): readonly string[] {
  const reach = new Map([...imports.keys()].map((path) => [path, reached(path)]));
  const groups = [...reach].flatMap(([path, found]) =>
    found.has(path)
      ? [
          [...found]
            .filter((other) => reach.get(other)?.has(path))
            .sort()
            .join(' '),
        ]
      : [],
  );
  return [...new Set(groups)].sort();
}

test('the graph is of all modules, and follows each kind of import', () => {
  expect(imports.size).toBeGreaterThan(300);
  expect(controls.length).toBeGreaterThan(5);
  const text = "import './a.ts';\nimport type { B } from '../b.ts';\nexport * from '#shared/c.ts';\ntype D = import('./d.ts').D;\n";
  expect(modulesIn(text, 'cli/x.ts')).toEqual(['cli/a.ts', 'b.ts', 'shared/c.ts', 'cli/d.ts']);
  for (const [path, modules] of imports)
    if (/^(cli|functions|infra|local|shared)\//.test(path)) for (const one of modules) expect([one, imports.has(one)]).toEqual([one, true]);
});

test('no imports go round in a circle, types included', () => {
  expect(circles()).toEqual([]);
});

test.each(controls)('%s imports no other control', (control) => {
  expect(imports.get(control)?.filter((module) => controls.includes(module))).toEqual([]);
});
