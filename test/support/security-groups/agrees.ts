import { expect } from 'vitest';
import { type Opening, openToWorld, type Ports } from '../../../functions/network/security-groups/reach.ts';
import { reachable } from './reachable.ts';

/** The model and the trial of each port and address say the same. */
export function agrees(rules: readonly Opening[], watched: readonly Ports[]): void {
  const hits = openToWorld(rules, watched);
  expect(hits.length > 0, 'open').toBe(reachable(rules, watched).length > 0);
  const ids = new Set(hits.map(({ id }) => id));
  const rest = rules.filter(({ id }) => !ids.has(id));
  expect(reachable(rest, watched), 'reachable without the rules that were found').toEqual([]);
  for (const rule of rules) {
    const isAlone = hits.some(({ id, isShared }) => id === rule.id && !isShared);
    expect(reachable([rule], watched).length > 0, `${rule.id} alone`).toBe(isAlone);
  }
  for (const { id, ports } of hits) {
    const named = ports.flatMap(({ protocol, from, to }) => Array.from({ length: to - from + 1 }, (_, n) => `${protocol} ${from + n}`));
    expect(
      reachable(rules, ports).some((port) => named.includes(port)),
      `${id} at its ports`,
    ).toBe(true);
  }
}
