import { expect } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import type { Finding, Status } from '#shared/finding/finding.ts';
import { orderFor } from '../../fixtures/events.ts';
import { type Harness, place, type World } from '../harness.ts';
import { homeOf, orderPlace } from '../home.ts';

/** A world and the engine over it, just before the fix. */
export interface Started<Cloud extends World> {
  readonly world: Cloud;
  readonly harness: Harness;
}

/** What was asked for in the end. */
type End = 'fixed' | 'undone';

/** Goes on to the end; answers the only finding of a place. */
export async function ended(harness: Harness, of = place): Promise<Finding> {
  await harness.settle();
  const [finding, ...more] = await harness.findings(of);
  expect(more).toEqual([]);
  expect(harness.dead).toEqual([]);
  return finding ?? expect.fail('no finding');
}

/** Kills a fix, and then its undo if it has one, before and after each of its external calls; each time it has to end as it would have. */
export async function killEverywhere<Cloud extends World>(
  control: AnyControl,
  start: () => Promise<Started<Cloud>>,
  check: (world: Cloud, end: End, where: string) => void,
  { ends = ['fixed', 'undone'], fixed = 'fixed' }: { readonly ends?: readonly End[]; readonly fixed?: Status } = {},
): Promise<void> {
  const home = homeOf(control);
  for (const end of ends) {
    const begin = async () => {
      const started = await start();
      if (end === 'undone') started.harness.put(orderFor(control.id, 'undo', (await ended(started.harness, home)).id, orderPlace(control)));
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
        expect((await ended(harness, home)).status, where).toBe(end === 'fixed' ? fixed : end);
        check(world, end, where);
      }
    }
  }
}
