import { jsonLine, plain } from '#shared/finding/text.ts';
import { Failure } from '../failure.ts';
import type { ExitCode, Session } from '../session.ts';
import { administrator } from './administrator.ts';
import { carriedOut, type Run } from './carry-out.ts';
import { report } from './census-report.ts';
import { hubConfig } from './hub-config.ts';
import { preferences, watching } from './operation.ts';
import { changesOf, type Step, stepsOf, type Wanted } from './plan.ts';
import { census } from './silent.ts';
import { setNames } from './stack-sets.ts';
import { hubFrom, joined, type Standings, standingsOf, type Wants, wantsOf } from './survey.ts';
import { checkSize } from './template-url.ts';

/** What `redress org deploy` takes. */
export interface DeployOptions {
  readonly config?: string;
  readonly hub?: string;
  readonly callAs?: string;
  readonly bucket?: string;
  readonly failureTolerance: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** `redress org deploy`: brings the StackSets of the members to what the config says, the roles before the rules. */
export async function deploy({ terminal, json, where }: Session, options: DeployOptions): Promise<ExitCode> {
  const file = await hubConfig(options.config);
  preferences(options.failureTolerance);
  const admin = await administrator(where, options.callAs);
  return await watching(terminal, async (watcher): Promise<ExitCode> => {
    const run: Run = { admin, options, where, watcher, refused: 0 };
    let standings = await standingsOf(admin);
    const hub = hubFrom(options.hub, standings);
    // what cannot be deployed is said before anything is waited for
    wantsOf(file, admin, standings, hub);
    if (!options.dryRun && (await joined(admin, standings, watcher))) standings = await standingsOf(admin);
    const wants = wantsOf(file, admin, standings, hub);
    const plan = planOf(wants, standings);
    for (const { wanted, changes } of plan.sets) if (changes.length > 0) checkSize(wanted, options.bucket);
    if (json) for (const line of machineLines(plan)) terminal.out(jsonLine(line));
    else for (const line of linesOf(plan, wants)) (options.dryRun ? terminal.out : terminal.err)(line);
    if (options.dryRun) {
      terminal.err('Nothing was changed.');
      return 0;
    }
    if (plan.steps.length > 0 || plan.sets.some(({ changes }) => changes.length > 0)) {
      await agreed(plan, options, terminal);
      standings = await carriedOut(run, plan.steps, standings, (now) => wantsOf(file, admin, now, hub));
    }
    const result = census(wantsOf(file, admin, standings, hub), standings);
    report({ terminal, json }, result, run.refused);
    return result.silent.length + run.refused > 0 ? 1 : 0;
  });
}

interface Plan {
  readonly sets: readonly { readonly wanted: Wanted; readonly isNew: boolean; readonly changes: readonly string[] }[];
  readonly steps: readonly Step[];
}

function planOf(wants: Wants, standings: Standings): Plan {
  const all = [wants.roles, wants.rules];
  return {
    sets: all.map((wanted) => {
      const standing = standings[wanted.part];
      const changes = standing ? changesOf(wanted, standing.set) : ['template'];
      return { wanted, isNew: standing === undefined, changes };
    }),
    steps: all.flatMap((wanted) => stepsOf(wanted, standings[wanted.part])),
  };
}

async function agreed({ sets, steps }: Plan, { yes }: DeployOptions, { confirm }: Session['terminal']): Promise<void> {
  if (yes) return;
  const deletes = steps.some(({ does }) => does === 'delete');
  if (!confirm && sets.some(({ isNew, changes }) => !isNew && changes.includes('hub')))
    throw new Failure('This gives the members to another hub, and nobody can be asked.', {
      next: 'See that --hub is right, then say --yes.',
      exitCode: 2,
    });
  if (!confirm && deletes)
    throw new Failure('This deletes stacks in members, and nobody can be asked.', {
      next: 'Look at it with --dry-run, then say --yes; or put the OU or the Region back into the config.',
      exitCode: 2,
    });
  if (confirm && !(await confirm(deletes ? 'Deploy, and delete what is named?' : 'Deploy?'))) throw new Failure('Nothing was deployed.');
}

function linesOf({ sets, steps }: Plan, { rules }: Wants): string[] {
  const named = (ou: string) => rules.targets.find(({ id }) => id === ou)?.path ?? ou;
  const marks = { create: '+', retry: '~', delete: '-' };
  const ofSets = sets.flatMap(({ wanted, isNew, changes }) => {
    if (changes.length === 0) return [];
    return isNew ? [`+ create ${setNames[wanted.part]}`] : [`~ update ${setNames[wanted.part]} and all its stacks (${changes.join(', ')})`];
  });
  const ofSteps = steps.map(({ part, does, ous, regions, only, except }) => {
    const who = only ? `: ${only.join(', ')}` : '';
    const but = except ? `, without ${except.join(', ')}` : '';
    return `${marks[does]} ${does} stacks of ${setNames[part]} in ${ous.map(named).join(', ')}${who}${but}: ${regions.join(', ')}`;
  });
  const lines = [...ofSets, ...ofSteps].map(plain);
  return lines.length > 0 ? lines : ['Both StackSets are as the config says.'];
}

function machineLines({ sets, steps }: Plan): object[] {
  const ofSets = sets.flatMap(({ wanted, isNew, changes }) =>
    changes.length > 0 ? [{ type: 'set', set: setNames[wanted.part], does: isNew ? 'create' : 'update', changes }] : [],
  );
  return [...ofSets, ...steps.map(({ part, ...step }) => ({ type: 'step', set: setNames[part], ...step }))];
}
