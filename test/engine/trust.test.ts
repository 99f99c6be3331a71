import { describe, expect, test } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { messageFor, orderFor, scheduled } from '../fixtures/events.ts';
import { token } from '../fixtures/secrets.ts';
import { awsError, type Harness, OWN_ROLE } from '../support/harness.ts';
import { name, newest, start as startParameter } from '../support/parameters/conversion.ts';
import { copiesOf, ofVolume, pass, pause, start, turnedOff, volume } from '../support/setting.ts';

const dana = 'arn:aws:iam::111122223333:user/dana';

/** Writes to a case as whoever may write to the table can. */
async function forge(harness: Harness, control: string, target: { type: string; id: string }, claim: Partial<CaseState>): Promise<void> {
  const state = await harness.ledger.lease(control, target, 'mallory', harness.now, 1);
  await harness.ledger.release(control, target, 'mallory', { ...(state ?? expect.fail('it is leased')), ...claim }, harness.now);
}

/** A fix or an undo that never was. */
const claimed = (kind: 'fix' | 'undo', finding: string, rest: object = {}): Pick<CaseState, 'fix'> => ({
  fix: {
    kind,
    id: 'f-forged',
    begunAt: '2026-11-21T08:00:00.000Z',
    wrong: 'forged',
    before: {},
    announced: [
      { api: 'ssm:PutParameter', says: 'x' },
      { api: 'ec2:CopyVolumes', says: 'x' },
    ],
    sent: [],
    lag: 0,
    refusals: 0,
    taken: [],
    order: { kind, id: 'o-forged', finding, by: dana, at: '2026-11-21T08:00:00.000Z' },
    sender: 'AIDADANA',
    ...rest,
  },
});

describe('what is forged in the ledger', () => {
  test.each([
    ['while paused', true],
    ['while nothing is paused', false],
  ])('an undo, with an exemption that has the sweep look, leaves a SecureString as it is %s, in nobody’s name', async (_name, isPaused) => {
    const { harness, world } = startParameter();
    await harness.settle();
    const [fixed] = await harness.findings();
    const row = await harness.ledger.getFinding(fixed?.id ?? '');
    const target = { type: 'AWS::SSM::Parameter', id: name };
    if (isPaused) await harness.ledger.setPause(pause);
    await harness.ledger.keepExempt('parameter-secure', target, '2027-01-01');
    await forge(harness, 'parameter-secure', target, claimed('undo', fixed?.id ?? '', { before: row?.before }));
    const writes = harness.writes.length;
    for (let day = 0; day < 3; day += 1) {
      harness.put(messageFor('parameter-secure', { ...scheduled(), id: `sweep-${day}`, time: harness.now.toISOString() }));
      await harness.settle();
      pass(harness, 86_400);
    }
    expect(newest(world)).toMatchObject({ Type: 'SecureString', Value: token });
    expect(harness.writes).toHaveLength(writes);
    expect((await harness.findings()).map(({ status }) => status)).toEqual(['fixed']);
    expect(harness.announced.map(({ status }) => status)).toEqual(['fixed']);
    expect(harness.announced.some(({ doneBy }) => doneBy !== undefined)).toBe(false);
  });

  test('an undo of another resource’s finding changes that finding in nothing', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, { controls: { 'volume-encrypted': { mode: 'approve' } } });
    harness.put(turnedOff());
    await harness.settle();
    const [other] = await harness.findings();
    await forge(harness, 'volume-encrypted', { type: 'AWS::EC2::Volume', id: 'vol-1' }, claimed('undo', other?.id ?? ''));
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect((await harness.findings()).find(({ id }) => id === other?.id)).toEqual(other);
    expect((await harness.findings()).map(({ status }) => status).sort()).toEqual(['awaiting-approval', 'fixed']);
  });

  test.each<[string, RedressConfig, boolean]>([
    ['approval', { controls: { 'volume-encrypted': { mode: 'approve', settleSeconds: 0 } } }, false],
    ['the mode', { controls: { 'volume-encrypted': { mode: 'observe', settleSeconds: 0 } } }, false],
    ['a pause', { controls: { 'volume-encrypted': { mode: 'fix', settleSeconds: 0 } } }, true],
  ])('a fix does not pass %s', async (_name, config, isPaused) => {
    for (const rest of [{}, { order: undefined, sender: undefined }]) {
      const { harness, volumes } = start({ volumes: [volume('vol-1')] }, config);
      if (isPaused) await harness.ledger.setPause(pause);
      await forge(harness, 'volume-encrypted', { type: 'AWS::EC2::Volume', id: 'vol-1' }, claimed('fix', 'f-1', rest));
      harness.put(ofVolume('vol-1'));
      await harness.settle();
      expect(copiesOf(volumes, 'vol-1')).toEqual([]);
      if (!isPaused) continue;
      await harness.ledger.setPause(undefined);
      await harness.settle();
      expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
      expect((await harness.findings()).map(({ status, doneBy }) => [status, doneBy])).toEqual([['superseded', undefined]]);
    }
  });

  test('an order among what is due is not carried out, and says what to do', async () => {
    const { harness, volumes } = start({ volumes: [volume('vol-1')] }, { controls: { 'volume-encrypted': { mode: 'approve' } } });
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const [finding] = await harness.findings();
    await harness.putDue({
      at: harness.now.toISOString(),
      message: { ...orderFor('volume-encrypted', 'fix', finding?.id ?? ''), waits: {} },
    });
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toEqual([]);
    expect((await harness.findings())[0]).toMatchObject({ status: 'awaiting-approval', order: { outcome: 'refused', sender: OWN_ROLE } });
  });
});

describe('who gave an order stays true', () => {
  const config = (mode: 'approve' | 'fix', settleSeconds: number): RedressConfig => ({
    controls: { 'volume-encrypted': { mode, settleSeconds } },
  });
  const named = { order: { by: dana, sender: 'AIDADANA' } };

  test('through a settle time, a pause, throttling, a lease, dead letters and a redrive by somebody else', async () => {
    let refusals = 0;
    const { harness, volumes } = start({ volumes: [volume('vol-1')] }, config('approve', 7200), async (_command, next) => {
      if (refusals-- > 0) throw awsError('RequestLimitExceeded', 'slow', 503);
      return await next();
    });
    const target = { type: 'AWS::EC2::Volume', id: 'vol-1' };
    harness.put(ofVolume('vol-1'));
    await harness.settle(0.1);
    const [waiting] = await harness.findings();
    await harness.ledger.lease('volume-encrypted', target, 'another', harness.now, 30);
    harness.put(orderFor('volume-encrypted', 'fix', waiting?.id ?? ''), 0, 0, 'AIDADANA');
    await harness.settle(0.1);
    expect((await harness.findings())[0]).toMatchObject({ ...named, reason: { code: 'settling' } });
    await harness.ledger.setPause(pause);
    refusals = 2;
    await harness.settle(3);
    expect((await harness.findings())[0]).toMatchObject({ ...named, reason: { code: 'paused' } });
    await harness.ledger.setPause(undefined);
    refusals = Number.POSITIVE_INFINITY;
    await harness.settle(24);
    expect(harness.dead).toHaveLength(1);
    refusals = 0;
    for (const dead of harness.dead.splice(0)) harness.put(dead, 0, 0, 'AIDAERIN');
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect((await harness.findings())[0]).toMatchObject({ ...named, status: 'superseded', doneBy: dana });
    expect(harness.announced.flatMap(({ order }) => order?.sender ?? [])).not.toContain(OWN_ROLE);
    expect(harness.announced.flatMap(({ order }) => order?.sender ?? [])).not.toContain('AIDAERIN');
  });

  test('behind the rate limit', async () => {
    const volumes = Array.from({ length: 26 }, (_, n) => volume(`vol-${n}`));
    const { harness } = start({ volumes }, config('approve', 0));
    for (const { VolumeId = '' } of volumes) harness.put(ofVolume(VolumeId));
    await harness.settle();
    for (const { id } of await harness.findings()) harness.put(orderFor('volume-encrypted', 'fix', id), 0, 0, 'AIDADANA');
    await harness.settle();
    const findings = await harness.findings();
    expect(findings).toHaveLength(26);
    for (const finding of findings) expect(finding).toMatchObject({ ...named, status: 'superseded' });
  });

  test('under whose id somebody else gives another order', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, config('approve', 3000));
    harness.put(ofVolume('vol-1'));
    await harness.settle(0.1);
    const [waiting] = await harness.findings();
    harness.put(orderFor('volume-encrypted', 'fix', waiting?.id ?? '', { id: 'o-1' }), 0, 0, 'AIDADANA');
    await harness.settle(0.1);
    expect((await harness.findings())[0]).toMatchObject(named);
    const other = { id: 'o-1', until: '2026-12-20', reason: 'x' };
    harness.put(orderFor('volume-encrypted', 'exempt', waiting?.id ?? '', other), 0, 0, 'AIDAMALLORY');
    await harness.invoke();
    expect((await harness.findings())[0]).toMatchObject({ status: 'exempt', order: { kind: 'exempt', sender: 'AIDAMALLORY' } });
  });
});
