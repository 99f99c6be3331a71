import type { Exemption, RedressConfig } from '#shared/finding/config.ts';
import type { Organization } from '#shared/finding/organization.ts';
import type { CommonEntries, ControlEntries } from './config-types.ts';

/** Settings for everywhere, or for one place. */
interface Scope {
  readonly controls?: ControlEntries;
  /** Settings that several controls share. */
  readonly common?: CommonEntries;
}

/** What a deployer sets; the compiler knows each control, its settings and the modes it may have. */
export interface Config extends Scope, Pick<RedressConfig, 'managedBy' | 'claims' | 'alerts' | 'trail' | 'dashboard'> {
  /** Which accounts are in which OU, and what holds for an OU. */
  readonly organization?: Organization<Scope>;
  /** By account id, and in it by Region. */
  readonly accounts?: {
    readonly [account: string]: Scope & { readonly regions?: { readonly [region: string]: Scope } };
  };
  readonly exemptions?: readonly (Omit<Exemption, 'control'> & { readonly control: keyof ControlEntries | '*' })[];
}

/** Names the config's type, so that a wrong id, setting or value is an error while it is written. */
export function defineConfig(config: Config): Config {
  return config;
}
