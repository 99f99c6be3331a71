import * as v from 'valibot';
import { type Made, madeWith } from '#shared/control/actor.ts';
import {
  type AnyControl,
  type Change,
  type Context,
  defineControl,
  type Plan,
  type Target,
  type Verdict,
} from '#shared/control/control.ts';
import { isByMaker } from '#shared/control/kind.ts';
import { Secret } from '#shared/control/secret.ts';
import { cleaning } from './iac.ts';
import { type OwnerTags, ownerKeys, ownerTags } from './names.ts';
import { NO_LOOK_AT_VALUES } from './prevention.ts';
import { type Hit, hitsIn, kindsInRecord, MASK } from './scan.ts';
import { type Taggable, type Tagged, taggedById, tagReads, withKeys } from './taggable.ts';

/** What the record says: the tool, and the names of the detectors that hit its free-form fields. */
type Hint = Made & { readonly kinds: readonly string[] };
type Before = readonly { readonly where: string; readonly kinds: readonly string[] }[];
type Settings = { readonly mask: boolean; readonly except: readonly string[]; readonly ownerTags: OwnerTags };

interface Facts {
  readonly id: string;
  readonly live: Tagged;
  readonly hits: readonly Hit[];
}

const mask = v.pipe(
  v.optional(v.boolean(), false),
  v.description(
    `Whether the value becomes \`${MASK}\` and the key stays; otherwise the tag goes. A key that holds the data itself always goes.`,
  ),
);
const except = v.pipe(v.optional(v.array(v.string()), []), v.description('Keys of tags to skip.'));

/** The control that finds sensitive data in the tags and free-form fields of a kind; it keeps the data nowhere. */
export function sensitiveTags(kind: Taggable): AnyControl {
  const { noun, plural, tags: ofKind } = kind;
  const others = ['redress:*', '{settings.ownerTags.prefix}*'];
  return defineControl(kind, {
    id: `${noun}-sensitive-tags`,
    title: `${plural} have no sensitive data in their tags`,
    why: 'Tags and names appear in bills and diagnostic logs, and whoever may list resources reads them. AWS does not encrypt them.',
    remediation: 'Removes the tag, or masks its value. Keeps no copy, so this cannot be undone. Reports fields that no call can change.',
    severity: 'high',
    defaultMode: 'observe',
    triggers: ofKind.written,
    sweep: { every: '1 day', atDeployment: true },
    permissions: {
      reads: tagReads(kind),
      // any key can be the one; other writers' keys are left out
      writes: [
        { ...withKeys(ofKind.permissions.set, 'ForAllValues:StringNotLike', others), onlyIf: 'mask' },
        withKeys(ofKind.permissions.unset, 'ForAllValues:StringNotLike', others),
      ],
    },
    settings: { mask, except },
    common: { ownerTags },
    references: ['https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html', ...ofKind.references],
    iac: cleaning(ofKind.code),
    prevention: { none: NO_LOOK_AT_VALUES },
    // what is written there has to go, whoever manages the resource
    reportsManaged: true,

    targets(record, place): readonly Target<Hint>[] {
      const targets = kind.targets(record, place);
      if (!isByMaker(kind, record)) return targets;
      let found: readonly string[] | undefined;
      const hint = {
        ...madeWith(record),
        // to look for them takes longer than all the rest, and a replay asks for targets alone
        get kinds() {
          found ??= kindsInRecord(record, place.account);
          return found;
        },
      };
      return targets.map((target) => ({ ...target, hint }));
    },

    async inspect(targets: readonly Target<Hint>[], read, { account, settings }: Context<Settings>) {
      const ids = targets.map(({ id }) => id);
      const found = await taggedById(kind, ids, read);
      const skipped = [...settings.except, ownerKeys(settings.ownerTags).owner];
      return new Map(
        targets.flatMap(({ id, hint }): [string, Facts][] => {
          const live = found.get(id);
          if (!live) return [];
          const hits = hitsIn(id, live, skipped, account);
          const isShown = (kinds: string) => hits.some((hit) => hit.kinds.includes(kinds));
          const gone = (hint?.kinds ?? []).filter((kinds) => !isShown(kinds));
          const ofRecord: Hit[] = gone.length > 0 ? [{ where: 'the record of a call about it', kinds: gone }] : [];
          return [[id, { id, live, hits: [...hits, ...ofRecord] }]];
        }),
      );
    },

    judge({ hits }, { settings }): Verdict {
      if (hits.length === 0) return { is: 'compliant', says: 'Its tags show no sensitive data.' };
      const says = `It holds sensitive data: ${hits.map(({ where, kinds }) => `${kinds.join(' and ')} in ${where}`).join('; ')}.`;
      const fixed = settings.mask ? 'masked' : 'removed';
      const tags = hits.some(({ key }) => key !== undefined);
      return {
        is: 'violation',
        says,
        risk: hits
          .map(({ where, kinds }) => `${where} ${kinds.join(' ')}`)
          .sort()
          .join('; '),
        advice: [
          ...(tags ? [`A tag that is ${fixed} cannot be restored: Redress keeps no copy. Save it first if you need it.`] : []),
          ...(hits.some(({ key }) => key === undefined)
            ? [ofKind.fieldsAdvice ?? 'No call can change the other places: create the resource again without it.']
            : []),
          'CloudTrail keeps the call that wrote it, and bills may show it: a secret has to be changed, not only hidden.',
        ],
      };
    },

    plan({ id, hits }, context): Plan {
      const { settings } = context;
      const found = hits.flatMap(({ key }) => (key === undefined ? [] : [key]));
      const masked = settings.mask ? found.filter((key) => typeof key === 'string') : [];
      const gone = found.filter((key) => typeof key !== 'string' || !masked.includes(key));
      const changes: Change[] = [];
      if (masked.length > 0)
        changes.push({
          command: ofKind.set(
            id,
            masked.map((Key) => ({ Key, Value: MASK })),
            context,
          ),
          says: `Replace the value of ${list(masked)} of ${id} with ${MASK}. This cannot be undone.`,
        });
      if (gone.length > 0)
        changes.push({
          command: ofKind.unset(
            id,
            gone.map((key) => (key instanceof Secret ? key.reference() : key)),
            context,
          ),
          says: `Remove ${list(gone)} from ${id}. This cannot be undone.`,
        });
      return { changes, ...(found.length < hits.length && { leavesRest: true }) };
    },

    // what is sensitive in a tag is in no alert, not as the owner either
    tags: ({ live, hits }) => live.tags.filter(({ Key }) => !hits.some(({ key }) => key === Key)),
    before: ({ hits }): Before => hits.map(({ where, kinds }) => ({ where, kinds })),
  });
}

function list(keys: readonly (string | Secret)[]): string {
  return keys.map((key) => (key instanceof Secret ? 'a tag whose key holds the data' : `the tag \`${key}\``)).join(' and ');
}
