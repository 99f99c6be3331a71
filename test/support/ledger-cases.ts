import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { LeaseLost } from '#shared/aws/errors.ts';
import { doneRows } from '#shared/ledger/done.ts';
import { keysWithoutFunction } from '#shared/ledger/items.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { findingCases } from './ledger-finding-cases.ts';
import { oldCases } from './ledger-old-cases.ts';
import { control, DAY, expiryOn, here, later, ledgerOn, now, place, retried, rowOf, TableName } from './ledger-setting.ts';

/** What a ledger holds, on any table that `client` reaches by then; it is empty at first. */
export function ledgerCases(client: () => DynamoDBClient): void {
  let made = 0;
  const ledgerOf = (of = place, by = client()) => ledgerOn(by, of);
  const expiryOf = (pk: string, sk: string) => expiryOn(client(), pk, sk);
  const target = () => ({ type: 'AWS::EC2::Volume', id: `vol-${++made}` });
  const lease = (of: ReturnType<typeof target>, owner: string, at = now) => ledgerOf().lease(control, of, owner, at, 65);

  describe('a lease', () => {
    test('is one owner’s until it runs out or is given back', async () => {
      const volume = target();
      expect(await lease(volume, 'a')).toEqual({ control, resource: volume, fixes: [] });
      expect(await lease(volume, 'b')).toBeUndefined();
      expect(await lease(volume, 'b', later(65))).toBeUndefined();
      expect(await lease(volume, 'b', later(65.001))).toEqual({ control, resource: volume, fixes: [] });
      await ledgerOf().release(control, volume, 'b', undefined, now);
      expect(await lease(volume, 'c')).toBeDefined();
    });

    test('is of one control and one resource', async () => {
      const volume = target();
      expect(await lease(volume, 'a')).toBeDefined();
      expect(await ledgerOf().lease('another', volume, 'b', now, 65)).toBeDefined();
      expect(await ledgerOf().lease(control, { ...volume, type: 'AWS::EC2::Snapshot' }, 'b', now, 65)).toBeDefined();
    });

    test('brings what the last owner saved or released, and keeps the case for a year', async () => {
      const volume = target();
      const state = { control, resource: volume, fixes: [now.toISOString()], settledFrom: now.toISOString() };
      await lease(volume, 'a');
      await ledgerOf().save({ ...state, fixes: [] }, 'a', now);
      expect(await lease(volume, 'b', later(66))).toEqual({ ...state, fixes: [] });
      await ledgerOf().release(control, volume, 'b', state, now);
      expect(await lease(volume, 'c')).toEqual(state);
      expect(await expiryOf(`CASE#${here}#${control}#AWS::EC2::Volume#${volume.id}`, 'CASE')).toBe(365 * DAY);
    });

    test('is found again by its owner, whose calls the SDK sends twice when an answer is lost; so is its release', async () => {
      const volume = target();
      const state = { control, resource: volume, fixes: [now.toISOString()] };
      const retrying = ledgerOf(place, retried(client()));
      expect(await retrying.lease(control, volume, 'a', now, 65)).toEqual({ control, resource: volume, fixes: [] });
      expect(await lease(volume, 'b')).toBeUndefined();
      await retrying.save(state, 'a', now);
      await retrying.release(control, volume, 'a', state, now);
      expect(await lease(volume, 'b')).toEqual(state);
      await retrying.release(control, volume, 'b', undefined, now);
      expect(await lease(volume, 'c')).toEqual({ control, resource: volume, fixes: [] });
    });

    test('that another has taken over lets its first owner write nothing any more', async () => {
      const volume = target();
      const state = (await lease(volume, 'a')) ?? expect.fail('no lease');
      await lease(volume, 'b', later(66));
      const stale = { ...state, settledFrom: 'stale' };
      await expect(ledgerOf().save(stale, 'a', now)).rejects.toThrow(LeaseLost);
      await expect(ledgerOf().release(control, volume, 'a', stale, now)).rejects.toThrow(LeaseLost);
      await expect(ledgerOf().release(control, volume, 'a', undefined, now)).rejects.toThrow(LeaseLost);
      await ledgerOf().release(control, volume, 'b', state, now);
      await expect(ledgerOf().save(stale, 'b', now)).rejects.toThrow(LeaseLost);
      await expect(ledgerOf().release(control, volume, 'b', { ...state, settledFrom: 'stale' }, now)).rejects.toThrow(LeaseLost);
      expect(await lease(volume, 'c')).toEqual(state);
      await expect(ledgerOf().release(control, volume, 'b', state, now)).rejects.toThrow(LeaseLost);
    });
  });

  test('which of many cases are kept is said without a lease, of held ones too', async () => {
    const volumes = Array.from({ length: 103 }, target);
    const [held, given, forgotten] = [volumes[0] ?? target(), volumes[1] ?? target(), volumes[2] ?? target()];
    for (const volume of [held, given, forgotten]) await lease(volume, 'a');
    await ledgerOf().release(control, given, 'a', { control, resource: given, fixes: [now.toISOString()] }, now);
    await ledgerOf().release(control, forgotten, 'a', undefined, now);
    const names = volumes.map((volume) => ({ control, target: volume }));
    expect(await ledgerOf().areKept(names)).toEqual(volumes.map((volume) => volume === held || volume === given));
    expect(await ledgerOf().areKept([{ control: 'another', target: held }])).toEqual([false]);
    expect(await ledgerOf({ ...place, region: 'eu-west-1' }).areKept(names.slice(0, 1))).toEqual([false]);
    expect(await lease(volumes[3] ?? target(), 'b')).toBeDefined();
  });

  test('a finding is opened in one step with its case, by the owner of the lease alone', async () => {
    const volume = target();
    const state = (await lease(volume, 'a')) ?? expect.fail('no lease');
    const row = rowOf('f-20270131-0000000000ff', now);
    await expect(ledgerOf().open({ ...state, settledFrom: 'stale' }, row, 'b', now)).rejects.toThrow(LeaseLost);
    expect(await ledgerOf().getFinding(row.finding.id)).toBeUndefined();
    const opened = { ...state, settledFrom: now.toISOString() };
    await ledgerOf().open(opened, row, 'a', now);
    expect(await ledgerOf().getFinding(row.finding.id)).toEqual(row);
    expect(await lease(volume, 'b', later(66))).toEqual(opened);
  });

  test('the cases with an open finding are listed by control, in parts, without what was looked at since', async () => {
    const ids = Array.from({ length: 502 }, (_, n) => `vol-open#${String(n).padStart(3, '0')}`);
    const finding = { id: 'f-1' } as NonNullable<CaseState['finding']>;
    for (const id of ids) {
      const resource = { type: 'AWS::EC2::Volume', id };
      const state = (await ledgerOf().lease('open', resource, 'a', now, 65)) ?? expect.fail('no lease');
      const at = id === ids[7] ? later(60) : now;
      await ledgerOf().release('open', resource, 'a', { ...state, ...(id !== ids[3] && { finding }), fixes: ['x'] }, at);
    }
    const first = await ledgerOf().openTargets('open', later(1));
    expect(first.targets).toHaveLength(499);
    const rest = await ledgerOf().openTargets('open', later(1), first.next ?? expect.fail('no second part'));
    expect([...first.targets, ...rest.targets].map(({ id }) => id)).toEqual(ids.filter((_, n) => n !== 3 && n !== 7));
    expect(rest.next).toBeUndefined();
    expect(first.targets[0]).toEqual({ type: 'AWS::EC2::Volume', id: ids[0] });
    // one that has ended is not among them any more
    const target = { type: 'AWS::EC2::Volume', id: ids[0] ?? '' };
    const state = (await ledgerOf().lease('open', target, 'a', now, 65)) ?? expect.fail('no lease');
    const { finding: _ended, ...ended } = state;
    await ledgerOf().release('open', target, 'a', ended, now);
    expect((await ledgerOf().openTargets('open', later(1))).targets[0]?.id).toBe(ids[1]);
    expect(await ledgerOf({ ...place, region: 'eu-west-1' }).openTargets('open', later(1))).toEqual({ targets: [] });
  });

  describe('done events', () => {
    test('alone keep a case for 15 days', async () => {
      const volume = target();
      const state = (await lease(volume, 'a')) ?? expect.fail('no lease');
      const done = [{ id: 'event-1', at: now.toISOString() }];
      await ledgerOf().release(control, volume, 'a', { ...state, done }, now);
      expect(await expiryOf(`CASE#${here}#${control}#AWS::EC2::Volume#${volume.id}`, 'CASE')).toBe(15 * DAY);
      expect(await lease(volume, 'b')).toEqual({ ...state, done });
    });

    test('of the version before are found among more than 100 keys, some of them asked for twice, and kept for 15 days', async () => {
      const keys = Array.from({ length: 250 }, (_, n) => `event-${n}#${control}#AWS::EC2::Volume#vol-done`);
      const done = keys.filter((_, n) => n % 2 === 0);
      await doneRows(TableName, client()).markDone(done.map(keysWithoutFunction(place).done), now);
      expect(await ledgerOf().done([...keys, ...keys])).toEqual(new Set(done));
      expect(await ledgerOf().done([])).toEqual(new Set());
      expect(await expiryOf(`DONE#${here}#${keys[0]}`, 'DONE')).toBe(15 * DAY);
    });
  });

  describe('the window of a blast radius', () => {
    test('grants what is left, and says once that it refused', async () => {
      expect(await ledgerOf().reserve('w#1', 10, 25, now)).toMatchObject({ granted: 10, isFirstRefusal: false });
      expect(await ledgerOf().reserve('w#1', 15, 25, now)).toMatchObject({ granted: 15, isFirstRefusal: false });
      expect(await ledgerOf().reserve('w#1', 1, 25, now)).toEqual({ granted: 0, isFirstRefusal: true, isFull: true });
      expect(await ledgerOf().reserve('w#1', 1, 25, now)).toEqual({ granted: 0, isFirstRefusal: false, isFull: true });
      expect(await expiryOf(`WINDOW#${here}#w#1`, 'WINDOW')).toBe(DAY);
    });

    test('says once that it refused, though the answer to that is lost', async () => {
      await ledgerOf().reserve('w#0', 25, 25, now);
      expect(await ledgerOf(place, retried(client())).reserve('w#0', 1, 25, now)).toEqual({
        granted: 0,
        isFirstRefusal: true,
        isFull: true,
      });
      expect(await ledgerOf().reserve('w#0', 1, 25, now)).toEqual({ granted: 0, isFirstRefusal: false, isFull: true });
    });

    test('grants a part of what is wanted', async () => {
      expect(await ledgerOf().reserve('w#2', 40, 25, now)).toEqual({ granted: 25, isFirstRefusal: true, isFull: true });
      expect(await ledgerOf().reserve('w#2', 3, 25, now)).toEqual({ granted: 0, isFirstRefusal: false, isFull: true });
      await ledgerOf().reserve('w#3', 20, 25, now);
      expect(await ledgerOf().reserve('w#3', 9, 25, now)).toEqual({ granted: 5, isFirstRefusal: true, isFull: true });
      expect(await ledgerOf().reserve('w#4', 1, 25, now)).toMatchObject({ granted: 1, isFirstRefusal: false });
    });

    test('leaves something for others, a third of what is left each time', async () => {
      const ask = (asker: string, wanted: number) => ledgerOf().reserve('w#6', wanted, 25, now, asker);
      expect(await ask('a', 30)).toEqual({ granted: 17, isFirstRefusal: true, isFull: false });
      expect(await ask('a', 1)).toEqual({ granted: 0, isFirstRefusal: false, isFull: false });
      expect(await ask('b', 3)).toMatchObject({ granted: 3 });
      expect(await ask('b', 30)).toEqual({ granted: 3, isFirstRefusal: false, isFull: false });
      expect(await ask('c', 30)).toEqual({ granted: 2, isFirstRefusal: false, isFull: true });
      expect(await ask('d', 1)).toEqual({ granted: 0, isFirstRefusal: false, isFull: true });
    });

    test('gives an asker as much one by one as at once', async () => {
      const ask = (asker?: string) => ledgerOf().reserve('w#7', 1, 25, now, asker);
      const many = async (asker: string) => {
        let granted = 0;
        for (let n = 0; n < 25; n += 1) granted += (await ask(asker)).granted;
        return granted;
      };
      expect([await many('a'), await many('b'), await many('c'), await many('d')]).toEqual([17, 6, 2, 0]);
    });

    test('gives what is left to anybody where no asker is named', async () => {
      const ask = (wanted: number, asker?: string) => ledgerOf().reserve('w#8', wanted, 25, now, asker);
      expect(await ask(20, 'a')).toMatchObject({ granted: 17 });
      expect(await ask(30)).toEqual({ granted: 8, isFirstRefusal: false, isFull: true });
    });

    test('counts what was granted before askers were named as granted to others', async () => {
      await ledgerOf().reserve('w#9', 10, 25, now);
      expect(await ledgerOf().reserve('w#9', 30, 25, now, 'a')).toMatchObject({ granted: 10, isFull: false });
    });

    test.each([
      [1, [1, 0]],
      [2, [2, 0]],
      [3, [2, 1]],
      [4, [3, 1]],
    ])('shares a limit of %i', async (limit, shares) => {
      const ask = async (asker: string) => (await ledgerOf().reserve(`w#few-${limit}`, 9, limit, now, asker)).granted;
      expect([await ask('a'), await ask('b')]).toEqual(shares);
    });

    test('never grants more than its limit to many askers at once', async () => {
      const all = Array.from({ length: 12 }, (_, n) => ledgerOf().reserve('w#10', 4, 25, now, `asker-${n % 4}`));
      const granted = (await Promise.all(all)).reduce((sum, one) => sum + one.granted, 0);
      expect(granted).toBeLessThanOrEqual(25);
      expect(granted).toBeGreaterThan(16);
    });

    test('never grants more than its limit to many who ask at once', async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => ledgerOf().reserve('w#5', 4, 25, now)));
      expect(answers.reduce((sum, { granted }) => sum + granted, 0)).toBe(25);
      expect(answers.filter(({ isFirstRefusal }) => isFirstRefusal)).toHaveLength(1);
    });
  });

  test('a pause is there until it is ended', async () => {
    const pause = { by: 'arn:aws:iam::123456789012:user/dana', at: now.toISOString(), reason: 'release' };
    expect(await ledgerOf().paused()).toBeUndefined();
    await ledgerOf().setPause(pause);
    expect(await ledgerOf().paused()).toEqual(pause);
    await ledgerOf().setPause(undefined);
    expect(await ledgerOf().paused()).toBeUndefined();
  });

  test('a pause of a part holds there alone, and that of everything comes first', async () => {
    const one = { in: 'account 444455556666', by: 'dana', at: now.toISOString(), reason: 'a migration' };
    const all = { by: 'erin', at: now.toISOString(), reason: 'release' };
    await ledgerOf().setPause(one, 'account#444455556666');
    expect(await ledgerOf().paused()).toBeUndefined();
    expect(await ledgerOf().paused(['', 'region#eu-west-1'])).toBeUndefined();
    expect(await ledgerOf().paused(['', 'account#444455556666'])).toEqual(one);
    await ledgerOf().setPause(all);
    expect(await ledgerOf().paused(['', 'account#444455556666'])).toEqual(all);
    expect(await ledgerOf().pauses()).toEqual([all, one]);
    await ledgerOf().setPause(undefined);
    await ledgerOf().setPause(undefined, 'account#444455556666');
    expect(await ledgerOf().pauses()).toEqual([]);
  });

  findingCases(client);

  test('what is exempt is listed by its control, until some days after the end or until it is forgotten', async () => {
    const [one, other] = [target(), target()];
    await ledgerOf().keepExempt('listing', { ...one, hint: 'a hint' }, '2027-02-28');
    await ledgerOf().keepExempt('listing', one, '2027-03-31');
    await ledgerOf().keepExempt('listing', other, '2027-02-01T12:00:00.000Z');
    await ledgerOf().keepExempt('another', target(), '2027-02-28');
    expect(await ledgerOf().exempt('listing')).toEqual([one, other]);
    expect(await expiryOf(`EXEMPT#${here}#listing`, `${other.type}#${other.id}`)).toBe(9 * DAY);
    await ledgerOf().keepExempt('listing', one, undefined);
    expect(await ledgerOf().exempt('listing')).toEqual([other]);
  });

  test('a name is claimed once, however many want it', async () => {
    const claims = await Promise.all(['signature', 'signature', 'signature'].map((name) => ledgerOf().claim(name, 900, now)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await ledgerOf().claim('another', 900, now)).toBe(true);
    expect(await expiryOf('CLAIM#signature', 'CLAIM')).toBe(900);
  });

  oldCases(client);

  test('an item of a later version is refused, and its case is not taken', async () => {
    const volume = target();
    const key = { pk: { S: `CASE#${here}#${control}#AWS::EC2::Volume#${volume.id}` }, sk: { S: 'CASE' } };
    await client().send(new PutItemCommand({ TableName, Item: { ...key, v: { N: '2' }, body: { S: '{}' } } }));
    await expect(lease(volume, 'a')).rejects.toThrow(/has the version 2, and this version of Redress knows 1 at most/);
    const { Item } = await client().send(new GetItemCommand({ TableName, Key: key }));
    expect(Item).not.toHaveProperty('leaseOwner');
  });
}
