import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { coldStart, functionEnvironment } from '../../bench/environment.ts';
import { firstEvent } from '../../bench/scenarios.ts';
import { type Stub, startStub } from '../../bench/stub.ts';
import { queueFunctions } from '../../bench/variants.ts';

let stub: Stub;
let folder: string;
beforeAll(async () => {
  stub = await startStub();
  folder = await mkdtemp(join(tmpdir(), 'redress-cold-'));
});
afterAll(async () => {
  await stub?.stop();
  await rm(folder, { recursive: true, force: true });
});

test.each(await queueFunctions())('%s starts in the bench, and is done with its first event', async (name) => {
  const bundle = inject('bundles').find((one) => one.name === name) ?? expect.fail(`${name} is not bundled`);
  const env = await functionEnvironment(join(folder, name), {}, stub.endpoint);
  // throws where anything of the event is left to another try
  const { importMs, firstMs } = await coldStart(join(bundle.folder, 'index.mjs'), firstEvent(name), env);
  expect(firstMs).toBeGreaterThan(importMs);
  const calls = stub.takeCalls();
  expect(calls.ledger + calls.tell).toBeGreaterThan(0);
});
