import { describe, expect, test } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import type { Notice } from '#shared/control/detail-types.ts';
import { stringAt } from '#shared/control/record.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { amiState, consoleLogin, imageBuilt, messageFor, serviceEvent, snapshotDone } from '../fixtures/events.ts';
import { Harness, place } from '../support/harness.ts';
import { volume } from '../support/setting.ts';
import { volumesWorld } from '../support/volumes/world.ts';

const config = { controls: { 'volume-encrypted': { mode: 'observe' } } } as const;
const target = { type: 'AWS::EC2::Volume', id: 'vol-1' };

/** The control of volumes with eyes for other events; `seen` is what reached it. */
function watching(seen: unknown[]): AnyControl {
  const see = (event: unknown) => {
    seen.push(event);
    return [target];
  };
  return { ...volumeEncrypted, targets: see, noticed: see };
}

function start(control: AnyControl): Harness {
  return new Harness({ controls: [control], config, world: volumesWorld({ volumes: [volume('vol-1')] }) });
}

describe('a notice', () => {
  test.each([
    ['EC2 AMI State Change', amiState('ami-1', 'available'), 'unknown'],
    ['EBS Snapshot Notification', snapshotDone('copySnapshot', 'snap-1'), 'unknown'],
    ['EC2 Image Builder Image State Change', imageBuilt('AVAILABLE'), 'imagebuilder.amazonaws.com'],
  ])('%s reaches its control whole, and its finding names nobody who is not known', async (name, event, actor) => {
    const seen: Notice[] = [];
    const harness = start(watching(seen));
    harness.put(messageFor('volume-encrypted', event));
    await harness.settle();
    expect(seen).toEqual([{ detailType: name, resources: event.resources, detail: event.detail }]);
    expect(await harness.findings()).toMatchObject([
      {
        status: 'would-fix',
        actor: { arn: null, name: actor, via: 'unknown', sourceIp: null },
        event: { id: event.id, name, time: event.time },
        count: 1,
      },
    ]);
  });

  test('that comes twice counts once, and another one counts again', async () => {
    const harness = start(watching([]));
    const event = amiState('ami-1', 'available');
    harness.put(messageFor('volume-encrypted', event));
    await harness.settle();
    harness.put(messageFor('volume-encrypted', event));
    harness.put(messageFor('volume-encrypted', amiState('ami-1', 'disabled')));
    await harness.settle();
    expect(await harness.findings()).toMatchObject([{ count: 2 }]);
  });

  test.each([
    ['the control does not look at', messageFor('volume-encrypted', amiState('ami-1', 'available')), /does not look at the event "EC2 AMI/],
    ['has no detail', messageFor('volume-encrypted', { ...amiState('ami-1', 'available'), detail: 'gone' }), /event\.detail: expected/],
    [
      'is of another account',
      messageFor('volume-encrypted', { ...amiState('ami-1', 'available'), account: '999999999999' }),
      /of 999999999999/,
    ],
  ])('that %s goes to the dead-letter queue', async (_name, message, reason) => {
    const harness = start(volumeEncrypted);
    harness.put(message);
    await harness.settle();
    expect(harness.dead).toHaveLength(1);
    expect(harness.logs.map(({ error }) => error).join(' ')).toMatch(reason);
    expect(await harness.findings()).toEqual([]);
  });
});

describe('a record that is of no call', () => {
  const signedIn = consoleLogin();

  test.each([
    ['a sign-in', signedIn, 'dana', 'console'],
    ['a sign-in in the other spelling', { ...signedIn, 'detail-type': 'AWS Console Signin via CloudTrail' }, 'dana', 'console'],
    ['what a service did', serviceEvent('SharedSnapshotVolumeCreated', { snapshotId: 'snap-1' }), 'ec2.amazonaws.com', 'ec2.amazonaws.com'],
  ])('reaches its control as a record: %s', async (_name, event, name, via) => {
    const seen: unknown[] = [];
    const harness = start(watching(seen));
    harness.put(messageFor('volume-encrypted', event));
    await harness.settle();
    expect(stringAt(seen[0], 'eventName')).toBe(event.detail.eventName);
    expect(await harness.findings()).toMatchObject([
      { actor: { name, via }, event: { id: event.detail.eventID, name: event.detail.eventName }, account: place.account },
    ]);
  });
});
