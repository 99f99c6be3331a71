import type { Place } from '#shared/control/control.ts';
import type { RedressConfig } from './config.ts';
import { ousAround, ousOf } from './organization.ts';

/** A part of what a hub serves, in which nothing is fixed: one account, one Region, one account in one Region, or an OU by its path. */
export type PauseScope = { readonly ou: string } | { readonly account?: string; readonly region?: string };

/** The key of a part; that of everything is empty. */
export function scopeKey(scope: PauseScope): string {
  if ('ou' in scope) return `ou#${scope.ou}`;
  const { account, region } = scope;
  return [...(account === undefined ? [] : ['account', account]), ...(region === undefined ? [] : ['region', region])].join('#');
}

/** A part in words, such as `account 444455556666 in eu-west-1`; undefined for everything. */
export function scopeText(scope: PauseScope): string | undefined {
  if ('ou' in scope) return `OU ${scope.ou}`;
  const { account, region } = scope;
  if (account === undefined) return region;
  return region === undefined ? `account ${account}` : `account ${account} in ${region}`;
}

/** The keys of all parts that a place is in, everything first; an account that stands in no OU may be in each, so a pause of any holds. */
export function scopesAround({ account, region }: Pick<Place, 'account' | 'region'>, { organization }: RedressConfig): readonly string[] {
  const ous = organization ? (ousAround(organization, account) ?? ousOf(organization)) : [];
  const scopes: PauseScope[] = [{}, { region }, { account }, { account, region }, ...ous.map(({ path }) => ({ ou: path }))];
  return scopes.map(scopeKey);
}
