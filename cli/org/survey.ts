import { type Member, membersOf, regionsToJoin } from '#shared/finding/organization.ts';
import { Failure } from '../failure.ts';
import type { Administrator } from './administrator.ts';
import type { HubConfig } from './hub-config.ts';
import { join, type Watcher } from './operation.ts';
import type { Hub, Wanted } from './plan.ts';
import { type Part, parts, type Standing, standingOf } from './stack-sets.ts';
import { regionOfRoles, targetsOf, targetsOfRoles } from './targets.ts';

/** The StackSets as they stand. */
export type Standings = { readonly [part in Part]?: Standing | undefined };

/** The StackSets as the config wants them. */
export type Wants = { readonly [part in Part]: Wanted } & {
  readonly hub: Hub;
  /** The management account, where it is known. */
  readonly management: string | undefined;
  /** Whether an account joins the hub without being listed. */
  readonly mayJoin: boolean;
  /** Members that StackSets do not reach: those in no OU, and the management account. */
  readonly byHand: readonly Member[];
};

/** Reads both StackSets. */
export async function standingsOf(admin: Administrator): Promise<Standings> {
  const [roles, rules] = await Promise.all([standingOf(admin, 'roles'), standingOf(admin, 'rules')]);
  return { roles, rules };
}

/** Follows what goes on in either to its end; answers whether something did. */
export async function joined(admin: Administrator, standings: Standings, watcher: Watcher): Promise<boolean> {
  let hasWaited = false;
  for (const part of parts) if (standings[part] && (await join(admin, part, watcher))) hasWaited = true;
  return hasWaited;
}

/** What the members of a config should have, where they have this. */
export function wantsOf({ organization, templates }: HubConfig, admin: Administrator, standings: Standings, hub: Hub): Wants {
  const management = managementOf(admin, standings);
  const inOus = targetsOf(organization);
  const targets = inOus.map((target) => ({ ...target, accounts: target.accounts.filter((account) => account !== management) }));
  const reached = new Set(targets.flatMap(({ accounts }) => accounts));
  const byHand = membersOf(organization)
    .map(({ account, regions }) => ({ account, regions: regions.filter((region) => account !== hub.account || region !== hub.region) }))
    .filter(({ account, regions }) => !reached.has(account) && regions.length > 0);
  if (targets.length === 0)
    throw new Failure('No OU of the config lists accounts and has Regions, so StackSets have nothing to deploy to.', {
      next: 'List the `accounts` of its OUs, give each OU its `id`, and name `regions`: see docs/configuration.md.',
      exitCode: 2,
    });
  // once chosen it stays: the roles' names are taken where they are
  const region = [...(standings.roles?.targets.values() ?? [])].flat()[0] ?? regionOfRoles(targets, hub.region);
  // listed nowhere it may be in any of them
  const isListed = membersOf(organization).some(({ account }) => account === hub.account);
  const ousOfHub = targets.flatMap(({ id, accounts }) => (!isListed || accounts.includes(hub.account) ? [id] : []));
  const arn = standings.roles?.set.StackSetARN;
  return {
    hub,
    management,
    mayJoin: regionsToJoin({ organization }).length > 0,
    byHand,
    roles: { part: 'roles', template: templates.roles, hub, dependsOn: [], targets: targetsOfRoles(targets, region), ousOfHub },
    rules: { part: 'rules', template: templates.rules, hub, dependsOn: arn ? [arn] : [], targets, ousOfHub },
  };
}

/** Where the hub is: as `--hub` says, or as the StackSets say. */
export function hubFrom(text: string | undefined, standings: Standings): Hub {
  const known = new Set(parts.flatMap((part) => hubIn(standings[part]) || []));
  // a move that ended half way: to take either would take the members from the other
  if (text === undefined && known.size > 1)
    throw new Failure(`The StackSets name different hubs: ${[...known].join(' and ')}.`, {
      next: 'Bring both to one with `redress org deploy --hub ACCOUNT/REGION`.',
      exitCode: 2,
    });
  const [, account, region] = /^(\d{12})\/([a-z]+(?:-[a-z]+)+-\d+)$/.exec(text ?? [...known].join()) ?? [];
  if (account && region) return { account, region };
  throw new Failure(text === undefined ? 'The members have to know where the hub is.' : '--hub is an account and a Region.', {
    next: 'Name it as ACCOUNT/REGION, such as `--hub 999988887777/eu-west-1`; later runs know it.',
    exitCode: 2,
  });
}

/** The hub that a StackSet names. */
function hubIn(standing: Standing | undefined): string | undefined {
  const of = (name: string) => standing?.set.Parameters?.find(({ ParameterKey }) => ParameterKey === name)?.ParameterValue;
  const [account, region] = [of('HubAccount'), of('HubRegion')];
  return account && region && `${account}/${region}`;
}

/** The management account, in which AWS keeps the StackSets of an organization, whoever made them. */
function managementOf({ callAs, account }: Administrator, standings: Standings): string | undefined {
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin.html
  if (callAs === 'SELF') return account;
  return (standings.roles ?? standings.rules)?.set.StackSetARN?.split(':')[4];
}
