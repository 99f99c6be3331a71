import { named } from '../public.ts';
import type { Key } from './kind.ts';
import type { Needs } from './needs.ts';

/** How long a use counts as a need, in days: a monthly job may be the only one. */
const RECENT_DAYS = 30;
const DAY = 86_400_000;

/** Whether the key was used so lately that something may need it. */
export function isRecent({ lastUse }: Needs, now: Date): boolean {
  return lastUse != null && now.getTime() - lastUse.at.getTime() <= RECENT_DAYS * DAY;
}

/** What is wrong with a key, in one sentence. */
export function sayState({ KeyState, DeletionDate, Origin }: Key): string {
  switch (KeyState) {
    case 'Disabled':
      return 'The key is disabled.';
    case 'PendingDeletion':
      return `AWS deletes the key${DeletionDate ? ` at ${DeletionDate.toISOString()}` : ''}.`;
    case 'PendingReplicaDeletion':
      return 'AWS deletes the key once its last replica is deleted.';
    case 'PendingImport':
      return 'The key has no key material: nobody has imported any, or it expired or was deleted.';
    default:
      return `The key cannot be used: AWS says that it is ${KeyState ?? 'in no known state'}${Origin === 'AWS_CLOUDHSM' ? ', with its custom key store' : ''}.`;
  }
}

/** Who needs it, what could not be looked at, and when it was last used. */
export function sayNeeds({ isDefault, by, unseen, lastUse }: Needs): string {
  const list = by.map((need) => `${need.noun}${need.ids.length > 1 || !need.isComplete ? 's' : ''} ${named(need)}`).join('; ');
  const use =
    lastUse === undefined
      ? 'AWS does not say when it was last used.'
      : lastUse === null
        ? 'AWS has recorded no use of it.'
        : `It was last used at ${lastUse.at.toISOString()}, by ${lastUse.operation}.`;
  return [
    isDefault ? 'EBS encrypts new volumes of this Region under it.' : [],
    list ? `Under it are: ${list}.` : [],
    unseen.length > 0 ? `Not all ${new Intl.ListFormat('en-GB').format(unseen)} were looked at.` : [],
    use,
  ]
    .flat()
    .join(' ');
}

/** The same without what comes and goes while it stays as bad: single things, and uses. */
export function sayRisk(key: Key, { isDefault, by }: Needs): string {
  const sorts = [...(isDefault ? ['new volumes'] : []), ...by.map(({ noun }) => `${noun}s`)];
  return sorts.length === 0 ? sayState(key) : `${sayState(key)} It is the key of ${new Intl.ListFormat('en-GB').format(sorts)}.`;
}

/** What a person does about it. */
export function adviceOn({ KeyId = '', KeyState }: Key, { isDefault, by }: Needs): string[] {
  const has = (noun: string) => by.some((need) => need.noun === noun);
  return [
    isDefault ? 'Until it works again, launches and new volumes fail that name no key of their own.' : [],
    has('volume') ? 'Do not detach its volumes or stop their instances before the key works: they could not be attached again.' : [],
    KeyState === 'PendingImport' ? `Import the same key material into ${KeyId} again: no other can decrypt what is there.` : [],
    KeyState === 'Unavailable' ? `Connect the custom key store of ${KeyId} again.` : [],
    'If the key is to go, first move what needs it to another key, and exempt this one meanwhile.',
  ].flat();
}
