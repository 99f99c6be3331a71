import { describe, expect, test } from 'vitest';
import { agrees } from '../../../test/support/security-groups/agrees.ts';
import { ADMIN, portsOfSetting } from './ports.ts';
import { type Opening, openToWorld } from './reach.ts';

describe('what holds of all rules, tried on random ones', () => {
  const protocols = ['tcp', 'tcp', 'tcp', 'udp', '6', '17', '-1', '50', 'icmp', 'icmpv6', '58'];
  const edges = [0, 20, 21, 22, 23, 161, 162, 3388, 3389, 3390, 5984, 5985, 5986, 5987, 65_535];
  const v4 = [
    '0.0.0.0',
    '1.0.0.0',
    '2.0.0.0',
    '3.0.0.0',
    '4.0.0.0',
    '8.0.0.0',
    '9.0.0.0',
    '10.0.0.0',
    '11.0.0.0',
    '100.64.0.0',
    '128.0.0.0',
  ];
  const v6 = ['::', '2000::', '2600::', '2601::', '2602:8000::', 'fc00::', 'fd00::', 'fe80::'];
  const lengths = { v4: [0, 1, 2, 4, 6, 7, 8, 8, 8, 9, 10, 12, 16], v6: [0, 3, 7, 8, 12, 15, 16, 16, 17, 18] };

  /** A small generator that a seed repeats. */
  function random(seed: number): { below: (n: number) => number; pick: <T>(list: readonly T[]) => T } {
    let state = seed;
    const below = (n: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    };
    const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
    return { below, pick };
  }

  function someRules(seed: number): Opening[] {
    const { below, pick } = random(seed);
    return Array.from({ length: below(6) }, (_, n): Opening => {
      const [a, b] = [pick(edges), pick(edges)];
      const block = () => (below(3) > 0 ? `${pick(v4)}/${pick(lengths.v4)}` : `${pick(v6)}/${pick(lengths.v6)}`);
      const ports = below(12) === 0 ? {} : { from: Math.min(a, b), to: Math.max(a, b) };
      return { id: `r${n}`, protocol: pick(protocols), ...ports, blocks: Array.from({ length: below(3) }, block) };
    });
  }

  const watched = portsOfSetting([...ADMIN, '161/udp', '20-21']);
  const hitsIn = (rules: readonly Opening[]) =>
    openToWorld(rules, watched)
      .map(({ id, isShared }) => (isShared ? `+${id}` : id))
      .sort();
  const seeds = Array.from({ length: 200 }, (_, n) => n * 7919 + 1);

  test('the model agrees with trying each port and address', () => {
    for (const seed of seeds) agrees(someRules(seed), watched);
  });

  test('neither order nor an added sound rule changes what is found', () => {
    for (const seed of seeds) {
      const rules = someRules(seed);
      const found = hitsIn(rules);
      expect(hitsIn(rules.toReversed()), `seed ${seed}`).toEqual(found);
      const sound = { id: 'sound', protocol: 'tcp', from: 22, to: 22, blocks: ['192.168.7.0/24'] };
      expect(hitsIn([...rules, sound]), `seed ${seed}`).toEqual(found);
    }
  });

  test('a wider range or a shorter block finds no less', () => {
    for (const seed of seeds) {
      const rules = someRules(seed);
      const wider = rules.map((rule) => ({ ...rule, from: 0, to: 65_535 }));
      const found = openToWorld(rules, watched).map(({ id }) => id);
      const more = openToWorld(wider, watched).map(({ id }) => id);
      expect(
        found.filter((id) => !more.includes(id)),
        `seed ${seed}`,
      ).toEqual([]);
    }
  });
});
