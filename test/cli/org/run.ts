import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { controlsOf, discoverFunctions } from '../../../infra/catalog.ts';
import { keepingTerminal, redress, type Said } from '../world.ts';
import { A, B, C, HUB, organization, SANDBOX, WORKLOADS } from './world.ts';

export const REGIONS = ['eu-west-1', 'us-east-1'];
export const ous = { workloads: { id: WORKLOADS, accounts: [A, B] }, sandbox: { id: SANDBOX, accounts: [C] } };

// few controls make small templates, and these tests quick
const on = ['volume-encrypted', 'snapshot-private'];
const off = controlsOf(await discoverFunctions()).flatMap(({ id }) => (on.includes(id) ? [] : [[id, { mode: 'off' }] as const]));
const controls = Object.fromEntries(off);

/** The config of a hub, with what a case changes of its organization. */
export const hubOf = (changes: object = {}) => ({
  controls,
  organization: { id: 'o-a1b2c3d4e5', hub: true, regions: REGIONS, ous, ...changes },
});
/** Other calls and other permissions. */
export const otherTemplates = {
  ...hubOf(),
  controls: { ...controls, 'volume-encrypted': { mode: 'off' }, 'snapshot-private': { mode: 'observe' } },
};

/** What a test finds: StackSets, and the accounts of each OU as AWS has them. */
interface At {
  cloud: ReturnType<typeof organization>;
  accounts: Record<string, string[]>;
  folder: string;
}

/** Gives each test of a file an organization of its own. */
export function inAnOrganization(): At {
  const at = {} as At;
  beforeEach(async () => {
    at.folder = await mkdtemp(join(tmpdir(), 'redress-org-'));
    at.accounts = { [WORKLOADS]: [A, B], [SANDBOX]: [C] };
    at.cloud = organization(at.accounts);
  });
  afterEach(async () => {
    at.cloud.restore();
    await rm(at.folder, { recursive: true, force: true });
  });
  return at;
}

/** The commands in eu-west-1, for an organization. */
export function commandsOn(at: At) {
  const withConfig = async (argv: readonly string[], config: object): Promise<Said & { progress: string[] }> => {
    const file = join(at.folder, 'config.json');
    await writeFile(file, JSON.stringify(config));
    const progress: string[] = [];
    const on = keepingTerminal();
    on.terminal.progress = (text) => void progress.push(text ?? '');
    return { ...(await redress([...argv, '--region', 'eu-west-1', '--config', file], on)), progress };
  };
  const deploy = (config: object, ...more: string[]) => withConfig(['org', 'deploy', ...more], config);
  return {
    deploy,
    /** The first time, with a hub in eu-west-1. */
    first: (config: object = hubOf(), ...more: string[]) => deploy(config, '--hub', `${HUB}/eu-west-1`, ...more),
    /** Another time; what was sent before is forgotten. */
    again: async (config: object = hubOf(), ...more: string[]) => {
      at.cloud.sent.length = 0;
      at.cloud.inputs.length = 0;
      return await deploy(config, ...more);
    },
    doctor: (config: object = hubOf(), ...more: string[]) => withConfig(['doctor', '--org', ...more], config),
    remove: (...more: string[]) => redress(['org', 'remove', '--region', 'eu-west-1', ...more]),
    /** The stacks of a set, each with its status. */
    states: (set: string) =>
      [...(at.cloud.sets.get(set)?.instances.values() ?? [])]
        .map(({ Account, Region, Status }) => `${Account} ${Region} ${Status}`)
        .toSorted(),
  };
}
