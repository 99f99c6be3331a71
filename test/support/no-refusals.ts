import { afterAll, afterEach, expect } from 'vitest';
import { watched } from './watched.ts';

// after every test of the suite: no function has made a call that AWS would refuse to its role; the local cloud checks none
afterEach(expectNoRefusal);
// what was called while the last ended
afterAll(expectNoRefusal);

function expectNoRefusal(): void {
  const refused = [...watched].flatMap((one) => one.refused?.() ?? []);
  expect(refused, 'calls that AWS would refuse, for the role of the function does not allow them').toEqual([]);
}
