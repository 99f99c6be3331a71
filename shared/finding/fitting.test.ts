import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { bytesOf } from '#shared/aws/batches.ts';
import { aFinding } from '../../test/support/alerts/findings.ts';
import { type Finding, findingSchema } from './finding.ts';
import { ANNOUNCED_BYTES, fittingFinding, fittingRow, STORED_BYTES } from './fitting.ts';

const sizeOf = (value: object) => bytesOf(JSON.stringify(value));
const many = (count: number, says: string) => Array.from({ length: count }, (_, n) => ({ api: `ec2:Call${n}`, says }));

describe('a finding', () => {
  test('that is small enough stays as it is', () => {
    const finding = aFinding();
    expect(fittingFinding(finding)).toBe(finding);
    expect(fittingFinding(finding, sizeOf(finding))).toBe(finding);
    expect(fittingFinding(finding, sizeOf(finding) - 1)).not.toBe(finding);
  });

  test('that is too large has its texts cut where one sees it, and no name', () => {
    const id = `vol-${'x'.repeat(2000)}`;
    const resource = { type: 'AWS::EC2::Volume', id, arn: `arn:aws:ec2:::${id}` };
    const finding = fittingFinding(aFinding({ found: 'é'.repeat(100_000), resource, announcement: `a-${'x'.repeat(500)}` }));
    expect(finding.found).toBe(`${'é'.repeat(3999)}…`);
    expect(finding).toMatchObject({ resource, announcement: `a-${'x'.repeat(500)}` });
    expect(sizeOf(finding)).toBeLessThanOrEqual(ANNOUNCED_BYTES);
  });

  test('with too long lists keeps their beginning, and says how much more there is', () => {
    const finding = fittingFinding(
      aFinding({ changes: many(2000, 'Do it.'), later: many(51, 'Then this.'), advice: many(50, 'Or that.') }),
    );
    expect(finding.changes.slice(49)).toEqual([
      { api: 'ec2:Call49', says: 'Do it.' },
      { api: 'ec2:Call50', says: '… and 1950 more.' },
    ]);
    expect(finding.later).toHaveLength(51);
    expect(finding.later.at(-1)?.says).toBe('… and 1 more.');
    expect(finding.advice).toHaveLength(50);
  });

  test('whatever it holds fits in the end, and is a finding', () => {
    const text = '😀"'.repeat(3000);
    const hostile: Partial<Finding> = {
      found: text,
      now: text,
      says: text,
      title: text,
      owner: text,
      costs: text,
      doneBy: text,
      reason: { code: 'error', says: text },
      actor: { arn: null, name: text, via: text, sourceIp: text },
      changes: many(500, text),
      later: many(500, text),
      advice: many(500, text).map(({ says }) => ({ says })),
      order: { kind: 'exempt', id: 'o-1', by: text, sender: text, outcome: 'done', says: text },
      exemption: { until: '2026-12-01', owner: text, reason: text, isEnding: false },
    };
    const finding = fittingFinding(aFinding(hostile));
    expect(sizeOf(finding)).toBeLessThanOrEqual(ANNOUNCED_BYTES);
    expect(v.parse(findingSchema, finding)).toEqual(finding);
  });

  test('a hundred of them are one event for a function, and an alert of each fits a topic', () => {
    // SQS escapes a body in the event that Lambda gets, and EventBridge wraps it
    expect(100 * ANNOUNCED_BYTES).toBeLessThan(6 * 1024 * 1024);
    expect(4 * ANNOUNCED_BYTES).toBeLessThan(256 * 1024);
  });
});

describe('a row', () => {
  const row = { finding: aFinding(), before: { state: 'before' }, after: { state: 'after' } };
  const state = 'x'.repeat(200_000);

  test('that an item can hold stays as it is', () => {
    expect(fittingRow(row)).toBe(row);
    expect(fittingRow(row, sizeOf(row))).toBe(row);
  });

  test('that is too large has its finding cut first', () => {
    const large = { ...row, before: state, finding: aFinding({ found: state }) };
    expect(fittingRow(large)).toEqual({ ...large, finding: fittingFinding(large.finding) });
  });

  test('whose states are too large keeps none of them, and cannot be undone', () => {
    const large = { ...row, before: state, after: state, fixedBy: [] };
    expect(fittingRow(large)).toEqual({ finding: { ...row.finding, canUndo: false } });
    expect(STORED_BYTES).toBeLessThan(400 * 1000);
  });
});
