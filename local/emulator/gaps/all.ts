import type { FirstQueues } from '../../runtime/first-queues.ts';
import type { Callers } from '../../trail/callers.ts';
import { accountAdditions } from './account.ts';
import type { Additions } from './addition.ts';
import { autoScalingGroups } from './auto-scaling-groups.ts';
import { copyVolumes } from './copy-volumes.ts';
import { deadLetters } from './dead-letters.ts';
import { defaultEncryption } from './default-encryption.ts';
import { images } from './images.ts';
import { launchConfigurations } from './launch-configurations.ts';
import { launchTemplates } from './launch-templates.ts';
import { measures } from './measures.ts';
import { nodes } from './nodes.ts';
import { parameters } from './parameters.ts';
import { securityHub } from './security-hub.ts';
import { sessions } from './sessions.ts';
import { sharing } from './sharing.ts';

/** Everything that is added to one run of moto. */
export function allAdditions(queues: FirstQueues, callers: Callers): Additions {
  return {
    ...accountAdditions,
    ...sessions(callers),
    ...measures,
    ...deadLetters(queues),
    ...defaultEncryption(),
    ...copyVolumes(),
    ...sharing(),
    ...securityHub(),
    ...parameters(),
    ...nodes,
    ...images(),
    ...launchTemplates(),
    ...autoScalingGroups(),
    ...launchConfigurations(),
  };
}
