import { createHash } from 'node:crypto';
import { type Actor, actorOf, actorOfNotice, BY_ORDER, nameOfArn, redressItself } from '#shared/control/actor.ts';
import type { AnyControl, CaseContext, Context, Mode, Place, Plan, Target } from '#shared/control/control.ts';
import type { Live } from '#shared/control/kind.ts';
import { modeIn } from '#shared/finding/config.ts';
import type { Finding, FindingExemption, Outcome, Reason, Status } from '#shared/finding/finding.ts';
import type { Message, Occasion, Order } from '#shared/finding/message.ts';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';
import type { CaseState, FindingRow } from '#shared/ledger/ledger.ts';
import type { EngineDeps } from './batch.ts';

/** One message from the queue. */
export interface Delivery {
  readonly id: string;
  readonly body: string;
  /** How often SQS has handed it out; more than once means that an earlier try crashed or failed. */
  readonly receiveCount: number;
  /** The principal that sent it, as SQS saw it. */
  readonly senderId?: string;
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
  readonly mode: Mode;
  readonly settings: Record<string, unknown>;
  /** The tag whose value is the resource's owner, if the config names one. */
  readonly ownerTag?: string;
  state: CaseState;
  /** The finding that an order is about, as it stands in the ledger. */
  row?: FindingRow;
  /** The finding that an undo in progress takes back. */
  undoing?: FindingRow;
  /** What AWS said when it refused the last command. */
  refusal?: string;
  /** The facts of this round, for the state after a fix. */
  facts?: unknown;
  /** What the live resource shows besides, where something is wrong with it. */
  live?: Live;
}

/** What a decision says of the finding. */
export interface Words {
  /** What is wrong, in the verdict's words; what was found before stays where it is absent. */
  readonly found?: string;
  /** What holds now, in the verdict's words. */
  readonly now?: string;
  /** Why the finding stands as it does. */
  readonly reason?: Reason;
  readonly advice?: Finding['advice'];
}

/** What to do with a case now. */
export type Decision =
  /** Nothing to tell anybody. */
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
  /** Look again later; `tells` says who gets the open finding meanwhile. */
  | (Words & {
      readonly is: 'wait';
      readonly seconds: number;
      readonly tells: 'nobody' | 'ledger' | 'everybody';
      /** Told although the finding was open before. */
      readonly isNews?: boolean;
    })
  | { readonly is: 'begin'; readonly kind: 'fix' | 'undo'; readonly plan: Plan; readonly found: string }
  | { readonly is: 'send'; readonly plan: Plan };

/** The order among a case's messages, if there is one. */
export function orderOf(run: { readonly jobs: readonly Job[] }): { order: Order; sender: string | undefined } | undefined {
  for (const { occasion, delivery } of run.jobs) {
    if (occasion.is === 'order') return { order: occasion.order, sender: delivery.senderId };
  }
  return undefined;
}

/** How often the messages about this case were put back. */
export function roundOf(run: Run): number {
  return Math.max(...run.jobs.map(({ message }) => message.round));
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
  return { ...place, now, settings, modeOf: (id) => modeIn(config, id, place.account, place.region) };
}

/** The same about the run's resource. */
export function caseContextOf(run: Run, deps: Pick<EngineDeps, 'config'>, now: Date): CaseContext {
  return { ...contextOf(run, deps, now), id: run.target.id };
}

/** The key of a case within its place. */
export function caseKey(control: AnyControl, target: Target): string {
  return `${control.id}#${target.type}#${target.id}`;
}

/** The key under which a message is done for one case. */
export function doneKey(job: Job, control: AnyControl, target: Target): string {
  return doneKeyOf(occasionOf(job).event.id, control, target);
}

/** The same by the id of an event or order. */
export function doneKeyOf(eventId: string, control: AnyControl, target: Target): string {
  return `${eventId}#${caseKey(control, target)}`;
}
