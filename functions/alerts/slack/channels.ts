import { errorText } from '#shared/aws/errors.ts';
import type { Secrets } from '#shared/aws/secrets.ts';
import type { SlackChannel } from '#shared/finding/alerts-config.ts';
import { callSlack, type SlackTarget, targetOf } from './api.ts';
import { Flow, type FlowDeps } from './flow.ts';
import { FAILURES_TO_ALARM } from './pace.ts';

/** What posting to Slack needs of the function around it. */
export interface SlackDeps extends Omit<FlowDeps, 'channel' | 'isBot' | 'call'> {
  readonly secrets: Pick<Secrets, 'of' | 'forget'>;
  /** Sends a message to the notifier's own queue that makes it look at a channel again. */
  readonly wake: (channel: string, delaySeconds: number) => Promise<void>;
  readonly owner: string;
  readonly leaseSeconds: number;
}

/** How soon a channel is looked at again that another invocation holds, in milliseconds. */
const BUSY_MS = 5_000;
/** By how much clocks may differ. */
const EARLY_MS = 1_000;

/** What makes an invocation look at a channel. */
export interface Occasion {
  /** Whether a message asks for nothing else. */
  readonly isWake: boolean;
  /** Whether an earlier try of one of the messages failed or died. */
  readonly isRepeat: boolean;
}

/**
 * Posts what is pending to one Slack channel. One invocation at a time does: the others leave what they have in the store
 * and make sure that somebody looks. Throws if what is needed cannot be read, and for a message that only wakes, if Slack has
 * taken nothing for long.
 */
export async function tellChannel(name: string, channel: SlackChannel, deps: SlackDeps, { isWake, isRepeat }: Occasion): Promise<void> {
  const { store, owner, now, log } = deps;
  const state = await store.lease(name, owner, now(), deps.leaseSeconds);
  if (!state) return await wakeAt(now() + BUSY_MS, name, deps, isRepeat);
  let again: number | undefined;
  const call: FlowDeps['call'] = async (one) => {
    const answer = await callSlack(await targetIn(channel, deps), one);
    // it may have been changed since it was read
    if (answer.is === 'refused') deps.secrets.forget();
    return answer;
  };
  const flow = new Flow(state, { ...deps, channel: name, isBot: 'tokenParameter' in channel, call });
  try {
    again = await flow.run(async (checkpoint) => {
      if (!(await store.save(name, owner, checkpoint, false))) throw new Error(`another invocation took the channel ${name} over`);
    });
  } finally {
    await store.save(name, owner, flow.state, true).catch((error: unknown) => {
      // the lease runs out by itself
      log('the state of a channel could not be written', { channel: name, error: errorText(error) });
    });
  }
  if (isWake && flow.state.failures >= FAILURES_TO_ALARM)
    throw new Error(`Slack has not taken a message of ${name} for ${flow.state.failures} tries`);
  if (again !== undefined) await wakeAt(again, name, deps, isRepeat);
}

/** Makes sure that the channel is looked at again, unless a message is under way already that will. */
async function wakeAt(at: number, name: string, { store, wake, now }: SlackDeps, isRepeat: boolean): Promise<void> {
  const seconds = Math.min(900, Math.max(1, Math.ceil((at - now()) / 1000)));
  const planned = now() + seconds * 1000;
  // the plan of an invocation that died may have no message behind it, and a message may come a little before its time
  if (!(await store.planWake(name, isRepeat ? planned : now() + EARLY_MS, planned))) return;
  try {
    await wake(name, seconds);
  } catch (error) {
    await store.planWake(name, planned, now());
    throw error;
  }
}

async function targetIn(channel: SlackChannel, { secrets }: SlackDeps): Promise<SlackTarget> {
  const parameter = 'tokenParameter' in channel ? channel.tokenParameter : channel.webhookParameter;
  return targetOf(await secrets.of(parameter), 'tokenParameter' in channel ? channel.channel : undefined, parameter);
}
