import type { Image } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { actionOf, isReadVerb } from '#shared/aws/actions.ts';
import type { AwsCommand } from '#shared/control/control.ts';
import { amiState, messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { awsError, Harness } from '../../../test/support/harness.ts';
import { madeImage, published } from '../../../test/support/images/events.ts';
import { type Account, imagesWorld } from '../../../test/support/images/world.ts';
import encrypted from './image-encrypted.ts';
import shared from './image-private.ts';

const image = (id: string): Image => ({
  ImageId: id,
  Name: id,
  State: 'available',
  CreationDate: '2026-11-21T08:59:00.000Z',
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: `snap-${id}`, Encrypted: false } }],
  Tags: [],
});
const config = { controls: { 'image-encrypted': { mode: 'fix', settleSeconds: 0 }, 'image-private': { mode: 'fix' } } } as const;

/** A harness over images; `around` sees every command before the world does. */
function start(account: Account, around?: (command: AwsCommand, next: () => Promise<unknown>) => Promise<unknown>) {
  const world = imagesWorld(account);
  const send = (command: AwsCommand) => (around ? around(command, () => world.send(command)) : world.send(command));
  return { world, harness: new Harness({ controls: [encrypted, shared], config, world: { send } }) };
}

const begin = (account: Account = {}) => {
  const started = start({ images: [image('ami-1')], pendingReads: 2, hiddenReads: 2, ...account });
  started.harness.put(messageFor('image-encrypted', madeImage('ami-1', 'CreateImage', { eventID: 'event-1' })));
  return started;
};
const copiesIn = ({ images }: { images: readonly Image[] }) => images.filter(({ SourceImageId }) => SourceImageId === 'ami-1');

async function expectOneCopy({ world, harness }: ReturnType<typeof start>, where: string): Promise<void> {
  expect(copiesIn(world), where).toHaveLength(1);
  const [original] = world.images;
  expect(original, where).toMatchObject({ ImageId: 'ami-1', Tags: [{ Key: 'redress:superseded-by', Value: 'ami-copy1' }] });
  expect(
    (await harness.findings()).map(({ status }) => status),
    where,
  ).toEqual(['superseded']);
  expect(harness.dead, where).toEqual([]);
}

describe('one encrypted copy, and the original kept and tagged', () => {
  test('however often the function is killed, at each external call', async () => {
    const calm = begin();
    const calls = await calm.harness.settle();
    await expectOneCopy(calm, 'calm');
    expect(calls).toBeGreaterThan(20);
    for (let at = 1; at <= calls; at += 1) {
      const started = begin();
      await started.harness.settle(12, at);
      await started.harness.settle(24);
      await expectOneCopy(started, `killed after call ${at}`);
    }
  });

  test('though the first invocation is killed before any of its calls', async () => {
    const calm = begin();
    await calm.harness.invoke();
    const { calls } = calm.harness;
    expect(calls).toContain('ec2:CopyImage');
    for (let at = 1; at <= calls.length; at += 1) {
      const started = begin();
      await started.harness.invoke({ at, when: 'before' });
      await started.harness.settle(24);
      await expectOneCopy(started, `killed before ${calls[at - 1]}, call ${at}`);
    }
  });

  test('though the event comes again, the notice comes beside it, and a sweep looks too', async () => {
    const started = begin();
    const { harness } = started;
    harness.put(messageFor('image-encrypted', madeImage('ami-1', 'CreateImage', { eventID: 'event-1' })));
    harness.put(messageFor('image-encrypted', amiState('ami-1', 'available')), 2);
    harness.put(messageFor('image-encrypted', scheduled()), 90);
    await harness.settle(24);
    await expectOneCopy(started, 'repeated');
  });

  test('though AWS throttles and loses answers', async () => {
    const times = new Map<string, number>();
    const started = start({ images: [image('ami-1')], hiddenReads: 1 }, async (command, next) => {
      const api = actionOf(command);
      const time = (times.get(api) ?? 0) + 1;
      times.set(api, time);
      // the first write is taken, and its answer lost
      const answer = isReadVerb(api) || time === 1 ? await next() : undefined;
      const isRefused = isReadVerb(api) ? time % 9 === 2 : time <= 2;
      if (isRefused) throw awsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
      return answer ?? (await next());
    });
    started.harness.put(messageFor('image-encrypted', madeImage('ami-1')));
    await started.harness.settle(48);
    await expectOneCopy(started, 'throttled');
  });
});

test('an unencrypted step of a pipeline that encrypts is gone before it settled (packer#3382)', async () => {
  const world = imagesWorld({ images: [image('ami-1')] });
  const harness = new Harness({ controls: [encrypted], config: { controls: { 'image-encrypted': { mode: 'fix' } } }, world });
  harness.put(messageFor('image-encrypted', madeImage('ami-1')));
  await harness.invoke();
  expect((await harness.findings()).map(({ reason }) => reason?.code)).toEqual(['settling']);
  world.images.splice(0);
  await harness.settle();
  expect(harness.writes).toEqual([]);
});

test('what is launched from it is encrypted where EBS encrypts by default, so it matters less', async () => {
  const severities = [false, true].map(async (encryptionByDefault) => {
    const { harness } = start({ images: [{ ...image('ami-1'), Public: true }], encryptionByDefault });
    harness.put(messageFor('image-encrypted', madeImage('ami-1')));
    await harness.settle();
    return (await harness.findings()).map(({ severity }) => severity);
  });
  expect(await Promise.all(severities)).toEqual([['medium'], ['low']]);
});

test.each([
  ['image-private', (id: string) => published(id), 2],
  // with what is marked as a copy of them
  ['image-encrypted', (id: string) => madeImage(id), 2],
])('200 images at once share their reads in a look of %s', async (control, event, most) => {
  const ids = Array.from({ length: 200 }, (_, n) => `ami-${n}`);
  const world = imagesWorld({ images: ids.map((id) => ({ ...image(id), Public: control === 'image-private' })) });
  const observing = { controls: { [control]: { mode: 'observe' } } } as const;
  const harness = new Harness({ controls: [encrypted, shared], config: observing, world });
  for (const id of ids) harness.put(messageFor(control, event(id)));
  while (!harness.isIdle) {
    const before = harness.reads.length;
    await harness.invoke();
    const described = harness.reads.slice(before).filter(({ api }) => api.startsWith('ec2:Describe'));
    expect(described.length).toBeLessThanOrEqual(most);
  }
  expect(await harness.findings()).toHaveLength(200);
});
