import { describe, expect, test } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import { attachVolume, messageFor, runInstances, scheduled } from '../fixtures/events.ts';
import type { Harness } from '../support/harness.ts';
import { attached, detached, fixing, ofVolume, pass, start, turnedOff, volume } from '../support/setting.ts';

const control = 'volume-encrypted';
const observing: RedressConfig = { controls: { [control]: { mode: 'observe' } } };
const countsOf = (harness: Harness, metric: string) => harness.metrics.filter((one) => one.metric === metric).map((one) => one.control);

describe('the metric of violations', () => {
  test('counts a finding once, however many events and sweeps are about it', async () => {
    const { harness } = start({ volumes: [volume('vol-1'), volume('vol-2')] }, observing);
    for (const id of ['vol-1', 'vol-2', 'vol-1']) harness.put(ofVolume(id));
    await harness.settle();
    harness.put(messageFor(control, attachVolume('vol-1', 'i-1')));
    await harness.settle();
    harness.put(messageFor(control, scheduled()));
    await harness.settle();
    expect(countsOf(harness, 'violations')).toEqual([control, control]);
    expect(countsOf(harness, 'fixes')).toEqual([]);
  });

  test('counts one that waits and is fixed later once, and its fix once', async () => {
    const { harness, volumes } = start({ volumes: [volume('vol-1', attached)] }, fixing);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect([countsOf(harness, 'violations'), countsOf(harness, 'fixes')]).toEqual([[control], []]);
    Object.assign(volumes[0] ?? {}, detached);
    pass(harness, 3600);
    harness.put(messageFor(control, scheduled()));
    await harness.settle();
    expect([countsOf(harness, 'violations'), countsOf(harness, 'fixes')]).toEqual([[control], [control]]);
    expect(harness.metrics.filter(({ metric }) => metric === 'secondsToFixed')).toHaveLength(1);
  });

  test('counts what comes back as a finding of its own', async () => {
    const { harness } = start({}, { controls: { 'ebs-default-encryption': { mode: 'fix' } } });
    for (let n = 0; n < 2; n += 1) {
      harness.put(turnedOff());
      await harness.settle();
    }
    expect(countsOf(harness, 'violations')).toHaveLength((await harness.findings()).length);
  });

  test.each<[string, Parameters<typeof volume>[1], RedressConfig]>([
    ['what code manages', { Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'web' }] }, fixing],
    [
      'what is exempt',
      {},
      { ...fixing, exemptions: [{ control, resource: 'vol-1', owner: 'data team', reason: 'scratch', until: '2027-01-01' }] },
    ],
  ])('does not count %s', async (_name, more, config) => {
    const { harness } = start({ volumes: [volume('vol-1', more)] }, config);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect(await harness.findings()).toHaveLength(1);
    expect(countsOf(harness, 'violations')).toEqual([]);
  });
});

test('a defect is logged with its stack, which quotes nothing of its message', async () => {
  const { harness } = start({ volumes: [volume('vol-1')] }, fixing, async () => {
    throw new TypeError('of no use');
  });
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  expect(harness.dead).toHaveLength(1);
  const [log] = harness.logs.filter(({ message }) => message === 'a case was interrupted');
  expect(log).toMatchObject({ level: 'error', control, stack: expect.stringMatching(/^\n {4}at .+\.ts:\d+/) });
  expect(log?.['stack']).not.toContain('of no use');
});

test('what AWS refuses for now is logged without a stack', async () => {
  const { harness } = start({ volumes: [volume('vol-1')] }, fixing, async () => {
    throw Object.assign(new Error('slower'), { name: 'RequestLimitExceeded', $metadata: { httpStatusCode: 503 } });
  });
  harness.put(ofVolume('vol-1'));
  await harness.invoke();
  expect(harness.logs).toContainEqual(expect.objectContaining({ level: 'warn', message: 'a case was interrupted' }));
  for (const log of harness.logs) expect(log).not.toMatchObject({ stack: expect.anything() });
});

describe('the volumes of an instance that AWS does not show', () => {
  const looks = (harness: Harness) => harness.reads.filter(({ api }) => api === 'ec2:DescribeVolumes').length;
  const unseen = 'nothing was found behind what the record names';

  test('are looked for six times more, and then a warning says so', async () => {
    const { harness } = start({ volumes: [] });
    harness.put(messageFor(control, runInstances('i-1')));
    await harness.settle();
    expect([looks(harness), harness.enqueued.length]).toEqual([7, 6]);
    expect(harness.logs.filter(({ message }) => message === unseen)).toMatchObject([{ level: 'warn', control, named: ['i-1'] }]);
  });

  test('are found if they come before the last look', async () => {
    const { harness, volumes } = start({ volumes: [] });
    harness.put(messageFor(control, runInstances('i-1')));
    while (looks(harness) < 6) {
      await harness.invoke();
      pass(harness, 1);
    }
    volumes.push(volume('vol-1', attached));
    await harness.settle();
    expect((await harness.findings()).map(({ resource }) => resource.id)).toEqual(['vol-1']);
    expect(harness.logs.map(({ message }) => message)).not.toContain(unseen);
  });
});
