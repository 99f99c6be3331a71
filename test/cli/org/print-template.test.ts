import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { discoverFunctions } from '../../../infra/catalog.ts';
import { memberRoles, memberRules } from '../../../infra/member.ts';
import { redress } from '../world.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-org-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function config(value: object): Promise<string> {
  const file = join(folder, 'config.json');
  await writeFile(file, JSON.stringify(value));
  return file;
}

describe('org print-template', () => {
  test.each([
    ['member-roles', memberRoles],
    ['member-rules', memberRules],
  ])('prints %s, and says how it is deployed', async (name, templateOf) => {
    const { code, out, err } = await redress(['org', 'print-template', name, '--config', await config({})]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(templateOf(await discoverFunctions(), {}));
    expect(err).toMatch(
      new RegExp(`^${name}: \\d+ bytes\\. Deploy it with --template-body, and with the parameters HubAccount and HubRegion`, 'm'),
    );
  });

  test('says where a template is too long for a request', async () => {
    const calls = { iam: Array.from({ length: 25 }, (_, n) => `CreateSomethingWithALongName${n}`) };
    const file = await config({ controls: { 'calls-with-mfa': { calls } } });
    const { code, err } = await redress(['org', 'print-template', 'member-rules', '--config', file]);
    expect(code).toBe(0);
    expect(err).toMatch(/^member-rules: \d+ bytes, more than the 51200 .* Put it into S3, and deploy it with --template-url\.$/m);
  });

  test('answers machines with the size too', async () => {
    const { code, out, err } = await redress(['org', 'print-template', 'member-roles', '--json', '--config', await config({})]);
    const { template, ...rest } = JSON.parse(out);
    expect({ code, err, rest }).toEqual({
      code: 0,
      err: '',
      rest: { type: 'template', name: 'member-roles', bytes: expect.any(Number), needsUrl: false },
    });
    expect(template).toEqual(memberRoles(await discoverFunctions(), {}));
  });

  test('is wrong usage without a template that there is', async () => {
    const { code, out, err } = await redress(['org', 'print-template', 'member-role']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('There is no template member-role.\nThere are member-roles and member-rules; the nearest is member-roles.');
    expect((await redress(['org', 'print-template'])).code).toBe(2);
    expect((await redress(['org'])).code).toBe(2);
    expect((await redress(['org', '--help'])).out).toContain('print-template');
  });
});
