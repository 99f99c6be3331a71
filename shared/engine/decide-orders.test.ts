import { describe, expect, test } from 'vitest';
import type { Finding } from '#shared/finding/finding.ts';
import type { FindingRow } from '#shared/ledger/ledger.ts';
import { frozen } from '../../test/support/frozen.ts';
import { callJob, context, controlWith, copy, orderJob, runOf, undoing, wrong } from '../../test/support/runs.ts';
import { change, finding, fix, HOUR_BEFORE, NOW, undo } from '../../test/support/states.ts';
import { decide } from './decide.ts';
import { saysOf } from './exempt.ts';
import { riskOf } from './meaning.ts';

type Some = Parameters<typeof runOf>[0];
const decided = (some: Some, configured?: Parameters<typeof decide>[2]) => decide(frozen(runOf(some)), context, configured);

describe('an order to undo', () => {
  const rowOf = (some: Partial<Finding> = {}, more: Partial<FindingRow> = {}) =>
    ({
      finding: { status: 'fixed', changes: [change], found: 'wrong', ...some },
      before: null,
      after: { encrypted: true },
      ...more,
    }) as FindingRow;
  const { before: _before, ...withoutBefore } = rowOf();
  const { after: _after, ...withoutAfter } = rowOf();
  const { undo: _undo, ...final } = controlWith();
  const ordered = (some: Some = {}) => decided({ jobs: [orderJob('undo')], row: rowOf(), facts: { encrypted: true }, ...some }).decision;
  const nothing = { is: 'answer', outcome: 'nothing-to-do' };

  test.each<[string, Some, object]>([
    ['of a fix begins', {}, { is: 'begin', kind: 'undo', plan: copy, found: 'wrong' }],
    ['of what was superseded begins', { row: rowOf({ status: 'superseded' }) }, { is: 'begin' }],
    ['that failed once begins again', { row: rowOf({ status: 'failed', changes: [] }, { fixedBy: [change] }) }, { is: 'begin' }],
    ['of a finding that says nothing begins', { row: rowOf({ found: null }) }, { is: 'begin', found: '' }],
    ['in mode approve begins', { mode: 'approve' }, { is: 'begin' }],
    ['by a control that cannot is not possible', { control: final }, { is: 'answer', outcome: 'not-possible' }],
    [
      'is refused in mode observe',
      { mode: 'observe' },
      { is: 'answer', outcome: 'refused', says: expect.stringContaining('mode is observe') },
    ],
    ['is refused in mode off', { mode: 'off' }, { is: 'answer', outcome: 'refused' }],
    ['of what is undone', { row: rowOf({ status: 'undone' }) }, { ...nothing, says: 'It is undone already.' }],
    ['of what is open', { row: rowOf({ status: 'open' }) }, { ...nothing, says: expect.stringContaining('the finding is open,') }],
    ['of what changed nothing', { row: rowOf({ changes: [] }) }, nothing],
    ['of what has no state before', { row: withoutBefore }, nothing],
    ['of what has no state after', { row: withoutAfter }, nothing],
    [
      'with another finding open is refused',
      { state: { finding } },
      { outcome: 'refused', says: expect.stringContaining('is open (f-1)') },
    ],
    [
      'of what somebody changed is refused',
      { facts: { encrypted: false } },
      { outcome: 'refused', says: expect.stringContaining('no longer as') },
    ],
    [
      'of what is as it was before',
      { control: controlWith({ plan: { changes: [] } }) },
      { ...nothing, says: 'There is nothing to undo: the previous state is already back.' },
    ],
  ])('%s', (_name, some, decision) => {
    expect(ordered(some)).toMatchObject(decision);
  });

  test('whose finding is not at hand', () => {
    expect(decided({ jobs: [orderJob('undo')] }).decision).toMatchObject({
      ...nothing,
      says: expect.stringContaining('the finding is unknown,'),
    });
  });
});

describe('an order to exempt', () => {
  const exempting = orderJob('exempt', { until: '2026-12-20', reason: 'scratch data' });
  test('ends the finding as exempt, with no plan', () => {
    expect(decided({ jobs: [exempting] })).toEqual({
      decision: {
        is: 'close',
        status: 'exempt',
        found: wrong.says,
        risk: riskOf(wrong),
        reason: { code: 'exempt', says: 'Exempt until 2026-12-20 by dana: scratch data' },
        advice: [],
        exemption: { until: '2026-12-20', owner: 'dana', reason: 'scratch data', isEnding: false },
      },
      state: { ...runOf().state, waiver: { until: '2026-12-20', remindAt: '2026-12-14T00:00:00.000Z' } },
    });
  });
  test('for a time that has passed is refused', () => {
    const over = orderJob('exempt', { until: HOUR_BEFORE, reason: 'x' });
    expect(decided({ jobs: [over] }).decision).toEqual({
      is: 'answer',
      outcome: 'refused',
      says: `It is not exempt: ${HOUR_BEFORE} has passed.`,
    });
  });
  test.each([
    [fix, 'a fix is in progress'],
    [undo, 'an undo is in progress'],
  ])('waits for nothing: %o is finished first', (inProgress, says) => {
    expect(decided({ jobs: [exempting], state: { fix: inProgress } }).decision).toMatchObject({
      outcome: 'refused',
      says: expect.stringContaining(says),
    });
  });
  test('does not stop a fix that an event goes on with once AWS shows a part of it', () => {
    const some = { state: { fix: { ...fix, announced: [change] } } };
    const visible = controlWith({ plan: { ...copy, completes: true } });
    expect(decided({ ...some, jobs: [callJob(), exempting], control: visible }).decision).toMatchObject({ is: 'send' });
    expect(decided({ ...some, jobs: [callJob(), exempting] }).decision).toMatchObject({ is: 'close', status: 'exempt' });
    expect(decided({ ...some, jobs: [orderJob('fix')] }).decision).toMatchObject({ is: 'send' });
  });
});

describe('the end of an exemption', () => {
  const over = { waiver: { until: '2026-11-20' }, settledFrom: HOUR_BEFORE };
  const ended = 'The exemption until 2026-11-20 has ended.';
  test.each<[string, Some, object]>([
    [
      'is the reason of what is open',
      { mode: 'approve' },
      { status: 'awaiting-approval', plan: copy, reason: { code: 'exemption-ended', says: ended } },
    ],
    [
      'is said before another reason',
      { mode: 'observe', jobs: [orderJob('fix')] },
      { reason: { code: 'mode', says: expect.stringMatching(`^${ended} It is not fixed`) } },
    ],
    [
      'is the reason of what a fix set right',
      { control: controlWith({ verdict: { is: 'compliant', says: 'right' } }), state: { ...over, fix } },
      { status: 'fixed', reason: { code: 'exemption-ended', says: ended } },
    ],
  ])('%s', (_name, some, decision) => {
    expect(decided({ state: over, ...some }).decision).toMatchObject(decision);
  });
  test('is no reason where there was none', () => {
    expect(decided({ mode: 'approve' }).decision).not.toHaveProperty('reason');
    const done = { control: controlWith({ verdict: { is: 'compliant', says: 'right' } }), state: { fix } } as const;
    expect(decided(done).decision).not.toHaveProperty('reason');
  });
});

test.each([
  ['2026-12-20', false, 'Exempt until 2026-12-20 by dana: x'],
  [
    '2026-12-20',
    true,
    'Exempt until 2026-12-20 by dana: x The exemption ends on 2026-12-20; then Redress looks at the resource as before.',
  ],
  ['2026-12-20T00:00:00Z', true, expect.stringContaining('ends on 2026-12-19;')],
])('an exemption until %s, ending: %s', (until, isEnding, says) => {
  expect(saysOf({ until, owner: 'dana', reason: 'x', isEnding })).toEqual(says);
});

test('a wait lists no plan, and a close for the time being does', () => {
  const settling = controlWith({ plan: { ...copy, settleSeconds: 60 } });
  expect(decided({ control: settling, state: { settledFrom: NOW } }).decision).not.toHaveProperty('plan');
});

test('an undo that is done says by whose order, and not by whom the case says', () => {
  const state = { fix: { ...undo, order: { kind: 'undo', id: 'o-2', finding: 'f-1', by: 'mallory', at: NOW } as const } };
  const found = decided({ ...undoing(), state, facts: { encrypted: false } }).decision;
  expect(found).toMatchObject({ status: 'undone', reason: { code: 'undone', says: 'The previous state is back, as dana asked.' } });
});
