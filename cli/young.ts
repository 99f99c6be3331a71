import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** How many times as much room what is young gets where much is made and thrown away. */
const GROWTH = 8;

/** Has what is young keep the room of a start: what loads every control takes 50 MB less then. */
export function holdYoung(): void {
  growBy(1);
}

/** Has what is young in this thread grow once: with the megabyte of a start, it would be collected every few matches. */
export function growYoung(): void {
  const before = youngBytes();
  growBy(GROWTH);
  const observer = new PerformanceObserver(() => {
    // it grows in a collection, if enough outlives it
    if (youngBytes() <= before * 2) return;
    holdYoung();
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}

/** By how much it grows whenever more has outlived collections than there is room for. */
function growBy(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find((one) => one.space_name === 'new_space')?.space_size ?? 0;
}
