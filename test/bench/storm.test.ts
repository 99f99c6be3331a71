import { expect, test } from 'vitest';
import { drawn, randomOf } from '../../bench/storm/random.ts';
import { sorts } from '../../bench/storm/sorts.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { finished } from '../support/controls.ts';

test('the storm makes every kind of resource, of a control that is about it', async () => {
  const controls = finished(controlsOf(await discoverFunctions()));
  // what is wrong with a user counts after a quarter of an hour, or a day: longer than a storm; and events that do not come after an hour
  const kinds = [...new Set(controls.map(({ kind }) => kind.noun))].filter((noun) => !['user', 'events'].includes(noun));
  expect(sorts.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted());
  for (const { kind, control } of sorts) expect(controls.find(({ id }) => id === control)?.kind.noun).toBe(kind);
});

test('the same seed makes the same creations, and another one others', () => {
  const kinds = (seed: number) => {
    const random = randomOf(seed);
    return Array.from({ length: 50 }, () => drawn(sorts, random).kind);
  };
  expect(kinds(1)).toEqual(kinds(1));
  expect(kinds(1)).not.toEqual(kinds(2));
  const many = Array.from({ length: 2000 }, (_, n) => drawn([{ weight: 1 }, { weight: 3 }], () => n / 2000).weight);
  expect(many.filter((weight) => weight === 3)).toHaveLength(1500);
});
