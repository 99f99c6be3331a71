import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { functionNames } from '../../infra/bundle.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), text);
}
const kind = "export const thing = { noun: 'thing', arnOf: () => '' };";
const control = (id: string) => `export default { id: '${id}', triggers: [], permissions: { reads: [], writes: [] } };`;

describe('the catalog', () => {
  test("finds the project's own functions of controls, and not the notifier", async () => {
    const kinds = await discoverFunctions();
    expect(kinds.map(({ id }) => id)).toContain('volumes');
    expect(kinds.map(({ id }) => id)).not.toContain('alerts');
    expect(controlsOf(kinds).map(({ id }) => id)).toEqual(expect.arrayContaining(['ebs-default-encryption', 'volume-encrypted']));
    expect(await functionNames()).toEqual(expect.arrayContaining(['alerts', ...kinds.map(({ id }) => id)]));
  });

  test('sorts functions and controls, whatever the file system says', async () => {
    await write('zebras/kind.ts', kind);
    await write('zebras/b-good.ts', control('b-good'));
    await write('zebras/a-good.ts', control('a-good'));
    // a function of two kinds has a folder for each
    await write('apes/great/kind.ts', kind);
    await write('apes/great/c-good.ts', control('c-good'));
    await write('apes/small/kind.ts', kind);
    await write('apes/small/small-good.ts', control('small-good'));
    await write('alerts/handler.ts', '');
    const kinds = await discoverFunctions(folder);
    expect(kinds.map(({ id, controls }) => [id, controls.map((one) => one.id)])).toEqual([
      ['apes', ['c-good', 'small-good']],
      ['zebras', ['a-good', 'b-good']],
    ]);
    expect(await functionNames(folder)).toEqual(['alerts']);
  });

  test('refuses a file without a control', async () => {
    await write('apes/kind.ts', kind);
    await write('apes/a-good.ts', 'export default {};');
    await expect(discoverFunctions(folder)).rejects.toThrow('has no control as its default export');
  });

  test('refuses a file that is not named after its control', async () => {
    await write('apes/kind.ts', kind);
    await write('apes/a-good.ts', control('b-good'));
    await expect(discoverFunctions(folder)).rejects.toThrow('a file is named after its control');
  });

  test('refuses a kind module without a kind', async () => {
    await write('apes/kind.ts', 'export const thing = {};');
    await expect(discoverFunctions(folder)).rejects.toThrow('exports no kind');
  });

  test('refuses one control in two functions', async () => {
    await write('apes/kind.ts', kind);
    await write('zebras/kind.ts', kind);
    await write('apes/a-good.ts', control('a-good'));
    await write('zebras/a-good.ts', control('a-good'));
    await expect(discoverFunctions(folder)).rejects.toThrow('the control a-good is in two functions, apes and zebras');
  });
});
