import type { RedressConfig } from '#shared/finding/config.ts';
import { hubOf, type Member, membersOf, type NamedOu, type Organization, ouIdOf, ousAround, ousOf } from '#shared/finding/organization.ts';
import { LocalCloudError } from '../local-cloud-error.ts';
import { makeFirstTrail } from './gaps/trails.ts';
import { configOf, deployMembers, type MemberPlace, openBus } from './members.ts';
import type { MotoClient } from './moto-client.ts';
import type { DeployedStack } from './stack.ts';
import { motoDeployer } from './stack-sets/deployer.ts';
import { StackSets } from './stack-sets/stack-sets.ts';

/** What an organization is played with. */
export interface PlayedWith {
  readonly stack: DeployedStack;
  readonly moto: MotoClient;
  readonly hub: { readonly account: string; readonly region: string };
  /** Whether the members of OUs are left to StackSets, and not deployed at the start. */
  readonly hasStackSets: boolean;
  onTrouble(text: string): void;
}

/** An organization around a hub: its accounts and OUs, and the StackSets that deploy to them. */
export class PlayedOrganization {
  /** The account that administers StackSets for the management account. */
  readonly administrator = '300000000001';
  readonly management = '300000000000';
  readonly id: string;
  /** Where members were deployed to at the start. */
  readonly places: MemberPlace[] = [];
  readonly hasStackSets: boolean;
  readonly #with: PlayedWith;
  /** Each OU that has an id, with those around it, the outermost first. */
  readonly #ous: readonly { readonly id: string; readonly chain: readonly string[] }[];
  /** The accounts, each with the OUs around it. */
  readonly #accounts = new Map<string, readonly string[]>();
  readonly #sets = new Map<string, StackSets>();

  private constructor(id: string, organization: Organization<object>, options: PlayedWith) {
    this.id = id;
    this.hasStackSets = options.hasStackSets;
    this.#with = options;
    const idsOf = (chain: readonly NamedOu<object>[]) => chain.flatMap((one) => ouIdOf(one) ?? []);
    this.#ous = ousOf(organization).flatMap((one) => {
      const own = ouIdOf(one);
      return own === undefined ? [] : [{ id: own, chain: idsOf(one.chain) }];
    });
    this.#accounts.set(options.hub.account, []);
    for (const { account } of membersOf(organization)) this.#accounts.set(account, idsOf(ousAround(organization, account) ?? []));
  }

  /** Makes the accounts that a stack is the hub of, and those members that StackSets will not; undefined for a stack that is no hub. */
  static async of(options: PlayedWith): Promise<PlayedOrganization | undefined> {
    const config = await configOf(options.stack);
    const id = config && hubOf(config);
    if (!config?.organization || id === undefined) return undefined;
    const played = new PlayedOrganization(id, config.organization, options);
    await played.#settle(config, membersOf(config.organization));
    return played;
  }

  /** The ids of all accounts with something in them, the hub's first. */
  get accounts(): readonly string[] {
    return [...this.#accounts.keys()];
  }

  /** The StackSets that stand in a Region. */
  stackSetsIn(region: string): StackSets {
    const known = this.#sets.get(region);
    if (known) return known;
    const { moto, hub } = this.#with;
    const sets = new StackSets({
      region,
      management: this.management,
      accountsIn: (ou) => this.#accountsIn(ou),
      deployer: motoDeployer((account) => (account === hub.account ? moto : moto.in(account))),
    });
    this.#sets.set(region, sets);
    return sets;
  }

  /** Makes an account in an OU, by default in the first; StackSets deploy to it while nobody waits. */
  async create(ou = this.#ous[0]?.id): Promise<string> {
    const within = this.#ous.find(({ id }) => id === ou);
    if (!this.hasStackSets || !within)
      throw new LocalCloudError(
        within
          ? 'Accounts join where StackSets are played: start with --stack-sets.'
          : `There is no OU ${ou ?? 'with an id'}: the config names ${this.#ous.map(({ id }) => id).join(', ') || 'none'}.`,
      );
    const account = String(Math.max(...this.accounts.map(Number), MEMBERS_FROM) + 1);
    this.#accounts.set(account, within.chain);
    await this.#open([account]);
    const { onTrouble } = this.#with;
    for (const sets of this.#sets.values())
      sets.joins(account, within.chain).catch((cause: unknown) => onTrouble(`StackSets cannot deploy to ${account}: ${String(cause)}`));
    return account;
  }

  /** Takes an account of an OU out of the organization; resolves when StackSets have deleted what they made there. */
  async remove(account: string): Promise<void> {
    if (!this.hasStackSets || !this.#accounts.get(account)?.length)
      throw new LocalCloudError(`${account || 'An account without an id'} is in no OU of an organization that StackSets deploy to.`);
    this.#accounts.delete(account);
    const { stack, moto, hub } = this.#with;
    await openBus(stack, moto, hub.region, this.accounts);
    for (const sets of this.#sets.values()) await sets.leaves(account);
  }

  async #settle(config: RedressConfig, members: readonly Member[]): Promise<void> {
    const { hub, moto } = this.#with;
    await this.#open(this.accounts.filter((account) => account !== hub.account));
    const byHand = members.filter(({ account }) => !this.hasStackSets || this.#accounts.get(account)?.length === 0);
    this.places.push(...(await deployMembers(config, byHand, moto, hub)));
  }

  /** Gives accounts what each begins with, and has the hub's bus take their events. */
  async #open(accounts: readonly string[]): Promise<void> {
    const { stack, moto, hub } = this.#with;
    await openBus(stack, moto, hub.region, this.accounts);
    for (const account of accounts) await makeFirstTrail(moto.in(account), hub.region, account);
  }

  #accountsIn(ou: string): readonly string[] | undefined {
    if (!this.#ous.some(({ id }) => id === ou)) return undefined;
    return [...this.#accounts].flatMap(([account, chain]) => (chain.includes(ou) ? [account] : []));
  }
}

/** The ids of accounts that join are above this. */
const MEMBERS_FROM = 200_000_000_000;
