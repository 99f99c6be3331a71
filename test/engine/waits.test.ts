import { describe, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import { attachVolume, createVolume, messageFor, runInstances, scheduled } from '../fixtures/events.ts';
import { password } from '../fixtures/secrets.ts';
import { awsError } from '../support/harness.ts';
import { attached, copiesOf, detached, fixing, ofVolume, pass, pause, start, statuses, turnedOff, volume } from '../support/setting.ts';

const settling = { controls: { 'volume-encrypted': { mode: 'fix' as const } } };

describe('a volume has settled', () => {
  test('only after it was seen unattached for so long, however long ago the last event was', async () => {
    const { harness, volumes } = start({ volumes: [volume('vol-1', attached)] }, settling);
    harness.put(ofVolume('vol-1'));
    harness.put(messageFor('volume-encrypted', attachVolume('vol-1', 'i-1')));
    await harness.settle();
    pass(harness, 86_400);
    Object.assign(volumes[0] ?? {}, detached);
    harness.put(messageFor('volume-encrypted', scheduled()));
    await harness.invoke();
    expect(harness.writes).toEqual([]);
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
  });

  test('also if the clock of its event is ahead of ours', async () => {
    const { harness, volumes } = start({ volumes: [volume('vol-1')] }, settling);
    harness.put(messageFor('volume-encrypted', createVolume('vol-1', { eventTime: '2031-01-01T00:00:00Z' })));
    await harness.settle(1);
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
  });
});

describe('looking again', () => {
  test('while paused goes on with one message a case, however many events there were', async () => {
    const { harness } = start({}, {});
    await harness.ledger.setPause(pause);
    for (let n = 0; n < 10; n += 1) {
      harness.put(messageFor('ebs-default-encryption', runInstances(`i-${n}`)));
      await harness.invoke();
      pass(harness, 30);
    }
    const before = harness.enqueued.length;
    await harness.settle(5);
    expect(harness.enqueued.length - before).toBeLessThan(30);
    await harness.ledger.setPause(undefined);
    await harness.settle();
    expect(harness.writes).toHaveLength(1);
    expect((await harness.findings()).map(({ status, count }) => [status, count])).toEqual([['fixed', 10]]);
  });

  test('is kept for an event that comes while another is looked at, though that one is done', async () => {
    const { harness } = start({}, {});
    await harness.ledger.setPause(pause);
    harness.put(turnedOff());
    await harness.invoke();
    harness.put(turnedOff());
    await harness.invoke();
    await harness.ledger.setPause(undefined);
    await harness.settle();
    expect((await harness.findings()).map(({ status, count }) => [status, count])).toEqual([['fixed', 2]]);
  });

  test('at what never becomes ready is told, and grows rare', async () => {
    const { harness } = start({ volumes: [volume('vol-1', { State: 'creating' })] });
    harness.put(ofVolume('vol-1'));
    await harness.settle(6);
    expect(harness.enqueued.length).toBeLessThan(40);
    expect(harness.announced.map(({ says }) => says).join()).toMatch(/the volume is creating/);
  });

  test('does not use up the tries while another invocation holds the case', async () => {
    const { harness, volumes } = start({});
    await harness.ledger.lease('volume-encrypted', { type: 'AWS::EC2::Volume', id: 'vol-1' }, 'another', harness.now, 65);
    harness.put(ofVolume('vol-1'));
    await harness.settle(0.02);
    expect(await harness.findings()).toEqual([]);
    volumes.push(volume('vol-1'));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
  });
});

test('the same message twice in one batch is handled at once', async () => {
  const { harness } = start({ volumes: [volume('vol-1')] });
  harness.put(ofVolume('vol-1'));
  harness.put(ofVolume('vol-1'));
  await harness.invoke();
  expect(await statuses(harness)).toEqual(['vol-1 superseded']);
  expect(harness.isIdle).toBe(true);
});

test('a full window is told once, also to those who heard that the volumes settle', async () => {
  const ids = Array.from({ length: 30 }, (_, n) => `vol-${n}`);
  const { harness } = start({ volumes: ids.map((id) => volume(id)) }, settling);
  for (const id of ids) harness.put(ofVolume(id));
  await harness.settle();
  expect(harness.announced.filter(({ reason }) => reason?.code === 'rate-limited')).toHaveLength(1);
  expect(new Set(harness.announced.map(({ announcement }) => announcement)).size).toBe(harness.announced.length);
});

describe('one creation', () => {
  test('stays one when reads lag and show the tags in another order', async () => {
    let reads = 0;
    const Tags = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ];
    const { harness, volumes } = start({ volumes: [volume('vol-1', { Tags })] }, fixing, async (command, next) => {
      if (actionOf(command) === 'ec2:DescribeVolumes') {
        const isOfCopies = JSON.stringify(command.input).includes('copy-of');
        if (isOfCopies && reads++ < 3) return { Volumes: [] };
        if (!isOfCopies) volumes[0]?.Tags?.reverse();
      }
      return await next();
    });
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect(harness.writes.filter(({ api }) => api === 'ec2:CopyVolumes')).toHaveLength(1);
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
  });

  test('stays one when a read forgets the copy that an earlier read showed', async () => {
    let reads = 0;
    const { harness, volumes } = start({ volumes: [volume('vol-1')] }, fixing, async (command, next) => {
      const isOfCopies = JSON.stringify(command.input).includes('"tag:redress:copy-of"');
      if (isOfCopies && ++reads === 3) return { Volumes: [] };
      return await next();
    });
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
  });

  test('that failed is made again, not answered from the memory of its token', async () => {
    const account: { volumes: ReturnType<typeof volume>[]; copyState: 'error' | 'available' } = {
      volumes: [volume('vol-1')],
      copyState: 'error',
    };
    const { harness, volumes } = start(account);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 failed']);
    volumes.splice(1);
    account.copyState = 'available';
    pass(harness, 60);
    harness.put(messageFor('volume-encrypted', createVolume('vol-1')));
    await harness.settle();
    const tokens = harness.writes.filter(({ api }) => api === 'ec2:CopyVolumes').map(({ input }) => Reflect.get(input, 'ClientToken'));
    expect(new Set(tokens).size).toBe(2);
  });
});

test('a bus that is busy delays the announcement, and fails nothing', async () => {
  const { harness } = start({ volumes: [volume('vol-1')] });
  harness.busRefuses = [Object.assign(new Error('the bus did not take a finding'), { code: 'ThrottlingException' })];
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  expect(harness.announced.map(({ status }) => status)).toEqual(['superseded']);
});

test('a defect in a read is told without the text that it was about', async () => {
  const { harness } = start({ volumes: [volume('vol-1')] }, fixing, async (command, next) =>
    actionOf(command) === 'ec2:DescribeVolumes' ? JSON.parse(password) : await next(),
  );
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  expect(harness.dead).toHaveLength(1);
  expect(await statuses(harness)).toEqual(['vol-1 failed']);
  expect(await harness.output()).not.toContain(password.slice(0, 7));
});

test('a bare network error is waited for', async () => {
  let errors = 3;
  const { harness } = start({ volumes: [volume('vol-1')] }, fixing, async (command, next) => {
    if (actionOf(command) === 'ec2:DescribeVolumes' && errors-- > 0)
      throw Object.assign(new Error('getaddrinfo ENOTFOUND ec2.eu-west-1.amazonaws.com'), {
        code: ['ENOTFOUND', 'EAI_AGAIN', 'ECONNABORTED'][errors],
      });
    return await next();
  });
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  expect(harness.announced.map(({ status }) => status)).toEqual(['superseded']);
});

test('a read that is throttled for ever ends in the dead-letter queue, where an alarm tells of it', async () => {
  const { harness } = start({ volumes: [volume('vol-1')] }, fixing, () =>
    Promise.reject(awsError('RequestLimitExceeded', 'Request limit exceeded.', 503)),
  );
  harness.put(ofVolume('vol-1'));
  await harness.settle(24);
  expect(harness.dead).toHaveLength(1);
  expect(harness.isIdle).toBe(true);
});
