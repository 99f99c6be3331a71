import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blanksOf } from '#shared/control/blank.ts';
import type { AnyControl, ControlFunction, Json } from '#shared/control/control.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { controlsOf } from '../infra/catalog.ts';
import { questions, type RoleAnswers, rolesOf } from '../infra/roles.ts';
import { code, modesAllowed, table } from './words.ts';

/** Values of settings that bring every permission there is, by the settings' names. */
const examples: { readonly [setting: string]: unknown } = {
  allowGroupUpdates: true,
  instanceRoles: ['web', 'batch/*'],
  key: 'arn:aws:kms:eu-west-1:111122223333:key/0d',
  mask: true,
  names: ['/shop/*'],
  purgeHistory: true,
  remove: ['tmp'],
  tags: [{ key: 'Team' }],
  vpcs: ['vpc-0123456789abcdef0'],
};

/** A config that turns everything on, as far as each control goes. */
export function allOn(controls: readonly AnyControl[]): RedressConfig {
  const entries = controls.map((control) => {
    const settings = Object.entries(examples).filter(([name]) => name in (control.settings ?? {}));
    // what an author has not filled in yet can only be off
    const mode = blanksOf(control).length > 0 ? 'off' : modesAllowed(control).at(-1);
    return [control.id, { mode, ...Object.fromEntries(settings) }];
  });
  const slack = {
    channels: { security: { tokenParameter: '/redress/slack/token', channel: 'C0123456789' } },
    actions: {
      signingSecretParameter: '/redress/slack/signing-secret',
      botTokenParameter: '/redress/slack/token',
      workspaces: ['T012AB3CD'],
      allow: [],
    },
  };
  return { controls: Object.fromEntries(entries), alerts: { slack, amazonQ: true, securityHub: true }, trail: true };
}

/** What every role of the stack can do that matters, in the template of the default config and under one that turns everything on. */
export async function rolesSection(functions: readonly ControlFunction[], asInstalled: Json): Promise<string> {
  const controls = controlsOf(functions);
  const everything = rolesOf(await templateUnder(functions, allOn(controls)));
  return [
    '## What each role can do at worst',
    'Asked of the template itself, role by role: what somebody who controls the role could do, whatever the code of Redress does with it. A test fails when an answer grows. Whoever may read a SecureString under the key `alias/aws/ssm` needs no `kms:Decrypt`, for the policy of that key allows it to the whole account; so the second column says it apart.',
    '### As installed',
    tableOf(rolesOf(asInstalled), controls),
    '### With everything on',
    'Every control in its furthest mode, `allowGroupUpdates` with the `instanceRoles` `web` and `batch/*`, Slack with actions, Amazon Q and Security Hub.',
    tableOf(everything, controls),
  ].join('\n\n');
}

function tableOf(roles: readonly RoleAnswers[], controls: readonly AnyControl[]): string {
  const rows = roles.map(({ name, answers: { ledger, ...answers }, unknown }) => {
    const runs = [...answers.code, ...unknown.map((action) => `not judged in infra/roles.ts: ${code(action)}`)];
    return [
      code(name),
      ...[answers.secrets, answers.roles, runs, answers.doors, answers.guards, ledgerLines(ledger, controls)].map(
        (lines) => lines.join('<br>') || 'none',
      ),
    ];
  });
  const { secrets, roles: passed, code: run, doors, guards, ledger } = questions;
  return table(['Role', secrets, passed, run, doors, guards, ledger], rows);
}

/** The keys of a role's items; what is alike for several controls is written once, with their names. */
function ledgerLines(keys: readonly string[], controls: readonly AnyControl[]): string[] {
  const controlIn = (key: string) => controls.find(({ id }) => key.split('#').includes(id))?.id;
  const others = keys.filter((key) => controlIn(key) === undefined);
  const byControl = Map.groupBy(
    keys.filter((key) => !others.includes(key)),
    (key) => controlIn(key) ?? '',
  );
  const shapes = Map.groupBy([...byControl], ([control, own]) => own.map((key) => code(key.replace(control, '{control}'))).join('<br>'));
  const alike = [...shapes].map(([shape, group]) => `${shape}<br>of ${group.map(([control]) => code(control)).join(', ')}`);
  return [...others.map(code), ...alike];
}

/** The stack's own template under a config; the functions' code matters to no role, so none is bundled. */
export async function templateUnder(functions: readonly ControlFunction[], config: RedressConfig): Promise<Json> {
  const folder = await mkdtemp(join(tmpdir(), 'redress-roles-'));
  try {
    const code = join(folder, 'code');
    await mkdir(code);
    await writeFile(join(code, 'index.mjs'), '');
    // loaded here, because it brings all of the CDK
    const { assemble, STACK } = await import('../infra/assembly.ts');
    await assemble({ functions, config, codeOf: () => code }, join(folder, 'out'), false);
    return JSON.parse(await readFile(join(folder, 'out', `${STACK}.template.json`), 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
