import { type Finding, isHalfMade, isUndoable } from './finding.ts';
import type { ButtonOrder } from './slack-actions.ts';

/** What a person can do with Redress about a finding: a sentence, the command that does it, and the order that a button would give. */
export interface NextStep {
  readonly says: string;
  readonly command: string;
  readonly order?: ButtonOrder;
}

/** What a person can do about a finding, the likeliest first. */
export function nextSteps(finding: Finding): NextStep[] {
  const { status, id, mode, exemption, isFailedUndo } = finding;
  const step = (order: ButtonOrder, says: string, options = ''): NextStep => ({ order, says, command: `redress ${order} ${id}${options}` });
  const exempt = (says: string): NextStep => step('exempt', says, ' --until DATE --reason TEXT');
  if (exemption?.isEnding) return [exempt('Exempt it for longer')];
  if (isFailedUndo) return [step('undo', 'Try again')];
  if (isUndoable(finding)) return [step('undo', 'Put the previous state back')];
  // a fix in progress is finished first
  if (isHalfMade(finding)) return [step('fix', 'Have it finished')];
  const leave = exempt('Leave it as it is');
  const letIt = `Set the control's mode (now ${mode}) to approve or fix in redress.config.ts, deploy, and let Redress do it`;
  if (status === 'awaiting-approval') return [step('fix', 'Fix it'), leave];
  if (status === 'would-fix') return [{ says: letIt, command: `redress fix ${id}` }, leave];
  if (status === 'failed') return [step('fix', 'Try again'), leave];
  return status === 'open' ? [leave] : [];
}

/** A step as a sentence with its command. */
export function commandText({ says, command }: NextStep): string {
  return `${says}: \`${command}\``;
}

/** A step as it fits, by its length as it is drawn: whole, since a part of a command is another command. */
export function wholeStep(says: string, { id }: Finding, most: number, drawn: (text: string) => string): string {
  const text = drawn(says);
  return text.length > most && says.includes('`') ? `A step that is too long for here: see it with \`redress show ${id}\`.` : says;
}
