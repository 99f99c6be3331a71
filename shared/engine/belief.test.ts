import { describe, expect, test } from 'vitest';
import { frozen } from '../../test/support/frozen.ts';
import { callJob, context, controlWith, copy, orderJob, runOf, undoing } from '../../test/support/runs.ts';
import { change, fix, HOUR_BEFORE, NOW, now, order, undo } from '../../test/support/states.ts';
import { decide } from './decide.ts';

type Some = Parameters<typeof runOf>[0];
const decided = (some: Some, at = now) => decide(frozen(runOf(some)), { ...context, now: at }, undefined);
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const begun = { ...fix, announced: [change], ways: [] };
const ordered = { ...begun, order, sender: 'AIDAMALLORY' };
const missed = { since: NOW, times: 3 };
const approving = { mode: 'approve' } as const;
const visible = controlWith({ plan: { ...copy, completes: true } });

describe('a fix that a case says is in progress, and that nobody ordered', () => {
  test.each<[string, Some, object]>([
    ['goes on in mode fix, and a pause holds it', {}, { is: 'send', asksPause: true }],
    ['waits for approval in mode approve', approving, { is: 'close', status: 'awaiting-approval' }],
    ['would be sent in mode observe', { mode: 'observe' }, { is: 'close', status: 'would-fix' }],
    ['is nothing in mode off', { mode: 'off' }, { is: 'drop' }],
    [
      'waits for approval if its plan does',
      { control: controlWith({ plan: { ...copy, needsApproval: 'why' } }) },
      { status: 'awaiting-approval' },
    ],
    [
      'is ended by an exemption',
      { state: { exemption: { until: '2026-12-01', reason: 'x', owner: 'erin', at: NOW }, fix: begun } },
      { status: 'exempt' },
    ],
    ['begins by an order at hand', { ...approving, jobs: [orderJob('fix')] }, { is: 'send', asksPause: true }],
    [
      'settles first',
      { control: controlWith({ plan: { ...copy, settleSeconds: 60 } }), state: { fix: begun, settledFrom: NOW } },
      { is: 'wait', seconds: 60 },
    ],
  ])('%s, while AWS shows nothing of it', (_name, some, decision) => {
    expect(decided({ state: { fix: begun }, ...some }).decision).toMatchObject(decision);
  });

  test.each(['fix', 'approve', 'observe', 'off'] as const)('is completed in mode %s once AWS shows a part of it', (mode) => {
    const { decision } = decided({ state: { fix: begun }, control: visible, mode });
    expect(decision).toEqual({ is: 'send', plan: { ...copy, completes: true } });
  });

  test('keeps its id while it settles, and is forgotten when it does not begin', () => {
    const settling = controlWith({ plan: { ...copy, settleSeconds: 60 } });
    expect(decided({ state: { fix: begun, settledFrom: NOW }, control: settling }).state.fix).toEqual(begun);
    expect(decided({ state: { fix: begun }, ...approving }).state.fix).toBeUndefined();
    expect(decided({ state: { fix: begun }, mode: 'off' }).state.fix).toBeUndefined();
  });

  test('says anew what it changes, unless a part was sent', () => {
    const ways = [{ tool: 'Terraform' as const, says: 'x' }];
    const claimed = {
      ...begun,
      ways,
      wrong: 'x',
      before: { encrypted: 'forged' },
      announced: [change, { api: 'ec2:CreateTags', says: 'x' }],
    };
    expect(decided({ state: { fix: claimed } }).state.fix).toEqual(begun);
    const sent = { ...claimed, sent: [change] };
    expect(decided({ state: { fix: sent } }).state.fix).toEqual(sent);
  });
});

describe('a fix that a case says somebody ordered', () => {
  test('goes on by the order at hand, in the name of who gave that', () => {
    const { decision, state } = decided({ ...approving, state: { fix: { ...ordered, missed } }, jobs: [orderJob('fix', { by: 'erin' })] });
    expect(decision).toMatchObject({ is: 'send', asksPause: true });
    expect(state.fix).toEqual({ ...begun, order: { ...order, at: '2026-11-21T08:30:00.000Z', by: 'erin' }, sender: 'AIDAEXAMPLE' });
  });

  test('keeps no sender that nobody saw', () => {
    const [job] = [orderJob('fix')];
    const run = { ...runOf({ state: { fix: ordered }, jobs: [job] }) };
    const { sender: _unseen, ...rest } = run;
    expect(decide(rest, context, undefined).state.fix).not.toHaveProperty('sender');
  });

  test('waits for its order, for half an hour', () => {
    const first = decided({ state: { fix: ordered }, control: visible });
    expect(first.decision).toEqual({
      is: 'wait',
      seconds: 5,
      found: fix.wrong,
      reason: { code: 'in-progress', says: 'The fix goes on once its order is at hand.' },
      reportsTo: 'nobody',
    });
    expect(first.state.fix).toEqual({ ...ordered, missed: { since: NOW, times: 1 } });
    const state = { fix: { ...ordered, missed } };
    const next = decided({ state, control: visible }, later(29));
    expect(next.decision).toMatchObject({ is: 'wait', seconds: 40 });
    expect(next.state.fix?.missed).toEqual({ since: NOW, times: 4 });
    expect(decided({ state, control: visible }, later(30)).decision).toMatchObject({ is: 'send' });
    // a claim of a time to come must not hold it for ever
    expect(decided({ state, control: visible }, new Date(HOUR_BEFORE)).decision).toMatchObject({ is: 'send' });
  });

  test('goes on in nobody’s name once its order is given up, and passes the gates', () => {
    const state = { fix: { ...ordered, missed } };
    expect(decided({ state }, later(30)).state.fix).toEqual(begun);
    expect(decided({ state, ...approving }, later(30)).decision).toMatchObject({ is: 'close', status: 'awaiting-approval' });
    expect(decided({ state, control: visible, ...approving }, later(30))).toMatchObject({
      decision: { is: 'send' },
      state: { fix: begun },
    });
  });

  test('does not go on by an order of another kind', () => {
    expect(decided({ state: { fix: ordered }, jobs: [orderJob('undo')] }).decision).toMatchObject({ is: 'wait' });
  });
});

describe('an undo that a case says is in progress', () => {
  const exemption = { until: '2026-11-28', reason: 'undone', owner: 'dana', at: NOW };
  const fixing = { fix: { ...undo, announced: [change] }, exemption };
  const half = { facts: { encrypted: 'half' } };

  test.each<[string, Some, object]>([
    [
      'goes on by its order, and a pause holds it',
      { ...undoing(), facts: { encrypted: true } },
      { is: 'send', plan: copy, asksPause: true },
    ],
    ['is refused in mode observe', { ...undoing(), facts: { encrypted: true }, mode: 'observe' }, { is: 'answer', outcome: 'refused' }],
    ['is completed by its order once AWS shows a part of it', { ...undoing(), ...half, mode: 'observe' }, { is: 'send', plan: copy }],
    [
      'waits for its order',
      { ...half, jobs: [callJob()] },
      { is: 'wait', reason: { says: 'The undo goes on once its order is at hand.' } },
    ],
    ['waits for its order, which is none to fix', { ...half, jobs: [orderJob('fix')] }, { is: 'wait' }],
    [
      'waits for its order, which is none about another finding',
      { ...undoing(), ...half, jobs: [orderJob('undo', { finding: 'f-2' })] },
      { is: 'wait' },
    ],
  ])('%s', (_name, some, decision) => {
    expect(decided({ state: fixing, ...some }).decision).toMatchObject(decision);
  });

  test('brings back nothing but what the finding says was there before', () => {
    const { decision, state } = decided({ state: fixing, ...undoing({ encrypted: 'otherwise' }), ...half });
    expect(decision).toMatchObject({ is: 'answer', outcome: 'refused', says: expect.stringContaining('no longer as Redress left it') });
    expect(state.fix).toBeUndefined();
  });

  test('is forgotten with its exemption if its order does not come, and the case is judged as ever', () => {
    const state = { fix: { ...fixing.fix, missed }, exemption };
    const { decision, state: after } = decided({ state, ...half, ...approving }, later(30));
    expect(decision).toMatchObject({ is: 'close', status: 'awaiting-approval' });
    expect(after).not.toHaveProperty('fix');
    expect(after).not.toHaveProperty('exemption');
  });

  test('leaves an exemption of another time', () => {
    const state = { fix: { ...fixing.fix, missed }, exemption: { ...exemption, at: HOUR_BEFORE } };
    expect(decided({ state, ...half }, later(30)).decision).toMatchObject({ is: 'close', status: 'exempt' });
  });

  test('is still there after it was refused a pause', () => {
    expect(decided({ state: fixing, ...undoing(), facts: { encrypted: true } }).state).toMatchObject({
      fix: { id: undo.id, kind: 'undo' },
      exemption,
    });
  });
});

describe('an order out of the ledger', () => {
  const outOf = (kind: 'fix' | 'undo' | 'exempt') => {
    const job = orderJob(kind, kind === 'exempt' ? { until: '2026-12-01', reason: 'x' } : {});
    return { ...job, message: { ...job.message, isFromLedger: true } };
  };
  test.each(['fix', 'undo'] as const)('to %s is not carried out', (kind) => {
    const { decision } = decided({ ...undoing(), facts: { encrypted: true }, jobs: [outOf(kind)] });
    expect(decision).toMatchObject({ is: 'answer', outcome: 'refused', says: expect.stringContaining('order it again') });
  });
  test('to exempt is, for it lets nothing be changed', () => {
    expect(decided({ jobs: [outOf('exempt')] }).decision).toMatchObject({ is: 'close', status: 'exempt' });
  });
});
