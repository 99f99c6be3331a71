import { documents } from './sorts/documents.ts';
import { instances } from './sorts/instances.ts';
import { launches } from './sorts/launches.ts';
import { parameters } from './sorts/parameters.ts';
import type { Sort } from './sorts/sort.ts';
import { volumes } from './sorts/volumes.ts';

/** Every kind has its sort here (`test/bench/storm.test.ts`). */
export const sorts: readonly Sort[] = [...volumes, ...parameters, ...launches, ...instances, ...documents];
