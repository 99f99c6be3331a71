import { type AnyControl, type Change, defineControl, type Place, type Plan, targetsIn, type Verdict } from '#shared/control/control.ts';
import { tagging } from './iac.ts';
import { taggedAtCreation } from './prevention.ts';
import { type RequiredTag, schemaSettings, statesOf, type Wishes, wishesOf } from './schema.ts';
import { obstacleTo, ownTags, type Taggable, type Tagged, taggedById, tagReads, withKeys } from './taggable.ts';

type Values = { readonly [key: string]: string | null };
type Settings = { readonly tags: readonly RequiredTag[]; readonly remove: readonly string[] };

interface Facts {
  readonly id: string;
  readonly live: Tagged;
  readonly wishes: Wishes;
  /** The tags that the schema is about, as far as their values are harmless. */
  readonly now: Values;
}

/** The control that brings the tags of a kind in line with the schema of its settings. */
export function requiredTags(kind: Taggable): AnyControl {
  const { noun, plural, tags: ofKind } = kind;
  // aliases are renamed in whatever case they are written, and an undo writes them again
  const keys = ['{settings.tags.*.key}', '{settings.tags.*.aliases.*}', '{settings.remove.*}'];
  return defineControl(kind, {
    id: `${noun}-required-tags`,
    title: `${plural} have the required tags`,
    why: 'Bills, backups and access rules rely on tags. They miss a resource whose tags are missing or spelled differently.',
    remediation:
      'Adds missing tags where their source is certain, renames other spellings and maps values. Reports the rest. Finds nothing without a schema in the settings.',
    severity: 'low',
    // access rules may go by the very tags that are renamed
    defaultMode: 'observe',
    triggers: [...kind.created, ...ofKind.retagged],
    permissions: {
      reads: tagReads(kind),
      writes: [
        withKeys(ofKind.permissions.set, 'ForAllValues:StringEqualsIgnoreCase', keys),
        withKeys(ofKind.permissions.unset, 'ForAllValues:StringEqualsIgnoreCase', keys),
      ],
    },
    limit: { fixes: 1000, minutes: 10 },
    settings: schemaSettings,
    isIdle,
    references: ofKind.references,
    iac: tagging(ofKind.code),
    prevention: taggedAtCreation(kind, '{settings.tags.*.key}'),

    async list(read, context, from) {
      return isIdle(context.settings) ? { items: [] } : targetsIn(kind, await kind.list(read, context, from));
    },

    async inspect(targets, read, { settings: { tags, remove } }) {
      const ids = targets.map(({ id }) => id);
      const found = await taggedById(kind, ids, read);
      const facts = [...found].map(([id, live]): [string, Facts] => {
        const own = ownTags(live.tags);
        return [id, { id, live, now: statesOf(own, tags, remove), wishes: wishesOf(own, live.parents, tags, remove) }];
      });
      return new Map(facts);
    },

    judge({ id, live, wishes }): Verdict {
      const { set, unset, open } = wishes;
      if (set.length + unset.length + open.length === 0) return { is: 'compliant', says: 'It has the required tags.' };
      const wrong = `Its tags are not as required: ${said(wishes)}.`;
      const obstacle = set.length > 0 ? obstacleTo(set, unset, live) : undefined;
      const [first] = set;
      const kubernetes = `make another StorageClass with \`tagSpecification_1: "${first?.Key ?? 'KEY'}=${first?.Value ?? 'VALUE'}"\` under \`parameters\`, for claims from now on: the parameters of one that is there cannot be changed. Tag this volume by hand.`;
      return {
        is: 'violation',
        says: obstacle ? `${wrong} ${id} cannot be tagged: ${obstacle}.` : wrong,
        iac: { ...tagging(ofKind.code, first?.Key, first?.Value), kubernetes },
      };
    },

    plan({ id, live, wishes: { set, unset, open } }, context): Plan {
      if (obstacleTo(set, unset, live)) return { changes: [] };
      const changes = writes(kind, id, set, unset, context);
      return { changes, isAdditive: unset.length === 0, ...(open.length > 0 && { leavesRest: true }) };
    },

    before: ({ now }): Values => now,

    undo(before, { id, now }, context): Plan {
      const changed = Object.keys({ ...before, ...now }).filter((key) => (before[key] ?? null) !== (now[key] ?? null));
      const set = changed.flatMap((Key) => (before[Key] ? [{ Key, Value: before[Key] }] : []));
      return {
        changes: writes(
          kind,
          id,
          set,
          changed.filter((key) => !before[key]),
          context,
        ),
      };
    },
  });
}

function isIdle({ tags, remove }: Settings): boolean {
  return tags.length === 0 && remove.length === 0;
}

/** First what is set, then what goes: a crash between leaves both, and the next look knows them for the same. */
function writes({ tags }: Taggable, id: string, set: Wishes['set'], unset: readonly string[], place: Place): Change[] {
  const changes: Change[] = [];
  if (set.length > 0)
    changes.push({
      command: tags.set(id, set, place),
      says: `Tag ${id} with ${set.map(({ Key, Value }) => `${Key}=${Value}`).join(', ')}.`,
    });
  if (unset.length > 0) changes.push({ command: tags.unset(id, unset, place), says: `Remove ${unset.join(', ')} from ${id}.` });
  return changes;
}

function said({ set, unset, open }: Wishes): string {
  return [...set.map(({ Key }) => `\`${Key}\` is to be set`), ...unset.map((key) => `\`${key}\` is to be removed`), ...open].join('; ');
}
