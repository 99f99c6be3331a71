import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Organization } from '#shared/finding/organization.ts';
import { discoverFunctions } from '../infra/catalog.ts';
import { account } from './trail/identity.ts';

/** An organization that the local cloud plays. */
export interface LocalOrganization {
  /** How many accounts it has, the hub's among them. */
  readonly accounts: number;
  /** The Regions of each, of which the hub is in the first. */
  readonly regions: readonly string[];
  /** Whether the accounts are in an OU, and left to StackSets. */
  readonly stackSets?: boolean;
}

/** What a local cloud is made of. */
interface Synthesised {
  readonly templateFile: string;
  /** The config, where it was made here. */
  readonly configFile: string | undefined;
}

/** The OU of an organization that is left to StackSets. */
const OU = { name: 'workloads', id: 'ou-loca-workloads' };

/** Makes the template of a config in a folder of its own, so that two clouds can start side by side; it goes with the parts. */
export async function synthesise(
  configFile: string | undefined,
  parts: { stop(): Promise<void> }[],
  organization?: LocalOrganization,
): Promise<Synthesised> {
  const outdir = await mkdtemp(join(tmpdir(), 'redress-local-'));
  const remove = (): void => rmSync(outdir, { recursive: true, force: true });
  process.once('exit', remove);
  parts.push({
    async stop() {
      process.off('exit', remove);
      remove();
    },
  });
  const { synth, loadConfig, PROJECT_CONFIG } = await import('../infra/synth.ts');
  if (organization) {
    const config = await loadConfig(configFile ?? PROJECT_CONFIG, await discoverFunctions());
    const file = join(outdir, 'config.json');
    await writeFile(file, JSON.stringify({ ...config, organization: hubFor(organization) }));
    return { ...(await synth({ outdir: join(outdir, 'out'), check: false, configFile: file })), configFile: file };
  }
  // `npm run synth` and the tests check the template; here it need only be made.
  const { templateFile } = await synth({ outdir, check: false, ...(configFile === undefined ? {} : { configFile }) });
  return { templateFile, configFile };
}

/** An organization of a hub and as many members as there are accounts beside it; the hub's other Regions are members too. */
export function hubFor({ accounts, regions, stackSets }: LocalOrganization): Organization<object> {
  const others = Array.from({ length: accounts - 1 }, (_, n) => String(200_000_000_001 + n));
  const head = { id: 'o-localcloud1', hub: true, regions };
  if (!stackSets) return { ...head, accounts: [account, ...others] };
  return { ...head, join: 'automatic', ous: { [OU.name]: { id: OU.id, accounts: [account, ...others] } } };
}
