import type { AlertsConfig } from '#shared/finding/alerts-config.ts';
import { isAnswer } from '#shared/finding/announcement.ts';
import { type Finding, unsettledStatuses } from '#shared/finding/finding.ts';
import type { View } from '#shared/finding/view.ts';
import { changeMessage, digestMessage, type SlackMessage, slackMessage } from '../render/slack.ts';
import { destinationsFor, isQuietFor, mentionFor } from '../route/route.ts';
import type { AlertStore, ChannelState, Thread, Told } from '../store.ts';
import type { Posted, SlackCall } from './api.ts';
import { afterTelling, type Digest, emptied, isOver, openDigest, withFindings, withStatus } from './digest.ts';
import { callAtPace, MAX_WAIT_MS, type PaceDeps } from './pace.ts';
import { decidedAt, latestOf, MINUTE_MS, needsAction, threadKey, withRecent } from './pending.ts';
import { sorted } from './sort.ts';

/** A Slack channel of the config, and what posting to it needs. */
export interface FlowDeps extends PaceDeps {
  /** Whether messages can be updated and threaded: a bot's, not a webhook's. */
  readonly isBot: boolean;
  readonly alerts: AlertsConfig;
  readonly view: (finding: Finding) => View;
  readonly store: AlertStore;
  /** How much time the invocation has left, in milliseconds. */
  readonly remainingMs: () => number;
}

/** So many messages a minute come one by one, of what needs action and of the rest each; a digest takes the rest. */
const BURST = 8;
/** No call begins with less time left: Slack may take its own time, and what it said must be noted. */
const ENOUGH_MS = 20_000;
/** How many pending findings are looked at together. */
const MOST = 1000;
const MOST_THREADS = 200;

/** Where findings are posted: the message, or the digest that counts them. */
interface Where {
  readonly ts?: string | undefined;
  readonly channel?: string | undefined;
  readonly digest?: string;
}

/** Stops the work on a channel for now; everything that is not posted stays pending. */
class Pause extends Error {
  override readonly name = 'Pause';
}

/** Posts what is pending to a channel, as its state allows. The caller holds the lease. */
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
    if (digest && isOver(digest, now())) {
      if (digest.settling.length > 0) await this.#settleCounted(digest, await store.pending(channel, MOST));
      const { digest: _, ...rest } = this.state;
      this.state = rest;
    }
    try {
      for (;;) {
        const pending = await store.pending(channel, MOST);
        if (pending.length === 0) return undefined;
        const waits = await this.#tell(pending, checkpoint);
        if (waits || pending.length < MOST) return waits;
      }
    } catch (error) {
      if (!(error instanceof Pause)) throw error;
      return Math.max(now() + 1000, this.state.notBefore);
    }
  }

  /** Posts what can be posted now; answers when the rest is due, in milliseconds since the epoch. */
  async #tell(pending: readonly Finding[], checkpoint: (state: ChannelState) => Promise<void>): Promise<number | undefined> {
    const { store, channel, isBot, alerts } = this.#deps;
    const { digest } = this.state;
    const rest = digest && digest.settling.length > 0 ? await this.#settleCounted(digest, pending) : pending;
    const { latest, before } = latestOf(rest);
    const isDue = !digest || this.#deps.now() >= digest.dueAt;
    // a digest is posted at its own times; what needs action need not wait for it
    const ready = isDue ? latest : latest.filter(needsAction);
    const ids = ready.map(({ id }) => id);
    const told = isBot ? await store.toldOf(channel, ids) : new Map<string, Told>();
    const { fresh, counted, updates, finished } = sorted(ready, told, { to: `slack:${channel}`, alerts, digest: digest?.id });
    await store.settle(channel, [...before, ...finished]);
    const many = this.#tooMany(fresh);
    for (const finding of fresh) if (!many.has(finding)) await this.#post(finding);
    // what a digest counts already changes its counts, unless it had a message of its own now
    const moved = [...counted].filter(([finding]) => many.has(finding) || !fresh.includes(finding));
    if (isDue)
      await this.#digest(
        [...many].filter((finding) => !counted.has(finding)),
        moved,
        checkpoint,
      );
    for (const [finding, there] of updates) await this.#update(finding, there);
    const { digest: after } = this.state;
    if (isDue || !after || (ready.length === latest.length && many.size + moved.length === 0)) return undefined;
    // what needs action and was too much is looked at again after a calm minute
    return many.size > 0 ? Math.min(after.dueAt, this.#deps.now() + MINUTE_MS) : after.dueAt;
  }

  /** Finishes what a digest has counted, after a crash between its post and this; answers what else is pending. */
  async #settleCounted({ id, settling }: Digest, pending: readonly Finding[]): Promise<readonly Finding[]> {
    const counted = pending.filter(({ announcement }) => settling.includes(announcement));
    await this.#note(counted, { digest: id });
    return pending.filter((finding) => !counted.includes(finding));
  }

  /** Writes where the findings are posted, and only then takes them off the pending ones; a webhook's post cannot be found again. */
  async #note(findings: readonly Finding[], { ts, channel, digest }: Where): Promise<void> {
    const { store, channel: name, isBot, now } = this.#deps;
    const where = { ...(ts && { ts }), ...(channel && { channel }), ...(digest && { digest }) };
    const told = findings.map((one): Told => ({ finding: one.id, status: one.status, decidedAt: decidedAt(one), ...where }));
    if (isBot) await store.putTold(name, told, now());
    await store.settle(
      name,
      findings.map(({ announcement }) => announcement),
    );
  }

  /** Those that go into a digest: more than come one by one, news while there is one, and what a webhook would repeat. */
  #tooMany(fresh: readonly Finding[]): ReadonlySet<Finding> {
    const { digest, recent } = this.state;
    const many = [...Map.groupBy(fresh, needsAction)].flatMap(([isWanted, findings]) => {
      const lately = recent.filter((one) => one.isWanted === isWanted && one.at > this.#deps.now() - MINUTE_MS);
      const count = lately.reduce((sum, one) => sum + one.count, findings.length);
      if (count > BURST || (digest && !isWanted)) return findings;
      // what needs action has a message of its own, even where a webhook cannot thread it
      return this.#deps.isBot || isWanted ? [] : findings.filter((finding) => this.#threadOf(finding));
    });
    return new Set(many);
  }

  async #post(finding: Finding): Promise<void> {
    const { alerts } = this.#deps;
    const thread = this.#threadOf(finding);
    const isAsking = unsettledStatuses.includes(finding.status) || finding.exemption?.isEnding === true;
    const who = isAsking ? mentionFor(finding, alerts) : undefined;
    // once a thread: whoever is asked in each repeat stops reading
    const asked = thread?.asked ?? [];
    const mention = who && !asked.includes(who) ? who : undefined;
    // an answer in a thread is easily missed, so the first that needs action shows in the channel too
    const isBroadcast = isAsking && thread?.isWanted === false;
    const posted = await this.#call({ message: this.#draw(finding, mention), ...(thread && { thread: thread.ts, isBroadcast }) });
    const now = this.#deps.now();
    const until = now + (alerts.slack?.threadMinutes ?? 60) * MINUTE_MS;
    const { [threadKey(finding)]: _, ...others } = this.state.threads;
    const open = Object.entries(others).filter(([, one]) => one.until > now);
    const base = this.#threadOf(finding) ?? { ts: posted.ts ?? '', until };
    const isWanted = isAsking || thread?.isWanted === true;
    const mine = [threadKey(finding), { ...base, isWanted, asked: mention ? [...asked, mention] : asked }] as const;
    this.state = {
      ...this.state,
      recent: withRecent(this.state.recent, [finding], now),
      threads: Object.fromEntries([...open, mine].slice(-MOST_THREADS)),
    };
    await this.#note([finding], posted);
  }

  async #update(finding: Finding, before: Told): Promise<void> {
    const posted = await this.#call({ message: this.#draw(finding), update: before });
    if (this.#isWorthSaying(finding)) {
      const { alerts, view, now } = this.#deps;
      await this.#call({ message: changeMessage(view(finding), mentionFor(finding, alerts)), thread: before.ts, isBroadcast: true });
      this.state = { ...this.state, recent: withRecent(this.state.recent, [finding], now()) };
    }
    await this.#note([finding], { ts: before.ts, channel: before.channel, ...posted });
  }

  /** Whether an update alone would be missed: what needs action means something else, and there are not too many messages already. */
  #isWorthSaying(finding: Finding): boolean {
    const { alerts, channel } = this.#deps;
    if (!finding.changed || isAnswer(finding) || !needsAction(finding) || isQuietFor(finding, alerts)) return false;
    return destinationsFor(finding, alerts).has(`slack:${channel}`) && this.#tooMany([finding]).size === 0;
  }

  async #digest(
    fresh: readonly Finding[],
    moved: readonly (readonly [Finding, Told])[],
    checkpoint: (state: ChannelState) => Promise<void>,
  ): Promise<void> {
    const { isBot, now } = this.#deps;
    if (fresh.length + moved.length === 0) return;
    const [shortest, longest] = isBot ? [5_000, MINUTE_MS] : [30_000, MAX_WAIT_MS];
    const open = this.state.digest ?? openDigest(`d-${now()}`, placeOf(fresh), now(), shortest);
    const counted = moved.reduce((digest, [finding, from]) => withStatus(digest, from.status, finding.status), open);
    const digest = withFindings(counted, fresh, now());
    const all = [...fresh, ...moved.map(([finding]) => finding)];
    const isUpdate = isBot && digest.ts !== undefined;
    const posted = await this.#call({ message: digestMessage(digest), ...(isUpdate && { update: { ts: digest.ts ?? '' } }) });
    const after = afterTelling({ ...digest, ...(isBot && posted.ts && { ts: posted.ts }) }, now(), longest);
    const next: Digest = { ...(isBot ? after : emptied(after, now())), settling: all.map(({ announcement }) => announcement) };
    this.state = { ...this.state, digest: next, recent: withRecent(this.state.recent, fresh, now()) };
    // the counts first: after a crash, what is still pending is known to be counted
    await checkpoint(this.state);
    await this.#note(all, { digest: digest.id });
    this.state = { ...this.state, digest: { ...next, settling: [] } };
  }

  #draw(finding: Finding, mention?: string): SlackMessage {
    const { alerts, view } = this.#deps;
    return slackMessage(view(finding), { hasActions: alerts.slack?.actions !== undefined, mention });
  }

  /** Calls Slack at its pace; anything but success pauses the channel. */
  async #call(call: SlackCall): Promise<Posted> {
    if (this.#deps.remainingMs() < ENOUGH_MS) throw new Pause('no time is left');
    const { answer, state } = await callAtPace(call, this.state, this.#deps);
    this.state = state;
    if (answer.is !== 'posted') throw new Pause(answer.is);
    return answer;
  }

  #threadOf(finding: Finding): Thread | undefined {
    const thread = this.state.threads[threadKey(finding)];
    return thread && thread.until > this.#deps.now() ? thread : undefined;
  }
}

function placeOf([one]: readonly Finding[]): string {
  return one ? `${one.account} ${one.region}` : '';
}
