import { matchesGlob } from 'node:path';
import { expect, test } from 'vitest';
import { keysOf, keysOfMember, keysWithoutFunction, keysWithoutPlace, openUnder, pauseKey, readableByAll, writableBy } from './items.ts';

const place = { account: '111122223333', region: 'eu-west-1' };
const here = '111122223333#eu-west-1';
const target = { type: 'AWS::EC2::Volume', id: 'vol-1' };
const fn = 'redress-volumes';
/** Whether one of the patterns stands for a partition key, as `StringLike` has it. */
const isAmong = (patterns: readonly string[], pk = '') =>
  patterns.some((one) => matchesGlob(pk.replaceAll('/', ':'), one.replaceAll('/', ':')));

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

test('in a hub a function writes the items of its controls everywhere, and of no other, whatever a resource is called', () => {
  const own = writableBy(place, fn, ['a'], true);
  const member = { account: '444455556666', region: 'ap-southeast-1' };
  const named = { type: 'AWS::Logs::LogGroup', id: '/x-1#a#444455556666#ap-southeast-1#a#CASE#a#' };
  for (const keys of [keysOf(place, fn), keysOfMember(member, fn)]) {
    const written = (control: string) => [keys.case(control, named), keys.exemption(control, named), keys.window(`${control}#7`)];
    for (const { pk } of [...written('a'), keys.finding('f-20261128-0123456789ab'), keys.nothing('a'), keys.receipt('a', 'o')])
      expect(isAmong(own, pk?.S), pk?.S).toBe(true);
    for (const { pk } of [...written('b'), ...written('a-b'), ...written('b-a')]) expect(isAmong(own, pk?.S), pk?.S).toBe(false);
    const open = ['a', 'b', 'a-b', 'b-a'].map((control) => isAmong(openUnder(place, ['a'], true), keys.open(control)));
    expect(open).toEqual([true, false, false, false]);
    expect(keys.targetIn('a', keys.case('a', named)['pk']?.S ?? '')).toEqual(named);
  }
  expect(isAmong(own, keysOfMember(member, `${fn}-2`).finding('f-20261128-0123456789ab')['pk']?.S)).toBe(false);
});

test('no two places, controls or times share the key of a case', () => {
  const member = { account: '444455556666', region: 'eu-west-1' };
  const all = [keysOf(place, fn), keysOf(member, fn), keysOfMember(place, fn), keysOfMember(member, fn), keysWithoutPlace].flatMap((keys) =>
    ['a', 'b'].map((control) => keys.case(control, target)['pk']?.S),
  );
  expect(new Set(all).size).toBe(all.length);
});
