import { expect, test } from 'vitest';
import { firstEvent } from '../../bench/scenarios.ts';
import { queueFunctions } from '../../bench/variants.ts';

test('every function that a queue feeds has a first event', async () => {
  const names = await queueFunctions();
  expect(names).toContain('volumes');
  for (const name of names) expect(firstEvent(name)).toHaveProperty('Records');
});
