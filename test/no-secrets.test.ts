import { expect, test } from 'vitest';
import { token } from './fixtures/secrets.ts';
import { Harness } from './harness.ts';
import { watched } from './watched.ts';

test('what leaves the engine is watched in every test, so that a leak would show', async () => {
  const harness = new Harness({ controls: [], world: { send: async () => ({}) } });
  expect(watched).toContain(harness);
  harness.logs.push({ level: 'error', message: `a leak: ${token}` });
  expect(await harness.output()).toContain(token);
  // this leak is made on purpose: taken out before the suite's own check sees it
  watched.splice(0);
});
