import { account } from './sorts/account.ts';
import { commands } from './sorts/commands.ts';
import { documents } from './sorts/documents.ts';
import { guards } from './sorts/guards.ts';
import { identity } from './sorts/identity.ts';
import { imageBuilder } from './sorts/image-builder.ts';
import { images } from './sorts/images.ts';
import { instances } from './sorts/instances.ts';
import { launches } from './sorts/launches.ts';
import { logGroups } from './sorts/log-groups.ts';
import { network } from './sorts/network.ts';
import { parameters } from './sorts/parameters.ts';
import { snapshots } from './sorts/snapshots.ts';
import type { Sort } from './sorts/sort.ts';
import { trails } from './sorts/trails.ts';
import { volumes } from './sorts/volumes.ts';

/** Every kind has its sort here (`test/bench/storm.test.ts`). */
export const sorts: readonly Sort[] = [
  ...account,
  ...guards,
  ...volumes,
  ...parameters,
  ...launches,
  ...instances,
  ...snapshots,
  ...network,
  ...identity,
  ...documents,
  ...commands,
  ...logGroups,
  ...images,
  ...trails,
  ...imageBuilder,
];
