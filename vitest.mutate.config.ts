import { defineConfig } from 'vitest/config';
import { unit } from './vitest.config.ts';

// Stryker cannot choose a project of a config, so the layer whose tests it runs has a config of its own; Node runs the TypeScript here too.
// Each file has a process of its own: in one that is used again, Node would not load what tells which test runs, nor what was changed
export default defineConfig({ test: { ...unit, isolate: true, experimental: { viteModuleRunner: false } } });
