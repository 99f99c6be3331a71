import * as v from 'valibot';
import {
  type AnyControl,
  type Context,
  defineControl,
  type Plan,
  type Reader,
  type Target,
  type Verdict,
} from '#shared/control/control.ts';
import type { Advice } from '#shared/control/iac.ts';
import { isByMaker } from '#shared/control/kind.ts';
import { type Maker, makerOf } from '#shared/control/maker.ts';
import { inSentence, type Manager, managerOf } from '#shared/control/manager.ts';
import { isTagCall, tagOf } from '#shared/control/tag.ts';
import { ignoreTags, owning, tagging } from './iac.ts';
import { nameOfStack, type OwnerTags, ownerKeys, ownerTags, ownerValues, personIn } from './names.ts';
import { taggedAtCreation } from './prevention.ts';
import { obstacleTo, type Taggable, type Tagged, taggedById, tagReads, withKeys } from './taggable.ts';

/** What the record of its creation says; `isIndirect` where it is about what the resource was made with, such as an instance. */
type Hint = Maker & { readonly isIndirect: boolean };
type Values = { readonly [key: string]: string | null };
type Settings = { readonly ownerTags: OwnerTags; readonly ignoredByTerraform: boolean; readonly tellUnseen: boolean };

interface Facts {
  readonly id: string;
  readonly live: Tagged;
  /** The owner's tags as they are. */
  readonly now: Values;
  /** Those that are missing, with their values. */
  readonly missing: readonly { readonly Key: string; readonly Value: string }[];
  readonly isKnown: boolean;
  readonly wasSeen: boolean;
  readonly manager: Manager | undefined;
}

const ignoredByTerraform = v.pipe(
  v.optional(v.boolean(), false),
  v.description(
    "Whether the Terraform provider's `ignore_tags` has the prefix. Until then Terraform would remove the tags again, so Redress only reports what Terraform and Pulumi manage.",
  ),
);
const tellUnseen = v.pipe(
  v.optional(v.boolean(), false),
  v.description('Whether to report resources whose creation Redress did not see, because they are older than it.'),
);

/** The control that tags each resource of a kind with who made it, when and with what; it overwrites nothing. */
export function ownerTag(kind: Taggable): AnyControl {
  const { noun, plural, tags } = kind;
  return defineControl(kind, {
    id: `${noun}-owner-tag`,
    title: `${plural} have an owner tag`,
    why: 'Without an owner tag, nobody knows whom to ask when a resource is wrong, costs too much, or is in the way.',
    remediation: 'Tags the resource with the person or workload that made it, the day, and the tool. Never overwrites a tag.',
    severity: 'low',
    defaultMode: 'fix',
    triggers: kind.created,
    // it decides by what each tool does about tags that it did not set
    fixesManaged: true,
    permissions: {
      reads: [...tagReads(kind), ...(tags.stacks?.reads ?? [])],
      writes: [
        withKeys(tags.permissions.set, 'ForAllValues:StringLike', ['{settings.ownerTags.prefix}*']),
        withKeys(tags.permissions.unset, 'ForAllValues:StringLike', ['{settings.ownerTags.prefix}*']),
      ],
    },
    limit: { fixes: 1000, minutes: 10 },
    settings: { ignoredByTerraform, tellUnseen },
    common: { ownerTags },
    references: tags.references,
    iac: owning(tags.code),
    prevention: taggedAtCreation(kind, '{settings.ownerTags.prefix}{settings.ownerTags.owner}'),

    targets(record, place): Target<Hint>[] {
      // who changes a tag need not be who made the resource
      if (isTagCall(record) || !isByMaker(kind, record)) return [];
      const maker = makerOf(record);
      return kind.targets(record, place).map((target) => ({ ...target, hint: { ...maker, isIndirect: target.type !== kind.type } }));
    },

    async inspect(targets: readonly Target<Hint>[], read, context: Context<Settings>) {
      const ids = targets.map(({ id }) => id);
      const found = await taggedById(kind, ids, read);
      const facts = await Promise.all(
        targets.map(async ({ id, hint }): Promise<[string, Facts][]> => {
          const live = found.get(id);
          return live ? [[id, await factsOf(kind, id, live, hint, read, context)]] : [];
        }),
      );
      return new Map(facts.flat());
    },

    judge({ id, live, now, missing, isKnown, wasSeen, manager }, { settings, claims }): Verdict {
      const keys = ownerKeys(settings.ownerTags);
      const owner = now[keys.owner];
      if (missing.length === 0 && owner) return { is: 'compliant', says: `Its owner is ${owner}.${keepsTags(manager)}` };
      const says = owner ? `It lacks ${missing.map(({ Key }) => `\`${Key}\``).join(' and ')}.` : 'It has no owner tag.';
      if (!isKnown && !wasSeen && !settings.tellUnseen) return { is: 'compliant', says: 'Redress did not see who made it.' };
      if (!isKnown) {
        const why = wasSeen ? 'the record of its creation names nobody' : 'Redress did not see its creation';
        return { is: 'violation', says: `Its owner is unknown: ${why}.`, advice: [`Tag it with \`${keys.owner}\` if you know better.`] };
      }
      // one more tag is worth no person's time, so a mere claim is skipped too
      if (manager && dropsTags(manager, settings) && (manager.isProven || claims !== 'fix')) {
        const { name, isProven } = manager;
        return {
          is: 'skip',
          says: isProven
            ? `${says} ${name} manages it, and would remove the tag again.`
            : `${says} It claims to be managed by ${inSentence(manager)}, which would remove the tag again.`,
          advice: keepTags(kind, manager, settings.ownerTags),
        };
      }
      const obstacle = obstacleTo(missing, [], live);
      return { is: 'violation', says: obstacle ? `${says} ${id} cannot be tagged: ${obstacle}.` : says };
    },

    plan({ id, live, missing, isKnown }, context): Plan {
      if (!isKnown || missing.length === 0 || obstacleTo(missing, [], live)) return { changes: [] };
      const said = missing.map(({ Key, Value }) => `${Key}=${Value}`).join(', ');
      return { changes: [{ command: tags.set(id, missing, context), says: `Tag ${id} with ${said}.` }] };
    },

    before: ({ now }): Values => now,

    undo(before, { id, now }, context): Plan {
      const added = Object.keys(now).filter((key) => now[key] !== null && before[key] === null);
      if (added.length === 0) return { changes: [] };
      return { changes: [{ command: tags.unset(id, added, context), says: `Remove ${added.join(', ')} from ${id} again.` }] };
    },
  });
}

async function factsOf(
  kind: Taggable,
  id: string,
  live: Tagged,
  recorded: Hint | undefined,
  read: Reader,
  context: Context<Settings>,
): Promise<Facts> {
  const { ownerTags: names } = context.settings;
  const hint = recorded && personIn(recorded, names);
  const keys = ownerKeys(names);
  const now = Object.fromEntries(Object.values(keys).map((key) => [key, tagOf(live.tags, key) ?? null]));
  const stack = nameOfStack(live.tags);
  const isOfStack = stack && now[keys.owner] === null && !(hint && hint.is !== 'stack');
  const itsTags = isOfStack && kind.tags.stacks ? (await read.many(kind.tags.stacks.tags, [stack.id])).get(stack.id) : undefined;
  const wanted = ownerValues(live, hint, itsTags, names, context.account);
  const missing = Object.entries(wanted).flatMap(([Key, Value]) => (Value && now[Key] === null ? [{ Key, Value }] : []));
  return {
    id,
    live,
    now,
    missing,
    isKnown: now[keys.owner] !== null || wanted[keys.owner] !== undefined,
    wasSeen: hint !== undefined,
    manager: managerOf(live.tags, hint, context),
  };
}

function dropsTags({ dropsTags: drops, tool }: Manager, { ignoredByTerraform }: Settings): boolean {
  const isIgnored = ignoredByTerraform && (tool === 'terraform' || tool === 'pulumi');
  return drops === true && !isIgnored;
}

/** What makes a tool keep the tags: Terraform and Pulumi ignore a prefix, others have to set the owner themselves. */
function keepTags({ tags }: Taggable, { tool, fix }: Manager, names: OwnerTags): Advice[] {
  const then = 'then set `ignoredByTerraform: true` for this control.';
  if (tool === 'terraform') return [{ tool: 'Terraform', says: `\`provider "aws" { ${ignoreTags(names.prefix)} }\`, ${then}` }];
  if (tool === 'pulumi') return [{ tool: 'Pulumi', says: `\`ignoreTags: { keyPrefixes: ["${names.prefix}"] }\` on the provider, ${then}` }];
  return fix(tagging(tags.code, ownerKeys(names).owner, 'OWNER'));
}

/** CloudFormation and CDK have no such switch and need none: they keep tags that no template of theirs holds. */
function keepsTags(manager: Manager | undefined): string {
  const name = manager?.isProven ? manager.name : '';
  return /CloudFormation|\(stack /.test(name) ? ` ${name} keeps tags that it did not set; drift detection shows them.` : '';
}
