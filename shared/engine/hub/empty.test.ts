import { expect, test } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import volumeEncrypted from '../../../functions/volumes/volume-encrypted.ts';
import { EmptyPlaces } from './empty.ts';

const place = { account: '444455556666', region: 'eu-west-1', partition: 'aws', isMember: true } as const;
const [first, second]: readonly AnyControl[] = [volumeEncrypted, { ...volumeEncrypted, id: 'volume-owner-tag' }];
const global: AnyControl = { ...volumeEncrypted, id: 'root-has-mfa', kind: { ...volumeEncrypted.kind, isGlobal: true } };

/** The places of a hub with these controls, and the controls under which one is kept as empty. */
function placesOf(...controls: AnyControl[]) {
  const kept = new Set<string>();
  const places = new EmptyPlaces({
    placeOf: () => place,
    controls,
    ledger: () => ({ isEmpty: async (control) => kept.has(control), foundNothing: async (control) => void kept.add(control) }),
    now: () => new Date('2026-11-21T09:00:05Z'),
  });
  const look = () =>
    places.isPassed(
      controls.map(({ id }) => id),
      place,
    );
  return { places, kept, look };
}

test('a place is passed by once all controls of a message have found nothing', async () => {
  if (!first || !second) return expect.fail('two controls');
  const { places, kept, look } = placesOf(first, second);
  expect(await look()).toBe(false);
  await places.foundNothing(first, place);
  expect(await look()).toBe(false);
  await places.foundNothing(second, place);
  expect(kept.size).toBe(0);
  await places.foundNothing(first, place);
  expect([...kept]).toEqual([first.id]);
  expect(await look()).toBe(true);
});

test('a control that is run in another Region is not waited for', async () => {
  if (!first) return expect.fail('a control');
  const { places, kept, look } = placesOf(global, first);
  await look();
  await places.foundNothing(first, place);
  expect([...kept]).toEqual([global.id]);
});

test('what nobody asked about keeps nothing', async () => {
  if (!first) return expect.fail('a control');
  const { places, kept } = placesOf(first);
  await places.foundNothing(first, place);
  expect(kept.size).toBe(0);
});
