import { defineConfig } from 'vitest/config';
import { unit } from './vitest.config.ts';

/** These put a stand-in in a module's place, which takes a worker of their own: what only they notice counts as unnoticed. */
const standIns = ['functions/parameters/{conversion,meanwhile,races,parameter-secure}.test.ts'];

// Stryker cannot choose a project of a config, so the layer whose tests it runs has a config of its own; one worker for all of
// them is four times as fast, since each mutant loads the project once
export default defineConfig({
  test: { ...unit, isolate: false, testTimeout: 60_000, exclude: [...(unit.exclude ?? []), ...standIns] },
});
