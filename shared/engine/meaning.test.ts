import { describe, expect, test } from 'vitest';
import { reasonCodes } from '#shared/finding/finding.ts';
import { controlWith, runOf, wrong } from '../../test/support/runs.ts';
import { finding } from '../../test/support/states.ts';
import { changedIn, meaningOf, riskOf } from './meaning.ts';
import type { Report } from './types.ts';

const open = (reason?: { code: (typeof reasonCodes)[number]; says: string }): Report => ({
  is: 'close',
  status: 'open',
  ...(reason && { reason }),
});
const reasonOf = (code: (typeof reasonCodes)[number], says = 'x') => meaningOf(runOf(), open({ code, says }), 'high').reason;

describe('what is at risk', () => {
  test('is what the verdict says, unless it says so itself', () => {
    expect(riskOf(wrong)).toBe(riskOf({ ...wrong, advice: ['other'] }));
    expect(riskOf(wrong)).not.toBe(riskOf({ ...wrong, says: 'other' }));
    expect(riskOf({ ...wrong, risk: 'r' })).toBe(riskOf({ ...wrong, says: 'other', risk: 'r' }));
    expect(riskOf({ is: 'skip', says: 'x' })).toBe(riskOf({ is: 'violation', says: 'x' }));
    expect(riskOf(wrong)).toMatch(/^[0-9a-f]{12}$/);
  });
  test('is nothing where nothing is wrong', () => {
    expect(riskOf({ is: 'compliant', says: 'x' })).toBeUndefined();
    expect(riskOf({ is: 'superseded', says: 'x', by: 'y' })).toBeUndefined();
  });
  test('comes from the case, and from none about calls, each of which is another', () => {
    const state = { finding: { ...finding, risk: 'r' } };
    expect(meaningOf(runOf({ state }), open(), 'high')).toEqual({ severity: 'high', reason: '', risk: 'r' });
    const control = controlWith();
    const ofCall = runOf({ state, control: { ...control, kind: { ...control.kind, is: 'call' } } });
    expect(meaningOf(ofCall, open(), 'low')).toEqual({ severity: 'low', reason: '' });
    expect(meaningOf(runOf(), open(), 'high')).not.toHaveProperty('risk');
  });
});

describe('a reason', () => {
  const passing = [
    'not-visible',
    'waiting',
    'settling',
    'in-progress',
    'paused',
    'rate-limited',
    'throttled',
    'unavailable',
    'exemption-ended',
    'mode',
    'plan-changed',
    'last-try',
  ];
  const telling = ['managed', 'claimed', 'left-unchanged', 'needs-approval'];
  test.each(reasonCodes)('%s', (code) => {
    if (passing.includes(code)) expect(reasonOf(code)).toBeUndefined();
    else if (telling.includes(code)) {
      expect(reasonOf(code)).toMatch(new RegExp(`^${code} [0-9a-f]{12}$`));
      expect(reasonOf(code)).not.toBe(reasonOf(code, 'y'));
    } else {
      expect(reasonOf(code)).toBe(code);
      expect(reasonOf(code, 'y')).toBe(code);
    }
  });
  test('of an answer is not known', () =>
    expect(meaningOf(runOf(), { is: 'answer', outcome: 'done', says: 'x' }, 'high')).toEqual({ severity: 'high' }));
});

describe('what changed', () => {
  const before = { severity: 'low', reason: '', risk: 'r' } as const;
  test('is each part that is known before and after, and differs', () => {
    expect(changedIn(before, before)).toEqual([]);
    expect(changedIn(before, { ...before, severity: 'high' })).toEqual(['severity']);
    expect(changedIn(before, { ...before, reason: 'managed x' })).toEqual(['reason']);
    expect(changedIn(before, { ...before, risk: 's' })).toEqual(['risk']);
    expect(changedIn(before, { severity: 'high', reason: 'stuck', risk: 's' })).toEqual(['severity', 'reason', 'risk']);
  });
  test('is nothing that was not known, or is not', () => {
    expect(changedIn(undefined, before)).toEqual([]);
    expect(changedIn({ severity: 'low' }, before)).toEqual([]);
    expect(changedIn(before, { severity: 'low' })).toEqual([]);
  });
});
