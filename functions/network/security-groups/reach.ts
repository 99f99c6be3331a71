import { isLarge, isPrivate, publicParts, type Span, sizeOf, spanOf } from './cidr.ts';

/*
 * What security group rules let in, judged by effect: which ports of which protocol, and from where. No reads and no sentences.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
 */

/** One rule as far as its effect goes; `blocks` are the addresses at its other end, those of a prefix list too, and none for a group. */
export interface Opening {
  readonly id: string;
  /** As AWS shows it: a name, a number, or `-1`. */
  readonly protocol: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly blocks: readonly string[];
}

/** Ports of one protocol, from the first to the last. */
export interface Ports {
  readonly protocol: 'tcp' | 'udp';
  readonly from: number;
  readonly to: number;
}

/** A rule that lets the world reach some of the ports. */
export interface Hit {
  readonly id: string;
  readonly ports: readonly Ports[];
  readonly families: readonly Span['family'][];
  /** Whether it does so only together with other rules. */
  readonly isShared: boolean;
}

const LAST_PORT = 65_535;
const numbers: { readonly [number: string]: string } = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

/** The protocol by the name that AWS has for it, and all others as they are. */
function protocolOf({ protocol }: Pick<Opening, 'protocol'>): string {
  const name = protocol.toLowerCase();
  return numbers[name] ?? name;
}

/** Whether a rule of this protocol opens all ports, whatever ports it names: AWS filters none but those of TCP and UDP. */
export function isOfAllPorts({ protocol }: Pick<Opening, 'protocol'>): boolean {
  return !['tcp', 'udp', 'icmp', 'icmpv6'].includes(protocolOf({ protocol }));
}

/** The ports of a protocol that a rule opens, from the first to the last; undefined where it opens none. */
function portsOf(opening: Pick<Opening, 'protocol' | 'from' | 'to'>, protocol: Ports['protocol']): Ports | undefined {
  const all = { protocol, from: 0, to: LAST_PORT };
  if (isOfAllPorts(opening)) return all;
  if (protocolOf(opening) !== protocol) return undefined;
  const { from = -1, to = -1 } = opening;
  // what is missing limits nothing
  return from < 0 || to < 0 ? all : { protocol, from, to };
}

/** Which rules let the world reach the ports: each by itself, or several whose blocks add up to more than may stand open. */
export function openToWorld(openings: readonly Opening[], watched: readonly Ports[]): Hit[] {
  const reaching = openings.map((opening) => ({ opening, spans: opening.blocks.flatMap((block) => spanOf(block) ?? []) }));
  const found = new Map<string, Found>();
  for (const ports of watched) {
    const covering = reaching.filter(({ opening }) => meets(portsOf(opening, ports.protocol), ports));
    for (const family of ['ipv4', 'ipv6'] as const) {
      const its = covering.map(({ opening, spans }) => ({ opening, spans: spans.filter((span) => span.family === family) }));
      const [alone, others] = partition(its, ({ spans }) => isWorld(spans));
      for (const { opening } of alone) note(found, opening.id, ports, family, false);
      for (const id of together(others, ports)) note(found, id, ports, family, true);
    }
  }
  return [...found].map(([id, { ports, families, isShared }]) => ({ id, ports: [...ports], families: [...families], isShared }));
}

/** Whether a rule opens ports beside these. */
export function opensMore(opening: Opening, watched: readonly Ports[]): boolean {
  if (isOfAllPorts(opening)) return true;
  return (['tcp', 'udp'] as const).some((protocol) => {
    const opened = portsOf(opening, protocol);
    if (!opened) return false;
    let next = opened.from;
    for (const { from, to } of watched.filter((one) => one.protocol === protocol).toSorted((a, b) => a.from - b.from)) {
      if (from > next) break;
      next = Math.max(next, to + 1);
    }
    return next <= opened.to;
  });
}

interface Found {
  readonly ports: Set<Ports>;
  readonly families: Set<Span['family']>;
  isShared: boolean;
}

interface Reaching {
  readonly opening: Opening;
  readonly spans: readonly Span[];
}

function note(found: Map<string, Found>, id: string, ports: Ports, family: Span['family'], isShared: boolean): void {
  const known = found.get(id) ?? { ports: new Set(), families: new Set(), isShared };
  known.ports.add(ports);
  known.families.add(family);
  known.isShared &&= isShared;
  found.set(id, known);
}

/** Whether blocks of one rule are the world: one of them is larger than may stand open, or they are once they are joined. */
function isWorld(spans: readonly Span[]): boolean {
  return spans.some((span) => isLarge(span) && !isPrivate(span)) || runsOf(spans.map((span) => ({ id: '', span }))).some(isLarge);
}

/** The rules that are the world only together, at any of the ports. */
function together(reaching: readonly Reaching[], ports: Ports): string[] {
  const size = reaching.flatMap(({ spans }) => spans).reduce((sum, span) => sum + sizeOf(span), 0n);
  const [some] = reaching.flatMap(({ spans }) => spans);
  // whatever the ports, so many addresses cannot be a run that is too large
  if (!some || !isLarge({ ...some, first: 0n, last: size - 1n })) return [];
  const ids = boundaries(reaching, ports).flatMap((port) => {
    const at = reaching.filter(({ opening }) => meets(portsOf(opening, ports.protocol), { ...ports, from: port, to: port }));
    return runsOf(at.flatMap(({ opening, spans }) => spans.map((span) => ({ id: opening.id, span }))))
      .filter(isLarge)
      .flatMap((run) => run.ids);
  });
  return [...new Set(ids)];
}

/** One port of each stretch within which the same rules hold. */
function boundaries(reaching: readonly Reaching[], { protocol, from, to }: Ports): number[] {
  const edges = reaching.flatMap(({ opening }) => {
    const its = portsOf(opening, protocol);
    return its ? [its.from, its.to + 1] : [];
  });
  return [...new Set([from, ...edges.filter((edge) => edge > from && edge <= to)])];
}

/** Public addresses joined where they touch, with the rules that they come from. */
function runsOf(spans: readonly { readonly id: string; readonly span: Span }[]): (Span & { readonly ids: readonly string[] })[] {
  const parts = spans.flatMap(({ id, span }) => publicParts(span).map((part) => ({ ...part, ids: [id] })));
  const runs: (Span & { readonly ids: readonly string[] })[] = [];
  for (const part of parts.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    const last = runs.at(-1);
    if (!last || part.first > last.last + 1n) runs.push(part);
    else runs.splice(-1, 1, { ...last, last: later(part.last, last.last), ids: [...last.ids, ...part.ids] });
  }
  return runs;
}

function later(one: bigint, other: bigint): bigint {
  if (one > other) return one;
  return other;
}

function meets(one: Ports | undefined, other: Ports): boolean {
  return one !== undefined && one.from <= other.to && one.to >= other.from;
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
