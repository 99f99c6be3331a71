import { describe, expect, test } from 'vitest';
import type { Made } from '#shared/control/control.ts';
import { type CaseState, isBare } from '#shared/ledger/ledger.ts';
import { change, finding, fix, fresh, HOUR_BEFORE, NOW, now, order, type Row, table, undo } from '../../test/support/states.ts';
import * as happened from './state.ts';

const until = '2026-12-20';
const exemption = { until, reason: 'scratch data', owner: 'dana', at: HOUR_BEFORE };

const begun = { finding: 'f-1', kind: 'fix', wrong: fix.wrong, before: fix.before, announced: fix.announced } as const;
table('a fix', [
  ['begins', { finding }, (state) => happened.fixBegun(state, begun, now), { finding, fix, made: [] }],
  [
    'begins where something was made before',
    { made: ['vol-2'] },
    (state) => happened.fixBegun(state, begun, now),
    { fix, made: ['vol-2'] },
  ],
  [
    'begins where one ended before what is made was recorded',
    { fixes: [NOW] },
    (state) => happened.fixBegun(state, begun, now),
    { fix, fixes: [NOW] },
  ],
  [
    'begins by an order',
    {},
    (state) => happened.fixBegun(state, { ...begun, kind: 'undo', order, sender: 'AIDAEXAMPLE' }, now),
    { fix: { ...undo, id: `f-1-undo-${NOW}`, order, sender: 'AIDAEXAMPLE' }, made: [] },
  ],
  ['does not begin', { finding, fix }, happened.fixNotBegun, { finding }],
  ['is about to send', { fix }, (state) => happened.intentWritten(state, 'd-1'), { fix: { ...fix, last: { digest: 'd-1' } } }],
  [
    'is about to send after a refusal',
    { fix: { ...fix, last: { digest: 'd-1', outcome: 'refused' } } },
    (state) => happened.intentWritten(state, 'd-2'),
    { fix: { ...fix, last: { digest: 'd-2' } } },
  ],
  [
    'has sent a command',
    { fix: { ...fix, sent: [change] } },
    (state) => happened.commandSent(state, { ...change, api: 'ec2:CreateTags' }),
    { fix: { ...fix, sent: [change, { ...change, api: 'ec2:CreateTags' }] } },
  ],
  [
    'has made something',
    { fix, made: ['vol-2'] },
    (state) => happened.commandSent(state, change, ['vol-2', 'vol-3']),
    { fix: { ...fix, sent: [change] }, made: ['vol-2', 'vol-3'] },
  ],
  [
    'has made something, of which the answer shows nothing',
    { fix },
    (state) => happened.commandSent(state, change, []),
    { fix: { ...fix, sent: [change] }, made: [] },
  ],
  [
    'has made more than a case remembers',
    { fix, made: Array.from({ length: 20 }, (_, n) => `vol-${n}`) },
    (state) => happened.commandSent(state, change, ['vol-20']),
    { fix: { ...fix, sent: [change] }, made: Array.from({ length: 20 }, (_, n) => `vol-${n + 1}`) },
  ],
  ['is delayed', { fix: { ...fix, refusals: 3 } }, happened.commandDelayed, { fix: { ...fix, refusals: 4 } }],
  [
    'is refused',
    { fix: { ...fix, last: { digest: 'd-1' } } },
    happened.commandRefused,
    { fix: { ...fix, last: { digest: 'd-1', outcome: 'refused' } } },
  ],
  ['that sent nothing is not refused', { fix }, happened.commandRefused, { fix }],
  [
    'has a round that AWS took',
    { fix: { ...fix, taken: ['d-1'], lag: 2, refusals: 3 } },
    (state) => happened.roundTaken(state, 'd-2', now),
    { fix: { ...fix, taken: ['d-1', 'd-2'], takenAt: NOW } },
  ],
  ['is not visible yet', { fix: { ...fix, lag: 2 } }, happened.lagged, { fix: { ...fix, lag: 3 } }],
]);

describe('what Redress made for a resource', () => {
  test.each<[string, Partial<CaseState>, Made]>([
    ['is nothing in a new case', {}, []],
    ['is what was recorded', { made: ['vol-2'], fixes: [NOW] }, ['vol-2']],
    ['is not known where a fix ended before it was recorded', { fixes: [NOW] }, 'unrecorded'],
    ['is not known where a fix began before it was recorded', { fix }, 'unrecorded'],
  ])('%s', (_name, state, made) => {
    expect(happened.madeFor({ ...fresh, ...state })).toEqual(made);
  });
});

table('what Redress made', [
  ['stays where nothing outdates it', { made: ['vol-2'] }, (state) => happened.outdated(state, undefined), { made: ['vol-2'] }],
  ['is forgotten where it is outdated', { made: ['vol-2', 'vol-3'] }, (state) => happened.outdated(state, ['vol-2']), { made: ['vol-3'] }],
  ['is known to be nothing from then on', { fixes: [NOW] }, (state) => happened.outdated(state, ['vol-2']), { fixes: [NOW], made: [] }],
]);

const close =
  (status: Parameters<typeof happened.closed>[1]['status'], keepsFix = false) =>
  (state: CaseState) =>
    happened.closed(state, { status, keepsFix }, now);
const unfinished = { ...fix, sent: [change], last: { digest: 'd-1' }, lag: 2, refusals: 3, taken: ['d-0'] } as const;
const ten = Array.from({ length: 10 }, (_, n) => `2026-11-21T08:00:0${n}.000Z`);
table('the end of a case', [
  ...(['fixed', 'superseded', 'closed'] as const).map(
    (status): Row => [
      `that is ${status} by a fix leaves its time, and an exemption`,
      { finding, fix, exemption, waiver: { until }, fixes: [HOUR_BEFORE] },
      close(status),
      { exemption, fixes: [HOUR_BEFORE, NOW] },
    ],
  ),
  ['that is fixed for the eleventh time leaves the last ten times', { fix, fixes: ten }, close('fixed'), { fixes: [...ten.slice(1), NOW] }],
  ['that is fixed elsewhere leaves no time', { finding, fixes: [HOUR_BEFORE] }, close('fixed'), { fixes: [HOUR_BEFORE] }],
  ['that is undone leaves no time, and its exemption', { fix: undo, exemption }, close('undone'), { exemption }],
  [
    'that is not final keeps its finding, and the exemption that was met',
    { finding, waiver: { until }, exemption },
    close('exempt'),
    { finding, waiver: { until }, exemption },
  ],
  [
    'that leaves a fix unfinished sends its step again',
    { finding, fix: unfinished },
    close('failed', true),
    { finding, fix: { ...fix, sent: [change], lag: 2 } },
  ],
  ['that gives a fix up keeps an exemption', { finding, fix: unfinished, exemption }, close('failed'), { finding, exemption }],
  ['that gives an undo up lifts its exemption', { fix: undo, exemption }, close('failed'), {}],
  ['of an undo that leaves it unfinished keeps its exemption', { fix: undo, exemption }, close('failed', true), { fix: undo, exemption }],
  ['of an undo that a person goes on with keeps its exemption', { fix: undo, exemption }, close('open'), { exemption }],
  ['without a fix has none to keep', { finding }, close('failed', true), { finding }],
]);

test.each<[string, (state: CaseState) => unknown, string]>([
  ['a fix', (state) => happened.lagged(state), 'no fix by volume-encrypted is in progress on vol-1'],
  ['a fix to read', happened.fixOf, 'no fix by volume-encrypted is in progress on vol-1'],
  ['a finding', (state) => happened.reported(state, 'open'), 'no finding by volume-encrypted is open about vol-1'],
  ['a finding to read', happened.findingOf, 'no finding by volume-encrypted is open about vol-1'],
])('what needs %s throws where there is none', (_name, happens, message) => {
  expect(() => happens(fresh)).toThrow(message);
});

test.each<[Partial<CaseState>, boolean]>([
  [{}, true],
  [{ made: [] }, true],
  [{ made: ['vol-2'] }, false],
])('a case that holds %j is bare: %s', (state, isNothing) => {
  expect(isBare({ ...fresh, ...state })).toBe(isNothing);
});
