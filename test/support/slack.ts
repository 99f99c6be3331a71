import { once } from 'node:events';
import { createServer } from 'node:http';
import { blockActions, payloadForm } from '../../local/slack/payload.ts';
import type { Block, Button } from '../../local/slack/rules.ts';

/** A post to a click's response URL. */
interface Response {
  readonly response_type?: string;
  readonly replace_original?: boolean;
  readonly text?: string;
  // biome-ignore lint/suspicious/noExplicitAny: blocks are whatever Slack takes
  readonly blocks?: readonly any[];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly attachments?: readonly any[];
  readonly thread_ts?: string;
}

/** Slack's two hosts on 127.0.0.1, as far as clicks need them. */
export interface SlackStandIn {
  readonly base: string;
  /** What was posted to response URLs, in the order it came, refused or not. */
  readonly posted: Response[];
  /** How the next posts are answered, one each: a status, and the seconds of `Retry-After`; `hang` never answers. */
  readonly script: ({ status: number; retryAfter?: number } | 'hang')[];
  /** The members of each user group; a group that is not here makes Slack answer `no_such_subteam`. */
  readonly groups: { [group: string]: readonly string[] };
  /** The bearer tokens that came with calls of the Web API. */
  readonly tokens: (string | undefined)[];
  /** Answers calls of the Web API with this status. */
  apiStatus: number;
  stop(): Promise<void>;
}

/** Starts a stand-in for Slack. */
export async function startSlack(): Promise<SlackStandIn> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/slack/api/usergroups.users.list') {
      slack.tokens.push(request.headers.authorization);
      const users = slack.groups[url.searchParams.get('usergroup') ?? ''];
      response.writeHead(slack.apiStatus, { 'content-type': 'application/json' });
      response.end(JSON.stringify(users ? { ok: true, users } : { ok: false, error: 'no_such_subteam' }));
      return;
    }
    slack.posted.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    const next = slack.script.shift() ?? { status: 200 };
    if (next === 'hang') return;
    response.writeHead(next.status, { 'retry-after': String(next.retryAfter ?? 0) });
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const slack: SlackStandIn = {
    base: `http://127.0.0.1:${port}/slack`,
    posted: [],
    script: [],
    groups: {},
    tokens: [],
    apiStatus: 200,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return slack;
}

/** The message that carries a finding's buttons, as Slack sends it back. */
export function messageOf(finding: string) {
  const button = (name: string): Button => ({
    type: 'button',
    action_id: `redress_${name}`,
    text: { type: 'plain_text', text: name },
    value: finding,
  });
  const blocks: Block[] = [
    { type: 'section', block_id: 'said', text: { type: 'mrkdwn', text: 'The volume is not encrypted.' } },
    { type: 'actions', block_id: 'redress_actions', elements: ['fix', 'undo', 'exempt'].map(button) },
  ];
  return { type: 'message', ts: '1800000000.000100', text: 'Waits for your approval: EBS volumes are encrypted', blocks };
}

/** The body that Slack posts when somebody clicks a button about a finding. */
export function clickBody(action: string, finding: string, responseUrl: string, more: object = {}): string {
  const payload = blockActions({
    post: { channel: 'C0ALERTS', ...messageOf(finding) },
    channelName: 'alerts',
    button: { type: 'button', action_id: action, text: { type: 'plain_text', text: action }, value: finding },
    user: { id: 'U0DANA', name: 'dana' },
    workspace: 'T0HOME',
    responseUrl,
    at: new Date(1_800_000_001_000),
  });
  // the same click is the same body
  return payloadForm({ ...payload, trigger_id: '1.2.3', ...more });
}
