import { createHmac, randomUUID } from 'node:crypto';
import type { Button } from './rules.ts';
import type { SlackPost } from './sink.ts';

/** A click on a button of a message. */
export interface ButtonClick {
  readonly post: Pick<SlackPost, 'channel' | 'ts' | 'thread_ts' | 'text' | 'blocks'>;
  readonly channelName: string;
  readonly button: Button;
  readonly user: { readonly id: string; readonly name: string };
  readonly workspace: string;
  readonly responseUrl: string;
  readonly at: Date;
}

/** The payload that Slack sends for a click. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function blockActions({ post, channelName, button, user: { id, name }, workspace, responseUrl, at }: ButtonClick): object {
  const { channel, ts, thread_ts, text } = post;
  const inThread = thread_ts !== undefined && { thread_ts };
  // Slack gives an id to each block that came without one
  const blocks = post.blocks.map((block, n) => ({ ...block, block_id: block.block_id ?? `block-${n}` }));
  const holder = blocks.find((block) => block.type === 'actions' && block.elements.some(({ action_id }) => action_id === button.action_id));
  const time = (at.getTime() / 1000).toFixed(6);
  return {
    type: 'block_actions',
    api_app_id: 'A0REDRESS',
    team: { id: workspace, domain: 'local' },
    enterprise: null,
    is_enterprise_install: false,
    user: { id, username: name, name, team_id: workspace },
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false, ...inThread },
    channel: { id: channel, name: channelName },
    trigger_id: `${time}.${randomUUID()}`,
    message: { type: 'message', bot_id: 'B0REDRESS', app_id: 'A0REDRESS', team: workspace, ts, ...inThread, text, blocks },
    state: { values: {} },
    response_url: responseUrl,
    actions: [{ ...button, block_id: holder?.block_id, action_ts: time }],
  };
}

/** A payload as the form that Slack posts. */
export function payloadForm(payload: object): string {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

/** The headers with which Slack signs a body. https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function slackHeaders(body: string, secret: string, at: Date): { [name: string]: string } {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
}
