import { type Finding, isUndoable } from '../../shared/finding.ts';
import type { ButtonOrder } from '../../shared/slack-actions.ts';

/** What a person can do with Redress about a finding: a sentence with the command, and the order that a button would give. */
export interface NextStep {
  readonly says: string;
  readonly order?: ButtonOrder;
}

/** Whether a finding tells of an undo that did not work. */
export function isFailedUndo({ status, order }: Finding): boolean {
  return status === 'failed' && order?.kind === 'undo';
}

/** What a person can do about a finding; `hasUndo` is whether its control has one. */
export function nextSteps(finding: Finding, hasUndo: boolean): NextStep[] {
  const { status, id, exemption } = finding;
  const step = (order: ButtonOrder, says: string, options = ''): NextStep => ({
    order,
    says: `${says}: \`redress ${order} ${id}${options}\``,
  });
  const exempt = (says: string): NextStep => step('exempt', says, ' --until DATE --reason TEXT');
  if (exemption?.isEnding) return [exempt('Exempt it for longer')];
  if (isFailedUndo(finding)) return [step('undo', 'Try again')];
  if (isUndoable(finding) && hasUndo) return [step('undo', 'Put the state before back')];
  const leave = exempt('Leave it as it is');
  if (status === 'awaiting-approval') return [step('fix', 'Fix it'), leave];
  if (status === 'would-fix') return [{ says: 'Set the control to approve or fix, to let Redress do this.' }, leave];
  if (status === 'failed') return [step('fix', 'Try again'), leave];
  return status === 'open' ? [leave] : [];
}
