import type { ChannelState } from '../store.ts';
import type { SlackAnswer, SlackCall } from './api.ts';

/** What calling Slack at its pace needs. */
export interface PaceDeps {
  /** The channel's name in the config. */
  readonly channel: string;
  readonly call: (call: SlackCall) => Promise<SlackAnswer>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: (message: string, fields: object) => void;
}

/** After so many failures in a row, about two hours, a wake goes the way to the dead-letter queue, so that its alarm goes off. */
export const FAILURES_TO_ALARM = 16;
/** Nothing waits longer than a message can be delayed. */
export const MAX_WAIT_MS = 900_000;
/** Slack asks for one message a second and channel, and 50 updates a minute. */
const PACE_MS = 1_250;
const FIRST_WAIT_MS = 5_000;

/** Only a person can fix these, so the alarm need not wait for more of them. https://docs.slack.dev/reference/methods/chat.postMessage */
const hopeless =
  /^(account_inactive|action_prohibited|channel_(is_archived|not_found)|invalid_(auth|token)|is_archived|missing_scope|no_(permission|service|service_id|team)|not_(authed|in_channel)|restricted_action|team_(access_not_granted|disabled|not_found)|token_(expired|revoked)|user_not_found)$/;

/** Calls Slack once its time has come; answers what came of it, and what the channel remembers of that. */
export async function callAtPace(
  call: SlackCall,
  before: ChannelState,
  deps: PaceDeps,
): Promise<{ readonly answer: SlackAnswer; readonly state: ChannelState }> {
  const { channel, now, sleep, log } = deps;
  await sleep(Math.max(0, before.calledAt + PACE_MS - now()));
  const first = await deps.call(call);
  const other = first.is === 'refused' ? otherWay(call, first.code) : undefined;
  if (other) log('Slack refused a message, so it is sent in another way', { channel, ...first, way: other.way });
  const answer = other ? await deps.call(other.call) : first;
  const threads = other?.way === 'in the channel' ? withoutThread(before.threads, call.thread) : before.threads;
  const state = { ...before, threads, calledAt: now() };
  if (answer.is === 'posted') return { answer, state: { ...state, failures: 0 } };
  const isHopeless = answer.is === 'refused' && hopeless.test(answer.code) && before.failures < FAILURES_TO_ALARM;
  const failures = isHopeless ? FAILURES_TO_ALARM : before.failures + 1;
  const wait =
    answer.is === 'limited'
      ? answer.seconds * 1000
      : // a secret that was changed is read again, so even this is tried once more before the alarm
        Math.min(MAX_WAIT_MS, isHopeless ? FIRST_WAIT_MS : FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
  const notBefore = now() + wait;
  log('Slack did not take a message; it is tried again', { channel, ...answer, until: new Date(notBefore).toISOString() });
  return { answer, state: { ...state, failures, notBefore } };
}

/** How a refused message can still be posted: rather a plain alert, or one beside its thread, than none. */
function otherWay(call: SlackCall, code: string): { readonly way: string; readonly call: SlackCall } | undefined {
  if (/block|payload|msg_too_long/.test(code)) return { way: 'as text', call: { ...call, message: { ...call.message, blocks: [] } } };
  const { message } = call;
  if (call.update && /message_not_found|cant_update|edit_window/.test(code)) return { way: 'as a new message', call: { message } };
  if (call.thread && /thread|reply|message_not_found/.test(code)) return { way: 'in the channel', call: { message } };
  return undefined;
}

function withoutThread(threads: ChannelState['threads'], ts: string | undefined): ChannelState['threads'] {
  return Object.fromEntries(Object.entries(threads).filter(([, thread]) => thread.ts !== ts));
}
