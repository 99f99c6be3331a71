/** Addresses of one family from the first to the last, both included. */
export interface Span {
  readonly family: 'ipv4' | 'ipv6';
  readonly first: bigint;
  readonly last: bigint;
}

/** How many addresses the block of each family holds that may stand open: a /8, and a /16 of IPv6. Anything larger is the world. */
const LARGEST = { ipv4: 1n << 24n, ipv6: 1n << 112n } as const;

/** What the internet does not route, so that a rule about it opens nothing to the world. */
const PRIVATE: readonly Span[] = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
].flatMap((block) => spanOf(block) ?? []);

/** The addresses of a block such as `10.0.0.0/8` or `2001:db8::/32`, whatever its host bits say; undefined if it is none. */
export function spanOf(block: string): Span | undefined {
  const [address = '', length, ...rest] = block.trim().split('/');
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const bits = family === 'ipv6' ? 128 : 32;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  const value = family === 'ipv6' ? ipv6(address) : ipv4(address);
  if (rest.length > 0 || value === undefined || !(prefix <= bits)) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}

/** How many addresses a span holds. */
export function sizeOf({ first, last }: Span): bigint {
  return last - first + 1n;
}

/** Whether it is more than may stand open. */
export function isLarge(span: Span): boolean {
  return sizeOf(span) > LARGEST[span.family];
}

/** Whether it holds none of the internet's addresses. */
export function isPrivate(span: Span): boolean {
  return publicParts(span).length === 0;
}

/** What is left of a span without the private addresses. */
export function publicParts(span: Span): Span[] {
  let parts: Span[] = [span];
  for (const hole of PRIVATE.filter(({ family }) => family === span.family)) {
    parts = parts.flatMap((part) => {
      if (hole.last < part.first || hole.first > part.last) return [part];
      const before = { ...part, last: hole.first - 1n };
      const after = { ...part, first: hole.last + 1n };
      return [before, after].filter(({ first, last }) => first <= last);
    });
  }
  return parts;
}

function ipv4(text: string): bigint | undefined {
  const parts = text.split('.');
  const bytes = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (parts.length !== 4 || bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((sum, byte) => (sum << 8n) + BigInt(byte), 0n);
}

function ipv6(text: string): bigint | undefined {
  // an address of IPv4 may stand in the place of the last two groups
  const dotted = /[\d.]+$/.exec(text)?.[0];
  const tail = dotted?.includes('.') ? ipv4(dotted) : undefined;
  const plain =
    dotted !== undefined && tail !== undefined
      ? `${text.slice(0, -dotted.length)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`
      : text;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...rest];
  if (groups.some((group) => !/^[\da-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}
