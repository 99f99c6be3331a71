import { randomUUID } from 'node:crypto';

/** What a click's response URL stands for. */
export interface ResponseTarget {
  readonly channel: string;
  /** The message that was clicked. */
  readonly ts: string;
  /** Who clicked it. */
  readonly user: string;
}

/** How often a response URL can be used, and for how long, in milliseconds. https://docs.slack.dev/interactivity/handling-user-interaction */
const MOST_USES = 5;
const LIFETIME_MS = 30 * 60_000;

/** The response URLs of clicks, one for each. */
export class ResponseUrls {
  readonly #urls = new Map<string, { readonly target: ResponseTarget; readonly until: number; uses: number }>();

  /** Makes one; answers its path below the sink. */
  open(target: ResponseTarget, now: number): string {
    const id = randomUUID();
    this.#urls.set(id, { target, until: now + LIFETIME_MS, uses: 0 });
    return `/response/${id}`;
  }

  /** Uses one; answers what it stands for, or Slack's code for why it is of no use. */
  use(id: string, now: number): ResponseTarget | 'invalid_url' | 'expired_url' | 'used_url' {
    const url = this.#urls.get(id);
    if (!url) return 'invalid_url';
    if (now > url.until) return 'expired_url';
    if (url.uses >= MOST_USES) return 'used_url';
    url.uses += 1;
    return url.target;
  }
}
