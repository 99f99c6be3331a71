import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nearest } from '../../cli/nearest.ts';
import { redress } from './world.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-prevent-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A config file with one setting for the tests, and many tags where the policy must be split. */
async function config(value: object): Promise<string> {
  const file = join(folder, 'config.json');
  await writeFile(file, JSON.stringify(value));
  return file;
}

interface Row {
  readonly type: string;
  readonly name: string;
  readonly controls: string[];
  readonly document: { readonly Statement: { readonly Sid: string }[] };
  readonly size: number;
  readonly breaks: { readonly controls: string[]; readonly says: string }[];
  readonly exempts: string[];
}

async function rows(...args: string[]): Promise<Row[]> {
  const { code, out } = await redress(['prevent', '--json', ...args]);
  expect(code).toBe(0);
  return JSON.parse(out);
}

describe('for a person', () => {
  test('is the policy, what it breaks, whom it exempts and whom it does not bind', async () => {
    const { code, out, err } = await redress(['prevent', 'ebs-default-encryption']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [head, prevents, ...rest] = out.split('\n');
    expect(head).toMatch(/^Service control policy: redress-scp-1, \d+ of at most 5120 bytes$/);
    expect(prevents).toBe('Prevents what these controls find: ebs-default-encryption.');
    const text = rest.join('\n');
    expect(JSON.parse(text.slice(0, text.indexOf('What it breaks')))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'EbsDefaultEncryption',
          Effect: 'Deny',
          Action: ['ec2:DisableEbsEncryptionByDefault'],
          Resource: '*',
          Condition: { ArnNotLike: { 'aws:PrincipalArn': ['arn:*:iam::*:role/redress-volumes-*'] } },
        },
      ],
    });
    expect(text).toContain('What it breaks\n  - ebs-default-encryption: Nobody can turn it off');
    expect(text).toContain('Whom it exempts\n  The roles of Redress whose fixes it would stop.');
    expect(text).toContain('  - arn:*:iam::*:role/redress-volumes-*');
    expect(text).toContain('Does not apply to\n  The management account of the organization, and service-linked roles.');
  });

  test('says of a control that no policy prevents it, and why', async () => {
    expect(await redress(['prevent', 'parameter-secure'])).toEqual({
      code: 0,
      out: '',
      err: 'No policy for parameter-secure: AWS has no condition key for the type of a parameter, so no policy can refuse a String.',
    });
  });
});

describe('for machines', () => {
  test('is one array of policies, of the named controls only', async () => {
    const [policy, ...others] = await rows('volume-encrypted', 'parameter-secure');
    expect(others).toEqual([]);
    expect(policy).toMatchObject({
      type: 'SERVICE_CONTROL_POLICY',
      name: 'redress-scp-1',
      controls: ['volume-encrypted'],
      breaks: [{ controls: ['volume-encrypted'], says: expect.stringContaining('AWS refuses whoever makes a volume') }],
    });
    expect(policy?.size).toBe(JSON.stringify(policy?.document).length);
  });

  test('is of all controls that are on where none is named', async () => {
    const file = await config({ controls: { 'volume-encrypted': { mode: 'off' }, 'volume-required-tags': { tags: [{ key: 'team' }] } } });
    const covered = (await rows('--config', file)).flatMap(({ controls }) => controls);
    expect(covered).toEqual(expect.arrayContaining(['ebs-default-encryption', 'volume-required-tags', 'volume-owner-tag']));
    // one is off, the other asks for no tag and so is on nowhere
    expect(covered).not.toContain('volume-encrypted');
    expect(covered).not.toContain('instance-required-tags');
  });

  test('is of a control that is off where it is named', async () => {
    const file = await config({ controls: { 'volume-encrypted': { mode: 'off' } } });
    expect(await rows('--config', file, 'volume-encrypted')).toHaveLength(1);
  });
});

describe('files', () => {
  test('are one for each policy, as Organizations counts it, split where one is too long', async () => {
    const tags = Array.from({ length: 40 }, (_, n) => ({ key: `a-rather-long-key-of-a-tag-${n}` }));
    const file = await config({ controls: { 'volume-required-tags': { tags } } });
    const out = join(folder, 'policies');
    const { code, out: said } = await redress(['prevent', 'volume-required-tags', '--config', file, '--out', out]);
    expect(code).toBe(0);
    const names = (await readdir(out)).sort();
    expect(names.length).toBeGreaterThan(1);
    expect(names).toEqual(names.map((_, n) => `redress-scp-${n + 1}.json`));
    const texts = await Promise.all(names.map((name) => readFile(join(out, name), 'utf8')));
    for (const text of texts) {
      expect(text.length).toBeLessThanOrEqual(5120);
      expect(text).toBe(JSON.stringify(JSON.parse(text)));
    }
    expect(texts.flatMap((text) => JSON.parse(text).Statement)).toHaveLength(40);
    expect(said).toContain(`Service control policy 2 of ${names.length}: redress-scp-2`);
    expect(said).toContain(`Written to ${join(out, 'redress-scp-2.json')}.`);
    expect(said).toContain('What it breaks\n  - volume-required-tags: Every call that makes one without the tag fails');
    expect(said).not.toContain('"Statement"');
  });

  test('that cannot be written are an error that names the folder', async () => {
    const file = await config({});
    expect(await redress(['prevent', 'volume-encrypted', '--out', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining(`Could not write to ${file}`),
    });
  });
});

test('a control that does not exist is named, with the nearest that do', async () => {
  expect(await redress(['prevent', 'volume-encrypted', 'volume-encrpyted'])).toEqual({
    code: 2,
    out: '',
    // who comes second and third is each new control's to change
    err: expect.stringMatching(
      /^error: There is no control volume-encrpyted\.\nThe nearest are volume-encrypted, [\w-]+, [\w-]+; `redress controls` lists all\.$/,
    ),
  });
});

test.each([
  ['kitten', ['sitting', 'mitten', 'kitten'], ['kitten', 'mitten', 'sitting']],
  ['', ['ab', 'a'], ['a', 'ab']],
  ['abc', ['cab', 'abd', 'abcd', 'zzzz'], ['abd', 'abcd', 'cab']],
])('the nearest to %j of %j', (name, names, expected) => expect(nearest(name, names)).toEqual(expected));
