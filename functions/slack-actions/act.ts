import { errorText } from '#shared/aws/errors.ts';
import type { Telemetry } from '#shared/engine/telemetry.ts';
import type { Message } from '#shared/finding/message.ts';
import type { SlackActions } from '#shared/finding/slack-actions.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { taken, whisper, withoutButtons } from './answers.ts';
import { type Click, readClick } from './click.ts';
import { futilityOf, orderOf } from './order.ts';
import { refusalOf } from './rights.ts';
import { isGenuine, SKEW_SECONDS, signedRequest, type UrlRequest } from './signature.ts';
import type { Slack } from './slack.ts';

/** Everything that a click touches. */
export interface ActDeps {
  readonly actions: SlackActions;
  /** The kind of each control of this deployment, whose queue takes its orders. */
  readonly kinds: { readonly [control: string]: string };
  readonly account: string;
  /** Whether findings may be of other accounts, which the deployment then serves. */
  readonly isHub: boolean;
  readonly ledger: Pick<Ledger, 'claim' | 'getFinding'>;
  readonly slack: Slack;
  /** A secret that a parameter holds; throws if it cannot be read. */
  readonly secretOf: (parameter: string) => Promise<string>;
  /** Puts a message on a kind's queue. */
  readonly send: (kind: string, body: Pick<Message, 'control' | 'order'>) => Promise<void>;
  readonly now: () => Date;
  readonly log: Telemetry['log'];
}

/** How long a request is known again: one from the future is in time for twice the skew, and then its time alone refuses it. */
const REMEMBERED_SECONDS = 2 * SKEW_SECONDS + 60;

/** The HTTP status of the answer to Slack, which shows a warning at any but 200. */
type HttpStatus = 200 | 400 | 401;

/** Answers a request to the function URL; throws, after a note to the clicker, if the order may not have been sent. */
export async function act(request: UrlRequest, deps: ActDeps): Promise<HttpStatus> {
  const { actions, ledger, now, log } = deps;
  const signed = signedRequest(request, now());
  if (!signed || !isGenuine(signed, await deps.secretOf(actions.signingSecretParameter))) {
    log('warn', 'a request was refused', { why: signed ? 'its signature is wrong' : 'it has no signature of the last five minutes' });
    return 401;
  }
  const click = readClick(signed.body);
  if (typeof click === 'string') return click === 'malformed' ? 400 : 200;
  try {
    if (!(await ledger.claim(`slack#${signed.signature.toString('hex')}`, REMEMBERED_SECONDS, now()))) {
      log('warn', 'a request was refused', { why: 'it was sent before' });
      return 401;
    }
    await handle(click, deps);
  } catch (error) {
    await respond(click, whisper(click, 'That did not work: Redress could not pass on your order. Try again, or use the command.'), deps);
    throw error;
  }
  return 200;
}

async function handle(click: Click, deps: ActDeps): Promise<void> {
  const { actions, ledger, slack, log } = deps;
  const refuse = async (why: string): Promise<void> => {
    log('info', 'a click was refused', { user: click.user.id, workspace: click.user.workspace, order: click.order, why });
    await respond(click, whisper(click, `Nothing was done. ${why}`), deps);
  };
  const membersOf = async (group: string): Promise<readonly string[]> => {
    try {
      return await slack.membersOf(group);
    } catch (error) {
      // the clicker learns only that it could not be read
      log('warn', 'a user group could not be read', { group, error: errorText(error) });
      throw error;
    }
  };
  const itsAccount = deps.isHub ? (await ledger.getFinding(click.finding))?.finding.account : undefined;
  const account = itsAccount ?? deps.account;
  const refusal = await refusalOf(click, account, actions, membersOf);
  if (refusal) return await refuse(refusal);
  const row = await ledger.getFinding(click.finding);
  if (!row) return await refuse('Redress does not know this finding here; it may be of another account or Region, or over a year old.');
  const { finding } = row;
  if (finding.account !== account) return await refuse(`The finding is of the account ${finding.account}, and this is ${account}.`);
  const order = orderOf(click, finding, deps.now());
  const kind = deps.kinds[finding.control];
  if (!kind) return await refuse(`This version of Redress has no control ${finding.control}.`);
  const futility = futilityOf(order, finding);
  if (futility) return await refuse(futility);
  await deps.send(kind, { control: finding.control, order });
  log('info', 'an order was sent', { finding: finding.id, order: order.id, kind: order.kind, user: click.user.id });
  const replacement = withoutButtons(click, order);
  await Promise.all([
    respond(click, whisper(click, taken(order, finding)), deps),
    ...(replacement ? [respond(click, replacement, deps)] : []),
  ]);
}

/** Answers Slack; if Slack is out of reach, that undoes nothing, for the order is on its way, and its answer is announced. */
async function respond({ responseUrl }: Click, body: object, { slack, log }: ActDeps): Promise<void> {
  try {
    await slack.respond(responseUrl, body);
  } catch (error) {
    log('warn', 'an answer did not reach Slack', { error: errorText(error) });
  }
}
