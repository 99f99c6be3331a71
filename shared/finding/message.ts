import * as v from 'valibot';
import { MalformedMessage } from '#shared/aws/errors.ts';
import { carriesRecord, isNotice, type Notice } from '#shared/control/detail-types.ts';
import { type CloudTrailRecord, maybe, recordSchema } from '#shared/control/record.ts';

const eventSchema = v.looseObject({
  id: v.string(),
  account: v.pipe(v.string(), v.regex(/^\d{12}$/, 'is not an account id')),
  region: v.string(),
  time: v.pipe(v.string(), v.isoTimestamp()),
  source: v.string(),
  'detail-type': v.string(),
  resources: maybe(v.array(v.string())),
  detail: v.optional(v.unknown()),
});

const noticeSchema = v.record(v.string(), v.unknown());

const targetSchema = v.object({
  type: v.string(),
  id: v.string(),
  // JSON in, JSON out: the control that wrote it reads it
  hint: v.optional(v.any()),
});

const time = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);

const orderSchema = v.object({
  kind: v.picklist(['fix', 'undo', 'exempt']),
  id: v.string(),
  finding: v.string(),
  /** Where the finding is; absent in an order of a version that served one place. */
  place: v.optional(v.object({ account: v.string(), region: v.string() })),
  by: v.string(),
  at: v.pipe(v.string(), v.isoTimestamp()),
  until: v.optional(time),
  reason: v.optional(v.string()),
  /** The plan that the person saw; absent in an order of a version that named none, and where none was shown. */
  plan: v.optional(v.string()),
  /** Whether its answer is announced even if it changes nothing: whoever gave it does not look into the ledger. */
  isAnnounced: v.optional(v.boolean()),
});

/** A person's word about one finding. */
export type Order = v.InferOutput<typeof orderSchema>;

const wait = v.optional(v.object({ times: v.pipe(v.number(), v.integer(), v.minValue(0)), since: v.pipe(v.string(), v.isoTimestamp()) }));

/** How often a message looked in vain, and since when, by what it looked for. */
const waitsSchema = v.object({
  /** AWS throttled, or was out of order. */
  unanswered: wait,
  /** Nothing was found behind what the record names, such as an instance's volumes. */
  unfound: wait,
  /** The resource was not there. */
  unseen: wait,
  /** Something must come first. */
  unready: wait,
});

/** How often a message looked in vain, and since when, by what it looked for. */
export type Waits = v.InferOutput<typeof waitsSchema>;

/** What a case can wait for in vain; each is counted for itself, so that none uses up the patience for another. */
export type Cause = keyof Waits;

const messageSchema = v.object({
  control: v.string(),
  event: v.optional(eventSchema),
  order: v.optional(orderSchema),
  /** Absent in a message that has not waited, and in one of a version that counted all causes as one: it waits from the beginning. */
  waits: v.optional(waitsSchema, {}),
  targets: v.optional(v.array(targetSchema)),
  /** Whether an order waited in the ledger, as in a version before: whoever may write there could have put it there. */
  isFromLedger: v.optional(v.boolean()),
  /** Where a sweep goes on with its list; absent at its beginning. */
  from: v.optional(v.string()),
  /** Whether a sweep has begun its list again because AWS no longer knew where it was. */
  isRestarted: v.optional(v.boolean()),
  /** Which of the copies that look again this is. */
  look: v.optional(v.string()),
  /** Whether it went back to the queue once, in the group of its account. */
  isGrouped: v.optional(v.boolean()),
});

/** The EventBridge event of a message. */
type BusEvent = v.InferOutput<typeof eventSchema>;

/** The body of a queue message of a kind. */
export type Message = v.InferOutput<typeof messageSchema>;

const wakeSchema = v.object({ wake: v.literal(true) });

/** A message that has the function look into the ledger for what is due; it is about no control. */
export type Wake = v.InferOutput<typeof wakeSchema>;

/** Whether a queue body is the schedule's word to look for what is due. */
export function isWake(body: string): boolean {
  return v.is(v.pipe(v.string(), v.parseJson(), wakeSchema), body);
}

const sweepsSchema = v.object({
  /** The controls of the function that are to look. */
  controls: v.pipe(v.array(v.string()), v.nonEmpty()),
  event: eventSchema,
  /** Whether each place of each member is meant, and not the event's. */
  isOfMembers: v.optional(v.literal(true)),
  /** How many places have had their message. */
  from: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** Whether the controls are those that are to look there, as the hub chose them; absent in a message of a version that sent all. */
  isChosen: v.optional(v.literal(true)),
});

/** A message that has several controls sweep a place, or in a hub all members. */
export type Sweeps = v.InferOutput<typeof sweepsSchema>;

/** Whether a queue body asks several controls to sweep. */
export function isSweeps(body: string): boolean {
  return v.is(v.pipe(v.string(), v.parseJson(), v.looseObject({ controls: v.array(v.unknown()) })), body);
}

/** Parses such a body; throws `MalformedMessage`. */
export function parseSweeps(body: string): Sweeps {
  return parseAs(sweepsSchema, JSON.parse(body), 'the message');
}

/** What a message is about. */
export type Occasion =
  | { readonly is: 'call'; readonly event: BusEvent; readonly record: CloudTrailRecord }
  | { readonly is: 'notice'; readonly event: BusEvent; readonly notice: Notice }
  | { readonly is: 'sweep'; readonly event: BusEvent }
  | { readonly is: 'order'; readonly order: Order };

/** Parses a queue body; throws `MalformedMessage`, which names the field and never quotes the body. */
export function parseMessage(body: string): { message: Message; occasion: Occasion } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // the parser's own error quotes the text, which may hold anything
    throw new MalformedMessage('the body is not JSON');
  }
  const message = parseAs(messageSchema, json, 'the message');
  const { order } = message;
  if (order?.kind === 'exempt' && !(order.until && order.reason)) throw new MalformedMessage('an exemption needs an end and a reason');
  if (order) return { message, occasion: { is: 'order', order } };
  const { event } = message;
  if (!event) throw new MalformedMessage('the message has neither an event nor an order');
  const detailType = event['detail-type'];
  if (carriesRecord(detailType)) {
    return { message, occasion: { is: 'call', event, record: parseAs(recordSchema, event.detail, 'event.detail') } };
  }
  if (isNotice(detailType)) {
    const detail = parseAs(noticeSchema, event.detail, 'event.detail');
    return { message, occasion: { is: 'notice', event, notice: { detailType, resources: event.resources ?? [], detail } } };
  }
  if (detailType === 'Scheduled Event' || detailType === 'CloudFormation Stack Status Change') {
    return { message, occasion: { is: 'sweep', event } };
  }
  throw new MalformedMessage(`event.detail-type ${JSON.stringify(detailType.slice(0, 80))} is not one that Redress handles`);
}

function parseAs<const Schema extends v.GenericSchema>(schema: Schema, value: unknown, name: string): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = v.getDotPath(issue);
  throw new MalformedMessage(`${name}${path ? `.${path}` : ''}: expected ${issue.expected ?? 'another value'}`);
}
