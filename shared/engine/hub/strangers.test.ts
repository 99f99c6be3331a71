import { beforeEach, expect, test } from 'vitest';
import type { Finding } from '#shared/finding/finding.ts';
import type { FindingRow } from '#shared/ledger/ledger.ts';
import { parseMembers, servedBy } from './members.ts';
import { Strangers } from './strangers.ts';

const own = { account: '111122223333', region: 'eu-west-1', partition: 'aws' } as const;
const member = { account: '444455556666', region: 'eu-west-1' };
const members = parseMembers(JSON.stringify([{ account: member.account, regions: [member.region] }]));
let today: Date;
let kept: Map<string, FindingRow>;
let announced: Finding[];
let isBusDown: boolean;
beforeEach(() => {
  today = new Date('2026-11-21T09:00:05Z');
  kept = new Map();
  announced = [];
  isBusDown = false;
});

const strangers = () =>
  new Strangers({
    placeOf: servedBy(members, own),
    own,
    ledger: {
      getFinding: async (id) => kept.get(id),
      putFindings: async (rows) => {
        for (const row of rows) kept.set(row.finding.id, row);
      },
    },
    announce: async (findings) => {
      if (isBusDown) return findings.map(() => new Error('the bus is down'));
      announced.push(...findings);
      return findings.map(() => true as const);
    },
    now: () => today,
    log: () => undefined,
  });
const eventOf = (place: object, detail: object = {}) => ({
  control: 'volume-encrypted',
  event: { id: 'e-1', ...place, time: '2026-11-21T09:00:00Z', source: 'aws.ec2', 'detail-type': 'AWS API Call via CloudTrail', detail },
});

test('an event of the hub’s own place or of a member is nobody’s business here', async () => {
  for (const message of [eventOf(own), eventOf(member), eventOf(member, { recipientAccountId: member.account }), { wake: true }, undefined])
    expect(await strangers().isOne(message)).toBe(false);
  expect(announced).toEqual([]);
});

test('an account that is no member is reported once a day, whatever its Regions, by whichever process', async () => {
  const stranger = { account: '999988887777', region: 'eu-west-1' };
  const one = strangers();
  const both = ['eu-west-1', 'us-east-1'].map((region) => one.isOne(eventOf({ ...stranger, region })));
  expect(await Promise.all(both)).toEqual([true, true]);
  expect(await strangers().isOne(eventOf(stranger))).toBe(true);
  expect(announced.map(({ account, status, found }) => [account, status, found])).toEqual([
    ['999988887777', 'skipped', 'An event of 999988887777 in eu-west-1 reached the hub, which does not serve it, and was dropped.'],
  ]);
  const time = '2026-11-21T09:00:05.000Z';
  expect(announced[0]).toMatchObject({
    mode: 'observe',
    severity: 'medium',
    changes: [],
    later: [],
    canUndo: false,
    count: 1,
    event: { is: 'notice', id: 'e-1', name: 'AWS API Call via CloudTrail', time },
    timings: { eventTime: time, receivedAt: time, decidedAt: time, doneAt: time },
  });
  expect(announced[0]?.advice.map(({ tool, says }) => [tool, says.length > 0])).toContainEqual([undefined, true]);
  today = new Date('2026-11-22T00:00:00Z');
  await one.isOne(eventOf(stranger));
  expect(announced).toHaveLength(2);
  expect(new Set(announced.map(({ announcement }) => announcement)).size).toBe(2);
});

test('so is a Region of a member that is not listed, and an event that names another account', async () => {
  expect(await strangers().isOne(eventOf({ ...member, region: 'ap-south-1' }))).toBe(true);
  expect(await strangers().isOne(eventOf(own, { recipientAccountId: member.account }))).toBe(true);
  expect(announced.map(({ found }) => found)).toEqual([
    'An event of 444455556666 in ap-south-1 reached the hub, which does not serve it, and was dropped.',
    'An event of 111122223333 in eu-west-1 says that it was recorded in 444455556666, and was dropped.',
  ]);
});

test('what cannot be reported comes back', async () => {
  isBusDown = true;
  const one = strangers();
  await expect(one.isOne(eventOf({ account: '999988887777', region: 'eu-west-1' }))).rejects.toThrow('the bus is down');
  isBusDown = false;
  expect(await one.isOne(eventOf({ account: '999988887777', region: 'eu-west-1' }))).toBe(true);
  expect(announced).toHaveLength(1);
});

test('a place that has left is reported, and an event of the same day by itself', async () => {
  const place = { account: '777788889999', region: 'eu-west-1' };
  await strangers().hasLeft(place, eventOf(place));
  expect(announced).toMatchObject([{ control: 'members-only', status: 'skipped', account: place.account }]);
  expect(announced[0]?.says).toContain('The role of Redress in 777788889999 cannot be assumed any more');
  expect(await strangers().isOne(eventOf(place))).toBe(true);
  expect(new Set(announced.map(({ id }) => id)).size).toBe(2);
  expect(announced).toHaveLength(2);
});
