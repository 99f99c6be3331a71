import { describe, expect, test } from 'vitest';
import type { CaseState, FixInProgress, OpenFinding } from '#shared/ledger/ledger.ts';
import { frozen } from './frozen.ts';

export const now = new Date('2026-11-21T09:00:00.000Z');
export const NOW = now.toISOString();
export const HOUR_BEFORE = '2026-11-21T08:00:00.000Z';
export const HOUR_LATER = '2026-11-21T10:00:00.000Z';
const actorOf = (name: string) => ({ arn: null, name, via: 'AWS CLI', sourceIp: null });
export const [dana, erin] = [actorOf('dana'), actorOf('erin')];

export const fresh: CaseState = { control: 'volume-encrypted', resource: { type: 'AWS::EC2::Volume', id: 'vol-1' }, fixes: [] };
export const first = { id: 'f-1', openedBy: { id: 'e-1', name: 'CreateVolume', time: HOUR_BEFORE }, receivedAt: HOUR_BEFORE, actor: dana };
export const finding: OpenFinding = { ...first, events: ['e-1'], count: 1 };
export const order = { kind: 'fix', id: 'o-1', finding: 'f-1', by: 'dana', at: NOW } as const;
export const change = { api: 'ec2:CopyVolumes', says: 'Copy it.' };
export const fix: FixInProgress = {
  kind: 'fix',
  id: `f-1-fix-${NOW}`,
  begunAt: NOW,
  wrong: 'It is not encrypted.',
  before: { encrypted: false },
  announced: [change],
  sent: [],
  lag: 0,
  refusals: 0,
  taken: [],
};
export const undo: FixInProgress = { ...fix, kind: 'undo', order: { ...order, kind: 'undo' } };

/** What a case was, what happened, and what it is then. */
export type Row = readonly [name: string, before: Partial<CaseState>, happens: (state: CaseState) => CaseState, after: Partial<CaseState>];

/** One test a row; what is not in `before` and `after` is as in a fresh case. */
export function table(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    test.each(rows)('%s', (_name, before, happens, after) => {
      expect(happens(frozen({ ...fresh, ...before }))).toStrictEqual({ ...fresh, ...after });
    });
  });
}
