import type { Opening, Ports } from '../../../functions/network/security-groups/reach.ts';

/*
 * What the world can reach, by trying it: each port by itself, and the address space in equal cells that a rule lets in or not.
 * Written without the product's own model, so that both can be compared.
 */

const space = {
  // a cell is a /16; the largest block that may stand open is a /8
  ipv4: { bits: 32, cell: 16, most: 2 ** 8, large: 8 },
  // a cell is a /18, and of IPv6 a /16 may stand open
  ipv6: { bits: 128, cell: 18, most: 2 ** 2, large: 16 },
} as const;
type Family = keyof typeof space;

const unrouted = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

const known = new Map<string, boolean>();

/** The watched ports that the world can reach, one by one, such as `tcp 22`. */
export function reachable(rules: readonly Opening[], watched: readonly Ports[]): string[] {
  const ports = watched.flatMap(({ protocol, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, n) => ({ protocol, port: from + n })),
  );
  return ports.flatMap(({ protocol, port }) => {
    const blocks = rules.filter((rule) => passes(rule, protocol, port)).flatMap((rule) => rule.blocks);
    const key = [...new Set(blocks)].sort().join(' ');
    const isOpen = known.get(key) ?? (['ipv4', 'ipv6'] as const).some((family) => isWorld(blocks, family));
    known.set(key, isOpen);
    return isOpen ? [`${protocol} ${port}`] : [];
  });
}

/** Whether a packet to a port passes a rule, by what AWS says of protocols. */
function passes({ protocol, from, to }: Opening, wanted: string, port: number): boolean {
  const alias: Record<string, string> = { '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmpv6' };
  const its = alias[protocol] ?? protocol.toLowerCase();
  if (its === 'icmp' || its === 'icmpv6') return false;
  if (its !== 'tcp' && its !== 'udp') return true;
  if (its !== wanted) return false;
  if (from === undefined || to === undefined || from === -1 || to === -1) return true;
  return port >= from && port <= to;
}

function isWorld(blocks: readonly string[], family: Family): boolean {
  const { cell, most, large } = space[family];
  const its = blocks.filter((block) => block.includes(':') === (family === 'ipv6')).map((block) => bitsOf(block, family));
  if (its.length === 0) return false;
  const out = unrouted.filter((block) => block.includes(':') === (family === 'ipv6')).map((block) => bitsOf(block, family));
  if (its.some((bits) => bits.length < large && !out.some((hole) => bits.startsWith(hole)))) return true;
  const cells = new Uint8Array(2 ** cell);
  const fill = (bits: string, value: number) => {
    if (bits.length <= cell) cells.fill(value, Number.parseInt(bits.padEnd(cell, '0'), 2), Number.parseInt(bits.padEnd(cell, '1'), 2) + 1);
  };
  for (const bits of its) fill(bits, 1);
  for (const bits of out) fill(bits, 0);
  let run = 0;
  for (const open of cells) {
    run = open ? run + 1 : 0;
    if (run > most) return true;
  }
  return false;
}

/** The fixed bits of a block as text. */
function bitsOf(block: string, family: Family): string {
  const [address = '', length] = block.split('/');
  const all =
    family === 'ipv4'
      ? address.split('.').map((byte) => Number(byte).toString(2).padStart(8, '0'))
      : groupsOf(address).map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'));
  return all.join('').slice(0, Number(length ?? space[family].bits));
}

function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  if (tail === undefined) return first;
  const last = tail === '' ? [] : tail.split(':');
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => '0'), ...last];
}
