import type { AwsCommand } from '#shared/control/types.ts';
import { actionOf } from './actions.ts';
import { classify, errorCode } from './errors.ts';

/**
 * Calls that do their work again each time they are sent, and take no token by which AWS would know the second; with the seconds for
 * which reads may not show what one did. Each overwrite of a parameter or an OpsItem is a version, which shows at once; a second would
 * also remove what somebody wrote since.
 * [U] How long a copy of a snapshot may be hidden is not documented.
 */
const repeating: ReadonlyMap<string, number> = new Map([
  ['ssm:PutParameter', 0],
  ['ssm:UpdateOpsItem', 0],
  ['ec2:CopySnapshot', 900],
]);

/** Whether a call does its work again each time it is sent, and AWS would not know the second. */
export function isRepeating(command: AwsCommand): boolean {
  return repeating.has(actionOf(command));
}

/** For how many seconds reads may not show what a call without a token did: before that it must not be sent again. */
export function hiddenFor(command: AwsCommand): number {
  return repeating.get(actionOf(command)) ?? 0;
}

/** AWS did not say whether it did what was asked: who asked looks before asking again. */
class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  readonly code: string;

  constructor(code: string) {
    // without a cause, for by that the SDK would send it again
    super(`AWS did not answer: ${code}`);
    this.code = 'ServiceUnavailable';
  }
}

type Next = (args: object) => Promise<object>;

/** The command, which the SDK no longer sends again by itself where that would do its work twice; a call that AWS turned away is. */
export function onlyOnce(command: AwsCommand): AwsCommand {
  if (!isRepeating(command)) return command;
  const stack: unknown = Reflect.get(command, 'middlewareStack');
  if (!isStack(stack)) return command;
  const once = (next: Next) => async (args: object) => {
    try {
      return await next(args);
    } catch (error) {
      throw classify(error) === 'unavailable' ? new OutcomeUnknown(errorCode(error)) : error;
    }
  };
  // within the SDK's own retries, which stand at the same step with a high priority and know no error of this name
  stack.add(once, { step: 'finalizeRequest', priority: 'low', name: 'redressOnlyOnce', override: true });
  return command;
}

interface Stack {
  add(middleware: (next: Next) => Next, options: object): void;
}

function isStack(value: unknown): value is Stack {
  return typeof value === 'object' && value !== null && 'add' in value;
}
