import { actionOf } from '#shared/aws/actions.ts';
import type { Permission, Reader } from '#shared/control/control.ts';
import { readersOfRound } from '#shared/engine/reader.ts';

/** What AWS answers to each call, by its action. */
export type Answers = { readonly [action: string]: (input: never) => object };

/** A reader of the engine over these answers, and what it sent; it may make those calls and no others. */
export function readerOver(answers: Answers): { readonly read: Reader; readonly sent: [action: string, input: object][] } {
  const sent: [string, object][] = [];
  const permissions: Permission[] = Object.keys(answers).map((action) => ({ action }));
  const read = readersOfRound(async (command) => {
    const action = actionOf(command);
    sent.push([action, command.input]);
    const answer = answers[action];
    if (!answer) throw new Error(`nothing is said of ${action}`);
    return answer(command.input as never);
  })(permissions);
  return { read, sent };
}
