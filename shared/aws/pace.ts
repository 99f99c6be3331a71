import { setTimeout as sleep } from 'node:timers/promises';

/** How time passes between calls that AWS takes only so often, unless the signal is aborted before; a test puts something faster here. */
export const pace = { pause: async (ms: number, signal?: AbortSignal): Promise<void> => await sleep(ms, undefined, signal && { signal }) };
