import { describe, expect, test } from 'vitest';
import { attachVolume, callEvent, createVolume, messageFor, orderFor, scheduled } from '../fixtures/events.ts';
import { password } from '../fixtures/secrets.ts';
import { copiesOf, ofVolume, start, statuses, volume } from '../support/setting.ts';

describe('a message that cannot be used', () => {
  test.each([
    ['is not JSON', '{"control": "volume-encr', /not JSON/],
    ['has no event', { control: 'volume-encrypted' }, /neither an event nor an order/],
    [
      'has an event of another kind',
      messageFor('volume-encrypted', { ...createVolume('vol-1'), 'detail-type': 'EC2 Spot Instance Interruption Warning' }),
      /not one that Redress handles/,
    ],
    ['has a record without a name', messageFor('volume-encrypted', callEvent('x', { eventName: 7 })), /event\.detail\.eventName/],
    ['is for a control that is not here', messageFor('bucket-private', createVolume('vol-1')), /no control "bucket-private"/],
    ['is of another account', messageFor('volume-encrypted', { ...createVolume('vol-1'), account: '999999999999' }), /of 999999999999/],
    ['is of another Region', messageFor('volume-encrypted', { ...createVolume('vol-1'), region: 'us-east-1' }), /in us-east-1/],
    ['orders something of an unknown finding', orderFor('volume-encrypted', 'fix', 'f-20261121-0123456789ab'), /does not hold/],
  ])('that %s reaches the dead-letter queue, and stops nothing else of its batch', async (_name, body, reason) => {
    const { harness, volumes } = start({ volumes: [volume('vol-1')] });
    harness.put(body);
    harness.put(ofVolume('vol-1'));
    await harness.invoke();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
    await harness.settle();
    expect(harness.dead).toHaveLength(1);
    expect(harness.logs.map(({ error }) => error).join(' ')).toMatch(reason);
  });

  test('is not quoted in any log', async () => {
    const { harness } = start({});
    harness.put(`{"control":"volume-encrypted","password":"${password}"`);
    await harness.settle();
    expect(harness.logs).toHaveLength(5);
    expect(await harness.output()).not.toContain(password.slice(0, 7));
  });
});

test('a record over 100 KB, whose answer CloudTrail left out, makes every volume be looked at', async () => {
  const { harness } = start({ volumes: [volume('vol-1'), volume('vol-2')] }, { controls: { 'volume-encrypted': { mode: 'observe' } } });
  harness.put(
    messageFor(
      'volume-encrypted',
      callEvent('CreateVolume', { requestParameters: { omitted: true }, responseElements: { omitted: true } }),
    ),
  );
  await harness.settle();
  expect(await statuses(harness)).toEqual(['vol-1 would-fix', 'vol-2 would-fix']);
});

test('the same message twice at once, in one batch and in two invocations: one copy, one finding, one announcement', async () => {
  const { harness, volumes } = start({ volumes: [volume('vol-1')] });
  harness.put(ofVolume('vol-1'));
  harness.put(ofVolume('vol-1'));
  const first = harness.invoke();
  harness.put(ofVolume('vol-1'));
  await Promise.all([first, harness.invoke()]);
  await harness.settle();
  expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
  expect(harness.announced.map(({ status, count }) => [status, count])).toEqual([['superseded', 1]]);
});

test('a batch shares its reads and joins its tags: calls do not grow with the number of volumes', async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `vol-${n}`);
  const { harness } = start({ volumes: ids.map((id) => volume(id)) }, { controls: { 'volume-encrypted': { mode: 'observe' } } });
  for (const id of ids) harness.put(ofVolume(id));
  for (const id of ids) harness.put(messageFor('ebs-default-encryption', createVolume(id)));
  await harness.invoke();
  const counts = Map.groupBy(harness.reads, ({ api }) => api);
  expect(counts.get('ec2:DescribeVolumes')).toHaveLength(2);
  expect(counts.get('ec2:GetEbsEncryptionByDefault')).toHaveLength(2);
});

test('many events about one case are one finding with a count', async () => {
  const { harness } = start({ volumes: [volume('vol-1', { State: 'in-use', Attachments: [{ InstanceId: 'i-1', State: 'attached' }] })] });
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  for (let n = 0; n < 3; n += 1) harness.put(messageFor('volume-encrypted', attachVolume('vol-1', 'i-1')));
  await harness.settle();
  const findings = await harness.findings();
  expect(findings.map(({ count, status }) => [count, status])).toEqual([[4, 'open']]);
  expect(harness.announced).toHaveLength(1);
});

test('a sweep over many volumes goes on in messages of 25', async () => {
  const ids = Array.from({ length: 60 }, (_, n) => `vol-${n}`);
  const { harness } = start({ volumes: ids.map((id) => volume(id)) }, {});
  harness.put(messageFor('volume-encrypted', scheduled()));
  await harness.invoke();
  expect(harness.enqueued.map((body) => JSON.parse(body).targets?.length)).toEqual([25, 25, 10, undefined]);
  await harness.settle();
  expect(await harness.findings()).toHaveLength(60);
  // each was looked at by the sweep, so none has to be because its finding is open
  expect(harness.enqueued).toHaveLength(4);
});
