import type { HttpAnswer, HttpRequest } from '../http.ts';
import { blockActions, payloadForm, slackHeaders } from './payload.ts';
import type { SlackPost, SlackSink } from './sink.ts';

/** The local Slack, and what lies behind a click in it. */
export interface LocalSlack {
  readonly sink: SlackSink;
  /** The URL under which the sink stands. */
  readonly base: string;
  /** What a SecureString parameter holds; undefined if it is not there. */
  secretOf(parameter: string): Promise<string | undefined>;
  /** Calls the function URL; undefined where the stack has none. */
  call(request: HttpRequest): Promise<HttpAnswer | undefined>;
}

/** What is clicked, and by whom, as the page's form says it. */
export interface Clicked {
  readonly as: string;
  readonly channel: string;
  readonly ts: string;
  /** The button's `action_id`. */
  readonly action: string;
}

/** Passes a click on as Slack does: signed, to the function URL. Answers in a sentence what was in the way, if anything was. */
export async function click({ as, channel, ts, action }: Clicked, { sink, base, secretOf, call }: LocalSlack): Promise<string | undefined> {
  const { actions, people } = sink;
  if (!actions) return 'The config has no alerts.slack.actions, so no function takes clicks: docs/slack-actions.md.';
  const user = people.clickers.find(({ id }) => id === as);
  if (!user) return `There is no user ${as} here.`;
  const post = sink.posts().find((one) => one.channel === channel && one.ts === ts);
  const button = post && buttonOf(post, action);
  if (!button) return 'This message has no such button any more.';
  const parameter = actions.signingSecretParameter;
  const secret = await secretOf(parameter);
  if (secret === undefined) return `The parameter ${parameter} is not there, so nothing can be signed: store a signing secret in it.`;
  const at = new Date();
  const responseUrl = `${base}${sink.openResponse(post, user.id)}`;
  const channelName = sink.nameOf(channel);
  const body = payloadForm(blockActions({ post, channelName, button, user, workspace: actions.workspaces[0] ?? '', responseUrl, at }));
  const headers = { host: '127.0.0.1', 'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)', ...slackHeaders(body, secret, at) };
  const answer = await call({ method: 'POST', path: '/', headers, body: Buffer.from(body) });
  if (!answer) return 'The stack has no function URL for clicks.';
  // where Slack shows but a warning sign
  return answer.status === 200
    ? undefined
    : `The function answered ${answer.status}; Slack takes nothing but 200. Its log says why (--verbose).`;
}

function buttonOf({ blocks }: SlackPost, action: string) {
  return blocks.flatMap((block) => (block.type === 'actions' ? block.elements : [])).find((one) => one.action_id === action);
}
