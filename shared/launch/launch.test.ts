import { describe, expect, test } from 'vitest';
import { imageRows } from '../../test/support/launch-rows-image.ts';
import { volumeRows } from '../../test/support/launch-rows-volume.ts';
import { off } from '../../test/support/launch-setting.ts';
import { type Effect, effectsOf, sayEffects } from './launch.ts';
import { encryptedData, launchOf } from './template.ts';

const rows = [...imageRows, ...volumeRows];

describe('what a launch makes of its volumes', () => {
  test.each(rows)('$name ($rule)', ({ launch, around, effects }) => {
    const expected = effects.map(({ why, ...one }) => ({ ...one, why: expect.stringMatching(why) }));
    expect(effectsOf(launch, around)).toEqual(expected);
  });
});

describe('the table', () => {
  test('has at least forty rows, no two of one situation or name, each with the page of AWS that says so', () => {
    const situations = rows.map(({ launch, around: { isDefaultOn, defaultKey } }) => JSON.stringify([launch, isDefaultOn, defaultKey]));
    expect(new Set(situations).size).toBe(rows.length);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThanOrEqual(40);
    for (const { rule } of rows) expect(rule).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/-]+\.html$/);
  });

  // whatever is fixed must be right then, or versions would be made without end
  test.each(rows)(
    '$name: what a fix would make of it launches encrypted volumes only, or it says why there is none',
    ({ launch, around }) => {
      const version = {
        number: 1,
        isDefault: true,
        description: undefined,
        data: launch as object,
        userData: undefined,
        imageId: launch.ImageId,
      };
      const { data, obstacles } = encryptedData(version, effectsOf(launch, around), around, undefined);
      const after = effectsOf(launchOf({ ...version, data: data as object }), around).filter(({ is }) => is !== 'encrypted');
      if (obstacles.length === 0) expect(after).toEqual([]);
      else expect(after.every(({ device }) => obstacles.some((one) => one.startsWith(`${device}: `)))).toBe(true);
    },
  );
});

describe('a sentence about a launch', () => {
  const one = (is: Effect['is'], device = '/dev/xvda'): Effect => ({ device, is, why: `it is ${is}` });
  test.each([
    [[], 'Version 3 names no volume.'],
    [[one('encrypted')], 'Version 3 launches encrypted volumes only.'],
    [
      [{ ...one('encrypted'), why: 'encryption by default is on' }],
      'Version 3 launches encrypted volumes only, since encryption by default is on.',
    ],
    [[one('unencrypted'), one('encrypted', '/dev/sdf')], 'Version 3 launches unencrypted volumes: /dev/xvda, since it is unencrypted.'],
    [
      [one('unencrypted'), one('unknown', '/dev/sdf')],
      'Version 3 launches unencrypted volumes: /dev/xvda, since it is unencrypted; /dev/sdf, since it is unknown.',
    ],
    [[one('unknown')], 'Whether version 3 launches encrypted volumes is not known: /dev/xvda, since it is unknown.'],
    [[one('refused')], 'Version 3 launches nothing: /dev/xvda, since it is refused.'],
  ])('%j: %s', (effects, says) => {
    expect(sayEffects('Version 3', effects)).toBe(says);
  });
});

describe('odd input', () => {
  test('a mapping without a name, and a list of nothing, make no volume', () => {
    expect(effectsOf({ BlockDeviceMappings: [{}, { Ebs: { Encrypted: false } }] }, off)).toEqual([]);
    expect(effectsOf({ BlockDeviceMappings: [] }, off)).toEqual([]);
  });
  test('an image whose devices lack a name or a volume', () => {
    const images = new Map([['ami-odd', { BlockDeviceMappings: [{}, { DeviceName: '/dev/sdf' }, { Ebs: {} }] }]]);
    expect(effectsOf({ ImageId: 'ami-odd' }, { ...off, images })).toEqual([]);
  });
});
