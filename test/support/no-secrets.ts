import { afterAll, afterEach, expect } from 'vitest';
import { leaksOf, watched } from './watched.ts';

// after every test of the suite: no secret in any log, finding, ledger row, queue body, alert or error that left Redress
afterEach(expectNoLeak);
// what still ran then has ended by now: this hook is the first to be set, so the last to be run
afterAll(async () => {
  await expectNoLeak();
  watched.clear();
});

async function expectNoLeak(): Promise<void> {
  const leaks: string[] = [];
  for (const one of [...watched]) {
    if (!one.isLasting) watched.delete(one);
    leaks.push(...(await leaksOf(one)));
  }
  expect(leaks, 'secrets of test/fixtures/secrets.ts that left Redress').toEqual([]);
}
