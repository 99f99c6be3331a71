import { createHash } from 'node:crypto';
import { type Actor, actorOf, actorOfNotice, BY_ORDER, redressItself } from '#shared/control/actor.ts';
import { nameOfArn } from '#shared/control/caller.ts';
import type { AnyControl, CaseContext, Context, Mode, Place, Plan, Severity, Target } from '#shared/control/control.ts';
import type { Live } from '#shared/control/kind.ts';
import { slackSecretsOf } from '#shared/finding/alerts-config.ts';
import { modeIn, type RedressConfig } from '#shared/finding/config.ts';
import type { Finding, FindingExemption, Outcome, Reason, Status } from '#shared/finding/finding.ts';
import type { Cause, Message, Occasion, Order, Waits } from '#shared/finding/message.ts';
import type { DueRows } from '#shared/ledger/due.ts';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';
import type { CaseState, FindingRow, Ledger, Pause } from '#shared/ledger/ledger.ts';
import type { Acting, Delivery } from './acting.ts';
import type { Outgoing, Outcome as Sent } from './sender.ts';
import type { Telemetry } from './telemetry.ts';

/** Everything that the engine touches outside itself. */
export interface EngineDeps extends Acting {
  /** The control of that id, which is loaded when the first message asks for it; undefined if the function has none. */
  readonly controlOf: (id: string) => Promise<AnyControl | undefined>;
  readonly config: RedressConfig;
  readonly ledger: (place: Place) => Ledger;
  /** What waits for longer than a schedule takes to wake the function. */
  readonly due: DueRows;
  /** Puts findings on the bus; answers an error for each that the bus did not take. */
  readonly announce: (findings: readonly Finding[]) => Promise<readonly (true | Error)[]>;
  readonly now: () => Date;
  /** Milliseconds left in this invocation. */
  readonly remainingMs: () => number;
  readonly telemetry: Telemetry;
  /** Whether a tag's value looks like a secret, which no finding may hold. */
  readonly isSecret: (value: string) => boolean;
  /** Names this invocation in leases. */
  readonly owner: string;
  /** How long a lease lasts, in seconds: a little over the function's timeout. */
  readonly leaseSeconds: number;
  /** After so many receives SQS gives a message to the dead-letter queue. */
  readonly maxReceives: number;
}

/** The engine's dependencies for the cases of one place, with the calls that they share. */
export interface CaseDeps extends Omit<EngineDeps, 'ledger'> {
  readonly ledger: Ledger;
  readonly observe: (run: Run) => Promise<Observed>;
  readonly sendOne: (outgoing: Outgoing) => Promise<Sent>;
  readonly putOne: (row: FindingRow) => Promise<true>;
  readonly announceOne: (finding: Finding) => Promise<true>;
  readonly reserveOne: (wanted: Reservation) => Promise<Reserved>;
  readonly isPaused: (run: Run) => Promise<{ pause: Pause | undefined }>;
}

/** One fix that a case wants of a window; `asker` is a digest of who caused it, absent where the rest of the window is for anybody. */
export interface Reservation {
  readonly window: string;
  readonly limit: number;
  readonly asker?: string;
}

/** What came of it: whether the fix may begin, and if not, whether this is the first refusal, and whether nothing is left for anybody. */
interface Reserved {
  readonly isGranted: boolean;
  readonly isFirst: boolean;
  readonly isFull: boolean;
  /** Whether the limit is that of the whole organization. */
  readonly isOfAll?: boolean;
}

/** What was read of one resource; no facts = not found. */
export interface Observed {
  readonly facts?: unknown;
  /** Read only where the facts are a violation, for the gate of managed resources and for the owner. */
  readonly live?: Live | undefined;
}

/** What one message wants of one case. */
export interface Job {
  readonly delivery: Delivery;
  readonly message: Message;
  readonly occasion: Occasion;
}

/** One case at work: the messages about it, its item under lease, and what is known of it this round. */
export interface Run {
  readonly place: Place;
  readonly control: AnyControl;
  readonly target: Target;
  readonly jobs: readonly Job[];
  /** The order among the messages, if there is one, and the principal that sent it. */
  readonly order?: Order;
  readonly sender?: string;
  readonly mode: Mode;
  readonly settings: Record<string, unknown>;
  /** The tag whose value is the resource's owner, if the config names one. */
  readonly ownerTag?: string;
  /** Each later one comes from a function of `state.ts`. */
  state: CaseState;
  /** How often its messages looked in vain; each later one comes from a function of `patience.ts`. */
  waits: Waits;
  /** The finding that an order is about, as it stands in the ledger. */
  readonly row?: FindingRow;
  /** The finding that an undo in progress takes back. */
  readonly undoing?: FindingRow;
  /** What AWS said when it refused the last command. */
  refusal?: string;
  /** What was read of it before its lease, where nobody has had the case since. */
  readonly seen?: Observed;
  /** The facts of this round, for the state after a fix. */
  facts?: unknown;
  /** What the live resource shows besides, where something is wrong with it. */
  live?: Live;
}

/** What a decision says of the finding. */
export interface Words {
  /** What is wrong, in the verdict's words; what was found before stays where it is absent. */
  readonly found?: string;
  /** A digest of what is at risk, where the verdict is about that. */
  readonly risk?: string | undefined;
  /** How much what was found matters. */
  readonly severity?: Severity | undefined;
  /** What holds now, in the verdict's words. */
  readonly now?: string;
  /** Why the finding stands as it does. */
  readonly reason?: Reason;
  readonly advice?: Finding['advice'];
}

/** What to do with a case now. */
export type Decision =
  /** Nothing to report. */
  | { readonly is: 'drop' }
  /** The finding stays as it is; only the order gets an answer. */
  | { readonly is: 'answer'; readonly outcome: Outcome; readonly says: string }
  | (Words & {
      readonly is: 'close';
      readonly status: Status;
      readonly plan?: Plan;
      /** `rerunnable`: the message is done, but a repeat is looked at again; `failed`: back to the queue, and to the DLQ in the end. */
      readonly leaves?: 'rerunnable' | 'failed';
      /** Why it is left as it is. */
      readonly exemption?: FindingExemption;
      /** Whether a fix in progress stays so, and goes on with its completing steps when asked again. */
      readonly keepsFix?: boolean;
    })
  /** Look again later; `reportsTo` says who sees the open finding meanwhile. */
  | (Words & {
      readonly is: 'wait';
      readonly seconds: number;
      readonly reportsTo: 'nobody' | 'ledger' | 'everybody';
      /** Reported although the finding was open before. */
      readonly isNews?: boolean;
      /** What is waited for in vain; absent where the wait ends by itself. */
      readonly cause?: Exclude<Cause, 'unanswered' | 'unfound'>;
    })
  | (Pick<Words, 'severity' | 'advice'> & {
      readonly is: 'begin';
      readonly kind: 'fix' | 'undo';
      readonly plan: Plan;
      readonly found: string;
    })
  /** `asksPause`: AWS shows nothing of it yet, so a pause still holds it. */
  | { readonly is: 'send'; readonly plan: Plan; readonly asksPause?: true };

/** A decision that reports something about a finding. */
export type Report = Extract<Decision, { is: 'answer' | 'close' | 'wait' }>;

/** A decision, and the state of the case after it. */
export interface Decided {
  readonly decision: Decision;
  readonly state: CaseState;
}

/** The order among a case's messages, if there is one, and who sent it. */
export function orderIn(jobs: readonly Job[]): Pick<Run, 'order' | 'sender'> {
  for (const { occasion, delivery } of jobs) {
    if (occasion.is === 'order') return { order: occasion.order, ...(delivery.senderId !== undefined && { sender: delivery.senderId }) };
  }
  return {};
}

/** Whether a message reports something that happened: neither a sweep nor an order. */
export function isEvent({ occasion }: Job): boolean {
  return occasion.is === 'call' || occasion.is === 'notice';
}

/** Who and what a message is about, as a finding shows it. */
export function occasionOf({ occasion }: Job): { actor: Actor; event: Finding['event'] } {
  if (occasion.is === 'call') {
    const { record, event } = occasion;
    return {
      actor: actorOf(record),
      event: { is: 'call', id: record.eventID, name: record.eventName, time: isoOf(record.eventTime, event.time) },
    };
  }
  if (occasion.is === 'sweep' || occasion.is === 'notice') {
    const { event } = occasion;
    const actor = occasion.is === 'sweep' ? redressItself : actorOfNotice(occasion.notice);
    return { actor, event: { is: occasion.is, id: event.id, name: event['detail-type'], time: event.time } };
  }
  const { order } = occasion;
  return {
    // who clicks in Slack has no ARN
    actor: { arn: order.by.startsWith('arn:') ? order.by : null, name: nameOfArn(order.by) ?? 'unknown', via: BY_ORDER, sourceIp: null },
    event: { is: 'order', id: order.id, name: `redress ${order.kind}`, time: order.at },
  };
}

// the record's time has a `T` and a `Z` in all of AWS's own deliveries; other tools' copies differ
function isoOf(time: string, fallback: string): string {
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? fallback : new Date(parsed).toISOString();
}

/** The same id for the same place, control, resource and opening event, however often that is delivered. */
export function findingId(place: NamedPlace, control: string, target: Target, eventId: string, eventTime: string): string {
  const day = eventTime.slice(0, 10).replaceAll('-', '');
  const about = `${placeKey(place)} ${control} ${target.type} ${target.id} ${eventId}`;
  const digest = createHash('sha256').update(about).digest('hex');
  return `f-${day}-${digest.slice(0, 12)}`;
}

/** The context in which a run's control judges now. */
export function contextOf(
  { place, settings }: Pick<Run, 'place' | 'settings'>,
  { config }: Pick<EngineDeps, 'config'>,
  now: Date,
): Context {
  const { managedBy, claims } = config;
  const ownSecrets = slackSecretsOf(config.alerts);
  return { ...place, now, settings, ownSecrets, managedBy, claims, modeOf: (id) => modeIn(config, id, place.account, place.region) };
}

/** The same about the run's resource. */
export function caseContextOf(run: Run, deps: Pick<EngineDeps, 'config'>, now: Date): CaseContext {
  const { fix } = run.state;
  return { ...contextOf(run, deps, now), id: run.target.id, ...(fix?.kind === 'fix' && { fixingSince: fix.begunAt }) };
}

/** The key of a case within its place. */
export function caseKey(control: AnyControl, target: Target): string {
  return `${control.id}#${target.type}#${target.id}`;
}

/** The id of what a message is about, by which a repeat of it is known. */
export function idOf(job: Job): string {
  return occasionOf(job).event.id;
}
