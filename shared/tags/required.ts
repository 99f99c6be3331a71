import { viaOf } from '#shared/control/actor.ts';
import { type AnyControl, type Change, defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { ownerOf } from '#shared/control/iac.ts';
import { tagging } from './iac.ts';
import { taggedAtCreation } from './prevention.ts';
import { type RequiredTag, schemaSettings, statesOf, type Wishes, wishesOf } from './schema.ts';
import { obstacleTo, ownTags, type Taggable, type Tagged, withKeys } from './taggable.ts';

type Hint = { readonly via: string };
type Values = { readonly [key: string]: string | null };
type Settings = { readonly tags: readonly RequiredTag[]; readonly remove: readonly string[] };

interface Facts {
  readonly id: string;
  readonly live: Tagged;
  readonly wishes: Wishes;
  /** The tags that the schema is about, as far as their values are harmless. */
  readonly now: Values;
  readonly wasSeen: boolean;
  readonly owner: ReturnType<typeof ownerOf>;
}

/** The control that brings the tags of a kind in line with the schema of its settings. */
export function requiredTags(kind: Taggable): AnyControl {
  const { noun, plural, permissions } = kind;
  // aliases are renamed in whatever case they are written, and an undo writes them again
  const keys = ['{settings.tags.*.key}', '{settings.tags.*.aliases.*}', '{settings.remove.*}'];
  return defineControl<Hint, Facts, Values, Settings>({
    id: `${noun}-required-tags`,
    resourceType: kind.resourceType,
    title: `${plural} carry the required tags`,
    why: 'Bills, backups and access rules go by tags; what lacks them, or spells them in its own way, falls through all of these.',
    remediation:
      'Missing tags are added where their source is certain, other spellings renamed and mapped; the rest is told to a person. Without a schema in the settings nothing is found.',
    severity: 'low',
    // access rules may go by the very tags that are renamed
    defaultMode: 'observe',
    triggers: [...kind.makers, ...kind.retaggers],
    sweep: { every: '1 day', atDeployment: false },
    permissions: {
      reads: permissions.reads,
      writes: [
        withKeys(permissions.set, 'ForAllValues:StringEqualsIgnoreCase', keys),
        withKeys(permissions.unset, 'ForAllValues:StringEqualsIgnoreCase', keys),
      ],
    },
    limit: { fixes: 1000, minutes: 10 },
    settings: schemaSettings,
    isIdle,
    references: kind.references,
    iac: tagging(kind.code),
    prevention: taggedAtCreation(kind, '{settings.tags.*.key}'),

    targets: (record) => kind.targets(record).map((target) => ({ ...target, hint: { via: viaOf(record) } })),
    ...(kind.find && { find: kind.find }),

    async list(read, { settings }) {
      if (isIdle(settings)) return [];
      return (await kind.list(read)).map((id) => ({ type: kind.resourceType, id }));
    },

    async inspect(targets, read, { settings: { tags, remove } }) {
      const found = await kind.inspect(
        targets.map(({ id }) => id),
        read,
      );
      return new Map(
        targets.flatMap(({ id, hint }): [string, Facts][] => {
          const live = found.get(id);
          if (!live) return [];
          const own = ownTags(live.tags);
          const now = statesOf(own, tags, remove);
          const owner = ownerOf(live.tags, hint?.via);
          return [[id, { id, live, now, owner, wishes: wishesOf(own, live.parents, tags, remove), wasSeen: hint !== undefined }]];
        }),
      );
    },

    judge({ id, live, wishes, owner }): Verdict {
      const { set, unset, open } = wishes;
      if (set.length + unset.length + open.length === 0) return { is: 'compliant', says: 'It carries the required tags.' };
      const wrong = `Its tags are not as required: ${said(wishes)}.`;
      if (live.leave) return { is: 'skip', says: `${wrong} ${live.leave}` };
      if (owner) {
        const [first] = set;
        return {
          is: 'skip',
          says: `${wrong} ${owner.name} owns it, so it is left alone: fix it there.`,
          advice: owner.fix({
            ...tagging(kind.code, first?.Key, first?.Value),
            kubernetes: `set \`tagSpecification_1: "${first?.Key ?? 'KEY'}=${first?.Value ?? 'VALUE'}"\` under \`parameters\` of the StorageClass; volumes made after that follow it.`,
          }),
        };
      }
      const obstacle = set.length > 0 ? obstacleTo(set, unset, live) : undefined;
      return { is: 'violation', says: obstacle ? `${wrong} ${id} cannot be tagged: ${obstacle}.` : wrong };
    },

    plan({ id, live, wishes: { set, unset, open }, wasSeen }): Plan {
      if (obstacleTo(set, unset, live)) return { changes: [] };
      const changes = writes(kind, id, set, unset);
      const isBlind = unset.length > 0 && !wasSeen;
      return {
        changes,
        ...(open.length > 0 && { leavesRest: true }),
        ...(isBlind && { needsApproval: 'Redress did not see who made it, so infrastructure as code may own the tags that would go.' }),
      };
    },

    tags: ({ live }) => live.tags,
    before: ({ now }) => now,

    undo(before, { id, now }): Plan {
      const changed = Object.keys({ ...before, ...now }).filter((key) => (before[key] ?? null) !== (now[key] ?? null));
      const set = changed.flatMap((Key) => (before[Key] ? [{ Key, Value: before[Key] }] : []));
      return {
        changes: writes(
          kind,
          id,
          set,
          changed.filter((key) => !before[key]),
        ),
      };
    },
  });
}

function isIdle({ tags, remove }: Settings): boolean {
  return tags.length === 0 && remove.length === 0;
}

/** First what is set, then what goes: a crash between leaves both, and the next look knows them for the same. */
function writes(kind: Taggable, id: string, set: Wishes['set'], unset: readonly string[]): Change[] {
  const changes: Change[] = [];
  if (set.length > 0)
    changes.push({ command: kind.set(id, set), says: `Tag ${id} with ${set.map(({ Key, Value }) => `${Key}=${Value}`).join(', ')}.` });
  if (unset.length > 0) changes.push({ command: kind.unset(id, unset), says: `Take ${unset.join(', ')} away from ${id}.` });
  return changes;
}

function said({ set, unset, open }: Wishes): string {
  return [...set.map(({ Key }) => `\`${Key}\` is to be set`), ...unset.map((key) => `\`${key}\` is to go`), ...open].join('; ');
}
