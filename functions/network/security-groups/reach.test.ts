import { describe, expect, test } from 'vitest';
import { agrees } from '../../../test/support/security-groups/agrees.ts';
import { ADMIN, CLEARTEXT, portsOfSetting } from './ports.ts';
import { type Opening, opensMore, openToWorld } from './reach.ts';

const admin = portsOfSetting(ADMIN);
const both = portsOfSetting([...ADMIN, ...CLEARTEXT]);

/** `tcp 22 0.0.0.0/0,::/0`; `-` for ports that are missing. */
function opening(text: string, n: number): Opening {
  const [protocol = '', ports = '-', blocks = ''] = text.split(' ');
  const [, from, to = from] = /^(-?\d+)(?:-(\d+))?$/.exec(ports) ?? [];
  return {
    id: `r${n}`,
    protocol,
    ...(from !== undefined && { from: Number(from), to: Number(to) }),
    blocks: blocks.split(',').filter((block) => block !== ''),
  };
}

// name, rules, and which of them open one of the ports of logins; a plus stands before those that do so only together
const table: readonly (readonly [name: string, rules: readonly string[], open: string])[] = [
  ['SSH from everywhere', ['tcp 22 0.0.0.0/0'], 'r0'],
  ['SSH from everywhere over IPv6', ['tcp 22 ::/0'], 'r0'],
  ['SSH by the number of TCP', ['6 22 0.0.0.0/0'], 'r0'],
  ['SSH by the name in capitals', ['TCP 22 0.0.0.0/0'], 'r0'],
  ['UDP on the port of SSH', ['udp 22 0.0.0.0/0'], ''],
  ['RDP', ['tcp 3389 0.0.0.0/0'], 'r0'],
  ['RDP over UDP', ['udp 3389 0.0.0.0/0'], 'r0'],
  ['RDP over UDP by number', ['17 3389 0.0.0.0/0'], 'r0'],
  ['WinRM', ['tcp 5985 0.0.0.0/0'], 'r0'],
  ['WinRM over TLS', ['tcp 5986 0.0.0.0/0'], 'r0'],
  ['both of WinRM', ['tcp 5985-5986 0.0.0.0/0'], 'r0'],
  ['HTTPS', ['tcp 443 0.0.0.0/0'], ''],
  ['HTTP', ['tcp 80 0.0.0.0/0'], ''],
  ['HTTPS over IPv6', ['tcp 443 ::/0'], ''],
  ['the port below SSH', ['tcp 21 0.0.0.0/0'], ''],
  ['the port above SSH', ['tcp 23 0.0.0.0/0'], ''],
  ['a range that ends at SSH', ['tcp 1-22 0.0.0.0/0'], 'r0'],
  ['a range that begins at SSH', ['tcp 22-80 0.0.0.0/0'], 'r0'],
  ['a range around SSH', ['tcp 20-25 0.0.0.0/0'], 'r0'],
  ['a range that ends below it', ['tcp 1-21 0.0.0.0/0'], ''],
  ['a range between the ports', ['tcp 23-3388 0.0.0.0/0'], ''],
  ['a range that crosses only one of WinRM', ['tcp 5986-6000 0.0.0.0/0'], 'r0'],
  ['a range above all of them', ['tcp 5987-65535 0.0.0.0/0'], ''],
  ['every port of TCP', ['tcp 0-65535 0.0.0.0/0'], 'r0'],
  ['every port of UDP', ['udp 0-65535 0.0.0.0/0'], 'r0'],
  ['TCP with the ports missing', ['tcp - 0.0.0.0/0'], 'r0'],
  ['TCP with -1 for the ports', ['tcp -1 0.0.0.0/0'], 'r0'],
  ['all protocols', ['-1 -1 0.0.0.0/0'], 'r0'],
  ['all protocols without ports', ['-1 - 0.0.0.0/0'], 'r0'],
  ['all protocols with the port of HTTPS, which AWS passes over', ['-1 443 0.0.0.0/0'], 'r0'],
  ['all protocols over IPv6', ['-1 -1 ::/0'], 'r0'],
  ['ESP, for which AWS opens all ports', ['50 -1 0.0.0.0/0'], 'r0'],
  ['GRE with ports', ['47 443 0.0.0.0/0'], 'r0'],
  ['SCTP', ['132 443 0.0.0.0/0'], 'r0'],
  ['a protocol that has no name', ['254 - ::/0'], 'r0'],
  ['all protocols from a private block', ['-1 -1 10.0.0.0/8'], ''],
  ['ESP from one office', ['50 -1 203.0.113.0/24'], ''],
  ['ping', ['icmp -1 0.0.0.0/0'], ''],
  ['ICMP of the type 22', ['icmp 22 0.0.0.0/0'], ''],
  ['ICMP by number', ['1 -1 0.0.0.0/0'], ''],
  ['ping over IPv6', ['icmpv6 -1 ::/0'], ''],
  ['ICMPv6 by number', ['58 22 ::/0'], ''],
  ['one address', ['tcp 22 203.0.113.7/32'], ''],
  ['one address of IPv6', ['tcp 22 2001:db8::7/128'], ''],
  ['an address without a length', ['tcp 22 203.0.113.7'], ''],
  ['an office', ['tcp 22 203.0.113.0/24'], ''],
  ['a /8', ['tcp 22 3.0.0.0/8'], ''],
  ['a /7', ['tcp 22 2.0.0.0/7'], 'r0'],
  ['a /1', ['tcp 22 0.0.0.0/1'], 'r0'],
  ['the other /1', ['tcp 22 128.0.0.0/1'], 'r0'],
  ['a /4', ['tcp 22 64.0.0.0/4'], 'r0'],
  ['a /7 with bits beyond its length', ['tcp 22 3.4.5.6/7'], 'r0'],
  ['any address of length 0', ['tcp 22 198.51.100.1/0'], 'r0'],
  ['a /16 of IPv6', ['tcp 22 2600::/16'], ''],
  ['a /15 of IPv6', ['tcp 22 2600::/15'], 'r0'],
  ['all that IPv6 routes', ['tcp 22 2000::/3'], 'r0'],
  ['IPv6 written in full', ['tcp 22 0:0:0:0:0:0:0:0/0'], 'r0'],
  ['a /32 of IPv6', ['tcp 22 2001:db8::/32'], ''],
  ['the private 10.0.0.0/8', ['tcp 22 10.0.0.0/8'], ''],
  ['the private 172.16.0.0/12', ['tcp 22 172.16.0.0/12'], ''],
  ['the private 192.168.0.0/16', ['tcp 22 192.168.0.0/16'], ''],
  ['the shared 100.64.0.0/10', ['tcp 22 100.64.0.0/10'], ''],
  ['the private fc00::/7, though it is larger than a /16', ['tcp 22 fc00::/7'], ''],
  ['fd00::/8', ['tcp 22 fd00::/8'], ''],
  ['the link-local fe80::/10', ['tcp 22 fe80::/10'], ''],
  ['a /7 of which half is private', ['tcp 22 10.0.0.0/7'], 'r0'],
  ['all the private blocks together', ['tcp 22 10.0.0.0/8,172.16.0.0/12,192.168.0.0/16'], ''],
  ['the private 10.0.0.0/8 and its public neighbour', ['tcp 22 10.0.0.0/8', 'tcp 22 11.0.0.0/8'], ''],
  ['a group of its own', ['tcp 22 '], ''],
  ['all from itself', ['-1 -1 '], ''],
  ['a block that is none', ['tcp 22 everywhere'], ''],
  ['no rules', [], ''],
  ['two halves of the world', ['tcp 22 0.0.0.0/1', 'tcp 22 128.0.0.0/1'], 'r0 r1'],
  ['two /8 that touch', ['tcp 22 2.0.0.0/8', 'tcp 22 3.0.0.0/8'], '+r0 +r1'],
  ['two /8 that touch across a larger boundary', ['tcp 22 3.0.0.0/8', 'tcp 22 4.0.0.0/8'], '+r0 +r1'],
  ['two /8 that do not touch', ['tcp 22 3.0.0.0/8', 'tcp 22 5.0.0.0/8'], ''],
  ['two /8 with a private one between', ['tcp 22 9.0.0.0/8', 'tcp 22 11.0.0.0/8'], ''],
  ['two /8 that touch, on other ports', ['tcp 22 2.0.0.0/8', 'tcp 3389 3.0.0.0/8'], ''],
  ['two /8 that touch, of which one is for UDP', ['tcp 3389 2.0.0.0/8', 'udp 3389 3.0.0.0/8'], ''],
  ['two /8 that touch, of which one is for all protocols', ['tcp 22 2.0.0.0/8', '-1 -1 3.0.0.0/8'], '+r0 +r1'],
  ['two /8 that touch at one of two ports', ['tcp 5985 2.0.0.0/8', 'tcp 5985-5986 3.0.0.0/8'], '+r0 +r1'],
  ['two /8 that touch at neither of two ports', ['tcp 5985 2.0.0.0/8', 'tcp 5986 3.0.0.0/8'], ''],
  ['a /8 and a small block beside it', ['tcp 22 2.0.0.0/8', 'tcp 22 3.0.0.0/16'], '+r0 +r1'],
  ['a /8 and a block within it', ['tcp 22 2.0.0.0/8', 'tcp 22 2.1.0.0/16'], ''],
  ['the same /8 twice', ['tcp 22 2.0.0.0/8', 'tcp 1-100 2.0.0.0/8'], ''],
  ['four /10 that add up to no more than a /8', ['tcp 22 2.0.0.0/10,2.64.0.0/10', 'tcp 22 2.128.0.0/10,2.192.0.0/10'], ''],
  ['two /16 of IPv6 that touch', ['tcp 22 2600::/16', 'tcp 22 2601::/16'], '+r0 +r1'],
  ['one of each family', ['tcp 22 2.0.0.0/8', 'tcp 22 2600::/16'], ''],
  ['the world beside an office', ['tcp 22 0.0.0.0/0', 'tcp 22 203.0.113.0/24'], 'r0'],
  ['the world beside a pair', ['tcp 22 0.0.0.0/0', 'tcp 22 2.0.0.0/8', 'tcp 22 3.0.0.0/8'], 'r0 +r1 +r2'],
  ['the world on another port beside SSH from an office', ['tcp 443 0.0.0.0/0', 'tcp 22 203.0.113.0/24'], ''],
  ['a prefix list with the world in it', ['tcp 22 203.0.113.0/24,0.0.0.0/0'], 'r0'],
  ['a prefix list with a /5', ['tcp 22 203.0.113.0/24,8.0.0.0/5'], 'r0'],
  ['a prefix list whose blocks touch', ['tcp 22 2.0.0.0/8,3.0.0.0/8'], 'r0'],
  ['a prefix list of offices', ['tcp 22 203.0.113.0/24,198.51.100.0/24'], ''],
  ['an empty prefix list', ['tcp 22 '], ''],
  ['the two families in one list', ['tcp 22 203.0.113.0/24,::/0'], 'r0'],
  ['three rules of which two are open', ['tcp 22 0.0.0.0/0', 'tcp 443 0.0.0.0/0', 'tcp 3389 ::/0'], 'r0 r2'],
];

const rulesOf = (texts: readonly string[]) => texts.map(opening);
const hitsIn = (rules: readonly Opening[], watched = admin) =>
  openToWorld(rules, watched)
    .map(({ id, isShared }) => (isShared ? `+${id}` : id))
    .sort((a, b) => a.replace('+', '').localeCompare(b.replace('+', '')))
    .join(' ');

describe('the rules that let the world reach a login', () => {
  test(`are judged in ${table.length} cases`, () => {
    expect(table.length).toBeGreaterThanOrEqual(80);
    expect(new Set(table.map(([name]) => name)).size).toBe(table.length);
  });

  test.each(table)('%s', (_name, texts, open) => {
    const rules = rulesOf(texts);
    expect(hitsIn(rules)).toBe(open);
    agrees(rules, admin);
  });

  test('are told by the ports that they open, and the families', () => {
    const [hit] = openToWorld(rulesOf(['tcp 20-25 0.0.0.0/0,::/0']), both);
    expect(hit?.families).toEqual(['ipv4', 'ipv6']);
    expect(hit?.ports.map(({ from }) => from).sort((a, b) => a - b)).toEqual([20, 22, 23, 25]);
  });
});

describe('whether a rule opens more than is watched', () => {
  test.each([
    ['tcp 22 0.0.0.0/0', false],
    ['tcp 5985-5986 0.0.0.0/0', false],
    ['tcp 5985 0.0.0.0/0', false],
    ['tcp 22-23 0.0.0.0/0', true],
    ['tcp 0-65535 0.0.0.0/0', true],
    ['tcp 443 0.0.0.0/0', true],
    ['-1 - 0.0.0.0/0', true],
    ['50 - 0.0.0.0/0', true],
    ['icmp -1 0.0.0.0/0', false],
    ['udp 3389 0.0.0.0/0', false],
    ['udp 22 0.0.0.0/0', true],
  ])('%s: %s', (text, expected) => expect(opensMore(opening(text, 0), admin)).toBe(expected));

  test('joins watched ports that touch', () => {
    expect(opensMore(opening('tcp 512-514 0.0.0.0/0', 0), portsOfSetting(['514', '512', '513']))).toBe(false);
  });
});
