import fc from 'fast-check';
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

  const side = {
    v4: fc.tuple(fc.constantFrom(...v4), fc.constantFrom(...lengths.v4)),
    v6: fc.tuple(fc.constantFrom(...v6), fc.constantFrom(...lengths.v6)),
  };
  const block = fc.oneof({ arbitrary: side.v4, weight: 2 }, side.v6).map(([address, length]) => `${address}/${length}`);
  const ports = fc
    .tuple(fc.constantFrom(...edges), fc.constantFrom(...edges))
    .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
  const rule = fc.record({
    protocol: fc.constantFrom(...protocols),
    ports: fc.option(ports, { freq: 12, nil: {} }),
    blocks: fc.array(block, { maxLength: 2 }),
  });
  const rulesOf = fc
    .array(rule, { maxLength: 5 })
    .map((all) => all.map(({ ports: some, ...rest }, n): Opening => ({ id: `r${n}`, ...rest, ...some })));

  const watched = portsOfSetting([...ADMIN, '161/udp', '20-21']);
  const hitsIn = (rules: readonly Opening[]) =>
    openToWorld(rules, watched)
      .map(({ id, isShared }) => (isShared ? `+${id}` : id))
      .sort();
  const holds = (what: (rules: Opening[]) => void) => fc.assert(fc.property(rulesOf, what), { numRuns: 200 });

  test('the model agrees with trying each port and address', () => {
    holds((rules) => agrees(rules, watched));
  });

  test('neither order nor an added sound rule changes what is found', () => {
    holds((rules) => {
      const found = hitsIn(rules);
      expect(hitsIn(rules.toReversed())).toEqual(found);
      const sound = { id: 'sound', protocol: 'tcp', from: 22, to: 22, blocks: ['192.168.7.0/24'] };
      expect(hitsIn([...rules, sound])).toEqual(found);
    });
  });

  test('a wider range finds no less', () => {
    holds((rules) => {
      const wider = rules.map((one) => ({ ...one, from: 0, to: 65_535 }));
      const found = openToWorld(rules, watched).map(({ id }) => id);
      const more = openToWorld(wider, watched).map(({ id }) => id);
      expect(found.filter((id) => !more.includes(id))).toEqual([]);
    });
  });
});
