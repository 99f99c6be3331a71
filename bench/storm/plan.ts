import type { RedressConfig } from '#shared/finding/config.ts';
import type { LocalCloud } from '../../local/cloud.ts';
import type { LocalOrganization } from '../../local/synthesise.ts';
import type { Strength } from './faults.ts';
import { Account, type Sort } from './sorts/sort.ts';

/** What is made, and where. */
export interface Creation {
  readonly sort: Sort;
  readonly account: Account;
}

/** What a storm is of: a stack with its config, the places that it serves, and what is made there. */
export interface Plan {
  readonly config: RedressConfig;
  /** Makes the stack a hub with members; absent means one account and Region. */
  readonly organization?: LocalOrganization;
  /** Absent means that of the storms of one account. */
  readonly strength?: Strength;
  /** How many creations, over how many seconds. */
  readonly creations: number;
  readonly seconds: number;
  /** How often the events of a creation come again; a part of one is a chance. */
  readonly copies: number;
  /** Everything that can be made. */
  readonly sorts: readonly Sort[];
  /** Makes ready what the creations need; answers the places where they are made. */
  prepare(cloud: LocalCloud): Promise<readonly Account[]>;
  /** The creation of a number, from 0. */
  creation(n: number, accounts: readonly Account[], random: () => number): Creation;
  /** Which row of the result counts what of a sort is made in a place. */
  rowOf(sort: Sort, account: Account): string;
}

/** The administrator of an account of the local cloud, in a Region. */
export function administrator({ endpoint, accounts }: LocalCloud, n: number, region: string): Account {
  const one = accounts[n];
  if (!one) throw new Error(`the local cloud has no account number ${n}`);
  const { id, accessKeyId, secretAccessKey, sessionToken } = one;
  return new Account(id, { region, endpoint, credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } });
}
