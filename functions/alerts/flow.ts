import type { AlertsConfig } from '../../shared/alerts-config.ts';
import { type Finding, isAnswer, isUrgent, unsettledStatuses } from '../../shared/finding.ts';
import { afterTelling, type Digest, emptied, isOver, openDigest, withFindings, withStatus } from './digest.ts';
import { isQuietFor, mentionFor } from './route.ts';
import type { Posted, SlackAnswer, SlackCall } from './slack-api.ts';
import { digestMessage, type SlackMessage, slackMessage } from './slack-blocks.ts';
import type { AlertStore, ChannelState, Thread, Told } from './store.ts';
import type { View } from './view.ts';

/** A Slack channel of the config, and what telling it needs. */
export interface FlowDeps {
  /** The channel's name in the config. */
  readonly channel: string;
  /** Whether messages can be updated and threaded: a bot's, not a webhook's. */
  readonly isBot: boolean;
  readonly alerts: AlertsConfig;
  readonly view: (finding: Finding) => View;
  readonly store: AlertStore;
  readonly call: (call: SlackCall) => Promise<SlackAnswer>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** How much time the invocation has left, in milliseconds. */
  readonly remainingMs: () => number;
  readonly log: (message: string, fields: object) => void;
}

/** So many messages a minute come one by one; what is over becomes a digest. */
const BURST = 8;
const MINUTE_MS = 60_000;
/** Slack asks for one message a second and channel, and 50 updates a minute. */
const PACE_MS = 1_250;
/** No call begins with less time left: Slack may take its own time, and what it said must be noted. */
const ENOUGH_MS = 20_000;
/** How many pending findings are looked at together. */
const MOST = 1000;
const MOST_THREADS = 200;
const MAX_WAIT_MS = 900_000;

/** Stops the work on a channel for now; everything that is not told stays pending. */
class Pause extends Error {
  override readonly name = 'Pause';
}

/** Tells a channel what is pending, as its state allows. The caller holds the lease. */
export class Flow {
  state: ChannelState;
  readonly #deps: FlowDeps;

  constructor(state: ChannelState, deps: FlowDeps) {
    this.state = state;
    this.#deps = deps;
  }

  /** Works until nothing is left to do now; answers when to look again, in milliseconds since the epoch. */
  async run(checkpoint: (state: ChannelState) => Promise<void>): Promise<number | undefined> {
    const { store, channel, now } = this.#deps;
    if (now() < this.state.notBefore) return this.state.notBefore;
    const { digest } = this.state;
    if (digest && !isOver(digest, now()) && now() < digest.dueAt) return digest.dueAt;
    if (digest && isOver(digest, now())) {
      await store.settle(channel, digest.settling);
      const { digest: _, ...rest } = this.state;
      this.state = rest;
    }
    try {
      for (;;) {
        const pending = await store.pending(channel, MOST);
        if (pending.length === 0) return undefined;
        await this.#tell(pending, checkpoint);
        if (pending.length < MOST) return undefined;
      }
    } catch (error) {
      if (!(error instanceof Pause)) throw error;
      return Math.max(now() + 1000, this.state.notBefore);
    }
  }

  async #tell(pending: readonly Finding[], checkpoint: (state: ChannelState) => Promise<void>): Promise<void> {
    const { store, channel, isBot, alerts, now } = this.#deps;
    const counted = new Set(this.state.digest?.settling);
    await store.settle(
      channel,
      pending.flatMap(({ announcement }) => (counted.has(announcement) ? [announcement] : [])),
    );
    const byFinding = Map.groupBy(
      pending.filter(({ announcement }) => !counted.has(announcement)),
      ({ id }) => id,
    );
    const told = isBot ? await store.toldOf(channel, [...byFinding.keys()]) : new Map<string, Told>();
    const fresh: Finding[] = [];
    const moved: { finding: Finding; from: Told }[] = [];
    const finished: string[] = [];
    for (const group of byFinding.values()) {
      const [latest] = group.toSorted((a, b) => decidedAt(b).localeCompare(decidedAt(a)) || Number(isAnswer(b)) - Number(isAnswer(a)));
      if (!latest) continue;
      // what came before the latest is told with it
      finished.push(...group.flatMap(({ announcement }) => (announcement === latest.announcement ? [] : [announcement])));
      const before = told.get(latest.id);
      // an answer changes nothing of the finding, so not its time either
      const isLate =
        before !== undefined && (isAnswer(latest) ? before.decidedAt > decidedAt(latest) : before.decidedAt >= decidedAt(latest));
      const isReminder = latest.exemption?.isEnding === true && !isAnswer(latest);
      if (isLate) finished.push(latest.announcement);
      // an update of an old message would remind nobody
      else if (isReminder) fresh.push(latest);
      else if (before?.ts) await this.#update(latest, before);
      else if (before && before.digest === this.state.digest?.id) moved.push({ finding: latest, from: before });
      // the digest that counted it is over: what is settled since then asks nobody for anything
      else if (isQuietFor(latest, alerts) || (before && !unsettledStatuses.includes(latest.status) && !isUrgent(latest)))
        finished.push(latest.announcement);
      else fresh.push(latest);
    }
    await store.settle(channel, finished);
    const lately = this.state.posts.filter((at) => at > now() - MINUTE_MS).length;
    const repeats = isBot ? [] : fresh.filter((finding) => this.#threadOf(finding) !== undefined);
    const isBurst = this.state.digest !== undefined || lately + fresh.length > BURST || repeats.length > 0;
    if (!isBurst) for (const finding of fresh) await this.#post(finding);
    else await this.#digest(fresh, moved, checkpoint);
  }

  async #post(finding: Finding): Promise<void> {
    const { alerts } = this.#deps;
    const thread = this.#threadOf(finding);
    // once a thread: whoever is asked in each repeat stops reading
    const mention = unsettledStatuses.includes(finding.status) && !thread?.hasAsked ? mentionFor(finding, alerts) : undefined;
    const posted = await this.#call({ message: this.#draw(finding, mention), ...(thread && { thread: thread.ts }) });
    const now = this.#deps.now();
    const until = now + (alerts.slack?.threadMinutes ?? 60) * MINUTE_MS;
    const { [keyOf(finding)]: _, ...others } = this.state.threads;
    const open = Object.entries(others).filter(([, one]) => one.until > now);
    const hasAsked = mention !== undefined || thread?.hasAsked === true;
    const mine = [keyOf(finding), { ts: posted.ts ?? '', until, ...thread, hasAsked }] as const;
    this.state = {
      ...this.state,
      posts: [...this.state.posts.filter((at) => at > now - MINUTE_MS), now],
      threads: Object.fromEntries([...open, mine].slice(-MOST_THREADS)),
    };
    await this.#settle(finding, posted);
  }

  async #update(finding: Finding, before: Told): Promise<void> {
    const posted = await this.#call({ message: this.#draw(finding), update: before });
    await this.#settle(finding, { ...before, ...posted });
  }

  /** Writes where the finding is told, and only then forgets that it is to be told. */
  async #settle({ id: finding, status, announcement, ...rest }: Finding, { ts, channel }: Posted): Promise<void> {
    const { store, channel: name, now } = this.#deps;
    const told = { finding, status, decidedAt: decidedAt(rest), ...(ts && { ts }), ...(channel && { channel }) };
    await store.putTold(name, [told], now());
    await store.settle(name, [announcement]);
  }

  async #digest(
    fresh: readonly Finding[],
    moved: readonly { finding: Finding; from: Told }[],
    checkpoint: (state: ChannelState) => Promise<void>,
  ): Promise<void> {
    const { store, channel, isBot, now } = this.#deps;
    if (fresh.length + moved.length === 0) return;
    const [shortest, longest] = isBot ? [5_000, MINUTE_MS] : [30_000, MAX_WAIT_MS];
    const open = this.state.digest ?? openDigest(`d-${now()}`, now(), shortest);
    const counted = moved.reduce((digest, { finding, from }) => withStatus(digest, from.status, finding.status), open);
    const digest = withFindings(counted, fresh, now());
    const all = [...fresh, ...moved.map(({ finding }) => finding)];
    const isUpdate = isBot && digest.ts !== undefined;
    const posted = await this.#call({ message: digestMessage(digest), ...(isUpdate && { update: { ts: digest.ts ?? '' } }) });
    const after = afterTelling({ ...digest, ...(isBot && posted.ts && { ts: posted.ts }) }, now(), longest);
    const next: Digest = { ...(isBot ? after : emptied(after, now())), settling: all.map(({ announcement }) => announcement) };
    this.state = { ...this.state, digest: next, ...(isUpdate ? {} : { posts: [...this.state.posts, now()] }) };
    // the counts first: after a crash, what is still pending is known to be counted
    await checkpoint(this.state);
    const told = all.map((one): Told => ({ finding: one.id, status: one.status, decidedAt: decidedAt(one), digest: digest.id }));
    if (isBot) await store.putTold(channel, told, now());
    await store.settle(channel, next.settling);
    this.state = { ...this.state, digest: { ...next, settling: [] } };
  }

  #draw(finding: Finding, mention?: string): SlackMessage {
    const { alerts, view } = this.#deps;
    return slackMessage(view(finding), { hasActions: alerts.slack?.actions !== undefined, mention });
  }

  /** Calls Slack at its pace; anything but success pauses the channel. */
  async #call(call: SlackCall): Promise<Posted> {
    const { now, sleep, remainingMs, log, channel } = this.#deps;
    if (remainingMs() < ENOUGH_MS) throw new Pause('no time is left');
    await sleep(Math.max(0, this.state.calledAt + PACE_MS - now()));
    let answer = await this.#deps.call(call);
    // rather a plain alert than none, if Slack finds fault with how it is drawn
    if (answer.is === 'refused' && /block|payload|msg_too_long/.test(answer.code)) {
      log('Slack refused the blocks of a message, so it is sent as text', { channel, code: answer.code });
      answer = await this.#deps.call({ ...call, message: { ...call.message, blocks: [] } });
    } else if (answer.is === 'refused' && call.update && /message_not_found|cant_update|edit_window/.test(answer.code)) {
      answer = await this.#deps.call({ message: call.message });
    }
    this.state = { ...this.state, calledAt: now() };
    if (answer.is === 'posted') {
      this.state = { ...this.state, failures: 0 };
      return answer;
    }
    if (answer.is === 'limited') {
      this.state = { ...this.state, notBefore: now() + answer.seconds * 1000 };
    } else {
      const failures = this.state.failures + 1;
      this.state = { ...this.state, failures, notBefore: now() + Math.min(MAX_WAIT_MS, 5_000 * 2 ** Math.min(failures - 1, 10)) };
    }
    log('Slack did not take a message; it is tried again', { channel, ...answer, until: new Date(this.state.notBefore).toISOString() });
    throw new Pause(answer.is);
  }

  #threadOf(finding: Finding): Thread | undefined {
    const thread = this.state.threads[keyOf(finding)];
    return thread && thread.until > this.#deps.now() ? thread : undefined;
  }
}

function keyOf({ control, actor }: Finding): string {
  return JSON.stringify([control, actor.arn ?? actor.name]);
}

function decidedAt({ timings }: Pick<Finding, 'timings'>): string {
  return timings.decidedAt ?? timings.receivedAt;
}
