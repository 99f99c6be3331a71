import { errorText } from '#shared/aws/errors.ts';
import { at, stringAt } from '#shared/control/record.ts';
import { localSlack, SLACK_API } from '#shared/finding/slack.ts';
import type { SlackMessage } from '../render/slack.ts';

/** Where a message is, once Slack has it; a webhook does not say. */
export interface Posted {
  readonly channel?: string;
  readonly ts?: string;
}

/** What became of one call of Slack. */
export type SlackAnswer =
  | ({ readonly is: 'posted' } & Posted)
  /** Slack asks to wait, in seconds. */
  | { readonly is: 'limited'; readonly seconds: number }
  /** It did not answer, or could not. */
  | { readonly is: 'unavailable'; readonly says: string }
  /** It will not take this, by Slack's own code such as `channel_not_found`. */
  | { readonly is: 'refused'; readonly code: string };

/** A place to post to, with the secret that it takes. */
export type SlackTarget =
  | { readonly is: 'webhook'; readonly url: string }
  | { readonly is: 'bot'; readonly token: string; readonly channel: string };

/** What is sent: a new message, one in a thread, or another text for one that is there. */
export interface SlackCall {
  readonly message: SlackMessage;
  readonly thread?: string | undefined;
  /** Whether an answer in a thread shows in the channel too. */
  readonly isBroadcast?: boolean | undefined;
  readonly update?: Posted | undefined;
}

/** How long Slack is waited for, in milliseconds. */
const PATIENCE_MS = 8_000;
/** Slack's errors that pass by themselves. */
const passing = /^(internal_error|fatal_error|service_unavailable|request_timeout|team_added_to_org|rollup_error)$/;
const addresses = /^https:\/\/hooks\.slack(-gov)?\.com\/(services|workflows|triggers)\/\S+$/;

/** Reads a secret as a target; throws without ever naming the secret. */
export function targetOf(secret: string, channel: string | undefined, parameter: string): SlackTarget {
  if (channel === undefined) {
    if (!addresses.test(secret)) throw new Error(`the parameter ${parameter} does not hold the address of a Slack webhook`);
    return { is: 'webhook', url: secret };
  }
  if (!/^xox[a-z.]+-\S+$/.test(secret)) throw new Error(`the parameter ${parameter} does not hold a token of a Slack bot`);
  return { is: 'bot', token: secret, channel };
}

/** Calls Slack once; what goes wrong is an answer, not an error. */
export async function callSlack(target: SlackTarget, { message, thread, isBroadcast = false, update }: SlackCall): Promise<SlackAnswer> {
  // links and names in texts stay what they are, and no preview is loaded
  const options = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false };
  const body = { text: message.text, ...(message.blocks.length > 0 && { blocks: message.blocks }) };
  if (target.is === 'webhook') {
    const { unfurl_links, unfurl_media } = options;
    return await send(target.url, { ...body, unfurl_links, unfurl_media }, target.url);
  }
  const { token, channel } = target;
  if (update?.ts) {
    // without blocks the old ones might stay
    const changed = { ...body, blocks: message.blocks, parse: options.parse, channel: update.channel ?? channel, ts: update.ts };
    return await send(`${SLACK_API}/chat.update`, changed, token);
  }
  return await send(
    `${SLACK_API}/chat.postMessage`,
    { ...body, ...options, channel, ...(thread && { thread_ts: thread, reply_broadcast: isBroadcast }) },
    token,
  );
}

async function send(url: string, body: object, secret: string): Promise<SlackAnswer> {
  try {
    const response = await fetch(here(url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(secret !== url && { authorization: `Bearer ${secret}` }),
      },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return answerOf(response, await response.text());
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? ` (${errorText(error.cause, [secret])})` : '';
    return { is: 'unavailable', says: `${errorText(error, [secret])}${cause}` };
  }
}

function answerOf({ status, headers }: Response, text: string): SlackAnswer {
  const json = parsed(text);
  const code = stringAt(json, 'error') ?? text.slice(0, 80);
  if (status === 429 || code === 'ratelimited' || code === 'rate_limited') {
    const seconds = Number(headers.get('retry-after'));
    return { is: 'limited', seconds: seconds > 0 ? seconds : 30 };
  }
  if (status >= 500 || passing.test(code)) return { is: 'unavailable', says: `Slack answered ${status}` };
  if (status !== 200 || at(json, 'ok') === false) return { is: 'refused', code: code.replace(/[^\w-]/g, ' ').trim() || String(status) };
  const [channel, ts] = [stringAt(json, 'channel'), stringAt(json, 'ts')];
  return { is: 'posted', ...(channel && { channel }), ...(ts && { ts }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The address that is really called: Slack's own, but in a local run. */
function here(url: string): string {
  const local = localSlack();
  return local ? `${local}${new URL(url).pathname}` : url;
}
