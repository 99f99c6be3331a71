import type { AlertsConfig } from '#shared/finding/alerts-config.ts';
import type { SlackActions } from '#shared/finding/slack-actions.ts';
import { type HttpAnswer, type HttpRequest, jsonAnswer } from '../http.ts';
import { parseJson } from '../json.ts';
import { answerAsked } from './asked.ts';
import { type People, peopleOf } from './people.ts';
import { ResponseUrls } from './response-urls.ts';
import { type Block, Bucket, readMessage, readWish, type SentMessage } from './rules.ts';
import { LOCAL_SIGNING_SECRET, LOCAL_TOKEN } from './secrets.ts';

/** A message that is in a channel. */
export interface SlackPost {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts?: string;
  /** Whether an answer in a thread shows in the channel too. */
  readonly reply_broadcast?: true;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly by: 'bot' | 'webhook';
  /** How often it was updated. */
  readonly updates: number;
}

/** A message that only one person sees, about one that they clicked. */
export interface SlackNote extends SlackPost {
  /** The `ts` of the message that was clicked. */
  readonly about: string;
  /** The id of who sees it. */
  readonly to: string;
}

/** A call of Slack, and what became of it. */
export interface SlackLog {
  readonly method: 'chat.postMessage' | 'chat.update' | 'webhook' | 'response';
  readonly status: number;
  /** Slack's code for what it refused. */
  readonly error?: string;
  readonly at: number;
}

/** A test's way to let Slack fail: an answer in place of its own, or `silence`. */
export type SlackFault = (method: SlackLog['method']) => HttpAnswer | 'silence' | undefined;

/** What the sink is made with. */
export interface SinkOptions {
  readonly now?: () => number;
  /** Called for each message that is posted or updated. */
  readonly onPost?: ((post: SlackPost) => void) | undefined;
}

const ok: HttpAnswer = { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from('ok') };

/** Stands for Slack: takes messages as Slack does, and refuses those that Slack would refuse. */
export class SlackSink {
  readonly #now: () => number;
  readonly #onPost: (post: SlackPost) => void;
  readonly #posts = new Map<string, SlackPost>();
  readonly #notes: SlackNote[] = [];
  readonly #log: SlackLog[] = [];
  readonly #responses = new ResponseUrls();
  readonly #buckets = new Map<string, Bucket>();
  /** The names of channels by their ids. */
  readonly #channels = new Map<string, string>();
  #count = 0;
  #actions: SlackActions | undefined;
  #people = peopleOf({});
  fault: SlackFault | undefined;

  constructor({ now = Date.now, onPost = () => undefined }: SinkOptions = {}) {
    this.#now = now;
    this.#onPost = onPost;
  }

  /** Opens the channels of a config; answers what each of its parameters must hold. */
  open(alerts: AlertsConfig | undefined): ReadonlyMap<string, string> {
    const secrets = new Map<string, string>();
    const { actions, channels = {} } = alerts?.slack ?? {};
    this.#actions = actions;
    this.#people = peopleOf(alerts?.slack ?? {});
    if (actions) secrets.set(actions.signingSecretParameter, LOCAL_SIGNING_SECRET);
    if (actions?.botTokenParameter) secrets.set(actions.botTokenParameter, LOCAL_TOKEN);
    for (const [name, channel] of Object.entries(channels)) {
      if ('tokenParameter' in channel) {
        this.#channels.set(channel.channel, name);
        secrets.set(channel.tokenParameter, LOCAL_TOKEN);
      } else {
        this.#channels.set(`webhook-${name}`, name);
        secrets.set(channel.webhookParameter, `https://hooks.slack.com/services/T00000000/B00000000/${name}`);
      }
    }
    return secrets;
  }

  /** Every message, oldest first. */
  posts(): readonly SlackPost[] {
    return [...this.#posts.values()];
  }

  /** The notes that only one person sees, oldest first. */
  notes(): readonly SlackNote[] {
    return [...this.#notes];
  }

  /** Every call, refused ones included, oldest first. */
  log(): readonly SlackLog[] {
    return [...this.#log];
  }

  /** Who may click, and is to be believed; undefined where clicks are not configured. */
  get actions(): SlackActions | undefined {
    return this.#actions;
  }

  /** Who there is. */
  get people(): People {
    return this.#people;
  }

  /** Whether there is a channel at all. */
  get hasChannels(): boolean {
    return this.#channels.size > 0;
  }

  /** Makes the response URL of a click; answers its path below the sink. */
  openResponse({ channel, ts }: Pick<SlackPost, 'channel' | 'ts'>, user: string): string {
    return this.#responses.open({ channel, ts, user }, this.#now());
  }

  /** The name of a channel. */
  nameOf(channel: string): string {
    return this.#channels.get(channel) ?? channel;
  }

  /** What a mention of an id shows. */
  personOf(id: string): string {
    return this.#people.names.get(id) ?? id;
  }

  /** Answers a call; undefined is no answer at all. */
  answer({ method, path, headers, body }: HttpRequest): HttpAnswer | undefined {
    const asked = answerAsked({ method, path, headers, body }, { channels: this.#channels, groups: this.#people.groups });
    if (asked) return asked;
    const api = (['chat.postMessage', 'chat.update'] as const).find((name) => path === `/api/${name}`);
    const hook = /^\/services\/\w+\/\w+\/([a-z0-9-]+)$/.exec(path)?.[1];
    const response = /^\/response\/([\w-]+)$/.exec(path)?.[1];
    const called = api ?? (hook !== undefined ? 'webhook' : response !== undefined ? 'response' : undefined);
    if (method !== 'POST' || called === undefined) return jsonAnswer({ ok: false, error: 'unknown_method' }, 404);
    const fault = this.fault?.(called);
    if (fault === 'silence') {
      this.#record(called, 0, 'silence');
      return undefined;
    }
    const json = parseJson(body.toString('utf8'));
    const answer =
      fault ?? (response === undefined ? this.#take(called, hook, headers.authorization, json) : this.#respond(response, json));
    const said = parseJson(answer.body.toString('utf8'));
    const error = typeof said === 'object' && said !== null && 'error' in said ? String(said['error']) : undefined;
    this.#record(called, answer.status, error ?? (answer.status === 200 ? undefined : answer.body.toString('utf8')));
    return answer;
  }

  /** Takes what is posted to a click's response URL. */
  #respond(id: string, body: unknown): HttpAnswer {
    const refuse = (error: string, says: string, status: number): HttpAnswer => jsonAnswer({ ok: false, error, says }, status);
    const target = this.#responses.use(id, this.#now());
    if (typeof target === 'string') return refuse(target, '', 404);
    const { channel, ts, user } = target;
    const wish = readWish(body);
    if (typeof wish === 'object') return refuse(wish.error, wish.says, 400);
    if (wish === 'delete') return this.#posts.delete(`${channel} ${ts}`) ? ok : refuse('message_not_found', '', 404);
    const read = readMessage(body);
    if ('error' in read) return refuse(read.error, read.says, 400);
    if (wish === 'tell the clicker') {
      this.#notes.push({ ...this.#make('response', channel, read.message), about: ts, to: user });
      return ok;
    }
    const post = wish === 'replace' ? this.#update(channel, { ...read.message, ts }) : this.#post('response', channel, read.message);
    if (!post) return refuse('message_not_found', '', 404);
    this.#onPost(post);
    return ok;
  }

  #take(called: SlackLog['method'], hook: string | undefined, authorization: string | undefined, body: unknown): HttpAnswer {
    const refuse = (error: string, says = ''): HttpAnswer =>
      called === 'webhook'
        ? { status: 400, headers: { 'content-type': 'text/plain' }, body: Buffer.from(error) }
        : jsonAnswer({ ok: false, error, response_metadata: { messages: [says] } });
    if (called !== 'webhook' && authorization !== `Bearer ${LOCAL_TOKEN}`) return refuse('invalid_auth');
    const read = readMessage(body);
    if ('error' in read) return refuse(read.error, read.says);
    const { message } = read;
    const channel = hook === undefined ? (message.channel ?? '') : `webhook-${hook}`;
    if (!this.#channels.has(channel)) return refuse(hook === undefined ? 'channel_not_found' : 'no_service');
    const wait = this.#bucketOf(called, channel).take(this.#now());
    if (wait > 0) return { ...jsonAnswer({ ok: false, error: 'ratelimited' }, 429), headers: { 'retry-after': String(wait) } };
    const post = called === 'chat.update' ? this.#update(channel, message) : this.#post(called, channel, message);
    if (!post) return refuse('message_not_found');
    this.#onPost(post);
    if (called === 'webhook') return ok;
    return jsonAnswer({ ok: true, channel, ts: post.ts });
  }

  /** One message a second and channel, short bursts allowed; 50 updates a minute. */
  #bucketOf(called: SlackLog['method'], channel: string): Bucket {
    const key = called === 'chat.update' ? called : channel;
    const bucket =
      this.#buckets.get(key) ?? (called === 'chat.update' ? new Bucket(5, 50 / 60, this.#now()) : new Bucket(2, 1, this.#now()));
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #post(called: SlackLog['method'], channel: string, message: SentMessage): SlackPost {
    const post = this.#make(called, channel, message);
    this.#posts.set(`${channel} ${post.ts}`, post);
    return post;
  }

  #make(called: SlackLog['method'], channel: string, { text = '', blocks = [], thread_ts, reply_broadcast }: SentMessage): SlackPost {
    this.#count += 1;
    const ts = `${Math.floor(this.#now() / 1000)}.${String(this.#count).padStart(6, '0')}`;
    const by = called === 'webhook' ? 'webhook' : 'bot';
    const inThread = thread_ts && { thread_ts, ...(reply_broadcast && { reply_broadcast }) };
    return { channel, ts, ...inThread, text, blocks, by, updates: 0 };
  }

  #update(channel: string, { ts = '', text = '', blocks = [] }: SentMessage): SlackPost | undefined {
    const key = `${channel} ${ts}`;
    const there = this.#posts.get(key);
    if (!there) return undefined;
    const post = { ...there, text, blocks, updates: there.updates + 1 };
    this.#posts.set(key, post);
    return post;
  }

  #record(method: SlackLog['method'], status: number, error: string | undefined): void {
    this.#log.push({ method, status, ...(error && { error }), at: this.#now() });
  }
}
