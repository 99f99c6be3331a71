import { DisableEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { messageFor, orderFor, runInstances } from '../fixtures/events.ts';
import { awsError } from '../support/harness.ts';
import { copiesOf, fixing, ofVolume, pass, pause, start, statuses, turnedOff, volume } from '../support/setting.ts';

const throttled = awsError('RequestLimitExceeded', 'Request limit exceeded.', 503);

describe('a fix that has begun', () => {
  test('is completed when its control is switched off meanwhile, and nothing new begins', async () => {
    const config: { controls: Record<string, object> } = { controls: { ...fixing.controls } };
    const { harness, volumes } = start({ volumes: [volume('vol-1'), volume('vol-2')], copyState: 'creating' }, config as RedressConfig);
    harness.put(ofVolume('vol-1'));
    await harness.invoke();
    config.controls['volume-encrypted'] = { mode: 'off' };
    for (const copy of copiesOf(volumes, 'vol-1')) copy.State = 'available';
    harness.put(ofVolume('vol-2'));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
    expect(copiesOf(volumes, 'vol-2')).toEqual([]);
  });

  test('and was told, but not put down, passes every gate again when the resource is wrong once more', async () => {
    const calm = start({});
    calm.harness.put(turnedOff());
    await calm.harness.invoke();
    const at = calm.harness.calls.lastIndexOf('events:PutEvents') + 1;
    const config: { controls: Record<string, object> } = { controls: {} };
    const { harness, world } = start({}, config as RedressConfig);
    harness.put(turnedOff());
    await harness.invoke({ at, when: 'after' });
    await harness.settle();
    expect((await harness.findings()).map(({ status }) => status)).toEqual(['fixed']);
    config.controls['ebs-default-encryption'] = { mode: 'observe' };
    await world.send(new DisableEbsEncryptionByDefaultCommand({}));
    const writes = harness.writes.length;
    harness.put(turnedOff());
    await harness.settle();
    expect(harness.writes).toHaveLength(writes);
    expect((await harness.findings()).map(({ status }) => status)).toEqual(['fixed', 'would-fix']);
  });

  test('survives a throttled call after many quiet rounds', async () => {
    let refusals = 1;
    const { harness } = start({ volumes: [volume('vol-1')] }, fixing, (command, next) => {
      if (actionOf(command) === 'ec2:CopyVolumes' && refusals-- > 0) throw throttled;
      return next();
    });
    await harness.ledger.setPause(pause);
    harness.put(ofVolume('vol-1'));
    await harness.settle(4);
    await harness.ledger.setPause(undefined);
    await harness.settle();
    expect(harness.announced.map(({ status }) => status)).not.toContain('failed');
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
  });
});

describe('an undo that has begun', () => {
  const undoing = async (refuse: () => Error | undefined) => {
    const started = start({}, {}, (command, next) => {
      const error = actionOf(command) === 'ec2:DisableEbsEncryptionByDefault' ? refuse() : undefined;
      if (error) throw error;
      return next();
    });
    started.harness.put(turnedOff());
    await started.harness.settle();
    return { ...started, id: (await started.harness.findings())[0]?.id ?? '' };
  };

  test('goes on when an event comes in between', async () => {
    let refusals = 1;
    const { harness, id } = await undoing(() => (refusals-- > 0 ? throttled : undefined));
    harness.put(orderFor('ebs-default-encryption', 'undo', id));
    await harness.invoke();
    harness.put(messageFor('ebs-default-encryption', runInstances('i-1')));
    await harness.invoke();
    expect(harness.logs.filter(({ level }) => level === 'error')).toEqual([]);
    await harness.settle();
    expect((await harness.findings()).find((one) => one.id === id)?.status).toBe('undone');
    expect(harness.writes.map(({ api }) => api.slice(4, 11))).toEqual(['EnableE', 'Disable', 'Disable']);
  });

  test('and was refused can be ordered again, and leaves no waiver behind', async () => {
    let isDenied = true;
    const { harness, id, world } = await undoing(() => (isDenied ? awsError('UnauthorizedOperation', 'no', 403) : undefined));
    harness.put(orderFor('ebs-default-encryption', 'undo', id));
    await harness.settle();
    expect((await harness.findings())[0]?.says).toMatch(/may not ec2:DisableEbsEncryptionByDefault/);
    isDenied = false;
    await world.send(new DisableEbsEncryptionByDefaultCommand({}));
    harness.put(turnedOff());
    await harness.settle();
    expect(harness.writes.filter(({ api }) => api === 'ec2:EnableEbsEncryptionByDefault')).toHaveLength(2);
    pass(harness, 60);
    harness.put(orderFor('ebs-default-encryption', 'undo', id));
    await harness.settle();
    expect((await harness.findings()).find((one) => one.id === id)?.status).toBe('undone');
  });
});
