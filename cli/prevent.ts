import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyControl } from '#shared/control/control.ts';
import { type PolicyType, policyTypes } from '#shared/control/prevention.ts';
import { jsonLine, plain } from '#shared/finding/text.ts';
import { controlsOf, discoverFunctions } from '../infra/catalog.ts';
import { isOn } from '../infra/permissions.ts';
import { type Policy, preventionsOf } from '../infra/prevention.ts';
import { loadConfig, PROJECT_CONFIG } from '../infra/synth.ts';
import { Failure, trying } from './failure.ts';
import { nearest } from './nearest.ts';
import type { ExitCode, Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** `redress prevent`: the policies that make the mistakes of some controls impossible, or of all that are on. */
export async function prevent(
  { terminal, json }: Session,
  { config: file = PROJECT_CONFIG, out }: { config?: string; out?: string },
  ...ids: readonly (string | undefined)[]
): Promise<ExitCode> {
  const functions = await discoverFunctions();
  const config = await loadConfig(file, functions);
  const all = controlsOf(functions);
  const named = ids.flatMap((id) => id ?? []);
  const controls = named.length === 0 ? all.filter((control) => isOn(config, control)) : chosen(named, all);
  const { policies, none } = preventionsOf(controls, functions, config);
  if (out !== undefined) await write(policies, out);
  if (json) terminal.out(jsonLine(policies.map(row)));
  else for (const policy of policies) terminal.out(described(policy, policies, out, terminal).join('\n'));
  for (const [says, group] of Map.groupBy(none, (one) => one.says))
    terminal.err(`No policy for ${group.map(({ control }) => control).join(', ')}: ${plain(says)}`);
  return 0;
}

function chosen(ids: readonly string[], all: readonly AnyControl[]): readonly AnyControl[] {
  const names = all.map(({ id }) => id);
  const wrong = ids.find((id) => !names.includes(id));
  if (wrong !== undefined)
    throw new Failure(`There is no control ${wrong}.`, {
      next: `The nearest are ${nearest(wrong, names).join(', ')}; \`redress controls\` lists all.`,
      exitCode: 2,
    });
  return all.filter(({ id }) => ids.includes(id));
}

/** Files hold no white space: Organizations counts it where a file is sent as it is. */
async function write(policies: readonly Policy[], folder: string): Promise<void> {
  await trying(`write to ${folder}`, async () => {
    await mkdir(folder, { recursive: true });
    for (const { name, document } of policies) await writeFile(fileOf(name, folder), JSON.stringify(document));
  });
}

function fileOf(name: string, folder: string): string {
  return join(folder, `${name}.json`);
}

function row({ type, name, controls, document, size, breaks, exempts }: Policy): object {
  return { type: policyTypes[type].type, name, controls, document, size, breaks, exempts };
}

function described(policy: Policy, all: readonly Policy[], out: string | undefined, { paint }: Terminal): string[] {
  const { type, controls, document, size, breaks, exempts, name } = policy;
  const { name: what, limit } = policyTypes[type];
  const same = all.filter((one) => one.type === type);
  const place = same.length > 1 ? ` ${same.indexOf(policy) + 1} of ${same.length}` : '';
  return [
    paint.bold(`${what.slice(0, 1).toUpperCase()}${what.slice(1)}${place}: ${name}, ${size} of at most ${limit} bytes`),
    `Prevents what these controls find: ${controls.join(', ')}.`,
    ...(out === undefined ? ['', JSON.stringify(document, null, 2)] : [`Written to ${plain(fileOf(name, out))}.`]),
    '',
    paint.bold('What it breaks'),
    ...breaks.map((one) => `  - ${one.controls.join(', ')}: ${one.says}`),
    ...(exempts.length === 0
      ? []
      : [
          '',
          paint.bold('Whom it exempts'),
          '  The roles of Redress whose fixes it would stop. Whoever can make roles of these names is exempt too: see docs/safety.md.',
          ...exempts.map((arn) => `  - ${arn}`),
        ]),
    '',
    paint.bold('Does not apply to'),
    `  ${unbound[type]}`,
    '',
  ];
}

const unbound: { readonly [type in PolicyType]: string } = {
  scp: 'The management account of the organization, and service-linked roles.',
  rcp: 'The management account of the organization, and service-linked roles.',
  declarative: 'Nobody: it applies to everyone in the accounts that it is attached to, service-linked roles included.',
};
