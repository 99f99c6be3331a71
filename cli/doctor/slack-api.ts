import * as v from 'valibot';
import { localSlack, SLACK_API } from '#shared/finding/slack.ts';

/** How long Slack is waited for, in milliseconds. */
const PATIENCE_MS = 8_000;

const answered = v.pipe(
  v.object({
    ok: v.boolean(),
    error: v.optional(v.string()),
    channel: v.optional(v.object({ is_member: v.optional(v.boolean()), is_archived: v.optional(v.boolean()) })),
  }),
  v.transform(({ ok, ...rest }) => ({ isOk: ok, ...rest })),
);

/** Asks a method of Slack's API that changes nothing; throws where Slack is not reached. https://docs.slack.dev/apis/web-api */
export async function askSlack(
  method: 'auth.test' | 'conversations.info',
  token: string,
  parameters: { readonly [name: string]: string } = {},
) {
  const response = await post(`${SLACK_API}/${method}`, new URLSearchParams(parameters), { authorization: `Bearer ${token}` });
  return v.parse(answered, await response.json());
}

/**
 * Asks whether a webhook is there, by a message without text, which Slack refuses. Answers Slack's code where it is not.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/#handling_errors
 */
export async function probeWebhook(url: string): Promise<string | undefined> {
  if (!/^https:\/\/hooks\.slack(-gov)?\.com\//.test(url)) return 'not the address of a webhook';
  const response = await post(url, '{}', { 'content-type': 'application/json' });
  const code = (await response.text())
    .replace(/[^\w-]/g, ' ')
    .trim()
    .slice(0, 80);
  return /^(no_text|invalid_payload|missing_text_or_fallback_or_attachments)$/.test(code) ? undefined : code || String(response.status);
}

async function post(url: string, body: string | URLSearchParams, headers: { readonly [name: string]: string }): Promise<Response> {
  const local = localSlack();
  const address = local ? `${local}${new URL(url).pathname}` : url;
  const response = await fetch(address, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
  // what passes by itself says nothing of a token or webhook
  if (response.status === 429 || response.status >= 500) throw new Error(`it answered ${response.status}`);
  return response;
}
