import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { discoverFunctions } from './catalog.ts';
import { memberRoles, memberRules, textOf } from './member.ts';

const isHere = spawnSync('cfn-lint', ['--version']).status === 0;
if (!isHere) console.warn('cfn-lint is not installed (pip install cfn-lint): the templates of a member are not checked with it.');

test.skipIf(!isHere).each([
  ['roles', memberRoles],
  ['rules', memberRules],
])('cfn-lint finds nothing wrong with the %s', async (name, templateOf) => {
  const folder = await mkdtemp(join(tmpdir(), 'redress-member-'));
  try {
    const file = join(folder, `${name}.json`);
    await writeFile(file, textOf(templateOf(await discoverFunctions(), {})));
    const { status, stdout } = spawnSync('cfn-lint', ['--template', file], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
