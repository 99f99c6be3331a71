import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleEntry } from '../../infra/bundle.ts';
import { inShort } from '../../infra/bundle-sdk.ts';

const root = join(import.meta.dirname, '../..');
const clients = globSync('node_modules/@aws-sdk/client-*', { cwd: root })
  .filter((path) => basename(path) !== 'client-ec2')
  .sort();
const require = createRequire(import.meta.url);
const errorsOf = (client: string): string => join(root, client, 'dist-es/models/errors.js');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-errors-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(clients)('%s writes each error in the way that is known', async (client) => {
  const code = await readFile(errorsOf(client), 'utf8');
  const classes = code.match(/^export class /gm)?.length;
  const short = inShort(code);
  expect(short.match(/^export const \w+ = \/\*#__PURE__\*\/ declare\(/gm)).toHaveLength(classes ?? 0);
  expect(short).not.toContain('export class');
});

test('what is not written in a known way stays as it is', () => {
  const code = 'import { Base as __BaseException } from "./Base";\nexport class Odd extends __BaseException {\n    name = "Other";\n}\n';
  expect(inShort(code)).toBe(code);
});

type ErrorClass = (new (options: object) => Error & { readonly $fault: string }) & { readonly shapeId?: string };

/** All that can be seen of an error that has every member that its class may have. */
function seenOf(Class: ErrorClass, name: string, code: string): object {
  const text = code.split(`class ${name} extends`)[1]?.split('\n}\n')[0] ?? '';
  const members = [...text.matchAll(/this\.([\w$]+) = opts/g)].map(([, member = '']) => [member, `its ${member}`]);
  const error = new Class({ message: 'no', $metadata: { httpStatusCode: 400 }, ...Object.fromEntries(members) });
  return { ...error, message: error.message, shapeId: Class.shapeId, isError: error instanceof Error, isOwn: error instanceof Class };
}

test('an error of a bundle is the error of the SDK', async () => {
  const entry = join(folder, 'entry.js');
  const path = (client: string, file: string): string => JSON.stringify(join(root, client, 'dist-es', file));
  await writeFile(
    entry,
    clients
      .map(
        (client, at) =>
          `export * as a${at} from ${path(client, 'models/errors.js')};\nexport * as s${at} from ${path(client, 'schemas/schemas_0.js')};`,
      )
      .join('\n'),
  );
  await bundleEntry(entry, join(folder, 'out'));
  const bundle: { readonly [name: string]: { readonly [name: string]: ErrorClass } } = await import(
    pathToFileURL(join(folder, 'out/index.mjs')).href
  );
  let compared = 0;
  for (const [at, client] of clients.entries()) {
    const code = await readFile(errorsOf(client), 'utf8');
    const sdk: { readonly [name: string]: ErrorClass } = require(`@aws-sdk/${basename(client)}`);
    for (const name of [...code.matchAll(/^export class (\w+)/gm)].map(([, found = '']) => found)) {
      const [theirs, ours] = [sdk[name], bundle[`a${at}`]?.[name]];
      if (!theirs || !ours) throw new Error(`${client} has no ${name}`);
      expect(seenOf(ours, name, code), name).toEqual(seenOf(theirs, name, code));
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(500);
});
