import { STSClient } from '@aws-sdk/client-sts';
import { type ClientMakers, type ClientSettings, type Send, sendWith } from '#shared/aws/clients.ts';
import { classify, UndeclaredCall } from '#shared/aws/errors.ts';
import type { AnyControl, AwsCommand, Place } from '#shared/control/control.ts';
import { at, stringAt } from '#shared/control/record.ts';
import type { Acting } from '#shared/engine/acting.ts';
import { limitOfAll } from '#shared/engine/gates.ts';
import { enqueue } from '#shared/engine/outbox.ts';
import type { Outgoing } from '#shared/engine/sender.ts';
import type { Telemetry } from '#shared/engine/telemetry.ts';
import type { EngineDeps } from '#shared/engine/types.ts';
import { type RedressConfig, resolveControl } from '#shared/finding/config.ts';
import { regionsToJoin } from '#shared/finding/organization.ts';
import { scopesAround } from '#shared/finding/pause.ts';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';
import type { JoinedRows } from '#shared/ledger/joined.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { crowdsIn } from './crowds.ts';
import { type EmptyOptions, emptyPlaces, judging } from './empty.ts';
import { Joined } from './joined.ts';
import { parseMembers, servedBy } from './members.ts';
import { readPolicies, writePolicies } from './policies.ts';
import { type Session, Sessions } from './sessions.ts';
import { Slots } from './slots.ts';
import { Strangers, type StrangersOptions } from './strangers.ts';
import { unpacked } from './sweeps.ts';

/** What a function of a hub acts with. */
export interface HubOptions {
  /** The list of members, as JSON. */
  readonly members: string;
  /** Where the hub itself is. */
  readonly own: Place;
  readonly functionName: string;
  readonly controls: readonly AnyControl[];
  readonly config: RedressConfig;
  readonly clients: ClientMakers;
  /** Sends as the function itself. */
  readonly send: Send;
  readonly queueUrl: string;
  /** The ledger's rows of who has joined. */
  readonly joined: JoinedRows;
  /** The ledger of the hub's own place and those of others, and what announces findings. */
  readonly home: Pick<StrangersOptions, 'announce' | 'now'> & {
    readonly ledger: StrangersOptions['ledger'] & EmptyOptions['home'] & Pick<Ledger, 'reserve'>;
    readonly ledgerOf: EmptyOptions['ledger'];
  };
  readonly log: Telemetry['log'];
}

/** So many calls in one account at once: AWS counts its limits by account, and a noisy one must not take all connections. */
const CALLS_AT_ONCE = 10;
/** So many places keep the clients that read there: each takes memory. */
const PLACES_KEPT = 50;

/** How a hub acts in its members: it reads with a session of the account, and writes each call with a session of its own. */
export function openHub(options: HubOptions): Acting {
  const { own, functionName, controls, config, clients, send, queueUrl, log } = options;
  // its own Region's endpoint: the global one gives tokens that are not valid in every Region
  const sts = new STSClient({ region: own.region });
  const { requestHandler } = sts.config;
  const sessions = new Sessions({
    sts,
    partition: own.partition,
    functionName,
    readPolicies: (account) => readPolicies(functionName, controls, { ...own, account }),
    now: Date.now,
    log,
  });
  const sendAs = (credentials: Session, region: string) => {
    // one pool of connections for all, or each session would open its own
    const settings: ClientSettings = { credentials, region, requestHandler };
    return sendWith(clients, settings);
  };
  const slots = new Slots(CALLS_AT_ONCE);
  const readers = new Map<string, { readonly session: Session; readonly send: Send }>();

  const readIn = async (command: AwsCommand, place: Place): Promise<unknown> => {
    const session = await sessions.read(place.account);
    const key = placeKey(place);
    const known = readers.get(key);
    const reader = known?.session === session ? known : { session, send: sendAs(session, place.region) };
    // the place that was used longest ago stands first
    readers.delete(key);
    readers.set(key, reader);
    for (const oldest of readers.keys()) {
      if (readers.size <= PLACES_KEPT) break;
      readers.delete(oldest);
    }
    try {
      return await reader.send(command);
    } catch (error) {
      const status = at(error, '$metadata', 'httpStatusCode');
      if (status === 401 || status === 403) sessions.forget(place.account, session);
      throw error;
    }
  };
  const writeIn = async (command: AwsCommand, of: Outgoing): Promise<unknown> => {
    const control = controls.find(({ id }) => id === of.control);
    if (!control) throw new UndeclaredCall(`a write for ${of.control}, which is no control of this function`);
    const { account, region } = of.place;
    const { settings } = resolveControl(config, control, account, region);
    const session = await sessions.write(of, writePolicies(functionName, control, settings, of.place));
    return await sendAs(session, region)(command);
  };

  const members = parseMembers(options.members);
  const toQueue: EngineDeps['enqueue'] = (messages) => enqueue(messages, queueUrl, send, accountIn);
  const listed = servedBy(members, own);
  const { now } = options.home;
  const joined = new Joined({ rows: options.joined, members, own, regions: regionsToJoin(config), now, log });
  const placeOf: Acting['placeOf'] = (named) => listed(named) ?? (named && joined.placeOf(named));
  const strangers = new Strangers({ placeOf, own, log, ...options.home });
  const empty = emptyPlaces({ placeOf, ledger: options.home.ledgerOf, home: options.home.ledger, now });
  const judges = judging(controls);
  // a sweep asks before there is a case, so that a refusal could be no finding of the member: what nobody lists is given up instead
  const hasLeft = async (place: NamedPlace, message: unknown): Promise<boolean> => {
    if (!joined.placeOf(place)) return false;
    try {
      await sessions.read(place.account);
      return false;
    } catch (error) {
      if (classify(error) !== 'denied') throw error;
    }
    await strangers.hasLeft(place, message);
    await joined.remove(place);
    return true;
  };
  return {
    placeOf,
    read: (command, place) => (place.isMember ? slots.run(place.account, () => readIn(command, place)) : send(command)),
    write: (command, of) => (of.place.isMember ? slots.run(of.place.account, () => writeIn(command, of)) : send(command)),
    enqueue: toQueue,
    // in the items of the hub's own place, beside those of its own limit
    reserveInAll: (window, wanted, limit, now) => options.home.ledger.reserve(`${window}#organization`, wanted, limitOfAll(limit), now),
    foundNothing: empty.foundNothing,
    pausesAt: (place) => scopesAround(place, config),
    unpack: async (delivery) => {
      const message = parsed(delivery.body);
      await joined.learn(message);
      if (joined.isTooLate(message) || (await strangers.isOne(message))) return [];
      return await unpacked(delivery, { members, own, joined: () => joined.all(), hasLeft, enqueue: toQueue, judges, ...empty, log });
    },
    crowdsIn,
    laneOf: ({ body }) => accountIn(parsed(body)),
  };
}

/** The account that a message is about; undefined if it names none. */
function accountIn(body: unknown): string | undefined {
  return stringAt(body, 'order', 'place', 'account') ?? stringAt(body, 'event', 'account');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // what is no message of ours is refused where it is parsed
    return undefined;
  }
}
