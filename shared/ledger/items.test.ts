import { expect, test } from 'vitest';
import { keysOf, keysWithoutFunction, pauseKey, readableByAll, writableBy } from './items.ts';

const place = { account: '111122223333', region: 'eu-west-1' };
const here = '111122223333#eu-west-1';
const target = { type: 'AWS::EC2::Volume', id: 'vol-1' };
const fn = 'redress-volumes';
/** Whether one of the patterns stands for a partition key, as `StringLike` has it. */
const isAmong = (patterns: readonly string[], pk: string | undefined) =>
  patterns.some((one) => (one.endsWith('*') ? pk?.startsWith(one.slice(0, -1)) : pk === one));

test('a function writes the items of its controls, and what it alone keeps', () => {
  expect(writableBy(place, fn, ['a', 'b'])).toEqual([
    ...['a', 'b'].flatMap((control) => [
      `CASE#${here}#${control}#*`,
      `EXEMPT#${here}#${control}`,
      `CASE#${control}#*`,
      `EXEMPT#${control}`,
      `WINDOW#${here}#${control}#*`,
    ]),
    `FINDINGS#${here}#${fn}#*`,
    `DUE#${here}#${fn}`,
  ]);
});

test('these are the keys under which the ledger writes', () => {
  const keys = keysOf(place, fn);
  const own = writableBy(place, fn, ['a']);
  const written = (control: string) => [keys.case(control, target), keys.exemption(control, target), keys.window(`${control}#7`)];
  for (const { pk } of [...written('a'), keys.finding('f-20261128-0123456789ab')]) expect(isAmong(own, pk?.S), pk?.S).toBe(true);
  // one whose name begins so is another control
  for (const { pk } of [...written('b'), ...written('a-b')]) expect(isAmong(own, pk?.S), pk?.S).toBe(false);
  for (const { pk } of [keysOf(place, `${fn}-2`), keysWithoutFunction(place)].map((other) => other.finding('f-20261128-0123456789ab')))
    expect(isAmong(own, pk?.S), pk?.S).toBe(false);
});

test('every function reads the pause, and what versions before kept for all', () => {
  const old = keysWithoutFunction(place);
  for (const pk of [pauseKey()['pk']?.S, old.findings('2026-11-28'), `DONE#${old.done('e-1#a#x#y')}`])
    expect(isAmong(readableByAll, pk)).toBe(true);
  expect(isAmong(readableByAll, old.case('a', target)['pk']?.S)).toBe(false);
});
