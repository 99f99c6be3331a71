import { readFile } from 'node:fs/promises';
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { LeaseLost } from '#shared/aws/errors.ts';
import type { CaseState, FindingRow, Ledger } from '#shared/ledger/ledger.ts';
import { control, here, ledgerOn, now, place, rowOf, TableName } from './ledger-setting.ts';

/** What a ledger does with what versions before kept under other keys, on any table that `client` reaches by then. */
export function oldCases(client: () => DynamoDBClient): void {
  const ledgerOf = (of = place) => ledgerOn(client(), of);

  describe('the items of a ledger whose keys named no place', () => {
    const written = new Date('2026-11-21T09:30:00.000Z');
    const volumeOf = (id: string) => ({ type: 'AWS::EC2::Volume', id });
    const keyOf = async (pk: string, sk: string) =>
      (await client().send(new GetItemCommand({ TableName, Key: { pk: { S: pk }, sk: { S: sk } } }))).Item;
    const load = async () => {
      const { items } = JSON.parse(await readFile(new URL('../fixtures/ledger-v0.json', import.meta.url), 'utf8'));
      for (const Item of items) await client().send(new PutItemCommand({ TableName, Item }));
    };

    test('are those of the own place, and of no other', async () => {
      await load();
      const other = ledgerOf({ ...place, region: 'eu-west-1' });
      const done = 'event-vol-open#volume-encrypted#AWS::EC2::Volume#vol-open';
      expect([await ledgerOf().done([done]), await other.done([done])]).toEqual([new Set([done]), new Set()]);
      expect([await ledgerOf().exempt(control), await other.exempt(control)]).toEqual([[volumeOf('vol-exempt')], []]);
      expect([(await ledgerOf().findingsOf('2026-11-21')).length, await other.findingsOf('2026-11-21')]).toEqual([5, []]);
      const open = [{ control, target: volumeOf('vol-open') }];
      expect([await ledgerOf().areKept(open), await other.areKept(open)]).toEqual([[true], [false]]);
      expect(await other.lease(control, volumeOf('vol-open'), 'a', written, 65)).toMatchObject({ fixes: [] });
      expect(await ledgerOf().lease(control, volumeOf('vol-open'), 'a', written, 65)).toMatchObject({ finding: { count: 1 } });
    });

    test('move at the first lease, and do not come back when the case is forgotten', async () => {
      await load();
      const old = `CASE#${control}#AWS::EC2::Volume#vol-exempt`;
      const state = await ledgerOf().lease(control, volumeOf('vol-exempt'), 'a', written, 65);
      expect(state).toMatchObject({ exemption: { until: '2026-12-20' } });
      expect(await keyOf(old, 'CASE')).toBeUndefined();
      expect(await keyOf(`CASE#${here}#${control}#AWS::EC2::Volume#vol-exempt`, 'CASE')).toMatchObject({ v: { N: '1' } });
      expect(await ledgerOf().lease(control, volumeOf('vol-exempt'), 'b', written, 65)).toBeUndefined();
      await ledgerOf().release(control, volumeOf('vol-exempt'), 'a', undefined, written);
      expect(await ledgerOf().lease(control, volumeOf('vol-exempt'), 'b', written, 65)).toEqual({
        control,
        resource: volumeOf('vol-exempt'),
        fixes: [],
      });
    });

    describe('are found at the first write of a case that looked new', () => {
      const isNew = true;
      const row = rowOf('f-20270203-0000000000fe', now);

      test.each<[string, (ledger: Ledger, state: CaseState) => Promise<void>]>([
        ['that opens a finding', (ledger, state) => ledger.open(state, row, 'a', written)],
        ['that saves it', (ledger, state) => ledger.save(state, 'a', written)],
        ['that gives it back', (ledger, state) => ledger.release(control, state.resource, 'a', state, written)],
        ['that forgets it', (ledger, state) => ledger.release(control, state.resource, 'a', undefined, written)],
      ])('%s', async (name, write) => {
        const volume = volumeOf(name);
        const old = `CASE#${control}#AWS::EC2::Volume#${name}`;
        const kept = { control, resource: volume, fixes: [], settledFrom: now.toISOString() };
        const body = { S: JSON.stringify(kept) };
        await client().send(new PutItemCommand({ TableName, Item: { pk: { S: old }, sk: { S: 'CASE' }, body } }));
        const ledger = ledgerOf();
        const fresh = await ledger.lease(control, volume, 'a', written, 65, { isNew });
        expect(fresh).toEqual({ control, resource: volume, fixes: [] });
        await expect(write(ledger, fresh ?? expect.fail('no lease'))).rejects.toThrow(LeaseLost);
        expect(await keyOf(old, 'CASE')).toBeUndefined();
        expect(await ledger.getFinding(row.finding.id)).toBeUndefined();
        expect(await ledger.lease(control, volume, 'b', written, 65, { isNew })).toEqual(kept);
      });
    });

    test('are held while the version before holds them', async () => {
      await load();
      const begun = volumeOf('vol-begun');
      expect(await ledgerOf().lease(control, begun, 'a', new Date('2026-11-21T09:01:00.000Z'), 65)).toBeUndefined();
      expect(await ledgerOf().lease(control, begun, 'a', written, 65)).toMatchObject({ fix: { kind: 'fix' } });
    });

    test('give way to a new finding of the same id, and to an exemption that is lifted', async () => {
      await load();
      const [row] = await ledgerOf().findingsOf('2026-11-21');
      const changed = { ...row, finding: { ...row?.finding, status: 'fixed' } } as FindingRow;
      await ledgerOf().putFindings([changed]);
      expect(await ledgerOf().getFinding(changed.finding.id)).toEqual(changed);
      expect((await ledgerOf().findingsOf('2026-11-21')).filter(({ finding }) => finding.id === changed.finding.id)).toEqual([changed]);
      await ledgerOf().keepExempt(control, volumeOf('vol-exempt'), '2027-01-20');
      expect(await ledgerOf().exempt(control)).toEqual([volumeOf('vol-exempt')]);
      await ledgerOf().keepExempt(control, volumeOf('vol-exempt'), undefined);
      expect(await ledgerOf().exempt(control)).toEqual([]);
    });
  });
}
