import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** How many times as much room what is young gets; main.ts has it grow no further. */
const GROWTH = 8;

/** Has what is young in this thread grow once: with the megabyte of a start, it would be collected every few matches. */
export function growYoung(): void {
  const before = youngBytes();
  setFlagsFromString(`--semi-space-growth-factor=${GROWTH}`);
  const observer = new PerformanceObserver(() => {
    // it grows in a collection, if enough outlives it
    if (youngBytes() <= before * 2) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find((one) => one.space_name === 'new_space')?.space_size ?? 0;
}
