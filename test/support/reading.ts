import { actionOf } from '#shared/aws/actions.ts';
import type { Permission, Reader } from '#shared/control/control.ts';
import { readersOfRound } from '#shared/engine/reader.ts';
import { type Answers, answerTo } from './answers.ts';

/** A reader of the engine over these answers, and what it sent; it may make those calls and no others. */
export function readerOver(answers: Answers): { readonly read: Reader; readonly sent: [action: string, input: object][] } {
  const sent: [string, object][] = [];
  const permissions: Permission[] = Object.keys(answers).map((action) => ({ action }));
  const read = readersOfRound(async (command) => {
    sent.push([actionOf(command), command.input]);
    return answerTo(command, answers);
  })(permissions);
  return { read, sent };
}
