import type { RedressConfig } from '#shared/finding/config.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import type { LocalOrganization } from '../../local/synthesise.ts';
import { administrator, type Plan } from './plan.ts';
import type { Sort } from './sorts/sort.ts';
import { volumes } from './sorts/volumes.ts';

/** What is asked of the storm of an organization. */
export interface Burst extends LocalOrganization {
  /** How many are made in each Region of each account. */
  readonly volumes: number;
  /** Over how long, in seconds. */
  readonly seconds: number;
}

/** The storm of a hub: a burst of unencrypted volumes in all accounts and Regions at once, while STS and EC2 throttle. */
export async function ofOrganization({ volumes: each, seconds, ...organization }: Burst): Promise<Plan> {
  const { accounts, regions } = organization;
  const sort = theVolume();
  return {
    config: { controls: await volumesAlone() },
    organization,
    // a volume takes many calls here, and whoever is killed takes a whole batch of volumes along
    strength: { throttled: { services: ['ec2', 'sts'], weight: 300 }, killed: 0.2 },
    creations: accounts * regions.length * each,
    seconds,
    copies: 0.1,
    sorts: [sort],
    prepare: async (cloud) => Array.from({ length: accounts }, (_, n) => regions.map((region) => administrator(cloud, n, region))).flat(),
    creation(n, all) {
      const account = all[n % all.length];
      if (!account) throw new Error('there is no account');
      return { sort, account };
    },
    rowOf: ({ kind }, { settings }) => `${kind}, ${settings.region}`,
  };
}

/** What makes an unencrypted volume. */
export function theVolume(): Sort {
  const sort = volumes.find(({ control }) => control === 'volume-encrypted');
  if (!sort) throw new Error('the storm makes no volumes');
  return sort;
}

/** Volumes are encrypted at once, and nothing else is done: the default encryption of a place would leave nothing wrong there. */
export async function volumesAlone(): Promise<NonNullable<RedressConfig['controls']>> {
  const all = controlsOf(await discoverFunctions()).map(({ id }) => [id, { mode: 'off' } as const]);
  return { ...Object.fromEntries(all), 'volume-encrypted': { mode: 'fix', settleSeconds: 0 } };
}
