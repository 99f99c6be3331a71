import { describe, expect, test } from 'vitest';
import type { Order } from '#shared/finding/message.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { callJob, controlWith, copy, orderJob, runOf } from '../../test/support/runs.ts';
import { change, finding, fix, fresh, HOUR_BEFORE, NOW, now, order, undo } from '../../test/support/states.ts';
import { compose, isForLater, isSaidAgain, openFinding, stateToReport } from './compose.ts';
import type { Report, Run } from './types.ts';

const never = () => false;
const closed = (status: Extract<Report, { is: 'close' }>['status'], more: Partial<Extract<Report, { is: 'close' }>> = {}): Report => ({
  is: 'close',
  status,
  ...more,
});
const waiting: Report = { is: 'wait', seconds: 60, reportsTo: 'nobody' };
const answer: Report = { is: 'answer', outcome: 'refused', says: 'No.' };
const sent = { ...fix, sent: [change] };
const ordered = (kind: Order['kind'], state: Partial<CaseState> = {}, more: Partial<Order> = {}): Run =>
  runOf({ jobs: [orderJob(kind, more)], state: { finding, ...state } });

/** The row of a finding that was fixed, as the ledger has it. */
const row = compose(runOf({ state: { finding, fix: sent } }), closed('fixed', { now: 'It is encrypted.' }), now);

describe('an order', () => {
  const outcome = (run: Run, report: Report) => compose(run, report, now).finding.order?.outcome;
  test.each<[string, string, Run, Report]>([
    ['waits with its case', 'waiting', ordered('fix'), waiting],
    ['to undo waits for the fix in progress', 'waiting', ordered('undo', { fix }), closed('fixed')],
    ['to undo does not wait for a fix that fails', 'failed', ordered('undo', { fix }), closed('failed', { leaves: 'failed' })],
    ['to fix does not wait for the fix in progress', 'done', ordered('fix', { fix }), closed('fixed')],
    ['has nothing to do on what is gone', 'nothing-to-do', ordered('fix'), closed('skipped', { reason: { code: 'gone', says: 'x' } })],
    [
      'does not, where a fix was in progress on what is gone',
      'failed',
      ordered('fix'),
      closed('failed', { reason: { code: 'gone', says: 'x' } }),
    ],
    ['is refused what is skipped', 'refused', ordered('fix'), closed('skipped', { reason: { code: 'managed', says: 'x' } })],
    ['is partly done where a person does the rest', 'partly-done', ordered('fix', { fix: sent }), closed('open')],
    ['is not partly done where nothing was sent', 'not-possible', ordered('fix', { fix }), closed('open')],
    ['is not partly done where no fix began', 'not-possible', ordered('fix'), closed('open')],
  ])('%s: %s', (_name, wanted, run, report) => {
    expect(outcome(run, report)).toBe(wanted);
  });

  test('that is only answered leaves the finding as it is, and says why', () => {
    const quiet = compose({ ...ordered('fix'), row }, answer, now);
    expect(quiet).toEqual({
      ...row,
      finding: {
        ...row.finding,
        order: { kind: 'fix', id: 'o-1', by: 'dana', sender: 'AIDAEXAMPLE', outcome: 'refused', says: 'No.' },
      },
    });
    const told = compose({ ...ordered('fix', {}, { isAnnounced: true }), row }, answer, now);
    expect(told.finding.announcement).not.toBe(row.finding.announcement);
    expect(told.finding.announcement).toContain('o-1');
  });

  test('says nothing of its own where the finding does', () => {
    expect(compose(ordered('fix'), closed('open'), now).finding.order).not.toHaveProperty('says');
  });

  test('cannot be answered without its finding', () => {
    expect(() => compose(ordered('fix'), answer, now)).toThrow('the finding of volume-encrypted on vol-1 is not at hand');
  });
});

describe('is for later', () => {
  test.each<[boolean, Order['kind'], Partial<CaseState>, Report]>([
    [true, 'undo', { fix }, closed('fixed')],
    [false, 'undo', { fix }, waiting],
    [false, 'undo', { fix }, closed('failed', { leaves: 'rerunnable' })],
    [false, 'undo', { fix: undo }, closed('undone')],
    [false, 'undo', {}, closed('open')],
    [false, 'fix', { fix }, closed('fixed')],
  ])('%s: an order to %s', (wanted, kind, state, report) => {
    expect(isForLater({ ...order, kind }, runOf({ state }), report)).toBe(wanted);
  });
});

describe('is said again', () => {
  const exemption = { until: '2026-12-20', owner: 'dana', reason: 'x', isEnding: false };
  test.each<[boolean, string, Run, Report]>([
    [true, 'what is news though it waits', runOf(), { ...waiting, isNews: true }],
    [false, 'what waits', runOf(), waiting],
    [true, 'the end of an exemption', runOf(), closed('exempt', { exemption: { ...exemption, isEnding: true } })],
    [false, 'an exemption', runOf(), closed('exempt', { exemption })],
    [false, 'an order of the command line', ordered('fix'), closed('open')],
    [true, 'an order that is to be announced', ordered('fix', {}, { isAnnounced: true }), closed('open')],
    [false, 'one that was answered', ordered('fix', { answered: 'o-1' }, { isAnnounced: true }), closed('open')],
    [true, 'one after another that was answered', ordered('fix', { answered: 'o-0' }, { isAnnounced: true }), closed('open')],
  ])('%s: %s', (wanted, _name, run, report) => {
    expect(isSaidAgain(run, report)).toBe(wanted);
  });
});

describe('the state that is reported', () => {
  test('opens a finding with what is wrong', () => {
    const state = stateToReport(runOf(), closed('open', { found: 'It is not encrypted.' }), never, now);
    expect(state.finding).toMatchObject({ found: 'It is not encrypted.', count: 1, receivedAt: NOW });
  });

  test.each<[string, Run, Report]>([
    ['an answer', runOf(), answer],
    ['an undo', runOf({ state: { fix: undo } }), closed('undone', { found: 'x' })],
  ])('of %s opens none', (_name, run, report) => {
    expect(stateToReport(run, report, never, now)).toBe(run.state);
  });

  test('is of a message', () => {
    expect(() => openFinding(runOf({ jobs: [] }), never, now)).toThrow('a case without a message');
  });

  test('takes the event for the occasion, whatever order comes with it', () => {
    const state = openFinding(runOf({ jobs: [orderJob('fix'), callJob({}, 'e-9')] }), never, now);
    expect(state.finding?.openedBy).toMatchObject({ id: 'e-9', name: 'CreateVolume' });
  });

  const tags = (value: string) => ({ live: { tags: [{ Key: 'team', Value: value }] }, ownerTag: 'team' });
  test.each<[string | undefined, string, Partial<Run>]>([
    ['shop', 'by the tag that the config names', tags('shop')],
    [undefined, 'where the config names no tag', { live: { tags: [{ Key: 'team', Value: 'shop' }] } }],
    [undefined, 'where there is no such tag', { live: { tags: [] }, ownerTag: 'team' }],
    [undefined, 'where nothing was read', { ...tags('shop'), facts: undefined }],
    [undefined, 'where the tags were not read', { ownerTag: 'team' }],
    [undefined, 'where the facts hold no tags', { ...tags('shop'), control: controlWith({ tags: () => undefined }) }],
    [undefined, 'where the tag looks like a secret', tags('secret')],
    [
      'ops',
      'by the tags among the facts, if the control says so',
      { ...tags('shop'), control: controlWith({ tags: () => [{ Key: 'team', Value: 'ops' }] }) },
    ],
  ])('names the owner %s %s', (owner, _name, more) => {
    const { state, ...rest } = more;
    expect(openFinding(runOf(rest), (value) => value === 'secret', now).finding?.owner).toBe(owner);
  });
});

describe('a finding', () => {
  const composed = (state: Partial<CaseState>, report: Report, more: Partial<Omit<Run, 'state'>> = {}) =>
    compose(runOf({ ...more, state: { finding, ...state } }), report, now);

  test('is counted up when subscribers have not heard its status', () => {
    const announced = { status: 'open', number: 3 } as const;
    const number = (report: Report) => composed({ finding: { ...finding, announced } }, report).finding.announcement;
    expect(number(closed('open'))).toContain('-3-open');
    expect(number(waiting)).toContain('-3-open');
    expect(number(closed('fixed'))).toContain('-4-fixed');
    expect(number({ ...waiting, isNews: true })).toContain('-4-open');
    expect(composed({}, closed('open')).finding.announcement).toContain('-1-open');
  });

  test('shows what would be sent only while that is ahead', () => {
    const plan = { ...copy, later: [{ api: 'ec2:CreateTags', says: 'Tag it.', kind: 'x' }] };
    const ahead = composed({}, closed('awaiting-approval', { plan })).finding;
    expect([ahead.changes, ahead.later]).toEqual([[change], [{ api: 'ec2:CreateTags', says: 'Tag it.' }]]);
    expect(ahead.plan).toBeDefined();
    for (const report of [closed('failed', { plan }), waiting]) {
      const { finding: other } = composed({}, report);
      expect([other.changes, other.later, other.plan]).toEqual([[], [], undefined]);
    }
    expect(composed({ fix: sent }, closed('failed', { plan })).finding.changes).toEqual([change]);
  });

  test('says what a fix costs, if one is ahead or was sent', () => {
    const costs = (state: Partial<CaseState>, report: Report) =>
      composed(state, report, { control: controlWith({ costs: 'A dollar.' }) }).finding.costs;
    expect(costs({}, closed('awaiting-approval', { plan: copy }))).toBe('A dollar.');
    expect(costs({}, closed('awaiting-approval', { plan: { changes: [] } }))).toBeUndefined();
    expect(costs({}, closed('awaiting-approval'))).toBeUndefined();
    expect(costs({ fix: sent }, closed('fixed'))).toBe('A dollar.');
    expect(costs({ fix }, closed('awaiting-approval', { plan: copy }))).toBeUndefined();
    const { costs: _costs, ...free } = controlWith();
    expect(composed({ fix: sent }, closed('fixed'), { control: free }).finding).not.toHaveProperty('costs');
  });

  test('keeps the state before a fix, and the one after it', () => {
    expect(composed({ fix: sent }, closed('fixed'))).toMatchObject({ before: { encrypted: false }, after: { encrypted: false } });
    expect(composed({}, closed('open'), { facts: { encrypted: 1 } })).toMatchObject({ before: { encrypted: 1 } });
    expect(composed({}, closed('open'))).not.toHaveProperty('after');
    const unread = composed({ fix: sent }, closed('failed'), { facts: undefined });
    expect(unread.before).toEqual({ encrypted: false });
    expect(unread).not.toHaveProperty('after');
    expect(composed({}, closed('skipped'), { facts: undefined })).not.toHaveProperty('before');
  });

  test.each([
    ['fixed', NOW],
    ['exempt', NOW],
    ['skipped', NOW],
    ['open', null],
  ] as const)('that is %s ended at %s', (status, doneAt) => {
    expect(composed({}, closed(status)).finding.timings).toEqual({
      eventTime: HOUR_BEFORE,
      receivedAt: HOUR_BEFORE,
      decidedAt: NOW,
      doneAt,
    });
  });

  test('names who ordered it once it is done', () => {
    const byOrder = { ...sent, order };
    expect(composed({ fix: byOrder }, closed('fixed')).finding.doneBy).toBe('dana');
    expect(composed({ fix: byOrder }, closed('failed')).finding).not.toHaveProperty('doneBy');
    expect(composed({ fix: sent }, closed('fixed')).finding).not.toHaveProperty('doneBy');
  });

  test('says what cannot be undone', () => {
    const { undo: _none, ...rest } = controlWith();
    expect(composed({}, closed('open'), { control: rest }).finding.canUndo).toBe(false);
    expect(composed({}, closed('open')).finding).not.toHaveProperty('canUndo');
  });
});

describe('an undo', () => {
  const undone = (report: Report, more: Partial<Omit<Run, 'state'>> = {}) =>
    compose(runOf({ row, ...more, state: { ...fresh, fix: { ...undo, sent: [{ api: 'ec2:DeleteVolume', says: 'x' }] } } }), report, now);

  test('is told in the finding of the fix, with what both sent', () => {
    const { finding: told, fixedBy } = undone(closed('undone', { now: 'As before.', reason: { code: 'undone', says: 'Back.' } }));
    expect(fixedBy).toEqual([change]);
    expect(told).toMatchObject({
      id: row.finding.id,
      status: 'undone',
      doneBy: 'dana',
      now: 'As before.',
      reason: { code: 'undone', says: 'Back.' },
      changes: [change, { api: 'ec2:DeleteVolume', says: 'x' }],
      timings: { doneAt: NOW },
    });
    expect(told.announcement).toContain('o-1');
    expect(told).not.toHaveProperty('isFailedUndo');
  });

  test('that goes on or fails says so, and keeps what was said of the resource', () => {
    expect(undone(waiting).finding).toMatchObject({ status: 'open', now: 'It is encrypted.' });
    const failed = undone(closed('failed'));
    expect(failed.finding.isFailedUndo).toBe(true);
    expect(undone(closed('undone'), { row: failed }).finding).not.toHaveProperty('isFailedUndo');
    expect(undone(closed('undone'), { row: failed }).fixedBy).toEqual([change]);
  });

  test('is of the finding that it takes back, whatever finding its message names', () => {
    const other = { ...row, finding: { ...row.finding, id: 'f-other' } };
    expect(undone(closed('undone'), { undoing: other }).finding.id).toBe('f-other');
  });
});
