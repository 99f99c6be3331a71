import { vi } from 'vitest';
import { Secrets } from '#shared/aws/secrets.ts';
import type { AlertsConfig, SlackChannel } from '#shared/finding/alerts-config.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { tellChannel } from '../../../functions/alerts/slack/channels.ts';
import { type AlertStore, type ChannelState, newChannel, type Told } from '../../../functions/alerts/store.ts';
import { alertView } from '../../../functions/alerts/view.ts';
import { LOCAL_TOKEN } from '../../../local/slack/secrets.ts';
import type { SlackPost } from '../../../local/slack/sink.ts';
import { SlackSink } from '../../../local/slack/sink.ts';

/** The channels that the tests tell: one by a bot, one by a webhook. */
const channels: { readonly [name: string]: SlackChannel } = {
  bot: { tokenParameter: '/redress/slack/token', channel: 'C0123456789' },
  hook: { webhookParameter: '/redress/slack/hook' },
};

/** A notifier on a clock of its own, against what stands for Slack. */
export class AlertWorld {
  now = Date.parse('2026-11-21T09:00:00.000Z');
  readonly sink = new SlackSink({ now: () => this.now });
  readonly store = new MemoryStore();
  readonly logs: { message: string; fields: object }[] = [];
  /** Wakes that are under way, by the time at which they come. */
  readonly wakes: { channel: string; at: number }[] = [];
  /** Wakes that failed as often as the queue lets them. */
  readonly deadLetters: string[] = [];
  readonly alerts: AlertsConfig;
  secrets: ReadonlyMap<string, string>;
  /** How many of the next wakes the queue does not take. */
  failingWakes = 0;
  readonly #reader = new Secrets(
    async (parameter) => this.secrets.get(parameter) ?? '',
    () => this.now,
  );
  #invocations = 0;

  constructor(alerts: Omit<AlertsConfig, 'slack'> & { slack?: object } = {}) {
    this.alerts = { ...alerts, slack: { channels, ...alerts.slack } };
    this.secrets = this.sink.open(this.alerts);
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => this.#fetch(url, init));
  }

  /** A batch of findings arrives. */
  async arrive(channel: string, ...findings: readonly Finding[]): Promise<void> {
    for (const finding of findings) await this.store.pend(channel, finding);
    await this.invoke(channel, false);
  }

  async invoke(name: string, isWake: boolean, isRepeat = false): Promise<void> {
    const channel = channels[name];
    if (!channel) throw new Error(`there is no channel ${name}`);
    const begun = this.now;
    this.#invocations += 1;
    await tellChannel(
      name,
      channel,
      {
        alerts: this.alerts,
        view: (finding) => alertView(finding, { alerts: this.alerts }),
        store: this.store,
        secrets: this.#reader,
        wake: async (woken, seconds) => {
          if (this.failingWakes-- > 0) throw new Error('SQS does not answer');
          this.wakes.push({ channel: woken, at: this.now + seconds * 1000 });
        },
        owner: `invocation-${this.#invocations}`,
        leaseSeconds: 65,
        now: () => this.now,
        sleep: async (ms) => {
          this.now += ms;
        },
        remainingMs: () => 60_000 - (this.now - begun),
        log: (message, fields) => void this.logs.push({ message, fields }),
      },
      { isWake, isRepeat },
    );
  }

  /** Lets time pass until a time (the end of all wakes by default), and handles each wake when it comes. */
  async pass(until = Number.POSITIVE_INFINITY): Promise<void> {
    for (let n = 0; n < 1000; n += 1) {
      this.wakes.sort((a, b) => a.at - b.at);
      const [next] = this.wakes;
      if (!next || next.at > until) break;
      this.wakes.shift();
      this.now = Math.max(this.now, next.at);
      await this.invoke(next.channel, true).catch(() => void this.deadLetters.push(next.channel));
    }
    if (Number.isFinite(until)) this.now = Math.max(this.now, until);
  }

  /** Calls that reached Slack, whatever it answered. */
  get calls(): number {
    return this.sink.log().length;
  }

  get posts(): readonly SlackPost[] {
    return this.sink.posts();
  }

  #fetch(url: string, { method, headers, body }: RequestInit): Promise<Response> {
    const path = new URL(url).pathname;
    const answer = this.sink.answer({
      method: method ?? 'GET',
      path,
      headers: Object.fromEntries(new Headers(headers)),
      body: Buffer.from(String(body)),
    });
    if (answer === undefined) return Promise.reject(new DOMException(`The operation timed out; ${LOCAL_TOKEN}`, 'TimeoutError'));
    return Promise.resolve(
      new Response(new Uint8Array(answer.body), { status: answer.status, headers: answer.headers as Record<string, string> }),
    );
  }
}

/** The counts that the digests in a channel show. */
export function digestCounts(posts: readonly SlackPost[]): number[] {
  return posts.flatMap(({ text }) => {
    const count = /^([\d,]+) findings? within/.exec(text)?.[1];
    return count === undefined ? [] : [Number(count.replaceAll(',', ''))];
  });
}

/** The store in memory, with the conditions that DynamoDB keeps. */
class MemoryStore implements AlertStore {
  readonly #pending = new Map<string, Map<string, Finding>>();
  readonly #told = new Map<string, Told>();
  readonly #states = new Map<string, ChannelState>();
  readonly #leases = new Map<string, { owner: string; until: number }>();
  readonly #wakes = new Map<string, number>();
  /** A test's way to let the next call of a kind fail. */
  failing: keyof AlertStore | undefined;

  async pend(channel: string, finding: Finding): Promise<void> {
    const there = this.#of(channel);
    if (!there.has(finding.announcement)) there.set(finding.announcement, structuredClone(finding));
  }

  async pending(channel: string, most: number): Promise<readonly Finding[]> {
    return [...this.#of(channel).values()].slice(0, most);
  }

  async settle(channel: string, announcements: readonly string[]): Promise<void> {
    if (announcements.length > 0) this.#mayFail('settle');
    for (const one of announcements) this.#of(channel).delete(one);
  }

  async toldOf(channel: string, findings: readonly string[]): Promise<ReadonlyMap<string, Told>> {
    return new Map(
      findings.flatMap((id) => (this.#told.has(`${channel} ${id}`) ? [[id, this.#told.get(`${channel} ${id}`) as Told]] : [])),
    );
  }

  async putTold(channel: string, told: readonly Told[]): Promise<void> {
    this.#mayFail('putTold');
    for (const one of told) this.#told.set(`${channel} ${one.finding}`, one);
  }

  async lease(channel: string, owner: string, now: number, seconds: number): Promise<ChannelState | undefined> {
    const held = this.#leases.get(channel);
    if (held && held.until >= now) return undefined;
    this.#leases.set(channel, { owner, until: now + seconds * 1000 });
    return structuredClone(this.#states.get(channel) ?? newChannel);
  }

  async save(channel: string, owner: string, state: ChannelState, isLast: boolean): Promise<boolean> {
    if (this.#leases.get(channel)?.owner !== owner) return false;
    this.#states.set(channel, structuredClone(state));
    if (isLast) this.#leases.delete(channel);
    return true;
  }

  async planWake(channel: string, now: number, at: number): Promise<boolean> {
    const planned = this.#wakes.get(channel);
    if (planned !== undefined && planned > now && planned <= at) return false;
    this.#wakes.set(channel, at);
    return true;
  }

  #of(channel: string): Map<string, Finding> {
    const there = this.#pending.get(channel) ?? new Map<string, Finding>();
    this.#pending.set(channel, there);
    return there;
  }

  #mayFail(name: keyof AlertStore): void {
    if (this.failing !== name) return;
    this.failing = undefined;
    throw new Error(`${name} failed`);
  }
}
