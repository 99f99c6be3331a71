import { DisableImageBlockPublicAccessCommand, EnableImageBlockPublicAccessCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { ebsSetting, messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { type Account, accountWorld } from '../../../test/support/account/world.ts';
import { Harness } from '../../../test/support/harness.ts';
import { pass } from '../../../test/support/setting.ts';
import control from './image-sharing-blocked.ts';

/** AWS takes up to 10 minutes to change block public access for AMIs, and shows the previous state until then. */
const LAG = 600;
const disable = new DisableImageBlockPublicAccessCommand({});
const enable = new EnableImageBlockPublicAccessCommand({ ImageBlockPublicAccessState: 'block-new-sharing' });

function start(account: Account, mode: 'fix' | 'approve' = 'fix') {
  const world = accountWorld({ lag: LAG, ...account });
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode } } }, world });
  /** Somebody calls, and the record of it arrives. */
  const call = async (command: typeof disable | typeof enable) => {
    await world.send(command);
    const name = command === disable ? 'DisableImageBlockPublicAccess' : 'EnableImageBlockPublicAccess';
    harness.put(messageFor(control.id, ebsSetting(name, {}, { eventTime: harness.now.toISOString() })));
    await harness.invoke();
  };
  const sent = () => harness.writes.map(({ api }) => api);
  const statuses = async () => (await harness.findings()).map(({ status }) => status);
  return { harness, world, call, sent, statuses };
}

describe('while AWS shows that it is blocked after somebody unblocked it', () => {
  test('that is not believed: nothing is reported, nothing is sent, and it is fixed once it shows', async () => {
    const { harness, call, sent, statuses } = start({ images: 'block-new-sharing' });
    await call(disable);
    expect([await statuses(), sent(), harness.announced, harness.isIdle]).toEqual([[], [], [], false]);
    await harness.settle();
    expect([await statuses(), sent()]).toEqual([['fixed'], ['ec2:EnableImageBlockPublicAccess']]);
    expect(harness.dead).toEqual([]);
  });

  test('a sweep beside it changes nothing about that', async () => {
    const { harness, call, sent } = start({ images: 'block-new-sharing' });
    await call(disable);
    harness.put(messageFor(control.id, scheduled()));
    await harness.invoke();
    expect(sent()).toEqual([]);
    await harness.settle();
    expect(sent()).toEqual(['ec2:EnableImageBlockPublicAccess']);
  });

  test('it is believed after a quarter of an hour: somebody blocked it again', async () => {
    const { harness, call, sent, statuses } = start({ images: 'block-new-sharing', lag: 0 });
    harness.put(messageFor(control.id, ebsSetting('DisableImageBlockPublicAccess', {}, { eventTime: harness.now.toISOString() })));
    await harness.settle(0.24);
    expect(harness.isIdle).toBe(false);
    await harness.settle();
    expect([await statuses(), sent(), harness.isIdle]).toEqual([[], [], true]);
    await call(enable);
    expect([await statuses(), sent(), harness.isIdle]).toEqual([[], [], true]);
  });
});

test('a fix that shows at once is done at once, though the call that unblocked it is fresh', async () => {
  const { harness, call, statuses } = start({ images: 'block-new-sharing', lag: 0 });
  const before = harness.now.getTime();
  await call(disable);
  expect([await statuses(), harness.isIdle, harness.now.getTime() - before]).toEqual([['fixed'], true, 0]);
});

test('a person who blocks it ends the finding, though AWS still shows that it is not', async () => {
  const { harness, call, sent, statuses } = start({ images: 'block-new-sharing' }, 'approve');
  await call(disable);
  await harness.settle();
  expect(await statuses()).toEqual(['awaiting-approval']);
  pass(harness, 3600);
  await call(enable);
  await harness.settle();
  expect([await statuses(), sent()]).toEqual([['fixed'], []]);
  expect(harness.announced.map(({ status }) => status)).toEqual(['awaiting-approval', 'fixed']);
});

test('somebody who unblocks it while a fix is in flight is not fought with a second call, and not overlooked', async () => {
  const { harness, call, sent, statuses } = start({});
  await call(disable);
  pass(harness, LAG / 2);
  await call(disable);
  // AWS shows the fix, and then what came after it
  await harness.settle();
  expect([sent(), harness.announced.map(({ status }) => status)]).toEqual([['ec2:EnableImageBlockPublicAccess'], ['failed']]);
  // the sweep begins again
  harness.put(messageFor(control.id, scheduled()));
  await harness.settle();
  expect([await statuses(), sent().length]).toEqual([['fixed'], 2]);
});

test('a copy of an earlier call that comes late does not hide the later one', async () => {
  const { harness, world, call, sent } = start({});
  const earlier = ebsSetting('DisableImageBlockPublicAccess', {}, { eventTime: harness.now.toISOString() });
  await call(disable);
  await harness.settle();
  expect(sent()).toHaveLength(1);
  // turned off by a call of which no event came, and on again
  await world.send(disable);
  pass(harness, 3600);
  await call(enable);
  harness.put(messageFor(control.id, { ...earlier, detail: { ...earlier.detail, eventID: 'late' } }));
  await harness.invoke();
  expect(sent()).toHaveLength(1);
});

test('a call at no time that can be read says nothing', async () => {
  const { harness, sent, statuses } = start({ images: 'block-new-sharing' });
  const event = ebsSetting('DisableImageBlockPublicAccess');
  harness.put(messageFor(control.id, { ...event, detail: { ...event.detail, eventTime: 'yesterday' } }));
  await harness.settle();
  expect([await statuses(), sent(), harness.isIdle]).toEqual([[], [], true]);
});

test('killed after any call it is blocked in the end, reported once, by calls that may be repeated', async () => {
  const kept = start({});
  kept.harness.put(messageFor(control.id, ebsSetting('DisableImageBlockPublicAccess', {}, { eventTime: kept.harness.now.toISOString() })));
  const calls = await kept.harness.settle();
  expect(calls).toBeGreaterThan(5);
  for (let n = 1; n <= calls; n += 1) {
    const { harness, sent, statuses } = start({});
    harness.put(messageFor(control.id, ebsSetting('DisableImageBlockPublicAccess', {}, { eventTime: harness.now.toISOString() })));
    await harness.settle(12, n);
    expect([n, await statuses(), [...new Set(sent())]]).toEqual([n, ['fixed'], ['ec2:EnableImageBlockPublicAccess']]);
    expect([n, new Set(harness.announced.map(({ announcement }) => announcement)).size]).toEqual([n, 1]);
  }
});
