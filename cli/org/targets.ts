import { type NamedOu, type Organization, ouIdOf, ousOf } from '#shared/finding/organization.ts';
import { Failure } from '../failure.ts';

/** An OU, and the Regions of its accounts; StackSets deploy to the OUs within it too. */
export interface Target {
  readonly path: string;
  readonly id: string;
  readonly regions: readonly string[];
  /** The members in it and in the OUs within it. */
  readonly accounts: readonly string[];
  /** Whether it is within another one. */
  readonly isInner: boolean;
}

/**
 * The OUs that StackSets deploy to: those that list accounts, without what an OU around them has already.
 * Throws `Failure` where StackSets cannot do what the config says.
 */
export function targetsOf(organization: Organization<object>): Target[] {
  const targets = new Map<NamedOu<object>, Target>();
  for (const named of ousOf(organization)) {
    const regions = regionsOf(organization, named);
    if (!named.ou.accounts) continue;
    const around = named.chain.flatMap((one) => targets.get(one)?.regions ?? []);
    const missing = around.filter((region) => !regions.includes(region));
    if (missing.length > 0)
      throw new Failure(
        `The OU ${named.path} leaves out ${missing.join(', ')}, where an OU around it has members. StackSets deploy to an OU with all OUs within it.`,
        { next: 'Name these Regions for it too; or list no accounts in the OU around it, and give them an OU of their own.', exitCode: 2 },
      );
    const own = regions.filter((region) => !around.includes(region));
    if (own.length === 0) continue;
    const accounts = ousOf(organization).flatMap(({ chain, ou }) => (chain.includes(named) ? (ou.accounts ?? []) : []));
    const isInner = named.chain.some((one) => targets.has(one));
    targets.set(named, { path: named.path, id: idOf(named), regions: own, accounts, isInner });
  }
  return [...targets.values()];
}

/** What the roles are deployed to: each account once. */
export function targetsOfRoles(targets: readonly Target[], region: string): Target[] {
  return targets.flatMap((target) => (target.isInner ? [] : [{ ...target, regions: [region] }]));
}

/** The one Region of the roles, which are of all Regions: that of the hub where all OUs have it, else another that all have. */
export function regionOfRoles(targets: readonly Target[], hubRegion: string): string {
  const shared = (targets[0]?.regions ?? []).filter((region) => targets.every(({ regions }) => regions.includes(region)));
  return shared.includes(hubRegion) ? hubRegion : (shared[0] ?? hubRegion);
}

function regionsOf(organization: Organization<object>, { chain }: NamedOu<object>): readonly string[] {
  return [...new Set(chain.findLast(({ ou }) => ou.regions)?.ou.regions ?? organization.regions)];
}

function idOf(named: NamedOu<object>): string {
  const id = ouIdOf(named);
  if (id !== undefined) return id;
  throw new Failure(`The config does not say which OU of AWS ${named.path} is.`, {
    next: `Give it its id, such as \`id: 'ou-ab12-11112222'\`; \`aws organizations list-organizational-units-for-parent\` shows it.`,
    exitCode: 2,
  });
}
