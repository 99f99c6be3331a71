import type { FirstQueues } from '../../runtime/first-queues.ts';
import type { Telemetry } from '../../runtime/telemetry.ts';
import type { Callers } from '../../trail/callers.ts';
import { imageBuilder } from '../image-builder/image-builder.ts';
import type { PlayedOrganization } from '../organization.ts';
import type { DeployedStack } from '../stack.ts';
import { stackSets } from '../stack-sets/calls.ts';
import { accountAdditions } from './account.ts';
import { accountSettings } from './account-settings.ts';
import type { Additions } from './addition.ts';
import { associations } from './associations.ts';
import { autoScalingGroups } from './auto-scaling-groups.ts';
import { buckets } from './buckets.ts';
import { commands } from './commands.ts';
import { copyVolumes } from './copy-volumes.ts';
import { deadLetters } from './dead-letters.ts';
import { defaultEncryption } from './default-encryption.ts';
import { deployed } from './deployed.ts';
import { detectors } from './detectors.ts';
import { documents } from './documents.ts';
import { events } from './events.ts';
import { imageCopies } from './image-copies.ts';
import { images } from './images.ts';
import { instances } from './instances.ts';
import { keys } from './keys.ts';
import { launchConfigurations } from './launch-configurations.ts';
import { launchTemplates } from './launch-templates.ts';
import { logGroups } from './log-groups.ts';
import { measures } from './measures.ts';
import { nodes } from './nodes.ts';
import { opsItems } from './ops-items.ts';
import { parameters } from './parameters.ts';
import { resourceDataSyncs } from './resource-data-syncs.ts';
import { securityGroups } from './security-groups.ts';
import { securityHub } from './security-hub.ts';
import { serviceSettings } from './service-settings.ts';
import { sessions } from './sessions.ts';
import { sharing } from './sharing.ts';
import { snapshots } from './snapshots.ts';
import { trails } from './trails.ts';
import { vpcEncryption } from './vpc-encryption.ts';

/** What of the run the additions show. */
interface Run {
  readonly queues: FirstQueues;
  readonly callers: Callers;
  readonly telemetry: Telemetry;
  /** The names of functions whose mappings are disabled. */
  readonly disabled: Set<string>;
  /** How far the lists of Image Builder lag, in milliseconds. */
  readonly listLag?: number | undefined;
  /** The organization, where StackSets deploy to its accounts. */
  organizationOf(): PlayedOrganization | undefined;
  /** The stack, once it is made. */
  stackOf(): Pick<DeployedStack, 'resources' | 'mappings'>;
}

/** Everything that is added to one run of moto. */
export function allAdditions({ queues, callers, telemetry, disabled, listLag, stackOf, organizationOf }: Run): Additions {
  const additions: Additions = {
    ...accountAdditions,
    ...sessions(callers),
    ...stackSets(organizationOf),
    ...measures(telemetry),
    ...deployed(stackOf, disabled),
    ...instances,
    ...deadLetters(queues),
    ...defaultEncryption(),
    ...copyVolumes(),
    ...sharing(),
    ...securityGroups(),
    ...vpcEncryption(),
    ...securityHub(),
    ...parameters(),
    ...serviceSettings(),
    ...associations(),
    ...commands(),
    ...resourceDataSyncs(),
    ...opsItems(),
    ...trails,
    ...keys,
    ...detectors(),
    ...documents,
    ...events,
    ...logGroups(),
    ...buckets,
    ...nodes,
    ...imageCopies(images()),
    ...launchTemplates(),
    ...autoScalingGroups(),
    ...launchConfigurations(),
  };
  const all = { ...additions, ...snapshots(additions), ...accountSettings(additions) };
  return { ...all, ...imageBuilder(all, { listLag }) };
}
