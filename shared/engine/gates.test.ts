import { describe, expect, test } from 'vitest';
import { frozen } from '../../test/support/frozen.ts';
import { callJob, copy, depsOf, orderJob, runOf, wrong } from '../../test/support/runs.ts';
import { finding, fresh, HOUR_BEFORE, NOW, now } from '../../test/support/states.ts';
import { type Exempting, exempted } from './exempt.ts';
import { exemptionGate, holdOf, lastGates } from './gates.ts';
import type { Reservation } from './types.ts';

const held = (some: Parameters<typeof runOf>[0], plan = copy) => {
  const run = frozen(runOf(some));
  return holdOf(run, run.state, plan, now);
};
const ago = (ms: number) => new Date(now.getTime() - ms).toISOString();
const HOUR = 3_600_000;

describe('the gates of mode, approval and fights', () => {
  const three = [1, 2, 3].map(ago);
  test.each<[string, Parameters<typeof held>, object | undefined]>([
    ['mode fix', [{}], undefined],
    ['mode off', [{ mode: 'off' }], { is: 'close', status: 'would-fix' }],
    ['mode observe', [{ mode: 'observe' }], { is: 'close', status: 'would-fix' }],
    ['mode observe, by order', [{ mode: 'observe', jobs: [orderJob('fix')] }], { status: 'would-fix', reason: { code: 'mode' } }],
    ['mode approve', [{ mode: 'approve' }], { is: 'close', status: 'awaiting-approval' }],
    ['mode approve, by order', [{ mode: 'approve', jobs: [orderJob('fix')] }], undefined],
    [
      'a plan for a person',
      [{}, { ...copy, needsApproval: 'It costs.' }],
      { status: 'awaiting-approval', reason: { code: 'needs-approval', says: 'It costs.' } },
    ],
    ['a plan for a person, by order', [{ jobs: [orderJob('fix')] }, { ...copy, needsApproval: 'It costs.' }], undefined],
    ['two fixes within an hour', [{ state: { fixes: three.slice(1) } }], undefined],
    [
      'three fixes within an hour',
      [{ state: { fixes: three } }],
      { is: 'wait', seconds: 3600, reason: { code: 'fight', says: expect.stringContaining('3 times within an hour, last by dana,') } },
    ],
    ['three fixes within an hour, by order', [{ jobs: [orderJob('fix')], state: { fixes: three } }], undefined],
    ['the first of three fixes an hour ago', [{ state: { fixes: [ago(HOUR), ...three.slice(1)] } }], undefined],
    ['the first of three fixes nearly an hour ago', [{ state: { fixes: [ago(HOUR - 1), ...three.slice(1)] } }], { is: 'wait', seconds: 1 }],
    [
      'four fixes within an hour, until two are left',
      [{ state: { fixes: [HOUR - 1, 1_800_000, 900_000, 60_000].map(ago) } }],
      { is: 'wait', seconds: 1800, reason: { says: expect.stringMatching(/4 times .* unchanged until 2026-11-21T09:30:00.000Z\./) } },
    ],
  ])('%s', (_name, [some, plan], hold) => {
    if (hold) expect(held(some, plan)).toMatchObject(hold);
    else expect(held(some, plan)).toBeUndefined();
  });

  test('mode observe has no reason of its own', () => {
    expect(held({ mode: 'observe' })).not.toHaveProperty('reason');
  });

  test.each([
    ['of the newest call', [callJob({}, 'e-1'), orderJob('exempt')], undefined, 'last by dana,'],
    ['of the finding, where no call is among the messages', [], { ...finding, actor: { ...finding.actor, name: 'erin' } }, 'last by erin,'],
    [
      'that came last, though the first one’s message waits',
      [callJob({}, 'e-1')],
      { ...finding, actor: { ...finding.actor, name: 'erin' } },
      'last by erin,',
    ],
    ['unknown, where there is neither', [], undefined, 'last by an unknown caller,'],
  ])('whoever fights is the caller %s', (_name, jobs, open, says) => {
    const { order: _order, ...run } = runOf({ jobs, state: { fixes: three, ...(open && { finding: open }) } });
    expect(holdOf(run, run.state, copy, now)).toMatchObject({ reason: { says: expect.stringContaining(says) } });
  });
});

describe('a resource that settles for ten minutes', () => {
  const settling = { ...copy, settleSeconds: 600 };
  test.each([
    ['since now', NOW, 600],
    ['since 9 minutes and 59.999 seconds', ago(599_999), 1],
    ['since ten minutes', ago(600_000), undefined],
    ['since an hour', HOUR_BEFORE, undefined],
    ['since nobody knows when', undefined, 600],
  ])('%s', (_name, settledFrom, seconds) => {
    const hold = held({ jobs: [orderJob('fix')], state: { ...(settledFrom && { settledFrom }) } }, settling);
    if (seconds === undefined) expect(hold).toBeUndefined();
    else expect(hold).toMatchObject({ is: 'wait', seconds, reason: { code: 'settling' }, reportsTo: 'everybody' });
  });
  test('says until when', () => {
    expect(held({ state: { settledFrom: NOW } }, settling)).toMatchObject({
      reason: { says: expect.stringContaining('at 2026-11-21T09:10:00.000Z,') },
    });
  });
});

describe('the gate of exemptions', () => {
  const ordered = { until: '2026-12-20', reason: 'scratch data', owner: 'dana', at: '2026-11-21T08:30:00.000Z' };
  const config = { until: '2026-12-10', reason: 'a migration', owner: 'data team' };
  const gate = (some: Parameters<typeof runOf>[0], configured?: Exempting, at = now) => exemptionGate(frozen(runOf(some)), configured, at);
  const exempts = ({ until, reason, owner }: Exempting) => ({ is: 'exempt', exemption: { until, reason, owner } });

  test.each<[string, Parameters<typeof gate>, object]>([
    ['lets pass what is not exempt', [{}], { is: 'free', ended: undefined }],
    ['holds by the config', [{}, config], exempts(config)],
    ['holds by a person', [{ state: { exemption: ordered } }], exempts(ordered)],
    ['holds by whatever ends last', [{ state: { exemption: ordered } }, config], exempts(ordered)],
    [
      'holds by the config, if that ends last',
      [{ state: { exemption: ordered } }, { ...config, until: '2027-01-01' }],
      exempts({ ...config, until: '2027-01-01' }),
    ],
    ['holds to the end of the day', [{ state: { exemption: ordered } }, undefined, new Date('2026-12-20T23:59:59.999Z')], exempts(ordered)],
    [
      'no longer',
      [{ state: { exemption: ordered, waiver: { until: ordered.until } } }, undefined, new Date('2026-12-21T00:00:00Z')],
      { is: 'free', ended: 'The exemption until 2026-12-20 has ended.' },
    ],
    ['holds by an order', [{ jobs: [orderJob('exempt', { until: '2026-12-20', reason: 'scratch data' })] }], exempts(ordered)],
    [
      'holds by an order for a moment',
      [{ jobs: [orderJob('exempt', { until: '2026-11-21T09:00:00.001Z', reason: 'x' })] }],
      { is: 'exempt' },
    ],
    ['refuses an order that ends now', [{ jobs: [orderJob('exempt', { until: NOW, reason: 'x' })] }], { is: 'over', until: NOW }],
    [
      'is lifted by a later order',
      [{ jobs: [orderJob('fix', { at: '2026-11-21T08:30:00.001Z' })], state: { exemption: ordered } }],
      { is: 'free' },
    ],
    ['is not lifted by an order that waited', [{ jobs: [orderJob('fix')], state: { exemption: ordered } }], exempts(ordered)],
    [
      'is not lifted where the mode fixes nothing',
      [{ mode: 'observe', jobs: [orderJob('fix', { at: NOW })], state: { exemption: ordered } }],
      exempts(ordered),
    ],
    ['of the config is lifted by no order', [{ jobs: [orderJob('fix', { at: NOW })] }, config], exempts(config)],
  ])('%s', (_name, [some, configured, at], found) => {
    expect(gate(some, configured, at)).toMatchObject(found);
  });

  test('forgets what is lifted', () => {
    const found = gate({ jobs: [orderJob('fix', { at: NOW })], state: { exemption: ordered, waiver: { until: ordered.until } } });
    expect(found).toStrictEqual({ is: 'free', state: fresh, ended: undefined });
  });
});

describe('people are reminded of an exemption', () => {
  const until = '2026-12-20';
  const meet = (at: string, isOrdered = false, waiver?: { until: string; remindAt?: string }) =>
    exempted(frozen({ ...fresh, ...(waiver && { waiver }) }), { until, owner: 'dana', reason: 'x' }, new Date(at), isOrdered);
  test.each([
    ['a week before its end', '2026-11-21T09:00:00Z', undefined, '2026-12-14T00:00:00.000Z'],
    ['a week before, if that is more than a day from now', '2026-12-12T23:59:59.999Z', undefined, '2026-12-14T00:00:00.000Z'],
    ['two days before, if it is a day from now', '2026-12-13T00:00:00.000Z', undefined, '2026-12-19T00:00:00.000Z'],
    ['two days before, if that is more than a day from now', '2026-12-17T23:59:59.999Z', undefined, '2026-12-19T00:00:00.000Z'],
    ['not, if two days before is a day from now', '2026-12-18T00:00:00.000Z', undefined, undefined],
    ['at once, if its end was moved so near', '2026-12-18T00:00:00.000Z', { until: '2027-01-01' }, '2026-12-18T00:00:00.000Z'],
    ['as it was said before', '2026-12-18T00:00:00.000Z', { until, remindAt: '2026-12-14T00:00:00.000Z' }, '2026-12-14T00:00:00.000Z'],
  ])('%s', (_name, at, waiver, remindAt) => {
    expect(meet(at, false, waiver).state.waiver).toStrictEqual({ until, ...(remindAt && { remindAt }) });
  });
  test('not at once, if its end was just ordered so near', () => {
    expect(meet('2026-12-18T00:00:00.000Z', true, { until: '2027-01-01' }).state.waiver).toStrictEqual({ until });
  });
  test.each([
    ['2026-12-13T23:59:59.999Z', false],
    ['2026-12-14T00:00:00.000Z', true],
  ])('and not before: at %s it is %s', (at, isEnding) => {
    expect(meet(at, false, { until, remindAt: '2026-12-14T00:00:00.000Z' }).exemption.isEnding).toBe(isEnding);
  });
});

describe('the last gates', () => {
  const pause = { by: 'erin', at: HOUR_BEFORE, reason: 'a migration' };
  const limited = (isGranted: boolean, isFirst = false, isFull = true) => ({
    isPaused: async () => ({}),
    reserveOne: async () => ({ isGranted, isFirst, isFull }),
  });
  const pass = (kind: 'fix' | 'undo', deps: Parameters<typeof depsOf>[0], run = runOf()) =>
    lastGates(run, { is: 'begin', kind, plan: copy, found: wrong.says }, depsOf(deps));

  test.each(['fix', 'undo'] as const)('let a %s pass', async (kind) => {
    expect(await pass(kind, limited(kind === 'fix'))).toBeUndefined();
  });
  test('hold a fix while paused', async () => {
    const says = `Redress is paused by erin since ${HOUR_BEFORE}: a migration`;
    expect(await pass('fix', { isPaused: async () => ({ pause }) })).toEqual({
      is: 'wait',
      seconds: 900,
      found: wrong.says,
      reason: { code: 'paused', says },
      reportsTo: 'everybody',
    });
    expect(await pass('undo', { isPaused: async () => ({ pause }) })).toEqual({ is: 'answer', outcome: 'refused', says });
  });
  test.each([
    ['first', true, { reportsTo: 'everybody', isNews: true }],
    ['another', false, { reportsTo: 'ledger', isNews: false }],
  ])('hold the %s fix over the rate limit', async (_name, isFirst, news) => {
    expect(await pass('fix', limited(false, isFirst))).toMatchObject({ is: 'wait', reason: { code: 'rate-limited' }, ...news });
  });
  test.each([
    [NOW, 601, 2992086],
    ['2026-11-21T09:09:59.999Z', 2, 2992086],
    ['2026-11-21T09:09:58.000Z', 3, 2992086],
    ['2026-11-21T09:10:00.000Z', 601, 2992087],
  ])('at %s hold it for %i seconds, to the next window', async (at, seconds, window) => {
    const windows: unknown[] = [];
    const reserveOne = async (wanted: unknown) => {
      windows.push(wanted);
      return { isGranted: false, isFirst: true, isFull: true };
    };
    expect(await pass('fix', { isPaused: async () => ({}), reserveOne, now: () => new Date(at) })).toMatchObject({ seconds });
    expect(windows).toMatchObject([{ window: `volume-encrypted#${window}`, limit: 25 }]);
  });
  test.each([
    ['2026-11-21T09:00:00.000Z', 481, true],
    ['2026-11-21T09:07:59.999Z', 2, true],
    ['2026-11-21T09:08:00.000Z', 121, false],
  ])('at %s hold whoever had their share for %i seconds, until the rest is for all', async (at, seconds, isShared) => {
    const wanted: Reservation[] = [];
    const reserveOne = async (one: Reservation) => {
      wanted.push(one);
      return { isGranted: false, isFirst: true, isFull: false };
    };
    const held = await pass('fix', { isPaused: async () => ({}), reserveOne, now: () => new Date(at) });
    const says = isShared
      ? 'dana has used its share of the rate limit of volume-encrypted: 25 fixes in 10 minutes for all. The rest wait until others had their chance.'
      : 'The rate limit of volume-encrypted is reached: 25 fixes in 10 minutes. The rest wait for the next window.';
    expect(held).toMatchObject({ is: 'wait', seconds, reason: { code: 'rate-limited', says } });
    expect(wanted.map(({ asker }) => asker !== undefined)).toEqual([isShared]);
  });
  test('hold whoever had their share until the next window where nothing is left', async () => {
    expect(await pass('fix', limited(false))).toMatchObject({ seconds: 601 });
  });
  test.each([
    [1, '1 fix in 10 minutes'],
    [2, '2 fixes in 10 minutes'],
  ])('say of a limit of %i: %s', async (fixes, says) => {
    const run = runOf();
    const few = { ...run, control: { ...run.control, limit: { fixes, minutes: 10 } } };
    expect(await pass('fix', limited(false), few)).toMatchObject({ reason: { says: expect.stringContaining(says) } });
  });
});
