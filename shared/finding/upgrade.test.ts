import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { oldFindings } from '../../test/support/first-version.ts';
import { findingSchema, isGone, isUndoable } from './finding.ts';
import { anyFindingSchema, eventOf, type FindingV1, upgraded } from './upgrade.ts';

const old = (name: string, changes: Partial<FindingV1> = {}): FindingV1 => {
  const one = oldFindings[name];
  if (!one) throw new Error(`there is no finding ${name}`);
  return { ...one, ...changes };
};

describe('a finding of version 1', () => {
  test.each(Object.keys(oldFindings))('%s is one of version 2, with its sentence as it was', (name) => {
    const now = upgraded(old(name));
    expect(v.parse(findingSchema, now)).toEqual(now);
    expect(v.parse(anyFindingSchema, old(name))).toEqual(now);
    expect(now.says).toBe(old(name).says);
    expect(now.announcement).toBe(old(name).announcement);
  });

  test('says what was found and what holds now', () => {
    const fixed = upgraded(old('fixed'));
    expect(fixed).toMatchObject({
      found: 'EBS encryption by default is off.',
      now: 'EBS encryption by default is on, with alias/aws/ebs.',
      event: { is: 'call', name: 'CreateVolume' },
    });
    expect(isUndoable(fixed)).toBe(true);
    expect(upgraded(old('waiting-for-approval'))).toMatchObject({ found: old('waiting-for-approval').says, now: null });
  });

  test('whose resource is gone is still gone', () => {
    expect(isGone(upgraded(old('gone')))).toBe(true);
    expect(isGone(upgraded(old('left-to-terraform')))).toBe(false);
  });

  test('names the tool of its advice', () => {
    const [first] = upgraded(old('left-to-terraform')).advice;
    expect(first).toEqual({ tool: 'Terraform', says: expect.stringMatching(/^take a snapshot/) });
    expect(upgraded(old('fixed', { advice: ['Look again: it may differ.'] })).advice).toEqual([{ says: 'Look again: it may differ.' }]);
  });

  test.each([
    ['undone', 'undone', 'undo', true, { outcome: 'done' }],
    ['fixed', 'fixed', 'fix', true, { outcome: 'done' }],
    ['fixed', 'open', 'fix', true, { outcome: 'waiting' }],
    ['fixed', 'failed', 'fix', true, { outcome: 'failed' }],
    ['fixed', 'fixed', 'undo', false, { outcome: 'refused', says: 'It is not undone.' }],
  ] as const)('%s, now %s, after an order to %s has its outcome', (name, status, kind, isTold, expected) => {
    const says = isTold ? old(name).says : 'It is not undone.';
    const order = { kind, id: 'o-1', by: 'dana', sender: null, says };
    expect(upgraded(old(name, { status, order })).order).toEqual({ kind, id: 'o-1', by: 'dana', sender: null, ...expected });
  });

  test.each([
    ['RunInstances', 'call'],
    ['Scheduled Event', 'sweep'],
    ['CloudFormation Stack Status Change', 'sweep'],
    ['redress fix', 'order'],
  ])('about %s is about a %s', (name, is) => {
    expect(eventOf({ id: 'e', name, time: '2026-11-21T09:00:00Z' })).toEqual({ is, id: 'e', name, time: '2026-11-21T09:00:00Z' });
  });
});

test('a finding of version 2 stays as it is, and one of neither is refused', () => {
  const now = upgraded(old('fixed'));
  expect(upgraded(now)).toBe(now);
  expect(v.parse(anyFindingSchema, now)).toEqual(now);
  expect(v.is(anyFindingSchema, { ...now, schemaVersion: '3' })).toBe(false);
});
