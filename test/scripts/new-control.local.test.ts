import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ec2ResourceOf } from '../../scripts/ec2-resource.ts';
import { ScaffoldError, scaffold } from '../../scripts/scaffold.ts';
import { type Copy, copyProject } from './copy.ts';

let copy: Copy;
beforeAll(async () => {
  const tests = ['test/fixtures', 'test/support', 'local/demo/secret.ts', 'local/slack/secrets.ts'];
  copy = await copyProject(
    'functions',
    'shared',
    'infra/catalog.ts',
    'scripts',
    'docs',
    'tsconfig.json',
    'vitest.config.ts',
    'biome.json',
    '.gitignore',
    ...tests,
  );
});
afterAll(() => copy.remove());

describe('a new control of a kind that is there', () => {
  test('is written with its test, listed, documented, type-checked, and its test passes', async () => {
    const made = await copy.node('scripts/new-control.ts', 'volumes/volume-iops');
    expect(made.code, made.output).toBe(0);
    for (const path of ['functions/volumes/volume-iops.ts', 'functions/volumes/volume-iops.test.ts', 'docs/controls/volume-iops.md']) {
      expect(made.output).toContain(`written ${path}`);
    }
    expect(await readFile(join(copy.folder, 'functions/volumes/controls.ts'), 'utf8')).toMatch(/= \[[^\]]*\bvolumeIops\b[^\]]*\] as const/);

    const check = await copy.node('scripts/generate.ts', '--check');
    expect(check.code, check.output).toBe(0);
    const files = ['functions/volumes/handler.ts', 'functions/volumes/volume-iops.test.ts'];
    await writeFile(join(copy.folder, 'tsconfig.new.json'), JSON.stringify({ extends: './tsconfig.json', include: [], files }));
    const types = await copy.node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.new.json');
    expect(types.code, types.output).toBe(0);
    const fresh = ['functions/volumes/controls.ts', 'functions/volumes/volume-iops.ts', 'functions/volumes/volume-iops.test.ts'];
    const linted = await copy.node('node_modules/@biomejs/biome/bin/biome', 'check', ...fresh);
    expect(linted.code, linted.output).toBe(0);
    const ran = await copy.node('node_modules/vitest/vitest.mjs', 'run', 'functions/volumes/volume-iops.test.ts');
    expect(ran.code, ran.output).toBe(0);
  });
});

describe('a new kind', () => {
  test('is made only when asked for, and with its handler', async () => {
    await expect(scaffold(copy.folder, 'snapshots/snapshot-named')).rejects.toThrow(
      /there is no kind snapshots; there are .*parameters, volumes\. With --new-kind/,
    );
    const { files, next } = await scaffold(copy.folder, 'snapshots/snapshot-named', true);
    expect(files).toEqual([
      'functions/snapshots/snapshot-named.ts',
      'functions/snapshots/snapshot-named.test.ts',
      'functions/snapshots/handler.ts',
    ]);
    expect(next[0]).toContain('Add AWS::EC2::Snapshot to shared/aws/arn.ts');
    expect(await readFile(join(copy.folder, 'functions/snapshots/snapshot-named.ts'), 'utf8')).toContain("OwnerIds: ['self']");
  });
});

describe('refuses', () => {
  const refused: readonly { name: string; says: RegExp; isNewKind?: boolean }[] = [
    { name: 'volumes', says: /a control is named for its resource and the state it wants/ },
    { name: 'volumes/iops', says: /a control is named for its resource/ },
    { name: 'volumes/Volume-Iops', says: /in kebab-case/ },
    { name: 'volumes/volume_iops-high', says: /in kebab-case/ },
    { name: 'volumes/volume-unencrypted', says: /name the good state/ },
    { name: 'volumes/volume-not-public', says: /name the good state/ },
    { name: 'volumes/volume-encrypted', says: /volume-encrypted is a control of volumes already/ },
    { name: 'widgets/widget-round', says: /there is no kind widgets/ },
    { name: 'alerts/alert-loud', says: /there is no kind alerts/ },
    { name: 'alerts/volume-loud', says: /functions\/alerts is there already/, isNewKind: true },
    { name: '../volumes/volume-loud', says: /give the kind and the control/ },
    { name: 'volumes/volume-loud/x', says: /give the kind and the control/ },
    { name: 'volumes/widget-secure', says: /EC2 has no resource of that name/ },
  ];
  test.each(refused)('$name', async ({ name, says, isNewKind = false }) => {
    const trying = scaffold(copy.folder, name, isNewKind);
    await expect(trying).rejects.toThrow(ScaffoldError);
    await expect(trying).rejects.toThrow(says);
  });

  test('a test that is there already, and then writes nothing', async () => {
    await writeFile(join(copy.folder, 'functions/volumes/volume-loud.test.ts'), '');
    await expect(scaffold(copy.folder, 'volumes/volume-loud')).rejects.toThrow(
      /volume-loud\.test\.ts is there already; nothing was written/,
    );
    await expect(readFile(join(copy.folder, 'functions/volumes/volume-loud.ts'))).rejects.toThrow(/ENOENT/);
  });

  test('on the command line with exit code 1, and no stack', async () => {
    const { code, output } = await copy.node('scripts/new-control.ts', 'volumes/iops');
    expect({ code, lines: output.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
  });
});

test.each([
  ['volume-iops', 'Volume'],
  ['launch-template-encrypted', 'LaunchTemplate'],
  ['image-private', 'Image'],
  ['parameter-secure', undefined],
])('the resource of %s is %s', (id, name) => {
  expect(ec2ResourceOf(id)?.name).toBe(name);
});
