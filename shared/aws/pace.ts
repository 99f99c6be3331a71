import { setTimeout as sleep } from 'node:timers/promises';

/** How a function lets time pass between calls that AWS takes only so often; a test puts something faster here. */
export const pace = { pause: async (ms: number): Promise<void> => await sleep(ms) };
