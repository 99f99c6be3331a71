import { createHash } from 'node:crypto';
import { actionOf, shapeOf } from '#shared/aws/actions.ts';
import { CallFailed, classify, type ErrorClass, errorCode, errorText, isTagPolicy, organizationPolicyOf } from '#shared/aws/errors.ts';
import { onlyOnce } from '#shared/aws/once.ts';
import type { AwsCommand, Place } from '#shared/control/control.ts';
import { at } from '#shared/control/record.ts';
import { Secret } from '#shared/control/secret.ts';
import { placeKey } from '#shared/ledger/items.ts';

/** One command to send for one case; `seed` names the case and the step, and is the same whenever that step is sent again. */
export interface Outgoing {
  readonly place: Place;
  readonly control: string;
  readonly seed: string;
  readonly command: AwsCommand;
}

/** What AWS answered, of a call for one case alone; error texts are scrubbed of every secret that was at hand. */
export type Outcome = { readonly is: 'sent'; readonly answer?: unknown } | Failed;

/** A call that AWS did not take. */
export interface Failed {
  readonly is: Exclude<ErrorClass, 'missing'>;
  readonly code: string;
  readonly text: string;
  /** The call that AWS did not take before this one, without which this one is not sent: there is no session. */
  readonly before?: string;
  /** The policy of the organization that denies it, where AWS names one. */
  readonly policy?: string | undefined;
}

/** Whether AWS took a command with the same token before, of which something else has changed since: to draw another token would make a second. */
export function isTokenUsed(outcome: Outcome): boolean {
  return outcome.is === 'refused' && /^IdempotentParameterMismatch/.test(outcome.code);
}

/**
 * List members through which AWS takes many resources in one call.
 * EC2's CreateTags and DeleteTags: up to 1,000 resources a call (API reference).
 * Auto Scaling's: each tag names its group. [U] Their number is not documented; 100 keeps the request small. Only tags of the
 * same keys are joined: IAM's conditions on keys look at the whole call, and each control's are its own.
 */
const joinable: { readonly [action: string]: { readonly member: string; readonly max: number; readonly alike?: string } } = {
  'ec2:CreateTags': { member: 'Resources', max: 1000 },
  'ec2:DeleteTags': { member: 'Resources', max: 1000 },
  'autoscaling:CreateOrUpdateTags': { member: 'Tags', max: 100, alike: 'Key' },
  'autoscaling:DeleteTags': { member: 'Tags', max: 100, alike: 'Key' },
};

/** Sends a command as the role of the place and control that it is for; of a call for several cases, which have these in common, `of` is the first. */
export type Write = (command: AwsCommand, of: Outgoing) => Promise<unknown>;

/**
 * The only place that writes to AWS: joins equal commands of many cases of one control and place,
 * and derives idempotency tokens from case and step.
 */
export async function sendAll(outgoing: readonly Outgoing[], send: Write): Promise<ReadonlyMap<Outgoing, Outcome>> {
  const outcomes = new Map<Outgoing, Outcome>();
  const secrets: string[] = [];

  const sendOne = async (command: AwsCommand, first: Outgoing, group: readonly Outgoing[]): Promise<void> => {
    const revealed = Secret.reveal(command.input);
    secrets.push(...revealed.values);
    const { tokenMember } = shapeOf(command);
    // the SDK draws a new random token at each send, so a crash after a create would make two
    const token = tokenMember && !Reflect.get(command.input, tokenMember) ? { [tokenMember]: tokenFor(first.seed, command) } : {};
    try {
      const answer = await send(onlyOnce(rebuild(command, { ...revealed.input, ...token })), first);
      for (const one of group) outcomes.set(one, { is: 'sent', ...(group.length === 1 && { answer }) });
    } catch (thrown) {
      const before = thrown instanceof CallFailed ? thrown.action : undefined;
      const error = thrown instanceof CallFailed ? thrown.cause : thrown;
      const found = classify(error);
      const is = found === 'missing' ? 'refused' : found;
      // one resource's own conditions may refuse or deny it; the others of the call are none of that
      const isForAll = isTagPolicy(errorCode(error)) || before !== undefined;
      if ((is === 'refused' || is === 'denied') && !isForAll && group.length > 1) {
        const middle = Math.ceil(group.length / 2);
        await Promise.all([group.slice(0, middle), group.slice(middle)].map((half) => sendJoined(half)));
        return;
      }
      const policy = organizationPolicyOf(error);
      for (const one of group)
        outcomes.set(one, {
          is,
          code: errorCode(error),
          text: errorText(error, secrets),
          ...(policy && { policy }),
          ...(before && { before }),
        });
    }
  };

  const sendJoined = (group: readonly Outgoing[]): Promise<void> => {
    const [first] = group;
    if (!first) return Promise.resolve();
    const member = joinable[actionOf(first.command)]?.member;
    if (!member || group.length === 1) return sendOne(first.command, first, group);
    const values = group.flatMap(({ command }) => listOf(command, member));
    return sendOne(rebuild(first.command, { ...first.command.input, [member]: [...new Set(values)] }), first, group);
  };

  await Promise.all(groupsOf(outgoing).map(sendJoined));
  return outcomes;
}

/** A fingerprint of commands that shows whether a plan is the same as the last; secrets count as one. */
export function digestOf(commands: readonly AwsCommand[]): string {
  return hash(JSON.stringify(commands.map((command) => [actionOf(command), command.input])));
}

function groupsOf(outgoing: readonly Outgoing[]): Outgoing[][] {
  const groups = new Map<string, Outgoing[]>();
  for (const one of outgoing) {
    const action = actionOf(one.command);
    const join = joinable[action];
    const rest = join ? JSON.stringify({ ...one.command.input, [join.member]: null }) : one.seed;
    const alike = join?.alike ? listOf(one.command, join.member).map((entry) => JSON.stringify(at(entry, join.alike ?? ''))) : [];
    const base = `${placeKey(one.place)} ${one.control} ${action} ${rest} ${[...new Set(alike)].sort()} ${digestIfAlone(join, one)}`;
    let key = base;
    for (let n = 1; join && sizeOf(groups.get(key), join.member) >= join.max; n += 1) key = `${base} ${n}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function digestIfAlone(join: unknown, { command }: Outgoing): string {
  return join ? '' : digestOf([command]);
}

function sizeOf(group: readonly Outgoing[] | undefined, member: string): number {
  return (group ?? []).reduce((sum, { command }) => sum + listOf(command, member).length, 0);
}

function listOf(command: AwsCommand, member: string): unknown[] {
  const value: unknown = Reflect.get(command.input, member);
  return Array.isArray(value) ? value : [];
}

function rebuild(command: AwsCommand, input: object): AwsCommand {
  return Reflect.construct(command.constructor, [input]);
}

function tokenFor(seed: string, command: AwsCommand): string {
  // not from the input: were a tag changed between two tries, AWS must refuse the second, not make a second resource.
  // 64 characters is EC2's limit
  return hash(`${seed} ${actionOf(command)}`).slice(0, 64);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
