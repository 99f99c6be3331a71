import type { Finding } from '#shared/finding/finding.ts';
import type { Order } from '#shared/finding/message.ts';
import { slackText } from '#shared/finding/slack.ts';
import { cut, plain } from '#shared/finding/text.ts';
import type { Block, Click } from './click.ts';

/** The most of one name or sentence that is shown. */
const LONGEST = 300;

const past: { readonly [kind in Order['kind']]: string } = { fix: 'a fix', undo: 'an undo', exempt: 'an exemption for 7 days' };

/** Names come from anybody, and must neither mention nor link. */
function escaped(text: string): string {
  return slackText(cut(plain(text), LONGEST));
}

/** What only the clicker sees. */
export function whisper({ message }: Click, sentence: string): object {
  return {
    response_type: 'ephemeral',
    replace_original: false,
    text: escaped(sentence),
    ...(message?.thread_ts && { thread_ts: message.thread_ts }),
  };
}

/** The sentence that says to the clicker that the order is on its way. */
export function taken({ kind }: Order, { resource }: Finding): string {
  return `Redress has your order of ${past[kind]} for ${resource.id}. It looks at the resource first, then announces the outcome.`;
}

/** The message that was clicked, with who ordered what and when in place of the buttons. */
export function withoutButtons({ message, user, blockId }: Click, { kind, at }: Order): object | undefined {
  if (!message) return undefined;
  const seconds = Math.floor(Date.parse(at) / 1000);
  const text = `<@${user.id}> ordered ${past[kind]}, <!date^${seconds}^{date_short_pretty} at {time_secs}|${at}>`;
  const done = { type: 'context', elements: [{ type: 'mrkdwn', text }] };
  const replaced = (blocks: readonly Block[] | undefined) =>
    blocks && { blocks: blocks.map((one) => (one.block_id !== undefined && one.block_id === blockId ? done : one)) };
  return {
    replace_original: true,
    ...(message.text && { text: message.text }),
    ...replaced(message.blocks),
    ...(message.attachments && { attachments: message.attachments.map((one) => ({ ...one, ...replaced(one.blocks) })) }),
    ...(message.thread_ts && { thread_ts: message.thread_ts }),
  };
}
