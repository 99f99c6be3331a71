import type { FirstQueues } from '../../runtime/first-queues.ts';
import type { Telemetry } from '../../runtime/telemetry.ts';
import type { Callers } from '../../trail/callers.ts';
import type { DeployedStack } from '../stack.ts';
import { accountAdditions } from './account.ts';
import { accountSettings } from './account-settings.ts';
import type { Additions } from './addition.ts';
import { autoScalingGroups } from './auto-scaling-groups.ts';
import { copyVolumes } from './copy-volumes.ts';
import { deadLetters } from './dead-letters.ts';
import { defaultEncryption } from './default-encryption.ts';
import { deployed } from './deployed.ts';
import { imageCopies } from './image-copies.ts';
import { images } from './images.ts';
import { instances } from './instances.ts';
import { launchConfigurations } from './launch-configurations.ts';
import { launchTemplates } from './launch-templates.ts';
import { measures } from './measures.ts';
import { nodes } from './nodes.ts';
import { ownTrail } from './own-trail.ts';
import { parameters } from './parameters.ts';
import { securityGroups } from './security-groups.ts';
import { securityHub } from './security-hub.ts';
import { serviceSettings } from './service-settings.ts';
import { sessions } from './sessions.ts';
import { sharing } from './sharing.ts';
import { snapshots } from './snapshots.ts';
import { vpcEncryption } from './vpc-encryption.ts';

/** What of the run the additions show. */
interface Run {
  readonly queues: FirstQueues;
  readonly callers: Callers;
  readonly telemetry: Telemetry;
  /** The names of functions whose mappings are disabled. */
  readonly disabled: Set<string>;
  /** The stack, once it is made. */
  stackOf(): Pick<DeployedStack, 'resources' | 'mappings'>;
}

/** Everything that is added to one run of moto. */
export function allAdditions({ queues, callers, telemetry, disabled, stackOf }: Run): Additions {
  const additions: Additions = {
    ...accountAdditions,
    ...sessions(callers),
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
    ...nodes,
    ...imageCopies(images()),
    ...launchTemplates(),
    ...autoScalingGroups(),
    ...launchConfigurations(),
  };
  return { ...additions, ...snapshots(additions), ...accountSettings(additions), ...ownTrail(additions) };
}
