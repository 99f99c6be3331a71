import { describe, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { messageFor, orderFor, scheduled } from '../fixtures/events.ts';
import { awsError, type Harness } from '../support/harness.ts';
import { ofVolume, pass, pause, start, statuses, turnedOff, volume } from '../support/setting.ts';

const control = 'volume-encrypted';
const approving = (settleSeconds = 0): RedressConfig => ({
  controls: { [control]: { mode: 'approve', settleSeconds }, 'ebs-default-encryption': { mode: 'approve' } },
});
const leaveIt = { until: '2026-12-20', reason: 'leave it' };
const idOf = async (harness: Harness) => (await harness.findings())[0]?.id ?? '';

/** A world in which a volume waits for somebody's word. */
async function waiting(config = approving(), around?: Parameters<typeof start>[2]) {
  const world = start({ volumes: [volume('vol-1')] }, config, around);
  world.harness.put(ofVolume('vol-1'));
  await world.harness.settle();
  return { ...world, id: await idOf(world.harness) };
}

async function sweep(harness: Harness): Promise<void> {
  harness.put(messageFor(control, { ...scheduled(), time: harness.now.toISOString() }));
  await harness.settle();
}

describe('an order to exempt after one to fix that has to wait', () => {
  test('stands: for a pause to end', async () => {
    const { harness, id } = await waiting();
    await harness.ledger.setPause(pause);
    harness.put(orderFor(control, 'fix', id, { at: harness.now.toISOString() }));
    await harness.settle(0.1);
    pass(harness, 60);
    harness.put(orderFor(control, 'exempt', id, { ...leaveIt, at: harness.now.toISOString() }));
    await harness.settle(0.1);
    await harness.ledger.setPause(undefined);
    await harness.settle(1);
    expect([harness.writes, await statuses(harness)]).toEqual([[], ['vol-1 exempt']]);
  });

  test('stands: for the resource to settle', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, approving(600));
    harness.put(ofVolume('vol-1'));
    await harness.settle(0.01);
    const id = await idOf(harness);
    harness.put(orderFor(control, 'fix', id, { at: harness.now.toISOString() }));
    await harness.settle(0.02);
    pass(harness, 10);
    harness.put(orderFor(control, 'exempt', id, { ...leaveIt, at: harness.now.toISOString() }));
    await harness.settle(2);
    expect([harness.writes, await statuses(harness)]).toEqual([[], ['vol-1 exempt']]);
  });

  test('is lifted by a later one to fix', async () => {
    const { harness, id } = await waiting();
    harness.put(orderFor(control, 'exempt', id, { ...leaveIt, at: harness.now.toISOString() }));
    await harness.settle();
    pass(harness, 60);
    harness.put(orderFor(control, 'fix', id, { at: harness.now.toISOString() }));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
  });
});

test('an order to fix where the control only observes lifts nobody’s exemption', async () => {
  const config: { -readonly [key in keyof RedressConfig]: RedressConfig[key] } = approving();
  const { harness, id } = await waiting(config);
  harness.put(orderFor(control, 'exempt', id, { ...leaveIt, at: harness.now.toISOString() }));
  await harness.settle();
  config.controls = { [control]: { mode: 'observe' } };
  pass(harness, 60);
  harness.put(orderFor(control, 'fix', id, { at: harness.now.toISOString() }));
  await harness.settle();
  expect(await statuses(harness)).toEqual(['vol-1 exempt']);
});

describe('an order to exempt what comes to another end', () => {
  test('exempts nothing: it was set right meanwhile', async () => {
    const { harness, volumes, id } = await waiting();
    if (volumes[0]) volumes[0].Encrypted = true;
    harness.put(orderFor(control, 'exempt', id, leaveIt));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 fixed']);
    expect(harness.table.dump()).not.toContain('leave it');
  });

  test('exempts nothing: it could not be looked at', async () => {
    let isDenied = false;
    const { harness, id } = await waiting(approving(), (command, next) => {
      if (isDenied && actionOf(command) === 'ec2:DescribeVolumes') throw awsError('UnauthorizedOperation', 'no', 403);
      return next();
    });
    isDenied = true;
    harness.put(orderFor(control, 'exempt', id, leaveIt));
    await harness.settle();
    isDenied = false;
    await sweep(harness);
    expect(await statuses(harness)).toEqual(['vol-1 awaiting-approval']);
  });

  test('sends nothing of a fix that was left half made, and says why it is not exempt', async () => {
    let isDenied = true;
    const { harness, id } = await waiting(approving(), (command, next) => {
      if (isDenied && actionOf(command) === 'ec2:CreateTags') throw awsError('UnauthorizedOperation', 'no', 403);
      return next();
    });
    harness.put(orderFor(control, 'fix', id));
    await harness.settle();
    isDenied = false;
    harness.writes.splice(0);
    harness.put(orderFor(control, 'exempt', id, leaveIt));
    await harness.settle();
    expect(harness.writes).toEqual([]);
    expect((await harness.findings())[0]).toMatchObject({
      status: 'failed',
      order: { outcome: 'refused', says: expect.stringContaining('a fix is in progress') },
    });
  });
});

describe('whoever ordered what was done is named', () => {
  const by = (who: string) => ({ by: who, id: who, isAnnounced: true });

  test('also after somebody else’s order that came too late', async () => {
    const { harness } = start({ keys: {} }, approving());
    harness.put(turnedOff());
    await harness.settle();
    const id = await idOf(harness);
    harness.put(orderFor('ebs-default-encryption', 'fix', id, by('dana')));
    harness.put(orderFor('ebs-default-encryption', 'fix', id, by('sam')));
    await harness.settle();
    expect((await harness.findings())[0]).toMatchObject({ status: 'fixed', doneBy: 'dana', order: { by: 'sam' } });
    harness.put(orderFor('ebs-default-encryption', 'undo', id, by('erin')));
    await harness.settle();
    expect((await harness.findings())[0]).toMatchObject({ status: 'undone', doneBy: 'erin' });
  });

  test('each undo that fails is announced, under a name of its own', async () => {
    const { harness } = start({ keys: {} }, {}, (command, next) => {
      if (actionOf(command) === 'ec2:DisableEbsEncryptionByDefault') throw awsError('UnauthorizedOperation', 'no', 403);
      return next();
    });
    harness.put(turnedOff());
    await harness.settle();
    const id = await idOf(harness);
    for (const who of ['dana', 'sam']) {
      harness.put(orderFor('ebs-default-encryption', 'undo', id, by(who)));
      await harness.settle();
      pass(harness, 3600);
    }
    const failed = harness.announced.filter(({ status }) => status === 'failed').map(({ announcement }) => announcement);
    expect(failed.length).toBeGreaterThanOrEqual(2);
    expect(harness.announced.at(-1)).toMatchObject({ isFailedUndo: true, order: { by: 'sam' } });
    expect(new Set(failed).size).toBe(failed.length);
  });
});
