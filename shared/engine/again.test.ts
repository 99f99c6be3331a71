import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import type { Plan } from '#shared/control/control.ts';
import type { CaseState, FixInProgress } from '#shared/ledger/ledger.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { createVolume } from '../../test/fixtures/events.ts';
import { frozen } from '../../test/support/frozen.ts';
import { context, controlWith, copy, orderJob, runOf, tagging } from '../../test/support/runs.ts';
import { finding, fix, HOUR_LATER, NOW, now, order } from '../../test/support/states.ts';
import { brokenAgain } from './again.ts';
import { decide } from './decide.ts';
import { digestOf } from './sender.ts';
import type { Job, Run } from './types.ts';

const digest = digestOf(tagging.changes.map(({ command }) => command));
const sent = [{ api: 'ec2:CreateTags', says: 'Tag it.' }];
/** AWS took the fix in the middle of a second. */
const taken: FixInProgress = { ...fix, announced: sent, sent, taken: [digest], takenAt: '2026-11-21T09:00:00.700Z' };
const breaking = controlWith({ plan: tagging, triggers: volumeEncrypted.triggers.map((one) => ({ ...one, breaks: true })) });

/** A message about a call of this time. */
function broken(eventTime: string, eventID = 'e-2', eventName = 'CreateVolume'): Job {
  const event = createVolume('vol-1', { eventID, eventTime, eventName });
  const message = { control: volumeEncrypted.id, event, waits: {} };
  return { delivery: { id: eventID, body: '', receiveCount: 1 }, message, occasion: { is: 'call', event, record: event.detail } };
}
const after = broken('2026-11-21T09:00:02Z');

interface Case {
  readonly jobs?: readonly Job[];
  readonly plan?: Plan;
  readonly fix?: FixInProgress;
  readonly run?: Partial<Omit<Run, 'state'>>;
}

function again({ jobs = [after], plan = tagging, fix: its = taken, run }: Case): CaseState | undefined {
  return brokenAgain(frozen(runOf({ control: breaking, jobs, state: { finding, fix: its }, ...run })), its, plan, now);
}

test.each<[string, Case]>([
  ['by a call after it', {}],
  // records have whole seconds
  ['by a call in the same second', { jobs: [broken(NOW)] }],
  ['by one of several calls', { jobs: [broken(NOW, 'e-1'), after] }],
])('a fix that AWS took has ended where it is broken again %s', (_name, some) => {
  expect(again(some)).toMatchObject({ finding: { ...finding, sent }, fixes: [NOW] });
  expect(again(some)).not.toHaveProperty('fix');
});

const { takenAt: _unknown, ...ofBefore } = taken;
const [tag] = tagging.changes;
const planOf = (change: Plan['changes'][number] | undefined): Plan => ({ changes: change ? [change] : [] });

test.each<[string, Case]>([
  ['a call of the second before', { jobs: [broken('2026-11-21T08:59:59Z')] }],
  ['a repeat of the call that opened its finding', { jobs: [broken(HOUR_LATER, 'e-1')] }],
  ['a call that breaks nothing', { run: { control: controlWith({ plan: tagging }) } }],
  ['a control that is off', { run: { control: breaking, mode: 'off' } }],
  ['a call of another name', { jobs: [broken(HOUR_LATER, 'e-2', 'DeleteVolume')] }],
  ['no call', { jobs: [{ ...after, occasion: { is: 'sweep', event: createVolume('vol-1', { eventTime: HOUR_LATER }) } }] }],
  ['a case of an earlier version', { fix: ofBefore }],
  ['a fix by order', { fix: { ...taken, order } }],
  ['an order beside it', { jobs: [after, orderJob('exempt', { until: '2027-01-01' })] }],
  ['an undo', { fix: { ...taken, kind: 'undo' } }],
  ['a fix of several rounds', { fix: { ...taken, taken: ['d-1', digest], sent: [...sent, ...sent] } }],
  ['a fix that sent more', { fix: { ...taken, sent: [...sent, ...sent] } }],
  ['a fix whose answer was lost', { fix: { ...taken, isAnswerLost: true } }],
  ['a fix of which not all is known', { fix: { ...taken, unsure: { since: NOW, at: NOW } } }],
  ['a step in the middle', { plan: { ...tagging, completes: true } }],
  ['what makes something', { plan: planOf(tag && { ...tag, made: () => [] }) }],
  ['what takes a token', { plan: copy }],
  ['what does its work each time', { plan: planOf({ command: new PutParameterCommand({ Name: 'a', Value: 'b' }), says: '' }) }],
])('waits for reads after %s', (_name, some) => {
  expect(again(some)).toBeUndefined();
});

test('of a setting there is one, so that a token for each fix makes no second', () => {
  const setting = { ...breaking, kind: { ...breaking.kind, is: 'setting' as const } };
  expect(again({ plan: copy, run: { control: setting } })).toMatchObject({ fixes: [NOW] });
});

test('another fix begins by the gates, and a third within an hour is a fight', () => {
  const decided = (fixes: readonly string[]) =>
    decide(frozen(runOf({ control: breaking, jobs: [after], state: { finding, fixes, fix: taken } })), context, undefined);
  expect(decided([])).toMatchObject({ decision: { is: 'begin', kind: 'fix', plan: tagging }, state: { fixes: [NOW] } });
  expect(decided([NOW, NOW])).toMatchObject({ decision: { is: 'wait', reason: { code: 'fight' } }, state: { fixes: [NOW, NOW, NOW] } });
  expect(decided([NOW, NOW]).state).not.toHaveProperty('fix');
});
