import type { Volume } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { attachVolume, messageFor, orderFor, scheduled } from '../../test/fixtures/events.ts';
import { awsError, type Harness } from '../../test/support/harness.ts';
import { attached, copiesOf, detached, fixing, ofVolume, pass, start, statuses, volume } from '../../test/support/setting.ts';

/*
 * A copy counts as Redress's own by its ledger alone, and under a key that can be used: anybody may write the tags.
 */
const control = 'volume-encrypted';
const target = { type: 'AWS::EC2::Volume', id: 'vol-1' };
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/ours';
const OLD = '2026-11-01T09:00:00.000Z';
const names = (id: string) => [{ Key: 'redress:superseded-by', Value: id }];
const copyOf = (id: string, more: Partial<Volume> = {}) =>
  volume(id, { Encrypted: true, SourceVolumeId: 'vol-1', KmsKeyId: KEY, Tags: [{ Key: 'redress:copy-of', Value: 'vol-1' }], ...more });
const usable = { keys: { ours: { Arn: KEY } } };

/** The volumes, and what the ledger knows of `vol-1`. */
async function begin(volumes: Volume[], known: Partial<CaseState> | undefined, account: object = usable, config: RedressConfig = fixing) {
  const setting = start({ volumes, encryptionByDefault: true, ...account }, config);
  const { harness } = setting;
  const state = await harness.ledger.lease(control, target, 'setting', harness.now, 60);
  if (!state) throw new Error('no lease');
  await harness.ledger.release(control, target, 'setting', known && { ...state, hint: { via: 'AWS CLI' }, ...known }, harness.now);
  return setting;
}

async function sweep(harness: Harness): Promise<void> {
  harness.put(messageFor(control, { ...scheduled(), id: `sweep-${harness.now.getTime()}` }));
  await harness.settle();
}

const onlyFinding = async (harness: Harness) => {
  const [finding, ...more] = await harness.findings();
  if (!finding || more.length > 0) throw new Error(`${more.length + 1} findings`);
  return finding;
};
const adviceOf = async (harness: Harness) => (await onlyFinding(harness)).advice.map(({ says }) => says).join('\n');
const writesOf = ({ writes }: Harness) => writes.map(({ api }) => api);

describe('a volume that is marked as replaced', () => {
  const marked = volume('vol-1', { Tags: names('vol-2') });

  test('is so by a copy that the ledger knows', async () => {
    const { harness } = await begin([marked, copyOf('vol-2')], { made: ['vol-2'] });
    await sweep(harness);
    expect(await harness.findings()).toEqual([]);
  });

  test('is so by the marks alone where the fix ended before the ledger kept what it made', async () => {
    const { harness } = await begin([marked, copyOf('vol-2')], { fixes: [OLD] });
    await sweep(harness);
    expect(await harness.findings()).toEqual([]);
  });

  test('is so by a copy whose own mark somebody took away', async () => {
    const { harness } = await begin([marked, copyOf('vol-2', { Tags: [] })], { made: ['vol-2'] });
    await sweep(harness);
    expect(await harness.findings()).toEqual([]);
  });

  test.each([
    ['of which the ledger knows nothing', undefined],
    ['where the ledger knows another copy', { made: ['vol-9'] }],
    ['where the ledger knows that nothing was made', { made: [], fixes: [OLD] }],
  ])('by a copy that somebody else made waits for a person, and says so: %s', async (_name, known) => {
    const { harness, volumes } = await begin([marked, copyOf('vol-2')], known);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const finding = await onlyFinding(harness);
    expect(finding.status).toBe('awaiting-approval');
    expect(finding.says).toBe(
      'The volume is not encrypted, and not attached. Its tag redress:superseded-by names vol-2, and Redress has no record that it made that for the volume as it is. vol-2 is an encrypted copy of it already; look whose it is.',
    );
    expect(await adviceOf(harness)).toBe('Find out in CloudTrail who set the mark, and compare the volumes before you delete either.');
    expect(harness.writes).toEqual([]);
    harness.put(orderFor(control, 'fix', finding.id));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
    expect(volumes.find(({ VolumeId }) => VolumeId === 'vol-1')?.Tags).toEqual(names('vol-copy1'));
  });

  test.each([
    ['a volume that is no copy of it', copyOf('vol-2', { SourceVolumeId: 'vol-7' })],
    ['a copy that is not encrypted', copyOf('vol-2', { Encrypted: false })],
    ['what is no volume', volume('vol-7')],
  ])('by a tag that names %s is fixed all the same, so that a tag switches nothing off', async (_name, other) => {
    const { harness } = await begin([marked, other], undefined);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const finding = (await harness.findings()).find(({ resource }) => resource.id === 'vol-1');
    expect(finding).toMatchObject({ status: 'superseded', found: expect.stringContaining('names vol-2, and Redress has no record') });
    expect(writesOf(harness)).toEqual(['ec2:CopyVolumes', 'ec2:CreateTags']);
  });

  test('by a text that is no id is fixed, and no such id is asked for', async () => {
    const { harness } = await begin([volume('vol-1', { Tags: names('nonsense') })], undefined);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
    expect(JSON.stringify(harness.reads)).not.toContain('"nonsense"');
  });

  test.each([
    ['that the ledger knows', { made: ['vol-2'], fixes: [OLD] }],
    ['of the time before', { fixes: [OLD] }],
  ])('by a copy that is gone waits for a person: one %s', async (_name, known) => {
    const { harness } = await begin([marked], known);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect(await onlyFinding(harness)).toMatchObject({
      status: 'awaiting-approval',
      says: 'The volume is not encrypted, and not attached. The copy vol-2 that replaced it is gone, so somebody may not want one.',
    });
  });

  test.each<[string, object, string]>([
    [
      'disabled',
      { keys: { ours: { Arn: KEY, KeyState: 'Disabled' } } },
      `cannot be read, because the key ${KEY} is Disabled. Keep the original.`,
    ],
    ['deleted', {}, `cannot be read, because the key ${KEY} does not exist. Keep the original.`],
    [
      'not for Redress to look at',
      { refuses: { DescribeKey: awsError('AccessDeniedException', 'no') } },
      `is unknown: Redress may not look at the key ${KEY}: kms:DescribeKey: no. Keep the original until you know. Allow Redress's role \`kms:DescribeKey\``,
    ],
  ])('by a copy whose key is %s is open', async (_name, account, says) => {
    const { harness } = await begin([marked, copyOf('vol-2')], { made: ['vol-2'] }, account);
    await sweep(harness);
    expect(await statuses(harness)).toEqual(['vol-1 open']);
    expect(await adviceOf(harness)).toContain(says);
    expect(harness.writes).toEqual([]);
  });

  test('by a copy that is not encrypted, or failed, is open', async () => {
    for (const [more, says] of [
      [{ Encrypted: false }, 'The copy vol-2 is not encrypted: delete it'],
      [{ State: 'error' }, 'The copy vol-2 failed'],
    ] as const) {
      const { harness } = await begin([marked, copyOf('vol-2', more)], { made: ['vol-2'] });
      harness.put(ofVolume('vol-1'));
      await harness.settle();
      expect((await harness.findings()).find(({ resource }) => resource.id === 'vol-1')?.status).toBe('open');
      expect(JSON.stringify(await harness.findings())).toContain(says);
      expect(harness.writes).toEqual([]);
    }
  });

  test('is judged as attached first, and the copy then counts no more', async () => {
    const { harness, volumes } = await begin([{ ...marked, ...attached }, copyOf('vol-2')], { made: ['vol-2'] });
    harness.put(messageFor(control, attachVolume('vol-1', 'i-1')));
    await harness.settle();
    expect(await onlyFinding(harness)).toMatchObject({ status: 'open', says: expect.stringContaining('attached to i-1') });
    expect(await adviceOf(harness)).toMatch(/copy vol-2 .* may lack later writes/);
    Object.assign(volumes[0] ?? {}, detached);
    pass(harness, 3600);
    await sweep(harness);
    expect(await onlyFinding(harness)).toMatchObject({
      status: 'awaiting-approval',
      says: expect.stringContaining('no record that it made that for the volume as it is'),
    });
    expect(harness.writes).toEqual([]);
  });
});

describe('a copy that is not marked yet', () => {
  test('of somebody else, marked and true, is reported and does not take the place of our own', async () => {
    const { harness, volumes } = await begin([volume('vol-1'), copyOf('vol-2'), copyOf('vol-0')], undefined);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect(writesOf(harness)).toEqual(['ec2:CopyVolumes', 'ec2:CreateTags']);
    expect(volumes.find(({ VolumeId }) => VolumeId === 'vol-1')?.Tags).toEqual(names('vol-copy1'));
  });

  test('of somebody else is named while a person is asked', async () => {
    const approving: RedressConfig = { controls: { [control]: { mode: 'approve' } } };
    const { harness } = await begin([volume('vol-1'), copyOf('vol-2'), copyOf('vol-0')], undefined, usable, approving);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect(await adviceOf(harness)).toBe(
      'vol-0 is marked as a copy that Redress made, without a record.\nvol-2 is marked as a copy that Redress made, without a record.\nFind out in CloudTrail who set the mark, and compare the volumes before you delete either.',
    );
  });

  test('of the ledger is completed: the newest of several', async () => {
    const { harness, volumes } = await begin([volume('vol-1'), copyOf('vol-2'), copyOf('vol-3'), copyOf('vol-0')], {
      made: ['vol-0', 'vol-3', 'vol-2'],
    });
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect(writesOf(harness)).toEqual(['ec2:CreateTags']);
    expect(volumes.find(({ VolumeId }) => VolumeId === 'vol-1')?.Tags).toEqual(names('vol-2'));
  });

  test('is recorded from the answer, whose loss makes no second one', async () => {
    const lost = { isLost: false };
    const { harness, volumes } = start({ volumes: [volume('vol-1')], encryptionByDefault: true }, fixing, async (command, next) => {
      const answer = await next();
      if (command.constructor.name !== 'CopyVolumesCommand' || lost.isLost) return answer;
      lost.isLost = true;
      throw awsError('ServiceUnavailable', 'the answer is lost', 503);
    });
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect((await harness.ledger.lease(control, target, 'test', harness.now, 60))?.made).toEqual(['vol-copy1']);
  });
});

describe('a copy whose answer was lost, of a volume that has other tags when it is tried again', () => {
  /** Copies `vol-1`, loses the answer, tags it, and shows these of somebody else from then on. */
  function lose(strangers: (now: Date) => Volume[]) {
    let isLost = false;
    const setting = start({ volumes: [volume('vol-1')], encryptionByDefault: true, ...usable }, fixing, async (command, next) => {
      const answer = await next();
      if (command.constructor.name !== 'CopyVolumesCommand' || isLost) return answer;
      isLost = true;
      const { volumes, harness } = setting;
      // AWS shows whole seconds
      const CreateTime = new Date(Math.floor(harness.now.getTime() / 1000) * 1000);
      for (const one of volumes) Object.assign(one, one.VolumeId === 'vol-1' ? { Tags: [{ Key: 'team', Value: 'a' }] } : { CreateTime });
      volumes.push(...strangers(CreateTime));
      throw awsError('ServiceUnavailable', 'the answer is lost', 503);
    });
    pass(setting.harness, 0.9);
    setting.harness.put(ofVolume('vol-1'));
    return setting;
  }

  test('replaces it, and no second one is made', async () => {
    const { harness, volumes } = lose((now) => [copyOf('vol-0', { CreateTime: new Date(now.getTime() - 1) }), copyOf('vol-9')]);
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
    expect(volumes.filter(({ VolumeId }) => VolumeId?.startsWith('vol-copy'))).toHaveLength(1);
    expect(volumes[0]?.Tags).toEqual([{ Key: 'team', Value: 'a' }, ...names('vol-copy1')]);
    expect((await harness.ledger.lease(control, target, 'test', harness.now, 60))?.made).toEqual(['vol-copy1']);
  });

  test('is not told from one that somebody else made meanwhile: a person looks', async () => {
    const { harness, volumes } = lose((now) => [copyOf('vol-9', { CreateTime: now })]);
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 failed']);
    expect(await adviceOf(harness)).toContain('vol-9 is marked as a copy that Redress made, without a record.');
    pass(harness, 3600);
    await sweep(harness);
    harness.put(messageFor(control, attachVolume('vol-1', 'i-1')));
    await harness.settle();
    expect(volumes.filter(({ VolumeId }) => VolumeId?.startsWith('vol-copy'))).toHaveLength(1);
  });
});
