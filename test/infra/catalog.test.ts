import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { functionNames } from '../../infra/bundle.ts';
import { controlsOf, discoverKinds } from '../../infra/catalog.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), text);
}
const control = (id: string) => `export default { id: '${id}', triggers: [], permissions: { reads: [], writes: [] } };`;

describe('the catalog', () => {
  test("finds the project's own kinds, and takes the notifier for none", async () => {
    const kinds = await discoverKinds();
    expect(kinds.map(({ id }) => id)).toContain('volumes');
    expect(kinds.map(({ id }) => id)).not.toContain('alerts');
    expect(controlsOf(kinds).map(({ id }) => id)).toEqual(expect.arrayContaining(['ebs-default-encryption', 'volume-encrypted']));
    expect(await functionNames()).toEqual(expect.arrayContaining(['alerts', ...kinds.map(({ id }) => id)]));
  });

  test('sorts kinds and controls, whatever the file system says', async () => {
    await write('zebras/b-good.ts', control('b-good'));
    await write('zebras/a-good.ts', control('a-good'));
    await write('apes/c-good.ts', control('c-good'));
    await write('alerts/handler.ts', '');
    const kinds = await discoverKinds(folder);
    expect(kinds.map(({ id, controls }) => [id, controls.map((one) => one.id)])).toEqual([
      ['apes', ['c-good']],
      ['zebras', ['a-good', 'b-good']],
    ]);
    expect(await functionNames(folder)).toEqual(['alerts']);
  });

  test('refuses a file without a control', async () => {
    await write('apes/a-good.ts', 'export default {};');
    await expect(discoverKinds(folder)).rejects.toThrow('has no control as its default export');
  });

  test('refuses a file that is not named after its control', async () => {
    await write('apes/a-good.ts', control('b-good'));
    await expect(discoverKinds(folder)).rejects.toThrow('a file is named after its control');
  });

  test('refuses one control in two kinds', async () => {
    await write('apes/a-good.ts', control('a-good'));
    await write('zebras/a-good.ts', control('a-good'));
    await expect(discoverKinds(folder)).rejects.toThrow('the control a-good is in two kinds, apes and zebras');
  });
});
