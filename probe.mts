import { discoverFunctions } from './infra/catalog.ts';
const m=()=>console.log((process.memoryUsage().rss/2**20).toFixed(0), JSON.stringify(process.memoryUsage()));
m(); await discoverFunctions(); m(); await import('./cli/replay/replay.ts'); m(); globalThis.gc?.(); m();
