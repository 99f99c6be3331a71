import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { SLACK_API } from '#shared/finding/slack.ts';

/** Slack did not take or give something; the message holds nothing of what was sent. */
class SlackFailed extends Error {
  override readonly name = 'SlackFailed';
}

/** What is asked of Slack while somebody waits. */
export interface Slack {
  /** Posts to a click's response URL. */
  respond(url: string, body: object): Promise<void>;
  /** The ids of a user group's members. */
  membersOf(group: string): Promise<readonly string[]>;
}

/** Slack's hosts; those of a local run stand under one base. */
interface Hosts {
  readonly api: string;
  isResponse(url: string): boolean;
}

const memberSchema = v.looseObject({ ok: v.boolean(), error: v.optional(v.string()), users: v.optional(v.array(v.string())) });

/** How long a group's members are believed, in milliseconds: Slack answers about 20 such calls a minute. */
const REMEMBERED_MS = 60_000;
const PAUSE_MS = 200;
/** So long Slack gets an answer even after the deadline: rather late than not at all, for a response URL lives for half an hour. */
const GRACE_MS = 1500;
/** So long a group is asked for; then there is still time to answer the clicker. */
const LOOKUP_MS = 800;

const remembered = new Map<string, { readonly at: number; readonly users: readonly string[] }>();

/** Where Slack is; `local` is the base of a local run's stand-in. */
export function slackHosts(local?: string): Hosts {
  if (local) return { api: `${local}/api`, isResponse: (url) => url.startsWith(`${local}/`) };
  return {
    api: SLACK_API,
    // a click names the URL that we post to: nothing but Slack's own host, or it could be any within reach
    isResponse: (url) => URL.canParse(url) && new URL(url).origin === 'https://hooks.slack.com' && new URL(url).username === '',
  };
}

/** Slack, as far as it answers before `deadline` (milliseconds since the epoch). */
export function slackUntil(deadline: number, hosts: Hosts, token: () => Promise<string>): Slack {
  async function ask(url: string, init: RequestInit, until: number): Promise<Response> {
    const left = until - Date.now();
    if (left <= 0) throw new SlackFailed('there is no time left to ask Slack');
    return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(left) });
  }

  return {
    async respond(url, body) {
      if (!hosts.isResponse(url)) throw new SlackFailed('the response URL is not one of Slack');
      const until = Math.max(deadline, Date.now() + GRACE_MS);
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      for (let isLast = false; ; isLast = true) {
        const answer = await ask(url, init, until).catch((error: unknown) => {
          throw new SlackFailed(`Slack did not answer: ${error instanceof Error ? error.name : 'unknown'}`, { cause: error });
        });
        if (answer.ok) return;
        const wait = answer.status === 429 ? Number(answer.headers.get('retry-after') ?? 1) * 1000 : PAUSE_MS;
        const isWorthIt = (answer.status === 429 || answer.status >= 500) && wait < until - Date.now();
        if (isLast || !isWorthIt) throw new SlackFailed(`Slack answered ${answer.status}`);
        await sleep(wait);
      }
    },

    async membersOf(group) {
      const known = remembered.get(group);
      if (known && Date.now() - known.at < REMEMBERED_MS) return known.users;
      const url = `${hosts.api}/usergroups.users.list?usergroup=${encodeURIComponent(group)}`;
      const answer = await ask(url, { headers: { authorization: `Bearer ${await token()}` } }, Math.min(deadline, Date.now() + LOOKUP_MS));
      if (!answer.ok) throw new SlackFailed(`Slack answered ${answer.status}`);
      const { ok, error, users } = v.parse(memberSchema, await answer.json());
      // Slack answers 200 even to what it refuses
      if (!ok || !users) throw new SlackFailed(`Slack refused: ${error ?? 'no users'}`);
      remembered.set(group, { at: Date.now(), users });
      return users;
    },
  };
}
