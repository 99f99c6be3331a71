import * as v from 'valibot';

// Slack's own limits, written down a second time on purpose: a notifier that is wrong about one must not be believed here.
// https://docs.slack.dev/reference/block-kit/blocks

const atMost = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));
const blockId = v.optional(atMost(255));
const plainText = (most: number) => v.strictObject({ type: v.literal('plain_text'), text: atMost(most), emoji: v.optional(v.boolean()) });
const mrkdwn = (most: number) => v.strictObject({ type: v.literal('mrkdwn'), text: atMost(most), verbatim: v.optional(v.boolean()) });
const text = (most: number) => v.variant('type', [plainText(most), mrkdwn(most)]);

const button = v.strictObject({
  type: v.literal('button'),
  action_id: v.optional(atMost(255)),
  text: plainText(75),
  value: v.optional(v.pipe(v.string(), v.maxLength(2000))),
  style: v.optional(v.picklist(['primary', 'danger'])),
  url: v.optional(v.pipe(v.string(), v.maxLength(3000))),
});
const header = v.strictObject({ type: v.literal('header'), text: plainText(150), block_id: blockId });
const section = v.pipe(
  v.strictObject({
    type: v.literal('section'),
    text: v.optional(text(3000)),
    fields: v.optional(v.pipe(v.array(text(2000)), v.minLength(1), v.maxLength(10))),
    block_id: blockId,
  }),
  v.check((one) => one.text !== undefined || one.fields !== undefined, 'a section needs text or fields'),
);
const context = v.strictObject({
  type: v.literal('context'),
  elements: v.pipe(v.array(text(3000)), v.minLength(1), v.maxLength(10)),
  block_id: blockId,
});
const actions = v.strictObject({
  type: v.literal('actions'),
  elements: v.pipe(v.array(button), v.minLength(1), v.maxLength(25)),
  block_id: blockId,
});
const divider = v.strictObject({ type: v.literal('divider'), block_id: blockId });
const block = v.union([header, section, context, actions, divider]);

/** A message as it may be sent: no more than Slack takes. */
const messageSchema = v.object({
  channel: v.optional(v.string()),
  ts: v.optional(v.string()),
  thread_ts: v.optional(v.string()),
  reply_broadcast: v.optional(v.boolean()),
  text: v.optional(v.pipe(v.string(), v.maxLength(40_000))),
  blocks: v.optional(v.pipe(v.array(block), v.maxLength(50))),
});

/** What a post to a click's response URL may say beside its message. */
const wishSchema = v.object({
  response_type: v.optional(v.picklist(['ephemeral', 'in_channel'])),
  replace_original: v.optional(v.boolean()),
  delete_original: v.optional(v.boolean()),
});

/** A block of a message that Slack would take. */
export type Block = v.InferOutput<typeof block>;

/** A button of a message. */
export type Button = v.InferOutput<typeof button>;

/** A text object of a block. */
export type BlockText = v.InferOutput<ReturnType<typeof text>>;

/** A message that Slack would take. */
export type SentMessage = v.InferOutput<typeof messageSchema>;

/** About so many characters of blocks are taken; Slack does not document it. */
const MOST_IN_BLOCKS = 13_000;

/** Reads a request's body as a message; the error is Slack's code. */
export function readMessage(body: unknown): { readonly message: SentMessage } | { readonly error: string; readonly says: string } {
  const result = v.safeParse(messageSchema, body);
  if (!result.success)
    return { error: 'invalid_blocks', says: result.issues.map((one) => `${v.getDotPath(one)}: ${one.message}`).join('; ') };
  const message = result.output;
  if (!message.text && !message.blocks?.length) return { error: 'no_text', says: 'neither text nor blocks' };
  const length = JSON.stringify(message.blocks ?? []).length;
  if (length > MOST_IN_BLOCKS) return { error: 'msg_blocks_too_long', says: `${length} characters` };
  const ids = (message.blocks ?? []).flatMap(({ block_id }) => block_id ?? []);
  if (new Set(ids).size < ids.length) return { error: 'invalid_blocks', says: 'two blocks have one block_id' };
  return { message };
}

/** What shall become of a post to a response URL: the message that was clicked goes or is replaced, or there is another. */
export type ResponseWish = 'delete' | 'replace' | 'tell all' | 'tell the clicker';

/** Reads what a post to a response URL wishes; the error is Slack's code. */
export function readWish(body: unknown): ResponseWish | { readonly error: string; readonly says: string } {
  const { success, output } = v.safeParse(wishSchema, body);
  if (!success) return { error: 'invalid_payload', says: 'a response_type or a flag that there is not' };
  if (output.delete_original) return 'delete';
  // Slack asks for this flag where a message shall be replaced, and takes all else for a new one, which only the clicker sees
  if (output.replace_original) return 'replace';
  return output.response_type === 'in_channel' ? 'tell all' : 'tell the clicker';
}

/** A bucket of calls that fills again with time. */
export class Bucket {
  readonly #capacity: number;
  readonly #perSecond: number;
  #level: number;
  #at: number;

  constructor(capacity: number, perSecond: number, now: number) {
    this.#capacity = capacity;
    this.#perSecond = perSecond;
    this.#level = capacity;
    this.#at = now;
  }

  /** Takes one call; else answers after how many seconds there is one. */
  take(now: number): number {
    this.#level = Math.min(this.#capacity, this.#level + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#level < 1) return Math.max(1, Math.ceil((1 - this.#level) / this.#perSecond));
    this.#level -= 1;
    return 0;
  }
}
