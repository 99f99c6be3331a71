import { expect, test } from 'vitest';
import { delayOf, growing } from './backoff.ts';

test.each([
  [-5, 1],
  [0, 1],
  [0.2, 1],
  [1, 1],
  [1.001, 2],
  [899.5, 900],
  [900, 900],
  [901, 900],
])('a message for in %s s is delayed by %i s', (seconds, delay) => {
  expect(delayOf(seconds)).toBe(delay);
});

test.each([
  [0, undefined, 5],
  [1, undefined, 10],
  [2, undefined, 20],
  [7, undefined, 640],
  [8, undefined, 900],
  [2000, undefined, 900],
  [0, 60, 60],
  [3, 60, 480],
  [4, 60, 900],
  // a day is no first try
  [0, 86_400, 86_400],
  [3, 901, 901],
  // a first one that is near to nothing stays so for long
  [10, 0.5, 512],
  [11, 0.5, 512],
])('try %i of what begins with %s waits %i s', (n, first, seconds) => {
  expect(growing(n, first)).toBe(seconds);
});
