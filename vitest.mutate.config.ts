import { defineConfig } from 'vitest/config';
import { unit } from './vitest.config.ts';

// Stryker cannot choose a project of a config, so the layer whose tests it runs has a config of its own; Node runs the TypeScript here too
export default defineConfig({ test: { ...unit, experimental: { viteModuleRunner: false } } });
