import { describe, expect, test } from 'vitest';
import type { Plan } from '#shared/control/control.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { frozen } from '../../test/support/frozen.ts';
import { context, controlWith, copy, orderJob, runOf, tagging, undoing, wrong } from '../../test/support/runs.ts';
import { finding, fix, HOUR_BEFORE, NOW, now, undo } from '../../test/support/states.ts';
import { decide } from './decide.ts';
import { digestOf } from './sender.ts';

type Some = Parameters<typeof runOf>[0];

/** What is decided about a run in which nothing can be changed. */
const decided = (some: Some, at = now) => decide(frozen(runOf(some)), { ...context, now: at }, undefined);
const digest = digestOf(copy.changes.map(({ command }) => command));
const inProgress = {
  ...fix,
  announced: [{ api: 'ec2:CopyVolumes', says: 'Copy it.' }],
  sent: [{ api: 'ec2:CopyVolumes', says: 'Copy it.' }],
};
const compliant = controlWith({ verdict: { is: 'compliant', says: 'It is encrypted.' } });
const skipping = controlWith({ verdict: { is: 'skip', says: 'It is a copy.', advice: ['Look at it.'] } });
const superseded = controlWith({ verdict: { is: 'superseded', says: 'A copy took its place.', by: 'vol-2' } });
const planning = (plan: Plan) => controlWith({ plan });
const looking = (afterSeconds = 5): Plan => ({ changes: [], again: { afterSeconds, why: 'it is being made' } });
const since = (state: Partial<CaseState>): Some => ({ state: { settledFrom: HOUR_BEFORE, ...state } });

describe('what is decided', () => {
  test.each<[string, Some, object]>([
    ['of a violation', since({}), { is: 'begin', kind: 'fix', plan: copy, found: wrong.says }],
    ['of what is right', { control: compliant }, { is: 'drop' }],
    [
      'of what was set right',
      { control: compliant, state: { finding } },
      { is: 'close', status: 'fixed', reason: { code: 'fixed-elsewhere' } },
    ],
    ['of what was superseded', { control: superseded, state: { finding } }, { is: 'close', status: 'superseded' }],
    ['of an order for what is right', { control: compliant, jobs: [orderJob('fix')] }, { is: 'answer', outcome: 'nothing-to-do' }],
    ['of what is none of ours', { control: skipping }, { is: 'close', status: 'skipped', advice: [{ says: 'Look at it.' }] }],
    [
      'of what is deleted',
      { live: { tags: [], leave: 'It is being deleted.' } },
      { is: 'close', status: 'skipped', reason: { code: 'left-unchanged' } },
    ],
    [
      'of what is managed',
      { live: { tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'web' }] } },
      { is: 'close', status: 'skipped', reason: { code: 'managed' } },
    ],
    [
      'of what is managed, and somebody has to act',
      { live: { tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'web' }] }, control: controlWith({ reportsManaged: true }) },
      { is: 'close', status: 'open', plan: { changes: [] }, reason: { code: 'managed' } },
    ],
    [
      'of what nobody knows who made',
      { target: { type: 'AWS::EC2::Volume', id: 'vol-1' } },
      { is: 'close', status: 'awaiting-approval', reason: { code: 'needs-approval' } },
    ],
    [
      'of what nobody knows who made, and code could miss nothing',
      { target: { type: 'AWS::EC2::Volume', id: 'vol-1' }, control: planning({ ...copy, isAdditive: true }) },
      { is: 'begin' },
    ],
    [
      'of an order to exempt during a fix',
      { jobs: [orderJob('exempt', { until: '2027-01-01', reason: 'x' })], state: { fix } },
      { is: 'answer', outcome: 'refused' },
    ],
    ['of an event during a fix', { state: { fix: inProgress } }, { is: 'send', plan: copy }],
    [
      'of a fix that is done',
      { control: compliant, state: { fix: inProgress } },
      { is: 'close', status: 'fixed', found: fix.wrong, now: 'It is encrypted.' },
    ],
    ['of a fix that put another in its place', { control: superseded, state: { fix: inProgress } }, { is: 'close', status: 'superseded' }],
    [
      'of a fix that needs what was not announced',
      { control: planning(tagging), state: { fix: inProgress } },
      { status: 'failed', reason: { code: 'not-announced' }, leaves: 'failed', keepsFix: true },
    ],
    [
      'of a fix that has nothing to send',
      { control: planning({ changes: [] }), state: { fix: inProgress } },
      { status: 'failed', reason: { code: 'stuck' } },
    ],
    [
      'of a fix that leaves the rest',
      { control: planning({ changes: [], leavesRest: true }), state: { fix: inProgress } },
      { is: 'close', status: 'open' },
    ],
    [
      'of a fix that has to wait',
      { control: planning(looking(15)), state: { fix: inProgress } },
      { is: 'wait', seconds: 15, reportsTo: 'nobody' },
    ],
    [
      'of a fix whose step was refused after others',
      { state: { fix: { ...inProgress, last: { digest, outcome: 'refused' } } }, refusal: 'InvalidVolume: no' },
      { status: 'failed', reason: { code: 'refused', says: 'AWS refused the fix: InvalidVolume: no' }, leaves: 'failed', keepsFix: true },
    ],
    [
      'of a fix whose first step was refused',
      { state: { fix: { ...inProgress, sent: [], last: { digest, outcome: 'refused' } } } },
      { status: 'failed', keepsFix: false },
    ],
    [
      'of a fix whose other step was refused',
      { state: { fix: { ...inProgress, last: { digest: 'another', outcome: 'refused' } } } },
      { is: 'send' },
    ],
    ['of a fix whose step was tried, and not refused', { state: { fix: { ...inProgress, last: { digest } } } }, { is: 'send' }],
    ['of an undo that is done', { ...undoing(), state: { fix: undo }, facts: { encrypted: false } }, { is: 'close', status: 'undone' }],
    [
      'of an undo that is half done',
      { ...undoing(), state: { fix: { ...undo, announced: inProgress.announced } }, facts: { encrypted: 'half' } },
      { is: 'send' },
    ],
  ])('%s', (_name, some, decision) => {
    expect(decided(some).decision).toMatchObject(decision);
  });
});

describe('the state after a decision', () => {
  test.each<[string, Some, Partial<CaseState>]>([
    ['to wait for something is hindered', { control: planning(looking()), ...since({}) }, { settledFrom: HOUR_BEFORE, isHindered: true }],
    [
      'to leave it to a person is hindered',
      { control: planning({ changes: [] }), ...since({}) },
      { settledFrom: HOUR_BEFORE, isHindered: true },
    ],
    ['about what was hindered settles from now', since({ isHindered: true }), { settledFrom: NOW }],
    ['about what is of no more use forgets a lifted exemption', since({ waiver: { until: '2026-12-20' } }), { settledFrom: HOUR_BEFORE }],
    [
      'about a fix that is done forgets an exemption that is over',
      { control: compliant, state: { fix, exemption: { until: '2026-11-20', reason: 'x', owner: 'dana', at: HOUR_BEFORE } } },
      { fix },
    ],
    [
      'about what is gone is as before',
      { facts: undefined, ...since({ isHindered: true }) },
      { settledFrom: HOUR_BEFORE, isHindered: true },
    ],
  ])('%s', (_name, some, state) => {
    const { control, resource, fixes } = runOf().state;
    expect(decided(some).state).toStrictEqual({ control, resource, fixes, ...state });
  });
});

test.each([
  [0, { is: 'wait', seconds: 5, reportsTo: 'nobody' }],
  [5, { is: 'wait', seconds: 160, reportsTo: 'nobody' }],
  [6, { is: 'close', status: 'skipped', reason: { code: 'gone' } }],
])('what was missing %i times', (times, decision) => {
  expect(decided({ facts: undefined, waits: { unseen: { times, since: HOUR_BEFORE } } }).decision).toMatchObject(decision);
});

test.each(['unanswered', 'unfound', 'unready'])('what was %s for long is not gone for that', (cause) => {
  const waits = { [cause]: { times: 40, since: HOUR_BEFORE } };
  expect(decided({ facts: undefined, waits }).decision).toMatchObject({ is: 'wait', cause: 'unseen', seconds: 5 });
});

test('what is gone while a fix is in progress goes to the dead-letter queue', () => {
  const gone = { is: 'close', status: 'failed', leaves: 'failed', keepsFix: true, found: fix.wrong, reason: { code: 'gone' } };
  const missing = (times: number) =>
    decided({ facts: undefined, waits: { unseen: { times, since: HOUR_BEFORE } }, state: { fix } }).decision;
  expect(missing(6)).toMatchObject(gone);
  expect(missing(5)).toMatchObject({ is: 'wait' });
});

test.each([
  [0, { is: 'wait', seconds: 15, reportsTo: 'nobody' }],
  [5, { is: 'wait', seconds: 480, reportsTo: 'nobody' }],
  [6, { is: 'wait', seconds: 900, reportsTo: 'everybody' }],
  [13, { is: 'wait', seconds: 900, reportsTo: 'everybody' }],
  [14, { is: 'close', status: 'open', reason: { code: 'waiting' } }],
])('what must come first was waited for %i times', (times, decision) => {
  const waits = { unready: { times, since: NOW } };
  expect(decided({ control: planning(looking(15)), waits }).decision).toMatchObject(decision);
});

test.each(['unanswered', 'unfound', 'unseen'])('what was %s for long is still waited for to become ready', (cause) => {
  const waits = { [cause]: { times: 40, since: HOUR_BEFORE } };
  expect(decided({ control: planning(looking(15)), waits }).decision).toMatchObject({ is: 'wait', cause: 'unready', seconds: 15 });
});

test.each([
  [
    0,
    {
      is: 'wait',
      seconds: 5,
      reportsTo: 'nobody',
      reason: { code: 'not-visible', says: expect.stringContaining('it is not visible yet.') },
    },
    1,
  ],
  [7, { is: 'wait', seconds: 640, reportsTo: 'nobody' }, 8],
  [
    8,
    {
      is: 'close',
      status: 'failed',
      reason: { code: 'not-visible', says: expect.stringContaining('reads still show the old state.') },
      leaves: 'rerunnable',
    },
    8,
  ],
])('a round that AWS took, and that lagged %i times', (lag, decision, after) => {
  const found = decided({ state: { fix: { ...inProgress, taken: ['another', digest], lag } } });
  expect([found.decision, found.state.fix?.lag]).toMatchObject([decision, after]);
});

test.each([0, 8])('a look for another event, before the planned one, does not count as lag after %i', (lag) => {
  const look = { id: 'l-1', at: '2026-11-21T09:00:00.001Z' };
  const found = decided({ state: { look, fix: { ...inProgress, taken: [digest], lag } } });
  expect([found.decision, found.state.fix?.lag]).toMatchObject([{ is: 'wait' }, lag]);
});

test('a look for an order counts, though another is planned', () => {
  const look = { id: 'l-1', at: '2026-11-21T09:00:00.001Z' };
  const state = { look, fix: { ...inProgress, taken: [digest], lag: 7 } };
  expect(decided({ jobs: [orderJob('fix')], state }).state.fix?.lag).toBe(8);
});

test.each([
  ['2026-11-22T08:00:00.000Z', { is: 'close', status: 'closed', reason: { code: 'day-over' } }],
  ['2026-11-22T07:59:59.999Z', { is: 'wait', seconds: 1, reportsTo: 'everybody' }],
  [NOW, { is: 'wait', seconds: 23 * 3600 }],
])('a finding about calls of an hour before nine stands at %s', (at, decision) => {
  const control = controlWith({ kind: { ...runOf().control.kind, is: 'call' } });
  expect(decided({ control, state: { finding } }, new Date(at)).decision).toMatchObject(decision);
});

describe('a claim that code manages it', () => {
  const claimed = { live: { tags: [{ Key: 'ManagedBy', Value: 'terraform' }] } };
  const asks = 'It claims to be managed by Terraform, so a person decides.';
  test.each<[string, Some, object]>([
    ['turns mode fix into asking', {}, { status: 'awaiting-approval', reason: { code: 'claimed', says: asks } }],
    [
      'is all that the ledger of an earlier version holds',
      { live: { tags: [] }, state: { hint: { via: 'CloudFormation' }, settledFrom: HOUR_BEFORE } },
      { status: 'awaiting-approval', reason: { code: 'claimed', says: 'It claims to be managed by CloudFormation, so a person decides.' } },
    ],
    ['is the reason in mode approve', { mode: 'approve' }, { status: 'awaiting-approval', reason: { code: 'claimed', says: asks } }],
    ['is the reason in mode observe', { mode: 'observe' }, { status: 'would-fix', reason: { code: 'claimed', says: asks } }],
    [
      'stands beside what the plan asks',
      { control: planning({ ...copy, needsApproval: 'It costs.' }) },
      { status: 'awaiting-approval', reason: { code: 'claimed', says: `It costs. ${asks}` } },
    ],
    [
      'is the reason where nothing can be sent',
      { control: planning({ changes: [] }) },
      { status: 'open', reason: { code: 'claimed', says: asks } },
    ],
    [
      'stands behind why a person is refused',
      { mode: 'observe', jobs: [orderJob('fix')] },
      { status: 'would-fix', reason: { code: 'mode' } },
    ],
  ])('%s', (_name, some, decision) => {
    expect(decided({ ...claimed, ...since({}), ...some }).decision).toMatchObject(decision);
  });

  test('is no reason any more once a person orders the fix', () => {
    expect(decided({ ...claimed, ...since({}), jobs: [orderJob('fix')] }).decision).toMatchObject({ is: 'begin' });
  });
});
