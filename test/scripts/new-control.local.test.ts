import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScaffoldError } from '../../scripts/scaffold/error.ts';
import type { Installer } from '../../scripts/scaffold/install.ts';
import type { Options } from '../../scripts/scaffold/request.ts';
import { scaffold } from '../../scripts/scaffold/scaffold.ts';
import { type Copy, copyProject } from './copy.ts';

/** What is copied, so that kinds and clients which come later do not stand in the way of these tests. */
const functions = ['alerts', 'auto-scaling-groups', 'instances', 'launch-templates', 'parameters', 'slack-actions', 'volumes'];
const tests = ['test/fixtures', 'test/support', 'test/functions', 'vitest.config.ts'];
const texts = ['README.md', 'CHANGELOG.md', '.gitignore', 'biome.json', 'tsconfig.json'];
const missing = ['lambda', 's3', 'secrets-manager'].map((name) => `@aws-sdk/client-${name}`);

let copy: Copy;
let baseline: ReadonlyMap<string, string>;
beforeAll(async () => {
  const folders = ['shared', 'infra', 'scripts', 'docs', 'local', ...functions.map((name) => `functions/${name}`)];
  copy = await copyProject(...folders, ...tests, ...texts);
  const { dependencies, ...manifest } = JSON.parse(await read('package.json'));
  const kept = Object.entries(dependencies).filter(([name]) => !missing.includes(name));
  await writeFile(join(copy.folder, 'package.json'), JSON.stringify({ ...manifest, dependencies: Object.fromEntries(kept) }));
  const { code, output } = await copy.node('scripts/generate.ts');
  expect(code, output).toBe(0);
  const generated = ['README.md', 'CHANGELOG.md', 'functions/volumes/generated.ts', 'docs/permissions.md', 'infra/config-types.ts'];
  baseline = new Map(await Promise.all(generated.map(async (path): Promise<[string, string]> => [path, await read(path)])));
});
afterAll(() => copy.remove());

/** What nobody may ask for in a test that adds no client. */
const noInstaller: Installer = {
  has: async (name) => Promise.reject(new Error(`asked for ${name}`)),
  add: async (_root, name) => Promise.reject(new Error(`wanted to add ${name}`)),
};

const read = (path: string) => readFile(join(copy.folder, path), 'utf8');

describe('what is begun is green at once', () => {
  /** What is asked for, and what is written for it. */
  const begun: readonly (Options & { readonly name: string; readonly files: readonly string[] })[] = [
    { name: 'volumes/volume-begun', files: ['functions/volumes/volume-begun'] },
    // a function of several kinds, and items that another call lists
    {
      name: 'auto-scaling-groups/launch-configuration-begun',
      files: ['functions/auto-scaling-groups/launch-configurations/launch-configuration-begun'],
    },
    // `no-secrets` is a good state
    { name: 'parameters/parameter-no-secrets', files: ['functions/parameters/parameter-no-secrets'] },
    {
      name: 'volumes/default-encryption/ebs-default-encryption-begun',
      files: ['functions/volumes/default-encryption/ebs-default-encryption-begun'],
    },
    // EC2's way of listing, with tags
    { isNewKind: true, name: 'snapshots/snapshot-private', files: ['functions/snapshots/kind', 'functions/snapshots/snapshot-private'] },
    // a list of ids whose pages have another name, and a call for each
    { isNewKind: true, name: 'keys/key-rotated', files: ['functions/keys/kind', 'functions/keys/key-rotated'] },
    // a list that comes whole, in a function of several kinds
    {
      isNewKind: true,
      name: 'account/trails/trail-logging',
      files: ['functions/account/trails/kind', 'functions/account/trails/trail-logging'],
    },
    // ids that are ARNs
    { isNewKind: true, name: 'topics/topic-encrypted', files: ['functions/topics/kind', 'functions/topics/topic-encrypted'] },
    {
      isNewKind: true,
      is: 'setting',
      name: 'account/sharing/snapshot-block-public-access-on',
      files: ['functions/account/sharing/kind', 'functions/account/sharing/snapshot-block-public-access-on'],
    },
    {
      isNewKind: true,
      is: 'call',
      name: 'account/logins/root-login-rare',
      files: ['functions/account/logins/kind', 'functions/account/logins/root-login-rare'],
    },
  ];

  test('on the command line, with the steps that are next', async () => {
    const { code, output } = await copy.node('scripts/new-control.ts', '--new-kind', 'stacks/stack-protected');
    expect(code, output).toBe(0);
    const written = ['functions/stacks/kind.ts', 'functions/stacks/stack-protected.ts', 'functions/stacks/stack-protected.test.ts'];
    const generated = ['functions/stacks/generated.ts', 'docs/controls/stack-protected.md', 'README.md', 'CHANGELOG.md'];
    for (const path of [...written, ...generated]) expect(output).toContain(`written ${path}`);
    expect(output).toContain('--type chooses another: AWS::OpsWorks::Stack');
    expect(output).toMatch(/Fill in the blanks, .*\(stack-protected\.ts\).*\(the kind\.ts of stack\)/);
    await rm(join(copy.folder, 'functions/stacks'), { recursive: true });
  });

  test('with every file, its pages and its tests', async () => {
    for (const { name, files, ...options } of begun) {
      const made = await scaffold(copy.folder, name, options, noInstaller);
      expect(made.files).toEqual([...files.map((file) => `${file}.ts`), `${files.at(-1)}.test.ts`]);
    }
    const generated = await copy.node('scripts/generate.ts');
    expect(generated.code, generated.output).toBe(0);
    const linted = await copy.node('node_modules/@biomejs/biome/bin/biome', 'check', 'functions', 'infra');
    expect(linted.code, linted.output).toBe(0);
    const tests = begun.map(({ files }) => `${files.at(-1)}.test.ts`);
    const handlers = (await readdir(join(copy.folder, 'functions'))).map((fn) => `functions/${fn}/generated.ts`);
    const files = [...tests, ...handlers.filter((file) => !/alerts|slack/.test(file))];
    await writeFile(join(copy.folder, 'tsconfig.new.json'), JSON.stringify({ extends: './tsconfig.json', include: [], files }));
    const types = await copy.node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.new.json');
    expect(types.code, types.output).toBe(0);
    const ran = await copy.node(
      'node_modules/vitest/vitest.mjs',
      'run',
      ...tests,
      'test/functions/kinds.test.ts',
      'test/functions/apis.test.ts',
    );
    expect(ran.code, ran.output).toBe(0);
  });

  test('a kind of EC2 brings its three tag controls, which stay off until its blank is filled in', async () => {
    for (const what of ['owner-tag', 'required-tags', 'sensitive-tags']) {
      expect(await read(`docs/controls/snapshot-${what}.md`)).toContain('**`off`** (default)');
    }
    const kind = await read('functions/snapshots/kind.ts');
    expect(kind).toContain("OwnerIds: ['self']");
    expect(kind).toContain("idPrefix: 'snap-'");
    // AWS lists the public ones of others too, and the ARNs of all of them name no account
    expect(kind).toContain("arn: 'arn:{partition}:ec2:{region}::snapshot/{id}'");
  });

  test('the names of pages, tags and Security Hub come from the SDK', async () => {
    const keys = await read('functions/keys/kind.ts');
    expect(keys).toMatch(
      /\(Marker\) => new ListKeysCommand\(\{ Marker \}\),\s+\(\{ Keys \}\) => Keys,\s+\(\{ NextMarker \}\) => NextMarker/,
    );
    expect(keys).toContain('TagKey: Key, TagValue: Value');
    expect(keys).toContain("securityHub: 'AwsKmsKey'");
    expect(keys).toContain("created: { CreateKey: 'responseElements.keyMetadata.keyId' }");
    expect(await read('functions/account/sharing/kind.ts')).toContain(
      "changed: ['DisableSnapshotBlockPublicAccess', 'EnableSnapshotBlockPublicAccess']",
    );
  });

  test('taken away again, it leaves nothing behind', async () => {
    const made = begun.flatMap(({ files }) => files.flatMap((file) => [`${file}.ts`, `${file}.test.ts`]));
    for (const path of made) await rm(join(copy.folder, path), { force: true });
    for (const fn of ['snapshots', 'keys', 'account', 'topics']) await rm(join(copy.folder, 'functions', fn), { recursive: true });
    const { code, output } = await copy.node('scripts/generate.ts');
    expect(code, output).toBe(0);
    for (const [path, text] of baseline) expect(await read(path), path).toBe(text);
  });
});

describe('the client of a service', () => {
  /** Adds a client that is installed for other reasons, as npm would. */
  const fromDevelopment = (names: string[]): Installer => ({
    has: async (name) => name === '@aws-sdk/client-lambda',
    async add(folder, name) {
      names.push(name);
      const file = join(folder, 'package.json');
      const { dependencies, ...rest } = JSON.parse(await readFile(file, 'utf8'));
      await writeFile(file, JSON.stringify({ ...rest, dependencies: { ...dependencies, [name]: '3.0.0' } }));
    },
  });

  test('is added when it is missing, and only then', async () => {
    const added: string[] = [];
    const { files, says } = await scaffold(copy.folder, 'lambdas/function-small', { isNewKind: true }, fromDevelopment(added));
    expect(added).toEqual(['@aws-sdk/client-lambda']);
    expect(files).toEqual(['functions/lambdas/kind.ts', 'functions/lambdas/function-small.ts', 'functions/lambdas/function-small.test.ts']);
    expect(says.join()).toContain('AWS::Lambda::Function. --type chooses another: AWS::');
    const kind = await read('functions/lambdas/kind.ts');
    expect(kind).toContain('({ Configuration }) => Configuration');
    expect(kind).toContain("reads: [{ action: 'lambda:ListFunctions' }, { action: 'lambda:GetFunction' }");
    await rm(join(copy.folder, 'functions/lambdas'), { recursive: true });
  });

  test('that npm does not know is an error that says what to do', async () => {
    const unknown = { ...noInstaller, has: async () => false };
    const trying = scaffold(copy.folder, 'secrets/secret-rotated', { isNewKind: true }, unknown);
    await expect(trying).rejects.toThrow(
      /npm knows no package @aws-sdk\/client-secretsmanager or @aws-sdk\/client-secrets-manager\. Add the client/,
    );
  });

  test('that cannot be added leaves everything as it was', async () => {
    const before = await read('package.json');
    const failing: Installer = {
      has: async () => true,
      add: async (folder) => {
        await writeFile(join(folder, 'package.json'), '{}');
        throw new Error('npm install ended with code 1');
      },
    };
    const trying = scaffold(copy.folder, 'buckets/bucket-versioned', { isNewKind: true }, failing);
    await expect(trying).rejects.toThrow(
      /@aws-sdk\/client-s3 could not be added: npm install ended with code 1\. .* Run npm install --save-exact @aws-sdk\/client-s3 yourself/,
    );
    expect(await read('package.json')).toBe(before);
    await expect(readdir(join(copy.folder, 'functions/buckets'))).rejects.toThrow(/ENOENT/);
  });
});

describe('refuses', () => {
  const refused: readonly { name: string; says: RegExp; isNewKind?: boolean; type?: string }[] = [
    { name: 'volumes', says: /a control is named for its resource and the state it wants/ },
    { name: 'volumes/iops', says: /a control is named for its resource/ },
    { name: 'volumes/Volume-Iops', says: /in kebab-case/ },
    { name: 'volumes/volume_iops-high', says: /in kebab-case/ },
    { name: 'volumes/volume-unencrypted', says: /name the good state/ },
    { name: 'volumes/volume-not-public', says: /name the good state/ },
    { name: 'volumes/volume-no-owner', says: /name the good state/ },
    { name: 'volumes/volume-encrypted', says: /volume-encrypted is a control of volumes already/ },
    { name: 'volumes/volume-owner-tag', says: /volume-owner-tag is a control of volumes already/ },
    { name: 'widgets/widget-round', says: /there is no function widgets; there are .*With --new-kind/ },
    { name: 'alerts/alert-loud', says: /there is no function alerts/ },
    { name: 'alerts/volume-loud', says: /functions\/alerts is there already/, isNewKind: true },
    { name: 'volumes/volume-loud', says: /leave --new-kind out for a control of .*volume, or give the new kind a folder/, isNewKind: true },
    { name: '../volumes/volume-loud', says: /give the function and the control/ },
    { name: 'volumes/a/b/volume-loud', says: /give the function and the control/ },
    { name: 'volumes/widget-secure', says: /no kind of functions\/volumes has this resource.* there are ebs-default-encryption, volume/ },
    { name: 'volumes/elsewhere/volume-loud', says: /no kind of functions\/volumes\/elsewhere/ },
    { name: 'widgets/widget-round', says: /CloudFormation knows no resource of these words/, isNewKind: true },
    { name: 'widgets/key-round', says: /begins with bucket, such as bucket-round/, isNewKind: true, type: 'AWS::S3::Bucket' },
    { name: 'widgets/key-round', says: /AWS::S3::Pail is no type of CloudFormation/, isNewKind: true, type: 'AWS::S3::Pail' },
    { name: 'disks/volume-loud', says: /is the kind volume of functions\/volumes already/, isNewKind: true },
    { name: 'widgets/eip-used', says: /has no call that lists it all/, isNewKind: true },
  ];
  test.each(refused)('$name, $says', async ({ name, says, isNewKind = false, type }) => {
    const before = await readdir(join(copy.folder, 'functions'), { recursive: true });
    const trying = scaffold(copy.folder, name, { isNewKind, type }, noInstaller);
    await expect(trying).rejects.toThrow(ScaffoldError);
    await expect(trying).rejects.toThrow(says);
    expect(await readdir(join(copy.folder, 'functions'), { recursive: true })).toEqual(before);
  });

  test('a test that is there already, and then writes nothing', async () => {
    await writeFile(join(copy.folder, 'functions/volumes/volume-loud.test.ts'), '');
    await expect(scaffold(copy.folder, 'volumes/volume-loud')).rejects.toThrow(
      /volume-loud\.test\.ts is there already; nothing was written/,
    );
    await expect(read('functions/volumes/volume-loud.ts')).rejects.toThrow(/ENOENT/);
  });

  test.each([
    [['volumes/iops'], /is named for its resource/],
    [['--type', 'AWS::S3::Bucket', 'volumes/volume-loud'], /--type says what a new kind is: give --new-kind too/],
    [['--new-kind', '--setting', '--call', 'a/b-c'], /one of --setting and --call/],
    [['--new-kind', '--reads', 'ec2:GetX', 'a/b-c'], /give --setting too/],
    [['--new-kind', '--setting', '--reads', 'ec2:GetX', 'a/b-c'], /has no call GetX that reads and takes nothing/],
    [['--new-kind', '--setting', '--reads', 's3:GetX', 'a/b-c'], /package\.json has no client of s3/],
    [['--new-kind', '--setting', 'a/widget-round'], /no client of package\.json has a call .*--reads ec2:GetEbsEncryptionByDefault/],
  ])('on the command line %s with exit code 1, and no stack', async (args, says) => {
    const { code, output } = await copy.node('scripts/new-control.ts', ...args);
    expect({ code, lines: output.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
    expect(output).toMatch(says);
  });
});
