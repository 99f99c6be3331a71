import { expect, test } from 'vitest';
import { adviceOf } from '#shared/control/iac.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { frozen } from '../../test/support/frozen.ts';
import { context, controlWith, copy, runOf, wrong } from '../../test/support/runs.ts';
import { finding, fix, HOUR_BEFORE, now } from '../../test/support/states.ts';
import { compose } from './compose.ts';
import { decide } from './decide.ts';
import type { Run } from './types.ts';

/*
 * Whose line of code a finding shows: of the tool that made the resource wrong, not of one that keeps it while another hand broke it.
 */

const iac = { cloudFormation: 'set `Encrypted: true`.', terraform: 'set `encrypted = true`.' };
const [line] = adviceOf(iac, 'cloudFormation');
const control = controlWith({ iac });
const live = { tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'web' }] };
const byHand = { via: 'AWS CLI', at: HOUR_BEFORE };
const byStack = { via: 'CloudFormation', service: 'cloudformation.amazonaws.com', at: HOUR_BEFORE };

/** What is decided about the volume of a stack. */
function decided(state: Partial<CaseState>, more: Partial<Omit<Run, 'state'>> = {}) {
  const run = runOf({ control, live, state: { settledFrom: HOUR_BEFORE, ...state }, ...more });
  return decide(frozen(run), { ...context, now }, undefined).decision;
}
const compliant = controlWith({ iac, verdict: { is: 'compliant', says: 'It is encrypted.' } });

test('what a stack made wrong shows how the stack makes it right', () => {
  expect(decided({})).toMatchObject({ is: 'close', status: 'skipped', advice: [line] });
  expect(decided({ brokenWith: byStack })).toMatchObject({ is: 'close', status: 'skipped', advice: [line] });
});

test('what a hand broke does not, and keeps what else there is to do', () => {
  const advised = controlWith({ iac, verdict: { ...wrong, advice: ['Look at it.'] } });
  const advice = [{ says: 'Look at it.' }];
  expect(decided({ brokenWith: byHand }, { control: advised })).toMatchObject({ is: 'begin', advice });
  expect(decided({ brokenWith: byHand }, { control: advised, mode: 'approve' })).toMatchObject({ status: 'awaiting-approval', advice });
  const known = controlWith({ iac, verdict: { ...wrong, brokenWith: byHand } });
  expect(decided({}, { control: known })).toMatchObject({ is: 'begin', advice: [] });
});

test('a control that knows whose each part is says each line itself', () => {
  const terraform = adviceOf(iac, 'terraform');
  const knowing = controlWith({ iac, fixesManaged: true, verdict: { ...wrong, iac: {}, advice: terraform } });
  expect(decided({}, { control: knowing })).toMatchObject({ is: 'begin', advice: terraform });
});

test.each([
  ['nothing', []],
  ['its line', [line]],
])('what was fixed shows what its finding showed when it was wrong: %s', (_name, ways) => {
  const state = { finding, fix: { ...fix, ways: ways.flatMap((one) => one ?? []) } };
  expect(decided(state, { control: compliant })).toMatchObject({ status: 'fixed', advice: ways });
});

test('a fix that an earlier version began shows the line of whatever manages the resource', () => {
  expect(decided({ finding, fix }, { control: compliant })).toMatchObject({ status: 'fixed', advice: [line] });
});

test('what begins knows the line for its end', () => {
  const fixing = controlWith({ iac, fixesManaged: true, plan: copy });
  expect(decided({}, { control: fixing })).toMatchObject({ is: 'begin', advice: [line] });
});

test.each([
  ['its own finding said it', finding.id, [line, { says: 'Look at it.' }], [line]],
  ['its own finding said nothing of a tool', finding.id, [{ says: 'Look at it.' }], []],
  ['another finding said it', 'f-20260101-other', [line], []],
])('what is right by now, without a look at its tags, shows the line if %s', (_name, id, told, shown) => {
  const { finding: said } = compose(runOf({ control, state: { finding } }), { is: 'close', status: 'skipped' }, now);
  const row = { finding: { ...said, id, advice: told.flatMap((one) => one ?? []) } };
  const { live: _live, ...unread } = runOf({ control: compliant, state: { settledFrom: HOUR_BEFORE, finding, hint: byHand }, row });
  const { decision } = decide(frozen<Run>(unread), { ...context, now }, undefined);
  expect(decision).toMatchObject({ is: 'close', status: 'fixed' });
  expect('advice' in decision ? (decision.advice ?? []) : []).toEqual(shown);
});
