import { type HttpAnswer, type HttpRequest, jsonAnswer } from '../http.ts';
import type { People } from './people.ts';
import { LOCAL_TOKEN } from './secrets.ts';

/** What there is to be asked about. */
interface Known extends Pick<People, 'groups'> {
  /** The channels that the bot is in, by their ids. */
  readonly channels: ReadonlyMap<string, unknown>;
}

/** Answers the methods of Slack's API that only ask: whose token it is, whether the bot is in a channel, who is in a group. */
export function answerAsked({ method, path, headers, body }: HttpRequest, { channels, groups }: Known): HttpAnswer | undefined {
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  const answer = answers[`${method} ${pathname}`];
  if (!answer) return undefined;
  if (headers.authorization !== `Bearer ${LOCAL_TOKEN}`) return jsonAnswer({ ok: false, error: 'invalid_auth' });
  const parameters = method === 'GET' ? searchParams : new URLSearchParams(body.toString('utf8'));
  return jsonAnswer(answer(parameters, { channels, groups }));
}

const answers: { readonly [route: string]: (parameters: URLSearchParams, known: Known) => object } = {
  'POST /api/auth.test': () => ({ ok: true }),
  'POST /api/conversations.info'(parameters, { channels }) {
    const id = parameters.get('channel') ?? '';
    return channels.has(id) ? { ok: true, channel: { id, is_member: true } } : { ok: false, error: 'channel_not_found' };
  },
  'GET /api/usergroups.users.list'(parameters, { groups }) {
    const users = groups.get(parameters.get('usergroup') ?? '');
    return users ? { ok: true, users } : { ok: false, error: 'no_such_subteam' };
  },
};
