import { jsonLine } from '#shared/finding/text.ts';
import { Failure } from '../failure.ts';
import type { ExitCode, Session } from '../session.ts';
import { administrator } from './administrator.ts';
import { report } from './census-report.ts';
import { hubConfig } from './hub-config.ts';
import { changesOf } from './plan.ts';
import { census } from './silent.ts';
import { setNames } from './stack-sets.ts';
import { hubFrom, standingsOf, wantsOf } from './survey.ts';

/** `redress doctor --org`: which members are silent and why, by what StackSets say of their stacks. */
export async function checkMembers(
  { terminal, json, where }: Session,
  { config, callAs }: { readonly config?: string; readonly callAs?: string },
): Promise<ExitCode> {
  const file = await hubConfig(config);
  const admin = await administrator(where, callAs);
  terminal.progress('Reading the StackSets …');
  const standings = await standingsOf(admin);
  terminal.progress();
  if (!standings.roles && !standings.rules)
    throw new Failure(`There is no StackSet of Redress in ${admin.region}.`, {
      next: 'Deploy the members with `redress org deploy`, or name the Region of their StackSets with --region. It does not look at members that a pipeline of yours deploys.',
    });
  const wants = wantsOf(file, admin, standings, hubFrom(undefined, standings));
  let behind = 0;
  for (const wanted of [wants.roles, wants.rules]) {
    const standing = standings[wanted.part];
    const changes = standing ? changesOf(wanted, standing.set) : ['all of it'];
    if (changes.length === 0) continue;
    behind += 1;
    const set = setNames[wanted.part];
    if (json) terminal.out(jsonLine({ type: 'set', set, does: standing ? 'update' : 'create', changes }));
    else terminal.out(`${set} is not as this config and version say (${changes.join(', ')}): run \`redress org deploy\`.`);
  }
  const result = census(wants, standings);
  report({ terminal, json }, result);
  return result.silent.length + behind > 0 ? 1 : 0;
}
