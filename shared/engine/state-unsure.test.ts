import { CopySnapshotCommand, CreateTagsCommand } from '@aws-sdk/client-ec2';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import type { Plan, Verdict } from '#shared/control/control.ts';
import { context, controlWith, copy, runOf } from '../../test/support/runs.ts';
import { finding, fix, fresh, HOUR_BEFORE, NOW, now, table } from '../../test/support/states.ts';
import { decide } from './decide.ts';
import { doubtEnded, lostFound, lostSince, unsureBy, unsureGate } from './state-unsure.ts';

const copySnapshot: Plan = {
  changes: [{ command: new CopySnapshotCommand({ SourceRegion: 'eu-west-1', SourceSnapshotId: 'snap-1' }), says: 'Copy it.' }],
};
const tagging: Plan = { changes: [{ command: new CreateTagsCommand({ Resources: ['snap-1'], Tags: [] }), says: 'Tag it.' }] };
const parameter: Plan = { changes: [{ command: new PutParameterCommand({ Name: 'a', Value: 'b' }), says: 'Write it.' }] };
const unsure = { since: HOUR_BEFORE, at: NOW };
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('an intent is unsure', () => {
  test('only of a call without a token whose effect may be hidden for a while', () => {
    expect(unsureBy(copy, fix, now)).toBeUndefined();
    expect(unsureBy(tagging, { ...fix, unsure }, now)).toBeUndefined();
    expect(unsureBy(parameter, fix, now)).toBeUndefined();
    expect(unsureBy({ changes: [] }, fix, now)).toBeUndefined();
    expect(unsureBy(copySnapshot, fix, now)).toEqual({ since: '2026-11-21T08:59:55.000Z', at: NOW });
  });
  test('since the first of those whose outcome is not known', () => {
    expect(unsureBy(copySnapshot, { ...fix, unsure: { since: HOUR_BEFORE, at: HOUR_BEFORE } }, now)).toEqual(unsure);
  });
});

table('a fix', [
  ['is sure again', { fix: { ...fix, unsure } }, (state) => doubtEnded(state), { fix }],
  [
    'is as unsure as before',
    { fix: { ...fix, unsure: { since: NOW, at: NOW } } },
    (state) => doubtEnded(state, unsure),
    { fix: { ...fix, unsure } },
  ],
  [
    'finds what it lost',
    { fix: { ...fix, unsure }, made: ['a'] },
    (state) => lostFound(state, 'b'),
    { fix: { ...fix, unsure }, made: ['a', 'b'] },
  ],
  ['found it before', { fix: { ...fix, unsure }, made: ['b'] }, (state) => lostFound(state, 'b'), { fix: { ...fix, unsure }, made: ['b'] }],
  [
    'finds the first that it made',
    { fix: { ...fix, isAnswerLost: true } },
    (state) => lostFound(state, 'b'),
    { fix: { ...fix, isAnswerLost: true }, made: ['b'] },
  ],
  ['lost nothing', { fix, made: ['a'] }, (state) => lostFound(state, 'b'), { fix, made: ['a'] }],
]);

test('an answer is lost since its intent, or since the fix began that AWS says it took before', () => {
  expect(lostSince(fresh)).toBeUndefined();
  expect(lostSince({ ...fresh, fix })).toBeUndefined();
  expect(lostSince({ ...fresh, fix: { ...fix, unsure } })).toBe(HOUR_BEFORE);
  expect(lostSince({ ...fresh, fix: { ...fix, isAnswerLost: true, unsure } })).toBe(NOW);
});

describe('what may have been taken', () => {
  test('is looked for a quarter of an hour before it is sent again', () => {
    const held = unsureGate({ ...fix, unsure }, copySnapshot, later(1));
    expect(held).toMatchObject({ is: 'wait', seconds: 899, found: 'It is not encrypted.', reportsTo: 'nobody' });
    expect(held).toMatchObject({ reason: { code: 'not-visible', says: expect.stringContaining('looks at 2026-11-21T09:15:00.000Z') } });
    expect(unsureGate({ ...fix, unsure }, copySnapshot, later(899.5))).toMatchObject({ seconds: 1 });
    expect(unsureGate({ ...fix, unsure }, copySnapshot, later(900))).toBeUndefined();
  });
  test('holds no other call', () => {
    expect(unsureGate({ ...fix, unsure }, tagging, later(1))).toBeUndefined();
    expect(unsureGate(fix, copySnapshot, later(1))).toBeUndefined();
  });
});

describe('a fix in progress that is unsure', () => {
  const inProgress = (plan: Plan, verdict?: Verdict) =>
    decide(
      runOf({
        control: controlWith({ plan, ...(verdict && { verdict }) }),
        state: { finding, fix: { ...fix, announced: [{ api: 'ec2:CopySnapshot', says: 'Copy it.' }], unsure } },
      }),
      context,
      undefined,
    );
  test('waits before the same call', () => {
    expect(inProgress(copySnapshot).decision).toMatchObject({ is: 'wait', seconds: 900 });
  });
  test('keeps in the ledger what it made after all', () => {
    const { decision, state } = inProgress(copySnapshot, { is: 'superseded', says: 'snap-2 replaces it.', by: 'snap-2' });
    expect(decision).toMatchObject({ is: 'close', status: 'superseded' });
    expect(state.made).toEqual(['snap-2']);
  });
});
