import { plain } from '#shared/finding/text.ts';
import type { Terminal } from '../terminal.ts';
import type { Answer, Check, State } from './check.ts';

/** A check with its answer. */
export interface Examined {
  readonly check: Check;
  readonly answer: Answer;
}

/** The states, as a person reads them. */
const words: { readonly [state in State]: string } = { ok: 'ok', note: 'note', wrong: 'wrong', unknown: 'not known', none: '-' };
const COLUMN = 11;

/** Draws every answer, a line each, with what is wrong and the next step below it. */
export function draw(all: readonly Examined[], showsDetails: boolean, terminal: Terminal): void {
  const { paint } = terminal;
  const width = Math.max(...all.map(({ check }) => check.id.length)) + 2;
  for (const { check, answer } of all) {
    const word = paintState(answer.is, paint)(words[answer.is].padEnd(COLUMN));
    terminal.out(`${word}${paint.bold(check.id.padEnd(width))}${plain(answer.says)}`);
    for (const { says, next } of answer.problems) {
      if (says) terminal.out(`${' '.repeat(COLUMN)}- ${plain(says)}`);
      terminal.out(`${' '.repeat(COLUMN)}  ${paint.dim('Next:')} ${plain(next)}`);
    }
    if (showsDetails || check.id === 'canary') for (const line of answer.details) terminal.out(`${' '.repeat(COLUMN)}  ${plain(line)}`);
  }
}

function paintState(state: State, paint: Terminal['paint']): (text: string) => string {
  if (state === 'ok') return paint.green;
  if (state === 'wrong') return paint.red;
  return state === 'none' ? paint.dim : paint.yellow;
}
