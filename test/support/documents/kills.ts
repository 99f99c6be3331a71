import { expect } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import type { Finding, Status } from '#shared/finding/finding.ts';
import { orderFor } from '../../fixtures/events.ts';
import type { Harness, World } from '../harness.ts';

/** A world and the engine over it, just before the fix. */
export interface Started<Cloud extends World> {
  readonly world: Cloud;
  readonly harness: Harness;
}

/** Goes on to the end; answers the only finding. */
export async function ended(harness: Harness): Promise<Finding> {
  await harness.settle();
  const [finding, ...more] = await harness.findings();
  expect(more).toEqual([]);
  expect(harness.dead).toEqual([]);
  return finding ?? expect.fail('no finding');
}

/** Kills a fix, and then its undo, before and after each of its external calls; each time it has to end as it would have. */
export async function killEverywhere<Cloud extends World>(
  control: AnyControl,
  start: () => Promise<Started<Cloud>>,
  check: (world: Cloud, end: 'fixed' | 'undone', where: string) => void,
  fixed: Status = 'fixed',
): Promise<void> {
  for (const end of ['fixed', 'undone'] as const) {
    const begin = async () => {
      const started = await start();
      if (end === 'undone') started.harness.put(orderFor(control.id, 'undo', (await ended(started.harness)).id));
      return started;
    };
    const { harness: calm } = await begin();
    await calm.invoke();
    const { calls } = calm;
    expect(calls.length).toBeGreaterThan(5);
    for (let at = 1; at <= calls.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const where = `killed ${when} call ${at}, ${calls[at - 1]}`;
        const { world, harness } = await begin();
        await harness.invoke({ at, when });
        expect((await ended(harness)).status, where).toBe(end === 'fixed' ? fixed : end);
        check(world, end, where);
      }
    }
  }
}
