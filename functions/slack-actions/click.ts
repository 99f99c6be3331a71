import * as v from 'valibot';
import type { Order } from '#shared/finding/message.ts';
import { orderOfButton, readButtonValue } from '#shared/finding/slack-actions.ts';

const block = v.looseObject({ block_id: v.optional(v.string()) });
const blocks = v.optional(v.array(block));

const messageSchema = v.looseObject({
  text: v.optional(v.string()),
  blocks,
  attachments: v.optional(v.array(v.looseObject({ blocks }))),
  thread_ts: v.optional(v.string()),
});

const payloadSchema = v.looseObject({
  type: v.literal('block_actions'),
  user: v.looseObject({
    id: v.pipe(v.string(), v.regex(/^[UW][A-Z0-9]+$/)),
    team_id: v.optional(v.string()),
    username: v.optional(v.string()),
    name: v.optional(v.string()),
  }),
  response_url: v.optional(v.string()),
  message: v.optional(messageSchema),
  actions: v.array(v.looseObject({ action_id: v.string(), block_id: v.optional(v.string()), value: v.optional(v.string()) })),
});

/** A block of a message; what else it holds passes through unread. */
export type Block = v.InferOutput<typeof block>;

/** A message as Slack sends it back to us. */
type SlackMessage = v.InferOutput<typeof messageSchema>;

/** Somebody's click on one of our buttons. */
export interface Click {
  readonly order: Order['kind'];
  /** What the button names, which should be a finding's id. */
  readonly finding: string;
  /** The plan that the message shows, if it shows one. */
  readonly plan: string | undefined;
  readonly user: { readonly id: string; readonly name: string; readonly workspace: string | undefined };
  /** Where answers go. */
  readonly responseUrl: string;
  readonly message: SlackMessage | undefined;
  /** The block that holds the button. */
  readonly blockId: string | undefined;
}

/** Reads the form that Slack posts: the click, or what else it is; quotes nothing of it. */
export function readClick(body: Buffer): Click | 'malformed' | 'not ours' {
  const [payload, ...more] = new URLSearchParams(body.toString('utf8')).getAll('payload');
  if (payload === undefined || more.length > 0) return 'malformed';
  let json: unknown;
  try {
    json = JSON.parse(payload);
  } catch {
    return 'malformed';
  }
  const { success, output } = v.safeParse(payloadSchema, json);
  // shortcuts and dialogs are other payloads of the same app
  if (!success) return v.is(v.looseObject({ type: v.pipe(v.string(), v.notValue('block_actions')) }), json) ? 'not ours' : 'malformed';
  const { user, response_url: responseUrl, message, actions } = output;
  for (const { action_id: action, block_id: blockId, value } of actions) {
    // a button that only opens a page sends a click too
    const order = orderOfButton(action);
    if (!order) continue;
    if (value === undefined || responseUrl === undefined) return 'malformed';
    const name = (user.username ?? user.name ?? '').replace(/[^\p{L}\p{N}._ -]/gu, '').slice(0, 80);
    return {
      order,
      ...readButtonValue(value),
      user: { id: user.id, name, workspace: user.team_id },
      responseUrl,
      message,
      blockId,
    };
  }
  return 'not ours';
}

/** Who clicked, as orders and findings name them. */
export function nameOfClicker({ id, name }: Click['user']): string {
  return name === '' ? `slack:${id}` : `slack:${id} (${name})`;
}
