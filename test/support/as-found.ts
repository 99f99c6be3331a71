import { afterAll, vi } from 'vitest';

// the worker goes on with another file, which must find the world as this one found it
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});
