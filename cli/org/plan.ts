import { isDeepStrictEqual } from 'node:util';
import type { StackSet } from '@aws-sdk/client-cloudformation';
import type { MemberTemplate } from '../../infra/member.ts';
import type { Instance, Part, Standing } from './stack-sets.ts';
import type { Target } from './targets.ts';

/** Where the hub is. */
export interface Hub {
  readonly account: string;
  readonly region: string;
}

/** How a StackSet should be. */
export interface Wanted {
  readonly part: Part;
  readonly template: MemberTemplate;
  readonly hub: Hub;
  /** The StackSets that a new account gets before this one, by their ARNs. */
  readonly dependsOn: readonly string[];
  readonly targets: readonly Target[];
  /** The OUs that hold the hub's account, or may. */
  readonly ousOfHub: readonly string[];
}

/** Something to do with the stacks of a set, as one operation. */
export interface Step {
  readonly part: Part;
  readonly does: 'create' | 'retry' | 'delete';
  readonly ous: readonly string[];
  readonly regions: readonly string[];
  /** The only accounts of the OUs that are meant. */
  readonly only?: readonly string[];
  /** The accounts of the OUs that are not. */
  readonly except?: readonly string[];
}

/** The most OUs of one operation: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html */
const MOST_OUS = 50;
/** The most accounts that one operation names here; AWS documents no limit. */
const MOST_ACCOUNTS = 500;

/** What of the set itself is not as it should be: nothing, or words for it. */
export function changesOf(
  { template, hub, dependsOn }: Wanted,
  { TemplateBody = '', Parameters = [], AutoDeployment }: StackSet,
): string[] {
  const parameters = Object.fromEntries(Parameters.map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]));
  const { Enabled, RetainStacksOnAccountRemoval: isRetained, DependsOn = [] } = AutoDeployment ?? {};
  return [
    ...(isDeepStrictEqual(parsed(TemplateBody), parsed(JSON.stringify(template))) ? [] : ['template']),
    ...(isDeepStrictEqual(parameters, parametersOf(hub)) ? [] : ['hub']),
    ...(Enabled === true && isRetained !== true && isDeepStrictEqual([...DependsOn], dependsOn) ? [] : ['automatic deployment']),
  ];
}

/** The parameters of both templates. */
export function parametersOf({ account, region }: Hub): { readonly HubAccount: string; readonly HubRegion: string } {
  return { HubAccount: account, HubRegion: region };
}

/** What this run knows already when it makes the steps of a set. */
export interface Known {
  /** The stacks of the roles: what an account without them is given would have nobody to send as. */
  readonly roles?: readonly Instance[];
  /** Operations of this run, whose failures wait for the next. */
  readonly touched?: readonly string[];
}

/** What to do with the stacks: nothing where all are there and as the set is. */
export function stepsOf(wanted: Wanted, standing: Standing | undefined, { roles, touched = [] }: Known = {}): Step[] {
  const { part } = wanted;
  const have = (ou: string) => standing?.targets.get(ou) ?? [];
  const want = new Map(wanted.targets.map(({ id, regions }) => [id, regions]));
  const missing = wanted.targets.map(({ id, regions }) => [id, regions.filter((region) => !have(id).includes(region))] as const);
  const surplus = [...(standing?.targets ?? [])].map(([ou, regions]): [string, string[]] => [
    ou,
    regions.filter((region) => !want.get(ou)?.includes(region)),
  ]);
  const strays = (standing?.instances ?? []).filter(
    (one) => isHubs(wanted, one.account, one.region) && want.get(one.ou)?.includes(one.region),
  );
  return [
    ...deletions(part, surplus),
    ...strays.map(({ ou, account, region }): Step => ({ part, does: 'delete', ous: [ou], only: [account], regions: [region] })),
    ...creations(wanted, missing, roles ? withoutRoles(roles) : []),
    ...(standing ? retries(wanted, standing, touched, roles && accountsWith(roles)) : []),
  ];
}

/** What deletes the stacks of OUs in some Regions. */
export function deletions(part: Part, targets: Iterable<readonly [ou: string, regions: readonly string[]]>): Step[] {
  return byRegions([...targets]).map(([ous, regions]): Step => ({ part, does: 'delete', ous, regions }));
}

/** Each account of a target in each of its Regions. */
export function placesOf({ id, accounts, regions }: Target): { readonly account: string; readonly region: string; readonly ou: string }[] {
  return accounts.flatMap((account) => regions.map((region) => ({ account, region, ou: id })));
}

/** Whether a place is the hub's own, where the controls' rules are on its bus already: what forwards there would send each event twice. */
export function isHubs({ part, hub }: Pick<Wanted, 'part' | 'hub'>, account: string, region: string): boolean {
  return part === 'rules' && account === hub.account && region === hub.region;
}

function creations(wanted: Wanted, missing: readonly (readonly [string, readonly string[]])[], except: readonly string[]): Step[] {
  const { part, hub, ousOfHub } = wanted;
  const isApart = (ou: string, region: string) => isHubs(wanted, hub.account, region) && ousOfHub.includes(ou);
  const step = (ous: readonly string[], regions: readonly string[], without: readonly string[]): Step => ({
    part,
    does: 'create',
    ous,
    regions,
    ...(without.length > 0 && { except: [...new Set(without)].toSorted() }),
  });
  const where = (isKept: (ou: string, region: string) => boolean) =>
    byRegions(missing.map(([ou, regions]) => [ou, regions.filter((region) => isKept(ou, region))] as const));
  return [
    ...where((ou, region) => !isApart(ou, region)).map(([ous, regions]) => step(ous, regions, except)),
    ...where(isApart).map(([ous, regions]) => step(ous, regions, [...except, hub.account])),
  ];
}

/** The stacks that are not as their set is, and the members that have none though their OU has. */
function retries(wanted: Wanted, standing: Standing, touched: readonly string[], having: ReadonlySet<string> | undefined): Step[] {
  const want = new Map(wanted.targets.map(({ id, regions }) => [id, regions]));
  const isMeant = (ou: string, account: string, region: string) =>
    want.get(ou)?.includes(region) === true && having?.has(account) !== false && !isHubs(wanted, account, region);
  const known = new Set(standing.instances.map(({ account, region }) => `${account} ${region}`));
  const members = wanted.targets.flatMap(placesOf);
  const broken = [
    ...standing.instances.filter(({ state, operation }) => state === 'outdated' && !touched.includes(operation)),
    ...members.filter(({ account, ou, region }) => !known.has(`${account} ${region}`) && standing.targets.get(ou)?.includes(region)),
  ].filter(({ ou, account, region }) => isMeant(ou, account, region));
  return [...Map.groupBy(broken, ({ ou }) => ou)].flatMap(([ou, ofOu]) => {
    const accounts = [...Map.groupBy(ofOu, ({ region }) => region)].map(
      ([region, ofRegion]) => [region, ofRegion.map(({ account }) => account).toSorted()] as const,
    );
    // one operation for the Regions in which it is the same accounts: what is well is not touched
    return [...Map.groupBy(accounts, ([, all]) => all.join())].flatMap(([, same]) =>
      batches(same[0]?.[1] ?? [], MOST_ACCOUNTS).map(
        (only): Step => ({ part: wanted.part, does: 'retry', ous: [ou], only, regions: same.map(([region]) => region) }),
      ),
    );
  });
}

/** OUs with the same Regions, together. */
function byRegions(pairs: readonly (readonly [ou: string, regions: readonly string[]])[]): [string[], readonly string[]][] {
  const groups = Map.groupBy(
    pairs.filter(([, regions]) => regions.length > 0),
    ([, regions]) => regions.toSorted().join(),
  );
  return [...groups].flatMap(([, group]) =>
    batches(
      group.map(([ou]) => ou),
      MOST_OUS,
    ).map((ous): [string[], readonly string[]] => [ous, group[0]?.[1] ?? []]),
  );
}

function batches<Item>(items: readonly Item[], most: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, n) => items.slice(n * most, (n + 1) * most));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // written by somebody else, as YAML perhaps: not ours
    return undefined;
  }
}

/** The accounts whose stack of the roles is there and as its set is. */
export function accountsWith(roles: readonly Instance[]): Set<string> {
  return new Set(roles.filter(({ state }) => state === 'current').map(({ account }) => account));
}

function withoutRoles(roles: readonly Instance[]): string[] {
  const having = accountsWith(roles);
  return [...new Set(roles.map(({ account }) => account))].filter((account) => !having.has(account));
}
