import type { RedressConfig } from '#shared/finding/config.ts';
import { hubOf } from '#shared/finding/organization.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { type MemberTemplate, memberRoles, memberRules } from '../../infra/member.ts';
import { loadConfig, PROJECT_CONFIG } from '../../infra/synth.ts';
import { Failure } from '../failure.ts';
import type { Part } from './stack-sets.ts';

/** The organization of a hub, and what its members are made of. */
export interface HubConfig {
  readonly organization: NonNullable<RedressConfig['organization']>;
  readonly templates: { readonly [part in Part]: MemberTemplate };
}

/** Reads the config; throws `Failure` where it makes its deployment no hub. */
export async function hubConfig(file: string = PROJECT_CONFIG): Promise<HubConfig> {
  const functions = await discoverFunctions();
  const config = await loadConfig(file, functions);
  const { organization } = config;
  if (organization && hubOf(config) !== undefined)
    return { organization, templates: { roles: memberRoles(functions, config), rules: memberRules(functions, config) } };
  throw new Failure('The config makes this deployment no hub, so there are no members to deploy to.', {
    next: 'Set `organization: { id, hub: true, regions, ous }` in redress.config.ts, or name the config of the hub with --config: see docs/organizations.md.',
    exitCode: 2,
  });
}
