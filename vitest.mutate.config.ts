import { defineConfig } from 'vitest/config';
import { unit } from './vitest.config.ts';

// Stryker cannot choose a project of a config, so the layer whose tests it runs has a config of its own
export default defineConfig({ test: unit });
