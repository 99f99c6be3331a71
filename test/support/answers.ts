import { actionOf } from '#shared/aws/actions.ts';
import type { AwsCommand } from '#shared/control/types.ts';

/** What AWS answers to each call, by its action; an answer takes the call's input. */
export type Answers = { readonly [action: string]: (input: never) => unknown };

/** The errors that AWS answers instead, by action. */
export type Refusals = { readonly [action: string]: Error | undefined };

/** Answers one call, with a copy of what the world holds; throws what it refuses the call with, or an `Error` for a call that it does not know. */
export function answerTo(command: AwsCommand, answers: Answers, refuses: Refusals = {}): object {
  const action = actionOf(command);
  const refusal = refuses[action];
  if (refusal) throw refusal;
  const answer = answers[action];
  if (!answer) throw new Error(`this world knows no ${action}`);
  // a command knows the type of its input, and a table of answers by names does not
  return structuredClone(answer(command.input as never) ?? {});
}
