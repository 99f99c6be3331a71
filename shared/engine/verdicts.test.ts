import { describe, expect, test } from 'vitest';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { context, controlWith, runOf, wrong } from '../../test/support/runs.ts';
import { change, finding, fix, HOUR_BEFORE, now, undo } from '../../test/support/states.ts';
import { compose } from './compose.ts';
import { decide } from './decide.ts';
import type { Run } from './types.ts';
import { adviceIn } from './verdicts.ts';

const decided = (some: Parameters<typeof runOf>[0]) => decide(runOf(some), context, undefined).decision;

describe('a skip during a fix', () => {
  const inProgress = { ...fix, sent: [change] };
  const skipping = (endsFix: boolean) =>
    controlWith({ verdict: { is: 'skip', says: 'A tool has the rest.', ...(endsFix && { endsFix }) } });

  test('ends it as fixed, where all that Redress may fix is right', () => {
    const decision = decided({ control: skipping(true), state: { fix: inProgress } });
    expect(decision).toMatchObject({ is: 'close', status: 'fixed', now: 'A tool has the rest.' });
  });

  test('is a failure otherwise', () => {
    expect(decided({ control: skipping(false), state: { fix: inProgress } })).toMatchObject({ is: 'close', status: 'failed' });
  });
});

describe('how much a finding matters', () => {
  const critical = { control: controlWith({ verdict: { ...wrong, severity: 'critical' } }), state: { settledFrom: HOUR_BEFORE } };
  const severityOf = (state: Partial<CaseState>, more: Partial<Run> = {}, raised?: 'critical') =>
    compose(runOf({ ...more, state: { finding, ...state } }), { is: 'close', status: 'open' }, now, raised).finding.severity;

  test('comes from the verdict, whether a person is asked or the fix begins', () => {
    expect(decided({ ...critical, mode: 'approve' })).toMatchObject({ is: 'close', severity: 'critical' });
    expect(decided(critical)).toMatchObject({ is: 'begin', severity: 'critical' });
  });

  test('is as the control says, as its case was found, or as the engine raises it', () => {
    expect(severityOf({})).toBe('high');
    expect(severityOf({ finding: { ...finding, severity: 'medium' } })).toBe('medium');
    expect(severityOf({ finding: { ...finding, severity: 'medium' } }, {}, 'critical')).toBe('critical');
  });

  test('stays for an undo', () => {
    const row = compose(runOf({ state: { finding } }), { is: 'close', status: 'fixed' }, now);
    const undoing = { ...row, finding: { ...row.finding, severity: 'critical' as const } };
    expect(severityOf({ fix: undo }, { undoing })).toBe('critical');
  });
});

test.each([
  ['nothing', undefined, []],
  ['sentences', ['Look at it.'], [{ says: 'Look at it.' }]],
  [
    'lines of a tool',
    [{ tool: 'Terraform' as const, says: 'set it.' }, 'Look at it.'],
    [{ tool: 'Terraform', says: 'set it.' }, { says: 'Look at it.' }],
  ],
])('a verdict advises %s', (_name, advice, found) => {
  expect(adviceIn({ ...wrong, ...(advice && { advice }) })).toEqual(found);
  expect(adviceIn({ is: 'compliant', says: 'It is encrypted.' })).toEqual([]);
});
