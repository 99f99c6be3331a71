import { partitionOf } from '#shared/aws/partition.ts';
import type { Place } from '#shared/control/control.ts';
import { at, stringAt } from '#shared/control/record.ts';
import type { Telemetry } from '#shared/engine/telemetry.ts';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';
import type { JoinedRows } from '#shared/ledger/joined.ts';
import type { Members } from './members.ts';

/** What knows who has joined. */
export interface JoinedOptions {
  readonly rows: JoinedRows;
  readonly members: Members;
  readonly own: Place;
  /** Where accounts may join. */
  readonly regions: readonly string[];
  readonly now: () => Date;
  readonly log: Telemetry['log'];
}

/** How long it is believed that a place has not joined, in milliseconds. */
const BELIEVED = 60_000;

/**
 * The members that no list names. The rule that takes an event from the bus of the members says so in its message (`isForwarded`), and
 * that bus takes events of the organization's forwarders alone: such an event makes its place a member.
 */
export class Joined {
  readonly #options: JoinedOptions;
  readonly #listed: ReadonlySet<string>;
  readonly #places = new Map<string, Place>();
  /** When places had not joined, in milliseconds. */
  readonly #strangers = new Map<string, number>();
  /** What is being asked for. */
  readonly #asked = new Map<string, Promise<void>>();

  constructor(options: JoinedOptions) {
    this.#options = options;
    this.#listed = new Set(options.members.map(({ account }) => account));
  }

  /** A place that is known to have joined. */
  placeOf(named: NamedPlace): Place | undefined {
    return this.#places.get(placeKey(named));
  }

  /** Learns whether the place of a message has joined, or joins it by this message; asks the ledger for what is not known alone. */
  async learn(message: unknown): Promise<void> {
    const named = placeIn(message);
    if (!named || !this.#mayJoin(named) || this.placeOf(named)) return;
    const isForwarded = at(message, 'isForwarded') === true && isRecordedThere(message, named);
    // a batch may hold many messages of one place
    const key = `${placeKey(named)} ${isForwarded}`;
    const asked = this.#asked.get(key) ?? this.#ask(named, isForwarded).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    await asked;
  }

  async #ask(named: NamedPlace, isForwarded: boolean): Promise<void> {
    const { rows, now, log } = this.#options;
    const stranger = this.#strangers.get(placeKey(named)) ?? Number.NEGATIVE_INFINITY;
    if (!isForwarded && now().getTime() - stranger < BELIEVED) return;
    if (!(await rows.has(named))) {
      if (!isForwarded) {
        this.#strangers.set(placeKey(named), now().getTime());
        return;
      }
      await rows.add(named, now());
      log('info', 'an account has joined', { ...named });
    }
    const { account, region } = named;
    this.#places.set(placeKey(named), { account, region, partition: partitionOf(region), isMember: true });
  }

  /** Whether a message is a sweep that the hub asked for while its place was a member, and it has left meanwhile. */
  isTooLate(message: unknown): boolean {
    const named = placeIn(message);
    return named !== undefined && this.#mayJoin(named) && !this.placeOf(named) && stringAt(message, 'event', 'source') === 'aws.events';
  }

  /** All places that have joined and are not listed, by the ledger. */
  async all(): Promise<NamedPlace[]> {
    return (await this.#options.rows.all()).filter((place) => this.#mayJoin(place));
  }

  /** Takes a place out again. */
  async remove(place: NamedPlace): Promise<void> {
    this.#places.delete(placeKey(place));
    await this.#options.rows.remove(place);
  }

  /** Whom the config lists, in whatever Regions, somebody has decided about. */
  #mayJoin(named: NamedPlace): boolean {
    const { own, regions } = this.#options;
    const isHere = regions.includes(named.region) && partitionOf(named.region) === own.partition;
    return isHere && !this.#listed.has(named.account) && placeKey(named) !== placeKey(own);
  }
}

/** The place that a message is about. */
function placeIn(message: unknown): NamedPlace | undefined {
  const of = at(message, 'event') ?? at(message, 'order', 'place');
  const [account, region] = [stringAt(of, 'account'), stringAt(of, 'region')];
  return account !== undefined && /^\d{12}$/.test(account) && region !== undefined ? { account, region } : undefined;
}

/** Whether the record of an event, if it has one, is of the account that the event is of. */
function isRecordedThere(message: unknown, { account }: NamedPlace): boolean {
  return (stringAt(message, 'event', 'detail', 'recipientAccountId') ?? account) === account;
}
