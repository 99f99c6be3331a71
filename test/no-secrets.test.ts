import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { detectInValue } from '#shared/detect/index.ts';
import { finding, keepingTerminal } from './cli/world.ts';
import { eightKilobytes, everySecret, newer, privateKey, token } from './fixtures/secrets.ts';
import { Harness } from './support/harness.ts';
import { parametersWorld } from './support/parameters/world.ts';
import { leaksOf, watched } from './support/watched.ts';

/** The tests' own sources; those of the detectors are full of formats, which reach no engine. */
const sources: [path: string, text: string][] = [];
const root = join(import.meta.dirname, '..');
const exclude = ['shared/detect/**', 'test/fixtures/secrets.ts'];
for await (const path of glob(['test/**/*.{ts,mjs,json}', '{functions,shared}/**/*.test.ts'], { cwd: root, exclude })) {
  sources.push([path, await readFile(join(root, path), 'utf8')]);
}
/** Code is full of names, long words and `token = …`: what is left are the forms of keys. */
const formatsIn = (text: string) => {
  const hits = detectInValue(text).filter(({ kind, detector }) => kind === 'secret' && !['high-entropy', 'assignment'].includes(detector));
  return hits.map(({ detector }) => detector);
};

// these leaks are made on purpose: taken out before the suite's own check sees them
afterEach(() => watched.clear());

describe('a leak is caught', () => {
  test.each<[string, (harness: Harness) => unknown]>([
    ['announcement', ({ announced }) => announced.push(finding({ title: token }))],
    ['alert', ({ announced }) => announced.push(finding({ found: token }))],
    ['log', ({ logs }) => logs.push({ level: 'error', message: `it was ${token}` })],
    ['metric', ({ metrics }) => metrics.push({ control: token, metric: 'fixes', value: 1 })],
    ['queue', ({ enqueued }) => enqueued.push(JSON.stringify({ event: { value: token } }))],
    ['ledger', ({ ledger }) => ledger.putFindings([{ finding: finding({ found: token }) }])],
  ])('that the engine makes by %s', async (way, leak) => {
    const harness = new Harness({ controls: [], world: { send: async () => ({}) } });
    expect([...watched]).toEqual([harness]);
    expect(await leaksOf(harness)).toEqual([]);
    await leak(harness);
    expect(await leaksOf(harness)).toContain(`token by ${way}`);
  });

  test.each<[string, (to: ReturnType<typeof keepingTerminal>) => unknown]>([
    ['says', ({ terminal }) => terminal.out(token)],
    ['warns', ({ terminal }) => terminal.err(token)],
    ['asks', ({ terminal }) => terminal.confirm?.(`${token}?`)],
  ])('that the command %s', async (_, leak) => {
    const made = keepingTerminal({ answer: true });
    await leak(made);
    expect(await Promise.all([...watched].map(leaksOf))).toEqual([['token by cli']]);
  });

  test.each<[string, string, string]>([
    ['cut off', 'token', token.slice(0, 20)],
    ['cut at its start', 'newer', newer.slice(20)],
    ['of which a part is quoted', 'eightKilobytes', eightKilobytes.slice(900, 2400)],
    ['in JSON', 'privateKey', JSON.stringify({ value: privateKey })],
    ['in JSON within JSON', 'privateKey', JSON.stringify({ Detail: JSON.stringify({ value: privateKey }) })],
    ['in a form', 'eightKilobytes', new URLSearchParams({ Message: eightKilobytes }).toString()],
    ['in base64', 'token', Buffer.from(token).toString('base64')],
  ])('of a secret %s', async (_, name, text) => {
    expect(await leaksOf({ left: async () => [{ by: 'log', text }] })).toEqual(expect.arrayContaining([`${name} by log`]));
  });
});

describe('every secret that a test gives to Redress is of the list', () => {
  test('so no test holds a well-known format of its own', () => {
    expect(sources.length).toBeGreaterThan(60);
    expect(sources.filter(([, text]) => formatsIn(text).length > 0).map(([path, text]) => [path, ...formatsIn(text)])).toEqual([]);
    expect(formatsIn(`const key = '${token}';`)).toEqual(['github-token']);
  });

  test('and a parameter takes no other', () => {
    const { put } = parametersWorld();
    for (const Value of [...Object.values(everySecret), `a list,${token}`, 'eu-west-1'])
      put({ Name: '/shop/x', Value, Tier: 'Advanced', Overwrite: true });
    expect(() => put({ Name: '/shop/y', Value: token.replaceAll('x7K', 'y8L') })).toThrow(/github-token.*test\/fixtures\/secrets\.ts/);
  });

  test('and no test runs a local cloud that is not watched', () => {
    const starting = sources.filter(([, text]) => /\bstartLocalCloud\(/.test(text)).map(([path]) => path);
    // the second is started by a process of its own, with a stack that has no secrets
    expect(starting.sort()).toEqual(['test/local/fixtures/start.ts', 'test/support/watched-cloud.ts']);
  });
});
