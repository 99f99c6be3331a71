import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Secret } from './secret.ts';

describe('a secret', () => {
  test('shows its label and never its value', () => {
    const [plain, labelled] = [new Secret('hush'), new Secret('hush', 'version 3')];
    expect([`${plain}`, JSON.stringify({ plain }), inspect(plain)]).toEqual(['[secret]', '{"plain":"[secret]"}', '[secret]']);
    expect([`${labelled}`, JSON.stringify([labelled]), inspect(labelled)]).toEqual([
      '[secret: version 3]',
      '["[secret: version 3]"]',
      '[secret: version 3]',
    ]);
  });
  test('is compared by its value alone', () => {
    expect(new Secret('a', 'x').equals(new Secret('a', 'y'))).toBe(true);
    expect(new Secret('a').equals(new Secret('b'))).toBe(false);
  });
  test('is put in place in a copy of an input, wherever it stands, and told', () => {
    const [bytes, date] = [new Uint8Array([1]), new Date(0)];
    const input = {
      Name: '/a',
      Value: new Secret('one').reference(),
      List: [new Secret('two').reference(), 'plain', { Deep: new Secret('three').reference() }],
      Rest: { bytes, date, none: null, number: 0, missing: undefined },
    };
    const revealed = Secret.reveal(input);
    expect(revealed).toEqual({
      input: { ...input, Value: 'one', List: ['two', 'plain', { Deep: 'three' }] },
      values: ['one', 'two', 'three'],
    });
    expect(Reflect.get(Reflect.get(revealed.input, 'Rest'), 'bytes')).toBe(bytes);
    expect(Reflect.get(Reflect.get(revealed.input, 'Rest'), 'date')).toBe(date);
    expect(`${input.Value}`).toBe('[secret]');
    expect(Secret.reveal({ Name: '/a' })).toEqual({ input: { Name: '/a' }, values: [] });
  });
});
