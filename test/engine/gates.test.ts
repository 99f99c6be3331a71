import { DisableEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import { awsError } from '../support/harness.ts';
import { copiesOf, fixing, ofVolume, pause, start, statuses, turnedOff, volume } from '../support/setting.ts';
import { MemoryTable } from '../support/table.ts';

describe('the kill switch', () => {
  test('stops every fix that has not begun, and each goes on after it', async () => {
    const { harness, volumes } = start({ volumes: [volume('vol-1')] });
    await harness.ledger.setPause(pause);
    harness.put(ofVolume('vol-1'));
    await harness.settle(2);
    expect(harness.writes).toEqual([]);
    expect(harness.announced.map(({ says }) => says).join()).toMatch(/paused by .*dana.*: a migration/);
    await harness.ledger.setPause(undefined);
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
  });

  test('that cannot be read stops every fix', async () => {
    const table = new MemoryTable();
    const { harness } = start({ volumes: [volume('vol-1')] }, fixing, undefined, { table });
    table.around = async (name, call) => {
      if (name === 'GetItemCommand') throw awsError('AccessDeniedException');
      return call();
    };
    harness.put(ofVolume('vol-1'));
    await harness.invoke();
    expect(harness.calls).toContain('ledger.paused');
    await harness.settle(2);
    expect(harness.writes).toEqual([]);
  });

  test('thrown in the middle of a fix lets its completing steps run', async () => {
    const started = start({ volumes: [volume('vol-1')] }, fixing, async (command, next) => {
      const answer = await next();
      if (actionOf(command) === 'ec2:CopyVolumes') await started.harness.ledger.setPause(pause);
      return answer;
    });
    started.harness.put(ofVolume('vol-1'));
    await started.harness.settle(2);
    expect(await statuses(started.harness)).toEqual(['vol-1 superseded']);
  });
});

test('a full blast-radius window: what is over waits for the next one, and one alert says so', async () => {
  const ids = Array.from({ length: 30 }, (_, n) => `vol-${n}`);
  const { harness, volumes } = start({ volumes: ids.map((id) => volume(id)) });
  for (const id of ids) harness.put(ofVolume(id));
  await harness.invoke();
  expect(volumes.filter(({ SourceVolumeId }) => SourceVolumeId)).toHaveLength(17);
  expect(harness.announced.filter(({ reason }) => reason?.code === 'rate-limited')).toHaveLength(1);
  await harness.settle();
  for (const id of ids) expect(copiesOf(volumes, id)).toHaveLength(1);
  expect((await statuses(harness)).every((text) => text.endsWith('superseded'))).toBe(true);
});

test('a resource that comes back wrong three times within an hour is left unchanged, and the alert names who changes it back', async () => {
  const { harness, world } = start({});
  for (let n = 0; n < 3; n += 1) {
    harness.put(turnedOff());
    await harness.settle();
    harness.now = new Date(harness.now.getTime() + 60_000);
    await world.send(new DisableEbsEncryptionByDefaultCommand({}));
  }
  const writes = harness.writes.length;
  harness.put(turnedOff());
  await harness.settle(0.5);
  expect(harness.writes).toHaveLength(writes);
  expect(harness.announced.at(-1)?.says).toMatch(/came back wrong 3 times within an hour, last by dana/);
  // nothing was sent, so nothing is listed as if it had been
  expect(harness.announced.at(-1)).toMatchObject({ status: 'open', changes: [], later: [] });
});

test('a volume that is attached while it settles is not copied', async () => {
  const { harness, volumes } = start({ volumes: [volume('vol-1')] }, { controls: { 'volume-encrypted': { mode: 'fix' } } });
  harness.put(ofVolume('vol-1'));
  await harness.invoke();
  expect(harness.announced[0]?.says).toMatch(/Redress fixes it at 2026-11-21T09:15:00.000Z, if it is still as it is now/);
  const [target] = volumes;
  if (target) Object.assign(target, { State: 'in-use', Attachments: [{ InstanceId: 'i-1', State: 'attached' }] });
  await harness.settle();
  expect(harness.writes).toEqual([]);
  expect(await statuses(harness)).toEqual(['vol-1 open']);
});

test('an exemption in the config holds until its day', async () => {
  const exemptions = [{ control: 'volume-encrypted', resource: 'vol-*', owner: 'dana', reason: 'a test bed', until: '2026-11-30' }];
  const { harness } = start({ volumes: [volume('vol-1')] }, { ...fixing, exemptions });
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  expect(await statuses(harness)).toEqual(['vol-1 exempt']);
  expect(harness.writes).toEqual([]);
});
