import { expectTypeOf, test } from 'vitest';
import type { Json } from '#shared/control/control.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { dana, erin, finding, first, HOUR_BEFORE, HOUR_LATER, NOW, now, table } from '../../test/support/states.ts';
import * as happened from './state.ts';

const exemption = { until: '2026-12-20', reason: 'scratch data', owner: 'dana', at: HOUR_BEFORE };
const both = (earlier: readonly string[], later: readonly string[]) => [...new Set([...earlier, ...later])];
const look = { id: 'l-1', at: HOUR_LATER };

table('a hint', [
  ['is kept', {}, (state) => happened.hinted(state, { via: 'AWS CLI' }), { hint: { via: 'AWS CLI' } }],
  ['of the first message stays', { hint: 'first' }, (state) => happened.hinted(state, 'second'), { hint: 'first' }],
  ['that a message does not bring changes nothing', { hint: 'first' }, (state) => happened.hinted(state, undefined), { hint: 'first' }],
  [
    'is joined with that of a later message, where the control does',
    { hint: ['first'] },
    (state) => happened.hinted(state, ['second'], both),
    { hint: ['first', 'second'] },
  ],
  ['alone has nothing to be joined with', {}, (state) => happened.hinted(state, ['first'], both), { hint: ['first'] }],
  ['that nobody brought is no member', {}, (state) => happened.hinted(state, undefined), {}],
]);

table('what a control keeps', [
  ['is the last', { kept: { bucket: 'one' } }, (state) => happened.keptNow(state, { bucket: 'other' }), { kept: { bucket: 'other' } }],
  ['stays where nothing new is kept', { kept: 'one' }, (state) => happened.keptNow(state, undefined), { kept: 'one' }],
  ['is no member where nothing ever was', {}, (state) => happened.keptNow(state, undefined), {}],
]);

const seen =
  (...times: string[]) =>
  (state: CaseState) =>
    happened.eventsSeen(
      state,
      times.map((time) => Date.parse(time)),
      now,
    );
table('the resource has been as it is', [
  ['since now, if no event tells', {}, seen(), { settledFrom: NOW }],
  ['since the newest event', {}, seen(HOUR_BEFORE, '2026-11-21T08:30:00Z', HOUR_BEFORE), { settledFrom: '2026-11-21T08:30:00.000Z' }],
  ['since what was known, if that is newer', { settledFrom: NOW }, seen(HOUR_BEFORE), { settledFrom: NOW }],
  ['since what was known, if no event tells', { settledFrom: HOUR_BEFORE }, seen(), { settledFrom: HOUR_BEFORE }],
  ['since an event of this very moment', { settledFrom: HOUR_BEFORE }, seen(NOW), { settledFrom: NOW }],
  ['not since an event of the future', { settledFrom: HOUR_BEFORE }, seen('2026-11-21T09:00:00.001Z'), { settledFrom: HOUR_BEFORE }],
  ['since now, if all events are of the future', {}, seen(HOUR_LATER), { settledFrom: NOW }],
]);

table('what hinders a fix', [
  ['is remembered', { settledFrom: HOUR_BEFORE }, happened.hindered, { settledFrom: HOUR_BEFORE, isHindered: true }],
  [
    'has the resource settle from its end',
    { settledFrom: HOUR_BEFORE, isHindered: true },
    (state) => happened.unhindered(state, now),
    { settledFrom: NOW },
  ],
  [
    'changes nothing where it was not there',
    { settledFrom: HOUR_BEFORE },
    (state) => happened.unhindered(state, now),
    { settledFrom: HOUR_BEFORE },
  ],
]);

const later = { ...exemption, until: '2026-12-24' };
const lapse = (at: string) => (state: CaseState) => happened.exemptionLapsed(state, new Date(at));
const until = '2026-12-20';
table('an exemption', [
  ['is ordered', {}, (state) => happened.exemptionOrdered(state, exemption), { exemption }],
  ['is put off', { exemption }, (state) => happened.exemptionOrdered(state, later), { exemption: later }],
  ['is lifted', { exemption, waiver: { until } }, happened.exemptionLifted, { waiver: { until } }],
  ['is met, with a reminder', {}, (state) => happened.exemptionMet(state, until, NOW), { waiver: { until, remindAt: NOW } }],
  ['is met, without one', {}, (state) => happened.exemptionMet(state, until, undefined), { waiver: { until } }],
  [
    'is met again',
    { waiver: { until, remindAt: NOW } },
    (state) => happened.exemptionMet(state, until, undefined),
    { waiver: { until, remindAt: NOW } },
  ],
  [
    'is met with another end',
    { waiver: { until, remindAt: NOW } },
    (state) => happened.exemptionMet(state, '2027-01-01', undefined),
    { waiver: { until: '2027-01-01' } },
  ],
  [
    'of which people were reminded',
    { waiver: { until, remindAt: NOW } },
    (state) => happened.reminded(state, until),
    { waiver: { until } },
  ],
  ['holds to the end of its day', { exemption }, lapse('2026-12-20T23:59:59.999Z'), { exemption }],
  ['ends with its day, which is still said', { exemption, waiver: { until } }, lapse('2026-12-21T00:00:00Z'), { waiver: { until } }],
  ['that was lifted is forgotten', { waiver: { until } }, lapse('2026-12-20T23:59:59.999Z'), {}],
  ['that there never was', {}, lapse(NOW), {}],
]);

const count =
  (...events: (readonly [string, typeof dana])[]) =>
  (state: CaseState) =>
    happened.counted(
      state,
      events.map(([id, actor]) => ({ id, actor })),
    );
const hundred = Array.from({ length: 100 }, (_, n) => `e-${n}`);
table('a finding', [
  ['is opened', {}, (state) => happened.opened(state, first), { finding: { ...first, events: [], count: 0 } }],
  ['that is open stays', { finding }, (state) => happened.opened(state, { ...first, id: 'f-2' }), { finding }],
  [
    'counts one without any event',
    { finding: { ...first, events: [], count: 0 } },
    count(),
    { finding: { ...first, events: [], count: 1 } },
  ],
  ['counts its first event', { finding: { ...first, events: [], count: 0 } }, count(['e-1', dana]), { finding }],
  [
    'counts another, and has its actor',
    { finding },
    count(['e-2', erin]),
    { finding: { ...finding, events: ['e-1', 'e-2'], count: 2, actor: erin } },
  ],
  [
    'counts one that comes twice at once once',
    { finding },
    count(['e-2', dana], ['e-2', dana]),
    { finding: { ...finding, events: ['e-1', 'e-2'], count: 2 } },
  ],
  ['counts no repeat, nor has its actor', { finding }, count(['e-1', erin]), { finding }],
  [
    'has the actor of the newest of several',
    { finding },
    count(['e-2', erin], ['e-3', dana]),
    { finding: { ...finding, events: ['e-1', 'e-2', 'e-3'], count: 3 } },
  ],
  [
    'remembers its last hundred events, and the count of all',
    { finding: { ...finding, events: hundred, count: 250 } },
    count(['e-new', dana]),
    { finding: { ...finding, events: [...hundred.slice(1), 'e-new'], count: 251 } },
  ],
  ['has an owner', { finding }, (state) => happened.ownerSeen(state, 'data team'), { finding: { ...finding, owner: 'data team' } }],
  [
    'keeps its owner',
    { finding: { ...finding, owner: 'data team' } },
    (state) => happened.ownerSeen(state, undefined),
    { finding: { ...finding, owner: 'data team' } },
  ],
  ['says what is wrong', { finding }, (state) => happened.foundWrong(state, 'wrong'), { finding: { ...finding, found: 'wrong' } }],
  [
    'goes on to say it',
    { finding: { ...finding, found: 'wrong' } },
    (state) => happened.foundWrong(state, undefined, undefined),
    { finding: { ...finding, found: 'wrong' } },
  ],
  [
    'is reported',
    { finding },
    (state) => happened.reported(state, 'open'),
    { finding: { ...finding, announced: { status: 'open', number: 1 } } },
  ],
  [
    'says what is at risk',
    { finding: { ...finding, found: 'wrong' } },
    (state) => happened.foundWrong(state, undefined, 'r'),
    { finding: { ...finding, found: 'wrong', risk: 'r' } },
  ],
  [
    'says how much it matters',
    { finding: { ...finding, found: 'wrong' } },
    (state) => happened.foundWrong(state, undefined, undefined, 'medium'),
    { finding: { ...finding, found: 'wrong', severity: 'medium' } },
  ],
  [
    'keeps what is at risk where that is not known',
    { finding: { ...finding, risk: 'r' } },
    (state) => happened.foundWrong(state, 'wrong'),
    { finding: { ...finding, found: 'wrong', risk: 'r' } },
  ],
  [
    'is reported again with the same status, and means what it did',
    { finding: { ...finding, announced: { status: 'open', number: 1, meaning: { risk: 'r' } } } },
    (state) => happened.reported(state, 'open'),
    { finding: { ...finding, announced: { status: 'open', number: 2, meaning: { risk: 'r' } } } },
  ],
  [
    'is reported with another status, of which it is not known yet what it means',
    { finding: { ...finding, announced: { status: 'open', number: 1, meaning: { risk: 'r' } } } },
    (state) => happened.reported(state, 'failed'),
    { finding: { ...finding, announced: { status: 'failed', number: 2 } } },
  ],
  [
    'means this now, and as before what is not known',
    { finding: { ...finding, announced: { status: 'open', number: 1, meaning: { risk: 'r', reason: 'x' } } } },
    (state) => happened.meantNow(state, { severity: 'low', reason: 'y' }),
    { finding: { ...finding, announced: { status: 'open', number: 1, meaning: { severity: 'low', risk: 'r', reason: 'y' } } } },
  ],
  ['means nothing that was announced, before it was', { finding }, (state) => happened.meantNow(state, { severity: 'low' }), { finding }],
  ['of none means nothing', {}, (state) => happened.meantNow(state, { severity: 'low' }), {}],
  [
    'is reported again',
    { finding: { ...finding, announced: { status: 'open', number: 1 } } },
    (state) => happened.reported(state, 'exempt'),
    { finding: { ...finding, announced: { status: 'exempt', number: 2 } } },
  ],
  ['has an order that was answered', { answered: 'o-0' }, (state) => happened.answered(state, 'o-1'), { answered: 'o-1' }],
]);

table('a copy that looks again', [
  ['is planned', {}, (state) => happened.lookPlanned(state, look), { look }],
  ['is there no more', { look, answered: 'o-1' }, happened.lookDone, { answered: 'o-1' }],
]);

const doneAt = (at: string, ...ids: string[]) => ids.map((id) => ({ id, at }));
const many = Array.from({ length: 250 }, (_, n) => `e-${n}`);
table('events and orders', [
  ['are done', {}, (state) => happened.done(state, ['e-1', 'o-1', 'e-1'], now), { done: doneAt(NOW, 'e-1', 'o-1') }],
  [
    'that are done again are the newest',
    { done: doneAt(HOUR_BEFORE, 'e-1', 'e-2') },
    (state) => happened.done(state, ['e-1'], now),
    { done: [...doneAt(HOUR_BEFORE, 'e-2'), ...doneAt(NOW, 'e-1')] },
  ],
  [
    'are forgotten after 15 days',
    { done: [...doneAt('2026-11-06T09:00:00.000Z', 'e-1'), ...doneAt('2026-11-06T09:00:00.001Z', 'e-2')] },
    (state) => happened.done(state, ['e-3'], now),
    { done: [...doneAt('2026-11-06T09:00:00.001Z', 'e-2'), ...doneAt(NOW, 'e-3')] },
  ],
  [
    'are no more than 250, the newest of them',
    { done: doneAt(HOUR_BEFORE, ...many) },
    (state) => happened.done(state, ['e-250'], now),
    { done: [...doneAt(HOUR_BEFORE, ...many.slice(1)), ...doneAt(NOW, 'e-250')] },
  ],
]);

// JSON is read-only by its own type, and has no end
type Frozen<T> = Json extends T ? T : { readonly [K in keyof T]: Frozen<T[K]> };

test('the compiler lets nobody change a state', () => {
  expectTypeOf<CaseState>().toEqualTypeOf<Frozen<CaseState>>();
});
