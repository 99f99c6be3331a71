import { expect, test } from 'vitest';
import bucketPublicAccess from '../../../functions/account/bucket-public-access/bucket-public-access-blocked.ts';
import volumeEncrypted from '../../../functions/volumes/volume-encrypted.ts';
import { emptyPlaces, judging } from './empty.ts';

const own = { account: '111122223333', region: 'eu-west-1', partition: 'aws' } as const;
const member = { ...own, account: '444455556666', isMember: true } as const;

test('what a control did not find in a member it does not look for there, and nowhere else', async () => {
  const kept = new Set<string>();
  const served = new Set<string>();
  const empty = emptyPlaces({
    placeOf: ({ account }) => [own, member].find((one) => one.account === account),
    ledger: ({ account }) => ({
      foundNothing: async (control) => void kept.add(`${account} ${control}`),
      noteServed: async () => void served.add(account),
      sweepNotes: async (controls) => ({
        isServed: served.has(account),
        nothing: new Set(controls.filter((one) => kept.has(`${account} ${one}`))),
      }),
    }),
    home: {
      nothingIn: async (looks, now) => looks.map(({ place, controls }) => new Set([...controls, place.account, now.toISOString()])),
      areServed: async (places) => places.map(({ account }) => served.has(account)),
    },
    now: () => new Date('2026-11-21T09:00:05Z'),
  });
  for (const place of [own, member]) await empty.foundNothing(volumeEncrypted, place);
  expect([...kept]).toEqual([`${member.account} ${volumeEncrypted.id}`]);
  const controls = ['volume-owner-tag', volumeEncrypted.id];
  expect(await empty.notesOf(controls, member)).toEqual({ isServed: false, nothing: new Set([volumeEncrypted.id]) });
  for (const other of [own, { ...own, account: '999988887777' }])
    expect(await empty.notesOf(controls, other)).toEqual({ isServed: true, nothing: new Set() });
  for (const place of [own, member]) await empty.served(place);
  expect([...served]).toEqual([member.account]);
  expect(await empty.notesOf([], member)).toMatchObject({ isServed: true });
  // of many places at once, also of those that have joined and are not known here yet
  const stranger = { ...own, account: '999988887777' };
  expect(await empty.nothingIn([{ place: stranger, controls }])).toEqual([
    new Set([...controls, stranger.account, '2026-11-21T09:00:05.000Z']),
  ]);
  expect(await empty.areServed([stranger, member])).toEqual([false, true]);
});

test('what is one for all Regions is judged in one of them', () => {
  const judges = judging([bucketPublicAccess, volumeEncrypted]);
  const regions = ['eu-west-1', 'us-east-1', 'us-gov-west-1'].map((region) => ({ ...member, region }));
  expect(regions.map((place) => judges(bucketPublicAccess.id, place))).toEqual([false, true, true]);
  expect(regions.map((place) => judges(volumeEncrypted.id, place))).toEqual([true, true, true]);
});
