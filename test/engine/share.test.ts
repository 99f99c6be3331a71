import { expect, test } from 'vitest';
import { createVolume, messageFor } from '../fixtures/events.ts';
import { copiesOf, start, statuses, volume } from '../support/setting.ts';

/*
 * The rate limit is one for all, and nobody can use it up for the others.
 */
const control = 'volume-encrypted';
const madeBy = (who: string, id: string) => {
  const userIdentity = { type: 'IAMUser', arn: `arn:aws:iam::111122223333:user/${who}`, userName: who };
  return messageFor(control, createVolume(id, { eventID: `event-${id}`, userIdentity }));
};
const many = Array.from({ length: 60 }, (_, n) => `vol-many-${n}`);
const few = ['vol-few-1', 'vol-few-2', 'vol-few-3'];

/** The volumes of one who makes many and of one who makes few. */
function both() {
  const setting = start({ volumes: [...many, ...few].map((id) => volume(id)) });
  const fixed = (ids: readonly string[]) => ids.filter((id) => copiesOf(setting.volumes, id).length > 0).length;
  return { ...setting, fixed };
}

test('one maker’s many volumes do not delay those of another, who comes later', async () => {
  const { harness, fixed } = both();
  for (const id of many) harness.put(madeBy('mallory', id));
  await harness.invoke();
  expect(fixed(many)).toBe(17);
  for (const id of few) harness.put(madeBy('dana', id));
  await harness.invoke();
  expect(fixed(few)).toBe(3);
  expect(harness.announced.filter(({ reason }) => reason?.code === 'rate-limited')).toMatchObject([
    { reason: { says: expect.stringMatching(/^mallory has used its share of the rate limit of volume-encrypted/) } },
  ]);
});

test('nor of another in the same batch', async () => {
  const { harness, fixed } = both();
  for (const id of [...many, ...few]) harness.put(madeBy(few.includes(id) ? 'dana' : 'mallory', id));
  await harness.invoke();
  expect([fixed(many), fixed(few)]).toEqual([17, 3]);
});

test('a window gives its whole limit in the end, to one maker alone too, and every volume is fixed once', async () => {
  const { harness, volumes, fixed } = both();
  for (const id of many) harness.put(madeBy('mallory', id));
  await harness.settle(1 / 6 - 0.01);
  expect(fixed(many)).toBe(25);
  await harness.settle();
  expect((await statuses(harness)).filter((text) => text.endsWith('superseded'))).toHaveLength(60);
  for (const id of many) expect(copiesOf(volumes, id)).toHaveLength(1);
});
