import { partitionOf } from '#shared/aws/partition.ts';

/** Accounts that stand in one place of an organization, and the OUs within it. */
export interface Members<Scope> {
  /** The accounts that stand directly here, by their ids; what holds for a single one stands under `accounts` at the config's top. */
  readonly accounts?: readonly string[] | undefined;
  /** OUs by name, or by id. */
  readonly ous?: { readonly [name: string]: Ou<Scope> } | undefined;
}

/** An organization, or the part of it that a config is about. */
export interface Organization<Scope> extends Members<Scope> {
  /** Its id, such as `o-a1b2c3d4e5`; a hub takes events of no other. */
  readonly id?: string | undefined;
  /** Whether this deployment is a hub, which serves the accounts that are listed, each in its Regions. */
  readonly hub?: boolean | undefined;
  /** The Regions in which accounts become members of the hub, where no OU around them names any. */
  readonly regions?: readonly string[] | undefined;
  /** Whether an account of the organization that forwards to the hub becomes a member without being listed; absent means none does. */
  readonly join?: 'automatic' | undefined;
}

/** An account that a hub serves, with its Regions. */
export interface Member {
  readonly account: string;
  readonly regions: readonly string[];
}

/** An organizational unit: what holds for its accounts, and for those of the OUs within it. */
type Ou<Scope> = Scope &
  Members<Scope> & {
    /** Its id, such as `ou-ab12-11112222`, unless that is its name here. */
    readonly id?: string | undefined;
    /** The Regions in which its accounts become members of a hub; absent means those of the OU around it. */
    readonly regions?: readonly string[] | undefined;
  };

/** An OU with its path, such as `workloads/production`, and the OUs around it. */
export interface NamedOu<Scope> {
  readonly path: string;
  readonly ou: Ou<Scope>;
  /** From the outermost to this one. */
  readonly chain: readonly NamedOu<Scope>[];
}

interface Index<Scope> {
  readonly ous: readonly NamedOu<Scope>[];
  readonly chains: ReadonlyMap<string, readonly NamedOu<Scope>[]>;
}

/** What is found of organizations: a worker looks an account up for every event, and reads its config once. */
const known = new WeakMap<object, Index<unknown>>();

function indexOf<Scope>(organization: Members<Scope>): Index<Scope> {
  // what is kept for an organization was made of it, so its OUs hold what its own do
  const kept = known.get(organization) as Index<Scope> | undefined;
  if (kept) return kept;
  const ous = within(organization, { path: '', chain: [] });
  const chains = new Map<string, readonly NamedOu<Scope>[]>((organization.accounts ?? []).map((account) => [account, []]));
  for (const { ou, chain } of ous) for (const account of ou.accounts ?? []) chains.set(account, chain);
  const index = { ous, chains };
  known.set(organization, index);
  return index;
}

function within<Scope>({ ous = {} }: Members<Scope>, around: Pick<NamedOu<Scope>, 'path' | 'chain'>): NamedOu<Scope>[] {
  return Object.entries(ous).flatMap(([name, ou]) => {
    const chain: NamedOu<Scope>[] = [...around.chain];
    const named = { path: `${around.path}${around.path && '/'}${name}`, ou, chain };
    chain.push(named);
    return [named, ...within(ou, named)];
  });
}

/** Every OU, each after the one around it. */
export function ousOf<Scope>(organization: Members<Scope>): readonly NamedOu<Scope>[] {
  return indexOf(organization).ous;
}

/** The OUs around an account, the outermost first: none at the root; undefined for an account that stands nowhere. */
export function ousAround<Scope>(organization: Members<Scope>, account: string): readonly NamedOu<Scope>[] | undefined {
  return indexOf(organization).chains.get(account);
}

/** The id of the organization that a config makes its deployment the hub of; undefined for one that serves its own place alone. */
export function hubOf({ organization }: { readonly organization?: Organization<object> | undefined }): string | undefined {
  return organization?.hub ? organization.id : undefined;
}

/** The accounts that become members of a hub; one for which no Regions are named becomes none. */
export function membersOf(organization: Organization<object>): Member[] {
  const inOus = ousOf(organization).flatMap(({ ou, chain }) => {
    const regions = chain.findLast((one) => one.ou.regions)?.ou.regions ?? organization.regions;
    return (ou.accounts ?? []).map((account) => ({ account, regions }));
  });
  const all = [...(organization.accounts ?? []).map((account) => ({ account, regions: organization.regions })), ...inOus];
  return all.flatMap(({ account, regions = [] }) => (regions.length > 0 ? [{ account, regions: [...new Set(regions)] }] : []));
}

/** The Regions in which accounts may join a hub by themselves: all in which members are; none where they may not. */
export function regionsToJoin({ organization }: { readonly organization?: Organization<object> | undefined }): readonly string[] {
  if (!organization?.hub || organization.join !== 'automatic') return [];
  return [...new Set([...(organization.regions ?? []), ...ousOf(organization).flatMap(({ ou }) => ou.regions ?? [])])];
}

/** The OUs that a path, a name or an id is of; several have one name. */
export function ousNamed(organization: Members<object>, name: string): readonly NamedOu<object>[] {
  return ousOf(organization).filter(({ path, ou }) => path === name || path.split('/').at(-1) === name || ou.id === name);
}

/** The accounts of an OU, and of those within it, by its path, its name or its id; undefined where there is none such. */
export function accountsIn(organization: Members<object>, name: string): readonly string[] | undefined {
  const named = ousNamed(organization, name);
  const within = ousOf(organization).filter(({ chain }) => chain.some((one) => named.includes(one)));
  return within.length === 0 ? undefined : within.flatMap(({ ou }) => ou.accounts ?? []);
}

/** The form of an organization's id: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
export const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;

/** The id of an OU, where the config names it. */
export function ouIdOf({ path, ou }: NamedOu<object>): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return ou.id ?? (OU_ID.test(name) ? name : undefined);
}

/** The form of an OU's id: https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html */
export const OU_ID = /^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$/;

/** What cannot be true of an organization whose parts are well formed: an account in two places, one id of two OUs, a hub of nobody. */
export function contradictionsIn(organization: Organization<object>): string[] {
  const ous = ousOf(organization);
  const homes = [{ name: 'the root', ou: organization }, ...ous.map(({ path, ou }) => ({ name: `OU ${path}`, ou }))];
  const accounts = homes.flatMap(({ name, ou }) => (ou.accounts ?? []).map((account) => [account, name] as const));
  const ids = ous.flatMap(({ path, ou: { id } }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return [id ?? [], OU_ID.test(name) && name !== id ? name : []].flat().map((one) => [one, `OU ${path}`] as const);
  });
  return [
    ...(organization.hub ? contradictionsOfHub(organization) : []),
    ...(organization.join && !organization.hub ? ['accounts `join` a hub alone: set `hub: true` too, or leave `join` out'] : []),
    ...several(accounts).map(
      ([account, places]) => `account ${account} is listed in ${places}; an account is in one place, so remove the other`,
    ),
    ...several(ids).map(([id, places]) => `${id} is the id of ${places}; give each OU its own`),
    ...several(ids.map(([id, name]) => [name, id] as const)).map(
      ([name, all]) => `${name} has two ids, ${all}; remove its \`id\`, or correct its name`,
    ),
  ];
}

function contradictionsOfHub(organization: Organization<object>): string[] {
  const regions = [...membersOf(organization).flatMap((member) => member.regions), ...regionsToJoin({ organization })];
  const partitions = new Set(regions.map(partitionOf));
  return [
    ...(organization.id === undefined ? ['a hub needs the `id` of its organization, such as o-a1b2c3d4e5'] : []),
    ...(partitions.size === 0 ? ['a hub needs members: list `accounts`, and the `regions` of their OU or of the organization'] : []),
    ...(partitions.size > 1 ? [`a hub serves one partition, and its Regions are of ${[...partitions].join(' and ')}`] : []),
  ];
}

/** What comes more than once, with all that it comes with. */
function several(pairs: readonly (readonly [string, string])[]): [string, string][] {
  return [...Map.groupBy(pairs, ([one]) => one)].flatMap(([one, all]): [string, string][] =>
    all.length > 1 ? [[one, all.map(([, other]) => other).join(' and ')]] : [],
  );
}
