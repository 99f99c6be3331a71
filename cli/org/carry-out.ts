import { randomUUID } from 'node:crypto';
import { plain } from '#shared/finding/text.ts';
import type { Where } from '../deployment.ts';
import { Failure } from '../failure.ts';
import type { Administrator } from './administrator.ts';
import { operate, preferences, type Watcher } from './operation.ts';
import { accountsWith, changesOf, parametersOf, type Step, stepsOf, type Wanted } from './plan.ts';
import { parts, setNames, standingOf } from './stack-sets.ts';
import type { Standings, Wants } from './survey.ts';
import { templateArguments } from './template-url.ts';

/** All that a run does with. */
export interface Run {
  readonly admin: Administrator;
  readonly options: { readonly bucket?: string; readonly failureTolerance: string };
  readonly where: Where;
  readonly watcher: Watcher;
  /** How many operations AWS refused. */
  refused: number;
}

/** Deletes first, what forwards before what may act; then the roles, and the rules where the roles are. */
export async function carriedOut(
  run: Run,
  steps: readonly Step[],
  before: Standings,
  wantsNow: (standings: Standings) => Wants,
): Promise<Standings> {
  const { admin } = run;
  const deletes = steps.filter(({ does }) => does === 'delete');
  for (const part of parts.toReversed()) for (const step of deletes) if (step.part === part) await carryOut(run, step);
  let standings = before;
  for (const part of parts) {
    const wanted = wantsNow(standings)[part];
    const touched = await broughtUp(run, wanted, standings);
    standings = { ...standings, [part]: await standingOf(admin, part) };
    const known = part === 'rules' && standings.roles ? { touched, roles: standings.roles.instances } : { touched };
    for (const step of stepsOf(wanted, standings[part], known)) if (step.does !== 'delete') await carryOut(run, step);
    standings = { ...standings, [part]: await standingOf(admin, part) };
    if (part === 'roles' && accountsWith(standings.roles?.instances ?? []).size === 0) break;
  }
  return standings;
}

/** Makes the set, or changes it with all its stacks; answers the operations that did. */
async function broughtUp({ admin, where, options, watcher }: Run, wanted: Wanted, standings: Standings): Promise<string[]> {
  const standing = standings[wanted.part];
  const name = setNames[wanted.part];
  if (standing && changesOf(wanted, standing.set).length === 0) return [];
  const { sdk, callAs: CallAs } = admin;
  const settings = {
    ...(await templateArguments(wanted, options.bucket, admin, where)),
    Description: wanted.template.Description,
    Parameters: Object.entries(parametersOf(wanted.hub)).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    // roles of given names: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
    AutoDeployment: {
      Enabled: true,
      RetainStacksOnAccountRemoval: false,
      ...(wanted.dependsOn.length > 0 && { DependsOn: [...wanted.dependsOn] }),
    },
  };
  if (standing) {
    const change = { ...settings, OperationPreferences: preferences(options.failureTolerance) };
    return [
      await operate(
        admin,
        wanted.part,
        `update ${name}`,
        (client, begun) => client.send(new sdk.UpdateStackSetCommand({ ...change, ...begun })),
        watcher,
      ),
    ];
  }
  const made = { StackSetName: name, CallAs, PermissionModel: 'SERVICE_MANAGED' as const, ClientRequestToken: randomUUID(), ...settings };
  await admin.send(`create the StackSet ${name}`, (client) => client.send(new sdk.CreateStackSetCommand(made)));
  return [];
}

/** Does a step; what AWS refuses is said, and the others are done all the same. */
export async function carryOut(run: Run, step: Step): Promise<void> {
  const { admin, options, watcher } = run;
  const { sdk } = admin;
  const { part, does, ous, regions, only, except } = step;
  const input = {
    DeploymentTargets: {
      OrganizationalUnitIds: [...ous],
      ...(only && { Accounts: [...only], AccountFilterType: 'INTERSECTION' as const }),
      ...(except && { Accounts: [...except], AccountFilterType: 'DIFFERENCE' as const }),
    },
    Regions: [...regions],
    OperationPreferences: preferences(options.failureTolerance),
  };
  try {
    await operate(
      admin,
      part,
      `${does} stacks of ${setNames[part]} in ${ous.join(', ')}`,
      (client, begun) =>
        does === 'delete'
          ? client.send(new sdk.DeleteStackInstancesCommand({ ...input, ...begun, RetainStacks: false }))
          : // what is outdated is tried again by the same call: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html
            client.send(new sdk.CreateStackInstancesCommand({ ...input, ...begun })),
      watcher,
    );
  } catch (error) {
    if (!(error instanceof Failure) || watcher.signal.aborted) throw error;
    run.refused += 1;
    watcher.terminal.err(plain(`${error.message} ${error.next ?? ''}`));
  }
}
