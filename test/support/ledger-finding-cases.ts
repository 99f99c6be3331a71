import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import { control, DAY, expiryOn, fn, here, later, ledgerOn, now, place, rowOf, TableName } from './ledger-setting.ts';

/** What a ledger holds of findings. */
export function findingCases(client: () => DynamoDBClient): void {
  test('findings are kept for a year, and listed by their day however many there are', async () => {
    const rows = Array.from({ length: 400 }, (_, n) => rowOf(`f-20270131-${n.toString(16).padStart(12, '0')}`, later(n)));
    const other = rowOf('f-20270201-000000000000', later(DAY));
    for (let start = 0; start < rows.length; start += 50) await ledgerOn(client()).putFindings(rows.slice(start, start + 50));
    await ledgerOn(client()).putFindings([other]);
    const found = await ledgerOn(client()).findingsOf('2027-01-31');
    expect(found.map(({ finding }) => finding.id)).toEqual(rows.map(({ finding }) => finding.id));
    expect(await ledgerOn(client()).getFinding('f-20270201-000000000000')).toEqual(other);
    expect(await ledgerOn(client()).getFinding('f-20270201-000000000001')).toBeUndefined();
    expect(await ledgerOn(client()).getFinding('no id')).toBeUndefined();
    expect(await expiryOn(client(), `FINDINGS#${here}#${fn}#2027-01-31`, 'f-20270131-000000000000')).toBe(365 * DAY);
  });

  test('a hub’s findings of all places are found by their day and their id, however they were written', async () => {
    const of = (account: string, isHub: boolean, readsAll = false) =>
      dynamoLedger(TableName, client(), { place: { ...place, account }, own: place, functions: [fn], isHub, readsAll });
    const [put, opened, alone] = ['1', '2', '3'].map((n) => rowOf(`f-20270401-00000000000${n}`, later(Number(n))));
    if (!put || !opened || !alone) return expect.fail('three rows');
    await of('444455556666', true).putFindings([put]);
    const member = of('777788889999', true);
    const target = { type: 'AWS::EC2::Volume', id: 'vol-in-index' };
    const state = (await member.lease(control, target, 'me', now, 65)) ?? expect.fail('not leased');
    await member.open(state, opened, 'me', now);
    await of('111122223333', false).putFindings([alone]);
    const hub = of(place.account, true, true);
    expect(await hub.findingsOf('2027-04-01')).toEqual([put, opened]);
    expect([await hub.getFinding(opened.finding.id), await hub.getFinding(alone.finding.id)]).toEqual([opened, undefined]);
    // a function reads its one place: an order for another's finding must find nothing there
    const ofPlace = of(place.account, true);
    expect([await ofPlace.findingsOf('2027-04-01'), await ofPlace.getFinding(opened.finding.id)]).toEqual([[], undefined]);
  });

  test('what a stack alone has kept is kept when it becomes a hub, and is no member’s', async () => {
    const of = (account: string, isHub: boolean) =>
      dynamoLedger(TableName, client(), { place: { ...place, account }, own: place, functions: [fn], isHub });
    const [alone, hub, member] = [of(place.account, false), of(place.account, true), of('444455556666', true)];
    const target = { type: 'AWS::EC2::Volume', id: 'vol-before-the-hub' };
    const row = rowOf('f-20270402-000000000001', now);
    const state = (await alone.lease(control, target, 'me', now, 65)) ?? expect.fail('not leased');
    await alone.open({ ...state, fixes: [now.toISOString()] }, row, 'me', now);
    await alone.release(control, target, 'me', { ...state, fixes: [now.toISOString()] }, now);
    await alone.keepExempt(control, target, '2027-12-31');
    expect(await hub.getFinding(row.finding.id)).toEqual(row);
    expect(await hub.exempt(control)).toContainEqual(target);
    expect((await hub.lease(control, target, 'hub', now, 65))?.fixes).toEqual([now.toISOString()]);
    await hub.release(control, target, 'hub', undefined, now);
    expect(await member.getFinding(row.finding.id)).toBeUndefined();
    expect(await member.exempt(control)).toEqual([]);
    await hub.keepExempt(control, target, undefined);
    expect(await alone.exempt(control)).not.toContainEqual(target);
    expect((await member.lease(control, target, 'hub', now, 65))?.fixes).toEqual([]);
  });

  test('a member in which a control found nothing has something once a finding or an exemption is of it', async () => {
    const member = dynamoLedger(TableName, client(), {
      place: { ...place, account: '222233334444' },
      own: place,
      functions: [fn],
      isHub: true,
    });
    const lately = async (at: Date) => [...(await member.sweepNotes([control, 'another', 'third'], at)).nothing];
    for (const one of [control, 'another']) await member.foundNothing(one, now);
    expect(await lately(later(6 * DAY))).toEqual([control, 'another']);
    expect(await lately(later(7 * DAY))).toEqual([]);
    const target = { type: 'AWS::EC2::Volume', id: 'vol-after-a-sweep' };
    const state = (await member.lease(control, target, 'me', now, 65)) ?? expect.fail('not leased');
    await member.open(state, rowOf('f-20270403-000000000001', now), 'me', now);
    expect(await lately(now)).toEqual(['another']);
    await member.keepExempt('another', target, '2027-12-31');
    expect(await lately(now)).toEqual([]);
    expect((await member.sweepNotes([control], now)).isServed).toBe(false);
    await member.noteServed();
    expect((await member.sweepNotes([control], now)).isServed).toBe(true);
    // the hub's own place answers the same of many
    const hub = dynamoLedger(TableName, client(), { place, functions: [fn], isHub: true });
    const places = [
      { ...place, account: '333344445555' },
      { ...place, account: '222233334444' },
    ];
    await member.foundNothing('another', now);
    const looks = places.map((of) => ({ place: of, controls: [control, 'another'] }));
    expect(await hub.nothingIn(looks, later(6 * DAY))).toEqual([new Set(), new Set(['another'])]);
    expect(await hub.nothingIn(looks, later(7 * DAY))).toEqual([new Set(), new Set()]);
    expect(await hub.areServed(places)).toEqual([false, true]);
    expect([await hub.nothingIn([], now), await hub.areServed([])]).toEqual([[], []]);
  });

  test('findings of several functions stand apart, and who names the functions reads them all', async () => {
    const of = (...functions: string[]) => dynamoLedger(TableName, client(), { place, functions });
    const [here1, here2] = [rowOf('f-20270301-000000000001', now), rowOf('f-20270301-000000000002', later(1))];
    await of('redress-one').putFindings([here1]);
    await of('redress-two').putFindings([here2]);
    expect(await of('redress-one').findingsOf('2027-03-01')).toEqual([here1]);
    expect(await of('redress-one').getFinding(here2.finding.id)).toBeUndefined();
    const all = of('redress-one', 'redress-two');
    expect(await all.findingsOf('2027-03-01')).toEqual([here1, here2]);
    expect([await all.getFinding(here1.finding.id), await all.getFinding(here2.finding.id)]).toEqual([here1, here2]);
    expect(() => of()).toThrow('a ledger of no function');
  });
}
