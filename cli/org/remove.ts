import { jsonLine, plain } from '#shared/finding/text.ts';
import { Failure } from '../failure.ts';
import type { ExitCode, Session } from '../session.ts';
import { type Administrator, administrator } from './administrator.ts';
import { carryOut, type Run } from './carry-out.ts';
import { preferences, watching } from './operation.ts';
import { deletions } from './plan.ts';
import { parts, type Standing, setNames, standingOf } from './stack-sets.ts';
import { joined, standingsOf } from './survey.ts';

/** What `redress org remove` takes. */
export interface RemoveOptions {
  readonly callAs?: string;
  readonly failureTolerance: string;
  readonly yes?: boolean;
}

/** `redress org remove`: takes rules and roles out of all members, and says what remains. It goes by what there is, and reads no config. */
export async function remove({ terminal, json, where }: Session, options: RemoveOptions): Promise<ExitCode> {
  preferences(options.failureTolerance);
  const admin = await administrator(where, options.callAs);
  return await watching(terminal, async (watcher): Promise<ExitCode> => {
    const standings = await standingsOf(admin);
    const standing = parts.flatMap((part) => standings[part] ?? []);
    if (standing.length === 0) {
      if (json) terminal.out(jsonLine({ type: 'removed', sets: [], left: 0 }));
      else terminal.out(`There is no StackSet of Redress in ${admin.region}, so nothing was removed.`);
      return 0;
    }
    await agreed(standing, options, terminal);
    await joined(admin, standings, watcher);
    const run: Run = { admin, options, where, watcher, refused: 0 };
    const removed: string[] = [];
    // what forwards before what may act
    for (const part of parts.toReversed()) {
      if (!standings[part]) continue;
      const left = await emptied(run, part);
      if (left.length > 0 || run.refused > 0) {
        terminal.progress();
        for (const { account, region, reason } of left) {
          if (json) terminal.out(jsonLine({ type: 'left', set: setNames[part], account, region, reason }));
          else terminal.out(`${setNames[part]} is still in ${account} ${region}: ${plain(reason) || 'AWS does not say why'}`);
        }
        throw new Failure(`${setNames[part]} has ${left.length} stacks left, and was not deleted.`, {
          next: 'Repair what AWS names and run `redress org remove` again. What cannot be deleted is taken out with `aws cloudformation delete-stack-instances --retain-stacks`, and deleted in its account by hand.',
        });
      }
      await admin.send(`delete the StackSet ${setNames[part]}`, (client) => deleteSet(admin, client, setNames[part]));
      removed.push(setNames[part]);
    }
    if (json) terminal.out(jsonLine({ type: 'removed', sets: removed, left: 0 }));
    else terminal.out(`${removed.join(' and ')} are deleted, with all their stacks.`);
    terminal.err(
      'What remains: the stack of the hub with its ledger and findings (`npx cdk destroy` there; the ledger is kept), and members that were deployed by hand. What was fixed stays fixed.',
    );
    return 0;
  });
}

async function agreed(standing: readonly Standing[], { yes }: RemoveOptions, { confirm, err }: Session['terminal']): Promise<void> {
  if (yes) return;
  if (!confirm) throw new Failure('This deletes stacks in members, and nobody can be asked.', { next: 'Say --yes.', exitCode: 2 });
  const stacks = standing.flatMap(({ instances }) => instances);
  const accounts = new Set(stacks.map(({ account }) => account));
  err(`${stacks.length} stacks in ${accounts.size} accounts: from then on the hub sees nothing there, and fixes nothing.`);
  if (!(await confirm('Delete them?'))) throw new Failure('Nothing was deleted.');
}

/** Deletes all stacks of a set; answers those that are left. */
async function emptied(run: Run, part: keyof typeof setNames): Promise<Standing['instances']> {
  const standing = await standingOf(run.admin, part);
  for (const step of standing ? deletions(part, standing.targets) : []) await carryOut(run, step);
  return (await standingOf(run.admin, part))?.instances ?? [];
}

async function deleteSet({ sdk, callAs }: Administrator, client: InstanceType<Administrator['sdk']['CloudFormationClient']>, name: string) {
  await client.send(new sdk.DeleteStackSetCommand({ StackSetName: name, CallAs: callAs }));
}
