import { DescribeVolumesCommand, type Volume } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import type { AwsCommand } from '#shared/control/control.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { messageFor, scheduled } from '../fixtures/events.ts';
import { awsError, Harness } from '../support/harness.ts';
import { ofVolume, pass, start as startWith, volume } from '../support/setting.ts';

/** An account with so many unencrypted volumes, which it lists 200 at a time. */
function account(count: number) {
  const all = Array.from({ length: count }, (_, n) => volume(`vol-${String(n).padStart(6, '0')}`));
  const byId = new Map(all.map((one) => [one.VolumeId ?? '', one]));
  const send = async (command: AwsCommand): Promise<{ Volumes: Volume[]; NextToken?: string }> => {
    if (!(command instanceof DescribeVolumesCommand)) throw new Error('only volumes are here');
    const { Filters: [filter] = [], NextToken = '0', MaxResults } = command.input;
    const values = filter?.Values ?? [];
    if (filter?.Name === 'volume-id') return { Volumes: values.flatMap((id) => byId.get(id) ?? []) };
    if (filter?.Name !== 'encrypted') return { Volumes: [] };
    if (MaxResults === undefined) throw new Error('AWS would show all of them on one page');
    const end = Number(NextToken) + 200;
    return { Volumes: all.slice(Number(NextToken), end), ...(end < count && { NextToken: `${end}` }) };
  };
  return { send };
}

const observing = { controls: { 'volume-encrypted': { mode: 'observe' } } } as const;
const start = (count: number) => new Harness({ controls: [volumeEncrypted], config: observing, world: account(count) });
const sweep = messageFor('volume-encrypted', scheduled());

describe('a sweep of more than one invocation can look at', () => {
  test('reports each resource once, and leaves none out', async () => {
    const harness = start(1130);
    harness.put(sweep);
    await harness.settle();
    expect(new Set(harness.announced.map(({ resource }) => resource.id)).size).toBe(1130);
    expect(harness.announced).toHaveLength(1130);
    expect(harness.dead).toEqual([]);
    // and no invocation was asked for more than it has time for
    expect(harness.enqueued.map((body) => JSON.parse(body).targets?.length ?? 0).every((length) => length <= 25)).toBe(true);
  });

  test('does so too if it comes twice, and dies on its way', async () => {
    const harness = start(640);
    harness.put(sweep);
    await harness.invoke({ at: 3, when: 'after' });
    harness.put(sweep);
    await harness.settle();
    expect(new Set(harness.announced.map(({ resource }) => resource.id)).size).toBe(640);
    expect(harness.announced).toHaveLength(640);
  });
});

test('a finding ends with the next sweep if its resource is gone, and is not looked for again', async () => {
  const observed = { controls: { 'volume-encrypted': { mode: 'observe' } } } as const;
  const { harness, volumes } = startWith({ volumes: [volume('vol-1'), volume('vol-2')] }, observed);
  for (const id of ['vol-1', 'vol-2']) harness.put(ofVolume(id));
  await harness.settle();
  const sweepNow = async () => {
    pass(harness, 86_400);
    const before = harness.reads.length;
    harness.put(messageFor('volume-encrypted', { ...scheduled(), time: harness.now.toISOString() }));
    await harness.settle();
    const found = (await harness.findings()).map(({ resource, status, says }) => ({ id: resource.id, status, says }));
    return { found: Map.groupBy(found, ({ id }) => id), reads: JSON.stringify(harness.reads.slice(before)) };
  };
  volumes.splice(
    volumes.findIndex(({ VolumeId }) => VolumeId === 'vol-1'),
    1,
  );
  const first = await sweepNow();
  expect(first.found.get('vol-1')).toMatchObject([{ status: 'skipped', says: expect.stringContaining('The resource is gone.') }]);
  expect(first.found.get('vol-2')).toMatchObject([{ status: 'would-fix' }]);
  expect(first.reads).toContain('vol-1');
  expect((await sweepNow()).reads).not.toContain('vol-1');
});

describe('a message that has several controls sweep', () => {
  const both = ['volume-encrypted', 'ebs-default-encryption'];
  const observed = { controls: Object.fromEntries(both.map((id) => [id, { mode: 'observe' as const }])) };

  /** An account that denies these calls, with such a message for these controls on the queue. */
  function denying(denied: readonly string[], controls = both) {
    const account = { volumes: [volume('vol-1')], encryptionByDefault: false };
    const { harness } = startWith(account, observed, async (command, next) => {
      if (denied.includes(command.constructor.name)) throw awsError('UnauthorizedOperation', 'You are not authorized.', 403);
      return await next();
    });
    const event = scheduled();
    harness.put({ controls, event });
    const looks = () => harness.reads.filter(({ api }) => api === 'ec2:GetEbsEncryptionByDefault').length;
    const told = () => harness.announced.map(({ control }) => control);
    return { harness, event, looks, told, dead: () => harness.dead.map((body) => JSON.parse(body)) };
  }

  test('is all of their sweeps, of the same event', async () => {
    const { harness, told } = denying([]);
    await harness.settle();
    expect(told().sort()).toEqual([...both].sort());
    expect([harness.dead, harness.enqueued]).toEqual([[], []]);
  });

  test('has one that fails go on alone: the others are done, and look no second time', async () => {
    const { harness, event, looks, told, dead } = denying(['DescribeVolumesCommand']);
    await harness.invoke();
    const looked = looks();
    expect([told(), looked > 0]).toEqual([['ebs-default-encryption'], true]);
    await harness.settle();
    expect(dead()).toEqual([{ control: 'volume-encrypted', event, waits: {} }]);
    expect([told(), looks()]).toEqual([['ebs-default-encryption'], looked]);
  });

  test('comes back whole if nothing of it succeeds, and is one dead letter', async () => {
    const controls = ['volume-encrypted', 'of-another-version'];
    const { harness, event, told, dead } = denying(['DescribeVolumesCommand'], controls);
    await harness.settle();
    expect([told(), dead()]).toEqual([[], [{ controls, event }]]);
    expect(harness.enqueued).toEqual([]);
  });

  test('is not lost where the invocation ends before what failed is on the queue, and announces nothing twice', async () => {
    const { harness, event, told, dead } = denying(['DescribeVolumesCommand']);
    // as many calls as there are until then
    const { harness: before } = denying(['DescribeVolumesCommand']);
    await before.invoke();
    expect(before.calls.at(-1)).toBe('sqs:SendMessageBatch');
    await harness.invoke({ at: before.calls.length, when: 'before' });
    expect(harness.enqueued).toEqual([]);
    await harness.settle();
    expect([told(), dead()]).toEqual([['ebs-default-encryption'], [{ control: 'volume-encrypted', event, waits: {} }]]);
  });
});
