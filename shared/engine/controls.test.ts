import { expect, test } from 'vitest';
import { tagControls } from '#shared/tags/index.ts';
import { volumes } from '../../functions/volumes/kind.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { lazily } from './controls.ts';

/** The loaders of a function, and how often each was asked. */
function counted() {
  const loads: string[] = [];
  const loading = (name: string, load: () => ReturnType<typeof tagControls>) => async () => {
    loads.push(name);
    return load();
  };
  const tags = loading('tags', () => tagControls(volumes));
  const loaders = { 'volume-encrypted': loading('own', () => [volumeEncrypted]), 'volume-owner-tag': tags, 'volume-required-tags': tags };
  return { loads, ...lazily(loaders) };
}

test('a control is loaded when it is asked for, once, and nothing else is', async () => {
  const { loads, controlOf } = counted();
  expect(await controlOf('volume-encrypted')).toBe(volumeEncrypted);
  expect(await controlOf('volume-encrypted')).toBe(volumeEncrypted);
  expect(loads).toEqual(['own']);
});

test('one that is made when it is loaded is the same one each time', async () => {
  const { controlOf } = counted();
  expect(await controlOf('volume-owner-tag')).toBe(await controlOf('volume-owner-tag'));
});

test.each(['volume-other', '__proto__', 'constructor', ''])('there is none called %j', async (id) => {
  const { loads, controlOf } = counted();
  expect(await controlOf(id)).toBeUndefined();
  expect(loads).toEqual([]);
});

test('all of a function are there', async () => {
  const { all } = counted();
  expect((await all()).map(({ id }) => id)).toEqual(['volume-encrypted', 'volume-owner-tag', 'volume-required-tags']);
});
