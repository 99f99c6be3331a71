import { afterEach, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';
import { createVolume, messageFor } from '../fixtures/events.ts';
import { controlsOfFunction } from '../support/controls.ts';
import { ec2World, volume } from '../support/ec2-world.ts';
import { awsError, Harness, place as own } from '../support/harness.ts';
import { hubOf, MEMBER_REGION } from '../support/hub.ts';

const [listed, fresh] = ['444455556666', '777788889999'] as const;
const control = 'volume-owner-tag';
const ownerTag = controlsOfFunction('volumes').find(({ id }) => id === control) ?? expect.fail('no such control');
const place = { account: fresh, region: MEMBER_REGION };
const member = { ...place, partition: 'aws', isMember: true } as const;

let restore = () => {};
afterEach(() => restore());

/** A hub that accounts may join, with one that may be the first; `isDenied` is of its role. */
function joinable({
  isDenied = () => false,
  ous,
}: {
  isDenied?: () => boolean;
  ous?: NonNullable<RedressConfig['organization']>['ous'];
} = {}) {
  const organization = { id: 'o-a1b2c3d4e5', hub: true, join: 'automatic', regions: [MEMBER_REGION], accounts: [listed], ous } as const;
  const config: RedressConfig = { organization };
  const rows = new Map<string, NamedPlace>();
  const hub = hubOf({
    controls: [ownerTag],
    config,
    members: { [listed]: ec2World({ volumes: [] }).send, [fresh]: ec2World({ volumes: [volume('vol-1')] }).send },
    unlisted: [fresh],
    joined: {
      has: async (one) => rows.has(placeKey(one)),
      add: async (one) => void rows.set(placeKey(one), one),
      remove: async (one) => void rows.delete(placeKey(one)),
      all: async () => [...rows.values()],
    },
    refuses: () =>
      isDenied() ? awsError('AccessDenied', 'User: redress-volumes is not authorized to perform: sts:AssumeRole', 403) : undefined,
  });
  restore = hub.restore;
  const { reserveInAll: _, foundNothing: __, enqueue: ___, ...acting } = hub.acting;
  const harness = new Harness({
    controls: [ownerTag],
    world: { send: () => Promise.reject(new Error('a call in the hub')) },
    config,
    acting,
  });
  const event = { ...createVolume('vol-1', { recipientAccountId: fresh }), ...place };
  return {
    ...hub,
    harness,
    rows,
    forwarded: () => harness.put({ ...messageFor(control, event), isForwarded: true }),
    byDefaultBus: () => harness.put(messageFor(control, event)),
    sweep: () => {
      const scheduled = {
        id: 's-1',
        time: '2026-11-21T09:00:00Z',
        source: 'aws.events',
        'detail-type': 'Scheduled Event',
        resources: [],
        detail: {},
      };
      harness.put(JSON.stringify({ controls: [control], event: { ...scheduled, ...place } }));
    },
    say: async () => (await harness.findings(member)).map(({ resource, status, mode }) => `${resource.id} ${status} ${mode}`),
  };
}

test('what the bus of the members let in is of a member, whom nobody has listed', async () => {
  const { harness, forwarded, say, rows, reported, sweep, received } = joinable();
  forwarded();
  await harness.settle();
  expect(await say()).toEqual(['vol-1 fixed fix']);
  expect([...rows.values()]).toEqual([place]);
  expect([reported, harness.dead]).toEqual([[], []]);
  received.length = 0;
  sweep();
  await harness.settle();
  expect(received.map(({ account, command }) => `${account} ${actionOf(command)}`)).toContain(`${fresh} ec2:DescribeVolumes`);
});

test('it is handled as carefully as the most careful OU says', async () => {
  const { harness, forwarded, say } = joinable({ ous: { sandbox: { controls: { [control]: { mode: 'observe' } } } } });
  forwarded();
  await harness.settle();
  expect(await say()).toEqual(['vol-1 would-fix observe']);
});

test('the same event from the default bus is of a stranger', async () => {
  const { harness, byDefaultBus, rows, reported } = joinable();
  byDefaultBus();
  await harness.settle();
  expect(reported.map(({ account, status }) => `${account} ${status}`)).toEqual([`${fresh} skipped`]);
  expect([rows.size, harness.dead]).toEqual([0, []]);
});

test('who has left is taken out at the next sweep, and reported once', async () => {
  let hasLeft = false;
  const { harness, rows, reported, sweep } = joinable({ isDenied: () => hasLeft });
  rows.set(placeKey(place), place);
  hasLeft = true;
  sweep();
  await harness.settle();
  expect(rows.size).toBe(0);
  expect(reported.map(({ says }) => says)).toEqual([expect.stringContaining(`The role of Redress in ${fresh} cannot be assumed any more`)]);
  // what another function's schedule had meant for it
  sweep();
  await harness.settle();
  expect([reported.length, harness.dead]).toEqual([1, []]);
  expect(own.account).not.toBe(fresh);
});
