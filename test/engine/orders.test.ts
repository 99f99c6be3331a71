import { ModifyEbsDefaultKmsKeyIdCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { messageFor, orderFor, scheduled } from '../fixtures/events.ts';
import { controlsOfFunction } from '../support/controls.ts';
import { awsError, Harness } from '../support/harness.ts';
import { attached, copiesOf, fixing, ofVolume, start, statuses, turnedOff, volume } from '../support/setting.ts';
import { volumesWorld } from '../support/volumes/world.ts';

const controls = controlsOfFunction('volumes');

describe('an order', () => {
  const approving: RedressConfig = { controls: { 'volume-encrypted': { mode: 'approve', settleSeconds: 0 } } };

  test('to fix what waits for approval fixes it, and the finding says by whose word', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, approving);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const [waiting] = await harness.findings();
    expect(waiting?.status).toBe('awaiting-approval');
    expect(waiting?.changes.map(({ api }) => api)).toEqual(['ec2:CopyVolumes']);
    expect(waiting?.later.map(({ api }) => api)).toEqual(['ec2:CreateTags']);
    harness.put(orderFor('volume-encrypted', 'fix', waiting?.id ?? ''));
    await harness.settle();
    const [fixed] = await harness.findings();
    expect([fixed?.id, fixed?.status, fixed?.order?.by, fixed?.order?.sender]).toEqual([
      waiting?.id,
      'superseded',
      'arn:aws:iam::111122223333:user/dana',
      'AIDAEXAMPLE',
    ]);
  });

  test('to fix what no longer applies says so', async () => {
    const { harness, volumes } = start({ volumes: [volume('vol-1')] }, approving);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const [waiting] = await harness.findings();
    if (volumes[0]) volumes[0].Encrypted = true;
    harness.put(orderFor('volume-encrypted', 'fix', waiting?.id ?? ''));
    await harness.settle();
    harness.put(orderFor('volume-encrypted', 'fix', waiting?.id ?? ''));
    await harness.settle();
    const [after] = await harness.findings();
    expect(after?.status).toBe('fixed');
    expect(after?.order).toMatchObject({ outcome: 'nothing-to-do', says: expect.stringMatching(/no longer applies/) });
    expect(harness.writes).toEqual([]);
  });

  test('to fix is refused in mode observe', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, {});
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    harness.put(orderFor('volume-encrypted', 'fix', (await harness.findings())[0]?.id ?? ''));
    await harness.settle();
    expect(harness.writes).toEqual([]);
    expect((await harness.findings())[0]).toMatchObject({ reason: { code: 'mode' }, order: { outcome: 'refused' } });
  });

  test('to exempt keeps the resource as it is until its day', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, approving);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const id = (await harness.findings())[0]?.id ?? '';
    harness.put(orderFor('volume-encrypted', 'exempt', id, { until: '2026-12-01', reason: 'scratch data' }));
    await harness.settle();
    expect((await harness.findings())[0]).toMatchObject({ id, status: 'exempt', says: expect.stringContaining('Exempt until 2026-12-01') });
    harness.put(messageFor('volume-encrypted', scheduled()));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 exempt']);
    harness.now = new Date('2026-12-02T00:00:01Z');
    harness.put(messageFor('volume-encrypted', scheduled()));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 awaiting-approval']);
  });

  test('to undo is refused if the resource is no longer as Redress left it', async () => {
    const { harness, world } = start({ keys: {} });
    harness.put(turnedOff());
    await harness.settle();
    const id = (await harness.findings())[0]?.id ?? '';
    await world.send(new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: 'alias/theirs' }));
    const before = harness.writes.length;
    harness.put(orderFor('ebs-default-encryption', 'undo', id));
    await harness.settle();
    expect(harness.writes).toHaveLength(before);
    expect((await harness.findings())[0]?.order?.says).toMatch(/no longer as Redress left it/);
  });
});

describe('an order beside other messages', () => {
  test('that is answered takes no event of its batch along', async () => {
    const { harness, volumes } = start({ volumes: [volume('vol-1', attached)] });
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const id = (await harness.findings())[0]?.id ?? '';
    Object.assign(volumes[0] ?? {}, { State: 'available', Attachments: [] });
    harness.put(orderFor('volume-encrypted', 'undo', id));
    harness.put(messageFor('volume-encrypted', { ...scheduled(), id: 'sweep-1' }));
    await harness.invoke();
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
  });

  test('that has to wait takes no event of its batch along', async () => {
    let refusals = 0;
    const { harness, volumes } = start({ volumes: [volume('vol-1', attached)] }, fixing, (command, next) => {
      if (actionOf(command) === 'ec2:DescribeVolumes' && refusals-- > 0) throw awsError('RequestLimitExceeded', 'slow', 503);
      return next();
    });
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const id = (await harness.findings())[0]?.id ?? '';
    Object.assign(volumes[0] ?? {}, { State: 'available', Attachments: [] });
    refusals = 1;
    harness.put(orderFor('volume-encrypted', 'undo', id));
    harness.put({ ...messageFor('volume-encrypted', scheduled()), targets: [{ type: 'AWS::EC2::Volume', id: 'vol-1' }] });
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
  });

  test('to undo a fix that is still under way is kept until that fix is done', async () => {
    let stale = 1;
    const { harness } = start({}, {}, (command, next) => {
      if (actionOf(command) === 'ec2:GetEbsEncryptionByDefault' && harness.writes.length > 0 && stale-- > 0)
        return Promise.resolve({ EbsEncryptionByDefault: false });
      return next();
    });
    harness.put(turnedOff());
    await harness.invoke();
    const [row] = await harness.ledger.findingsOf('2026-11-21');
    harness.put(orderFor('ebs-default-encryption', 'undo', row?.finding.id ?? ''));
    await harness.settle();
    expect((await harness.findings()).map(({ status }) => status)).toEqual(['undone']);
  });

  test.each([
    ['without an end', {}],
    ['with an end that is no date', { until: 'tomorrow', reason: 'x' }],
    ['without a reason', { until: '2026-12-01' }],
  ])('to exempt %s is malformed', async (_name, more) => {
    const { harness } = start({ volumes: [volume('vol-1')] }, {});
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    harness.put(orderFor('volume-encrypted', 'exempt', (await harness.findings())[0]?.id ?? '', more));
    await harness.settle();
    expect(harness.dead).toHaveLength(1);
    expect(await statuses(harness)).toEqual(['vol-1 would-fix']);
  });

  test('to exempt until a day that has passed waives nothing', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, {});
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    harness.put(orderFor('volume-encrypted', 'exempt', (await harness.findings())[0]?.id ?? '', { until: '2026-11-01', reason: 'x' }));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 would-fix']);
    expect((await harness.findings())[0]?.order?.says).toMatch(/2026-11-01 has passed/);
  });

  test('at no known time is malformed', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, {});
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    harness.put(orderFor('volume-encrypted', 'fix', (await harness.findings())[0]?.id ?? '', { at: 'soon' }));
    await harness.settle();
    expect(harness.dead).toHaveLength(1);
  });
});

describe('an order whose answer is to be announced', () => {
  const aloud = { isAnnounced: true, by: 'slack:U0DANA (dana)' };

  test('is announced once though it changes nothing, and names who gave it', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, {});
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const id = (await harness.findings())[0]?.id ?? '';
    harness.put(orderFor('volume-encrypted', 'undo', id, { ...aloud, id: 'o-1' }));
    await harness.settle();
    harness.put(orderFor('volume-encrypted', 'fix', id, { ...aloud, id: 'o-2' }));
    await harness.settle();
    harness.put(messageFor('volume-encrypted', scheduled()));
    await harness.settle();
    expect(harness.announced.map(({ status, order }) => [status, order?.kind, order?.by, order?.sender])).toEqual([
      ['would-fix', undefined, undefined, undefined],
      ['would-fix', 'undo', aloud.by, 'AIDAEXAMPLE'],
      ['would-fix', 'fix', aloud.by, 'AIDAEXAMPLE'],
    ]);
    expect(new Set(harness.announced.map(({ announcement }) => announcement)).size).toBe(3);
    expect(harness.announced[2]).toMatchObject({ reason: { code: 'mode' }, order: { outcome: 'refused' } });
  });

  test('is announced once if it fails and comes back until it is a dead letter', async () => {
    const { harness } = start({ keys: {} }, { controls: { 'ebs-default-encryption': { mode: 'approve' } } }, (command, next) => {
      if (actionOf(command) === 'ec2:EnableEbsEncryptionByDefault') throw awsError('InvalidRequest', 'not today');
      return next();
    });
    harness.put(turnedOff());
    await harness.settle();
    harness.put(orderFor('ebs-default-encryption', 'fix', (await harness.findings())[0]?.id ?? '', aloud));
    await harness.settle();
    expect(harness.dead).toHaveLength(1);
    expect(harness.announced.map(({ status }) => status)).toEqual(['awaiting-approval', 'failed']);
  });

  test('opens a finding whose actor has no ARN', async () => {
    const { harness } = start({ keys: {} });
    harness.put(turnedOff());
    await harness.settle();
    const id = (await harness.findings())[0]?.id ?? '';
    for (const kind of ['undo', 'fix'] as const) {
      harness.put(orderFor('ebs-default-encryption', kind, id, { ...aloud, id: kind }));
      await harness.settle();
    }
    const again = harness.announced.at(-1);
    expect(again).toMatchObject({ status: 'fixed', actor: { arn: null, name: aloud.by }, order: { by: aloud.by } });
    expect(again?.id).not.toBe(id);
  });
});

test('an undo writes nothing once the mode is observe, whoever asks', async () => {
  const world = volumesWorld();
  const fixed = new Harness({ controls, world });
  fixed.put(turnedOff());
  await fixed.settle();
  const id = (await fixed.findings())[0]?.id ?? '';
  const row = await fixed.ledger.getFinding(id);
  const observing = new Harness({ controls, world, config: { controls: { 'ebs-default-encryption': { mode: 'observe' } } } });
  if (row) await observing.ledger.putFindings([row]);
  observing.put(orderFor('ebs-default-encryption', 'undo', id));
  await observing.settle();
  world.restore?.();
  expect(observing.writes).toEqual([]);
  expect((await observing.findings())[0]?.order?.says).toMatch(/mode is observe/);
});
