import { expect, test } from 'vitest';
import { callJob, controlWith, orderJob, runOf } from '../../test/support/runs.ts';
import { fix, undo } from '../../test/support/states.ts';
import { withRetry } from './retry.ts';
import type { Report } from './types.ts';

const failed = (more: Partial<Extract<Report, { is: 'close' }>> = {}): Report => ({
  is: 'close',
  status: 'failed',
  reason: { code: 'refused', says: 'AWS refused the fix: X: no' },
  ...more,
});
const said = (run: Parameters<typeof runOf>[0], more?: Parameters<typeof failed>[0]) => {
  const report = withRetry(runOf(run), failed(more), 5);
  return 'reason' in report ? report.reason : undefined;
};
const begun = { state: { fix } };
const received = (receives: number) => ({ jobs: [callJob({}, 'e-0'), callJob({}, 'e-1', receives)], ...begun });
const first = 'AWS refused the fix: X: no. ';
const sweep = 'The next sweep, within a day, tries again.';

test.each<[string, Parameters<typeof said>, string]>([
  [
    'what the queue brings again',
    [received(1), { leaves: 'failed' }],
    `${first}Redress tries again within minutes, at most 4 more times. ${sweep}`,
  ],
  [
    'what it brings once more',
    [received(4), { leaves: 'failed' }],
    `${first}Redress tries again within minutes, at most 1 more time. ${sweep}`,
  ],
  [
    'what it gives up now',
    [received(5), { leaves: 'failed' }],
    `${first}Its message goes to the dead-letter queue now; \`redress redrive\` has it tried again. ${sweep}`,
  ],
  ['what only the sweep tries again', [begun, { leaves: 'rerunnable' }], `${first}${sweep}`],
  ['what nothing brings again', [begun], `${first}${sweep}`],
  ['what could not be looked at', [{}], `${first}The next sweep, within a day, looks again.`],
  [
    'what a person ordered and has not begun',
    [{ state: { fix: { ...fix, order: { kind: 'fix', id: 'o', finding: 'f', by: 'dana', at: '2026-11-21T08:30:00.000Z' } } } }],
    `${first}The next sweep, within a day, looks, and asks for approval, again.`,
  ],
  [
    'what a person ordered and is in progress',
    [
      { state: { fix: { ...fix, order: { kind: 'fix', id: 'o', finding: 'f', by: 'dana', at: '2026-11-21T08:30:00.000Z' } } } },
      { keepsFix: true },
    ],
    `${first}${sweep}`,
  ],
  [
    'an undo, which no sweep orders',
    [{ state: { fix: undo }, jobs: [orderJob('undo')] }],
    `${first}No sweep undoes anything: order the undo again.`,
  ],
  [
    'what a sweep looks at each hour',
    [{ ...begun, control: controlWith({ sweep: { every: '1 hour', atDeployment: true } }) }],
    `${first}The next sweep, within an hour, tries again.`,
  ],
  ['what is gone, which no list shows', [begun, { reason: { code: 'gone', says: 'It is gone.' } }], 'It is gone.'],
  ['a sentence that has an end', [begun, { reason: { code: 'stuck', says: 'Why?' } }], `Why? ${sweep}`],
])('%s', (_name, [run, more], expected) => {
  expect(said(run, more)?.says).toBe(expected);
});

test('the code stays', () => expect(said(begun)?.code).toBe('refused'));

test('a call is looked at by no sweep', () => {
  const control = controlWith();
  expect(said({ ...begun, control: { ...control, kind: { ...control.kind, is: 'call' } } })?.says).toBe('AWS refused the fix: X: no.');
});

test.each<Report>([
  { is: 'close', status: 'open', reason: { code: 'stuck', says: 'x' } },
  { is: 'close', status: 'failed' },
  { is: 'answer', outcome: 'failed', says: 'x' },
  { is: 'wait', seconds: 1, reportsTo: 'everybody', reason: { code: 'throttled', says: 'x' } },
])('any other report stays as it is: %j', (report) => expect(withRetry(runOf(begun), report, 5)).toBe(report));
