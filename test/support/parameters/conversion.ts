import { expect } from 'vitest';
import type { ControlConfig } from '#shared/finding/config.ts';
import type { Finding } from '#shared/finding/finding.ts';
import control from '../../../functions/parameters/parameter-secure.ts';
import { messageFor, orderFor } from '../../fixtures/events.ts';
import { token } from '../../fixtures/secrets.ts';
import { Harness } from '../harness.ts';
import { putParameter } from './events.ts';
import { type Account, type ParameterWorld, parametersWorld } from './world.ts';

/** The parameter that is converted, and all that it shall keep. */
export const name = '/shop/prod/deploy';
export const settings = {
  Tier: 'Advanced' as const,
  Description: 'Deploys the shop',
  AllowedPattern: '^ghp_',
  Policies: '[{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"20","Unit":"Days"}}]',
  Tags: [{ Key: 'team', Value: 'shop' }],
  labels: ['live'],
};
/** What it is once it is right. */
export const kept = { Tier: 'Advanced', Description: 'Deploys the shop', AllowedPattern: '^ghp_', DataType: 'text', Type: 'SecureString' };
/** A config under which old versions go too. */
export const purging: ControlConfig = { mode: 'approve', purgeHistory: true };

/** The engine with its world. */
export interface Started {
  readonly harness: Harness;
  readonly world: ParameterWorld;
}

/** Puts the parameter, and the event of it on the queue. */
export function start(account: Account = {}, config: ControlConfig = { mode: 'fix' }): Started {
  const world = parametersWorld({ parameters: { [name]: { Value: token, ...settings } }, ...account });
  const harness = new Harness({ controls: [control], config: { controls: { 'parameter-secure': config } }, world });
  harness.put(messageFor('parameter-secure', putParameter(name)));
  return { harness, world };
}

/** Goes on to the end; answers the only finding. */
export async function ended({ harness }: Started): Promise<Finding> {
  await harness.settle();
  const [finding, ...more] = await harness.findings();
  if (!finding) throw new Error('no finding');
  expect(more).toEqual([]);
  return finding;
}

/** A parameter's newest version. */
export const newest = (world: ParameterWorld, id = name) => world.parameters.get(id)?.versions.at(-1);
/** The names of the copies that there are. */
export const staged = (world: ParameterWorld) => [...world.parameters.keys()].filter((id) => id.startsWith('/redress/stage/'));
/** Whether some parameter has the value now. */
export const holds = (world: ParameterWorld, value: string) =>
  [...world.parameters.values()].some(({ versions }) => versions.at(-1)?.Value === value);

/** Approves what waits, so that the staged way begins at the next invocation. */
export async function approve(started: Started): Promise<void> {
  await started.harness.settle();
  const [waiting] = await started.harness.findings();
  expect(waiting?.status).toBe('awaiting-approval');
  started.harness.put(orderFor('parameter-secure', 'fix', waiting?.id ?? ''));
}

/** Moves the clock to the next message, and handles it. */
export async function step(harness: Harness, kill?: { at: number; when: 'before' | 'after' }): Promise<void> {
  for (let seconds = 0; seconds < 1000; seconds += 1) {
    const before = harness.calls;
    await harness.invoke(kill);
    if (harness.calls !== before && harness.calls.length > 0) return;
    harness.now = new Date(harness.now.getTime() + 1000);
  }
}
