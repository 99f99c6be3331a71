import { isMainThread } from 'node:worker_threads';

/* Loaded before whatever is measured: when its process ends, the last line of standard error says what that took. */

/** What a process took. */
export interface Took {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

if (isMainThread)
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const took: Took = { seconds: performance.now() / 1000, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMb: maxRSS / 1024 };
    process.stderr.write(`\n${JSON.stringify(took)}`);
  });
