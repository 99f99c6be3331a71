import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { forward, type HttpAnswer, type HttpRequest, jsonAnswer, readBody, respond } from '../http.ts';
import { LocalCloudError } from '../local-cloud-error.ts';
import type { Senders } from '../runtime/senders.ts';
import { Coverage } from '../trail/coverage.ts';
import { accountOf, type Caller, callerName } from '../trail/identity.ts';
import { findable } from '../trail/level-event.ts';
import { buildRecord, isManagementEvent, type TrailRecord } from '../trail/record.ts';
import { Trail } from '../trail/trail.ts';
import { Accounts, type AccountsOptions } from './accounts.ts';
import { type AwsCall, iamAction, isRead, readCall } from './aws-call.ts';
import { type AwsError, errorAnswer } from './aws-error.ts';
import { refusal } from './aws-refusals.ts';
import { ClientTokens } from './client-tokens.ts';
import { noteSession } from './gaps/sessions.ts';
import { inItsAccount, understood } from './moto-calls.ts';
import { sessionRefusal } from './session-policies.ts';

/** How often a caller has called an API. */
export interface CallCount {
  /** The user's name, or the name of the function's role. */
  readonly caller: string;
  /** IAM's name of the call, such as `ec2:CreateVolume`. */
  readonly api: string;
  readonly count: number;
}

/** A call as a test's hook sees it, right before it reaches AWS or right before its answer reaches the caller. */
export interface ObservedCall {
  readonly when: 'before' | 'after';
  readonly caller: string;
  /** The name of the calling function, also where it calls in another account; undefined for a user. */
  readonly function: string | undefined;
  readonly api: string;
  /** Which call of this caller it is, from 1. */
  readonly count: number;
  readonly call: AwsCall;
}

/** What a hook may do: end the calling function's process, drop the connection (before the call is made, or with its answer), or let the call fail. */
export type CallEffect = 'kill' | 'drop' | { readonly error: AwsError };

/** Watches calls, and may step in; a test's way to make crashes, throttling and denials. */
export type OnCall = (call: ObservedCall) => CallEffect | undefined | Promise<CallEffect | undefined>;

/** What the proxy stands between. */
export interface ProxyOptions extends AccountsOptions {
  readonly senders: Senders;
  /** 0 for a free one. */
  readonly port: number;
  /** Requests wait until this resolves. */
  readonly ready: Promise<void>;
  readonly onCall?: OnCall | undefined;
  onTrouble(text: string): void;
  /** Answers `/_local/slack…`; undefined is silence. */
  slack(request: HttpRequest): Promise<HttpAnswer | undefined>;
  /** Answers `/_local/…`; undefined where there is no such thing. */
  local(method: string, url: URL, body: Buffer): Promise<unknown>;
}

/** A running proxy. */
export interface Proxy {
  readonly endpoint: string;
  calls(): CallCount[];
  records(): TrailRecord[];
  stop(): Promise<void>;
}

/** Starts the endpoint that stands for AWS; throws `LocalCloudError` if the port is taken. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { moto, callers } = options;
  const trail = new Trail();
  const coverage = new Coverage();
  const tokens = new ClientTokens();
  const accounts = new Accounts(options);
  const counts = new Map<string, Map<string, number>>();
  let turn: Promise<unknown> = Promise.resolve();

  const server = createServer((request, response) => {
    serve(request, response).catch((cause: unknown) => {
      if (response.destroyed) return;
      respond(response, jsonAnswer({ __type: 'InternalFailure', message: String(cause) }, 502));
    });
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening').catch((cause: unknown) => {
    throw new LocalCloudError(
      `Port ${options.port} cannot be used: ${reason(cause)}. Give another one with --port, or none for a free one.`,
      { cause },
    );
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const endpoint = `http://127.0.0.1:${port}`;

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = message.url ?? '/';
    const body = await readBody(message);
    await options.ready;
    const request = { method: message.method ?? 'GET', path, headers: message.headers, body };
    if (/^\/_local\/slack(?=[/?]|$)/.test(path)) {
      const answer = await options.slack(request);
      // silence: the client waits until it has enough
      if (answer !== undefined) respond(response, answer);
      return;
    }
    if (path.startsWith('/_local/')) {
      const value = await options.local(request.method, new URL(path, 'http://localhost'), body);
      respond(response, value === undefined ? jsonAnswer({ message: `There is no ${request.method} ${path}` }, 404) : jsonAnswer(value));
      return;
    }
    const call = readCall(request, message.socket.remoteAddress ?? '127.0.0.1');
    const answer = call === undefined ? await unsigned(request) : await observed(call);
    if (answer === undefined) response.destroy();
    else respond(response, answer);
  }

  // who comes with a token of another issuer signs nothing, and gets the credentials of a role
  async function unsigned(request: HttpRequest): Promise<HttpAnswer> {
    const answer = await forward(moto.endpoint, request);
    const query = new URLSearchParams(request.body.toString('utf8'));
    if (query.get('Action')?.startsWith('AssumeRoleWith')) noteSession(callers, query, answer);
    return answer;
  }

  async function observed(asked: AwsCall): Promise<HttpAnswer | undefined> {
    const caller = callers.of(asked.accessKeyId);
    const call = { ...asked, account: accountOf(caller) };
    const name = callerName(caller);
    const api = iamAction(call);
    const seen = { caller: name, function: callers.functionOf(asked.accessKeyId), api, count: countCall(name, api), call };
    const before = await options.onCall?.({ when: 'before', ...seen });
    if (before === 'kill') return kill(call);
    if (before === 'drop') return undefined;
    const answer = await answerOnce(call, caller, before?.error);
    const after = await options.onCall?.({ when: 'after', ...seen });
    if (after === 'kill') return kill(call);
    if (after === 'drop') return undefined;
    return answer;
  }

  function kill(call: AwsCall): undefined {
    callers.kill(call.accessKeyId);
  }

  function countCall(name: string, api: string): number {
    const apis = counts.get(name) ?? new Map<string, number>();
    counts.set(name, apis);
    apis.set(api, (apis.get(api) ?? 0) + 1);
    return [...apis.values()].reduce((sum, count) => sum + count, 0);
  }

  async function answerOnce(call: AwsCall, caller: Caller, fault: AwsError | undefined): Promise<HttpAnswer> {
    const requestId = randomUUID();
    const error = fault ?? refusal(call) ?? sessionRefusal(call, caller);
    const send = error === undefined ? () => answerOf(call, caller, requestId) : async () => errorAnswer(call, error, requestId);
    const { answer, repeated } = error === undefined ? await tokens.once(call, requestId, send) : { answer: await send(), repeated: false };
    if (!repeated && isManagementEvent(call)) await record(call, caller, answer, requestId);
    for (const launch of repeated ? [] : await accounts.of(call).launches.after(call, caller, answer))
      await record(launch.call, launch.caller, launch.answer, launch.requestId);
    options.senders.note(call, caller, answer);
    return answer;
  }

  async function answerOf(call: AwsCall, caller: Caller, requestId: string): Promise<HttpAnswer> {
    const pass = async (sent: AwsCall): Promise<HttpAnswer> =>
      understood(sent, await forward(moto.endpoint, inItsAccount(sent)), requestId, endpoint);
    const send = (sent: AwsCall): Promise<HttpAnswer> => (sent.service === 'dynamodb' ? inTurn(() => pass(sent)) : pass(sent));
    const { additions, moto: itsMoto } = accounts.of(call);
    const addition = additions[iamAction(call)];
    return addition === undefined ? send(call) : addition(call, { caller, requestId, moto: itsMoto, trail, forward: send, record });
  }

  // moto checks a condition and writes in two steps, between which another thread may write; AWS does both as one
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  async function record(call: AwsCall, caller: Caller, answer: HttpAnswer, requestId: string): Promise<void> {
    const written = buildRecord(call, caller, answer, requestId);
    trail.add(written, caller);
    const { moto: itsMoto } = accounts.of(call);
    const wasBlind = coverage.isBlind(call);
    await coverage.after(call, itsMoto);
    // the call that ends it still arrives, and so does the one with which it begins again
    if (isRead(call.action) || (wasBlind && coverage.isBlind(call))) return;
    const entry = {
      Source: `aws.${call.service}`,
      DetailType: 'AWS API Call via CloudTrail',
      Detail: JSON.stringify(findable(written)),
      Time: Date.parse(written.eventTime) / 1000,
    };
    await itsMoto.json('events', 'PutEvents', { Entries: [entry] }, call.region).catch((cause: unknown) => {
      options.onTrouble(`The event of ${iamAction(call)} was lost: ${String(cause)}`);
    });
  }

  return {
    endpoint,
    calls: () => [...counts].flatMap(([caller, apis]) => [...apis].map(([api, count]) => ({ caller, api, count }))),
    records: () => trail.records(),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => undefined);
    },
  };
}

function reason(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return code === 'EADDRINUSE' ? 'another program listens on it' : String(cause);
}
