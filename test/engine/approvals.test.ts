import { describe, expect, test } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import { messageFor, orderFor, scheduled } from '../fixtures/events.ts';
import { copiesOf, ofVolume, pause, start, volume } from '../support/setting.ts';

const control = 'volume-encrypted';
const approving: RedressConfig = { controls: { [control]: { mode: 'approve', settleSeconds: 0 } } };

/** A volume whose fix waits for approval. */
async function waiting() {
  const started = start({ volumes: [volume('vol-1')] }, approving);
  started.harness.put(ofVolume('vol-1'));
  await started.harness.settle();
  const finding = (await started.harness.findings())[0] ?? expect.fail('no finding');
  const order = (more: object = {}) => orderFor(control, 'fix', finding.id, { plan: finding.plan, ...more });
  const latest = async () => (await started.harness.findings())[0] ?? expect.fail('no finding');
  return { ...started, finding, order, latest };
}

describe('an order to fix is of the plan that was shown', () => {
  test('which is carried out while it is the same', async () => {
    const { harness, volumes, finding, order, latest } = await waiting();
    expect(finding.plan).toMatch(/^[0-9a-f]{32}$/);
    harness.put(messageFor(control, { ...scheduled(), id: 'sweep-1' }));
    await harness.settle();
    expect((await latest()).plan).toBe(finding.plan);
    harness.put(order());
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect(await latest()).not.toHaveProperty('plan');
  });

  test.each([true, undefined])('and not of another: it is asked for again, with what changed (announced: %s)', async (isAnnounced) => {
    const { harness, volumes, finding, order, latest } = await waiting();
    Object.assign(volumes[0] ?? {}, { Iops: 9000 });
    harness.put(order({ isAnnounced }));
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toEqual([]);
    const asked = await latest();
    expect(asked).toMatchObject({
      status: 'awaiting-approval',
      reason: { code: 'plan-changed', says: expect.stringContaining('ec2:CopyVolumes has another Iops.') },
      order: { outcome: 'refused' },
    });
    expect(asked.plan).not.toBe(finding.plan);
    expect(harness.announced.map(({ status, plan }) => [status, plan])).toEqual([
      ['awaiting-approval', finding.plan],
      ['awaiting-approval', asked.plan],
    ]);
    expect(new Set(harness.announced.map(({ announcement }) => announcement)).size).toBe(2);
    harness.put(orderFor(control, 'fix', finding.id, { plan: asked.plan }));
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect(harness.writes[0]?.input).toMatchObject({ Iops: 9000 });
  });

  test('of which the tags that the copy repeats are no part: Redress itself may have added an owner tag since', async () => {
    const { harness, volumes, order } = await waiting();
    const Tags = [{ Key: 'created:owner', Value: 'dana' }];
    Object.assign(volumes[0] ?? {}, { Tags });
    harness.put(order());
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toMatchObject([{ Tags: expect.arrayContaining(Tags) }]);
  });

  test('also where it changes while the order waits for the end of a pause', async () => {
    const { harness, volumes, order, latest } = await waiting();
    await harness.ledger.setPause(pause);
    harness.put(order());
    await harness.settle(1);
    expect((await latest()).reason?.code).toBe('paused');
    Object.assign(volumes[0] ?? {}, { VolumeType: 'gp2' });
    await harness.ledger.setPause(undefined);
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toEqual([]);
    expect(await latest()).toMatchObject({ status: 'awaiting-approval', reason: { code: 'plan-changed' } });
  });

  test('and of whatever is needed where it names none, as in a version before', async () => {
    const { harness, volumes, order } = await waiting();
    Object.assign(volumes[0] ?? {}, { Iops: 9000 });
    harness.put(order({ plan: undefined }));
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
  });
});
