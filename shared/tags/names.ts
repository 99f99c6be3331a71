import * as v from 'valibot';
import { type Caller, callerOfArn } from '#shared/control/caller.ts';
import { type Maker, pseudonymOf } from '#shared/control/maker.ts';
import { isListed, principals } from '#shared/control/manager.ts';
import { type Tag, tagOf } from '#shared/control/tag.ts';
import { asValue, isReserved, type Tagged, tagText } from './taggable.ts';

/** What the owner's tags are called, under one prefix, and whether a person shows as a pseudonym. */
export interface OwnerTags {
  readonly prefix: string;
  readonly owner: string;
  readonly date: string;
  readonly via: string;
  readonly pseudonyms: boolean;
  readonly people: readonly string[];
}

const name = (byDefault: string) => v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64), v.regex(tagText)), byDefault);

/** The setting that all owner controls share; the sensitive ones leave the owner's key out by it, and the roles' permissions hold the prefix. */
export const ownerTags = v.pipe(
  v.optional(
    v.strictObject({
      prefix: v.optional(
        v.pipe(
          v.string(),
          v.minLength(2),
          v.maxLength(64),
          v.regex(tagText),
          v.check(
            (prefix) => !isReserved(prefix) && !/^redress:?/i.test(prefix),
            'is not free: `aws:` is AWS’s own, and `redress:` protects markers',
          ),
        ),
        'created:',
      ),
      owner: name('owner'),
      date: name('date'),
      via: name('via'),
      pseudonyms: v.optional(v.boolean(), false),
      people: v.optional(principals, []),
    }),
    {},
  ),
  v.description(
    'What the tags are called: one `prefix` (`created:`) before `owner`, `date` and `via`, each of which can be renamed; with `pseudonyms` a person shows as an opaque id, not by name or e-mail address. `people` are the ARNs of roles whose sessions are named for people, besides those of IAM Identity Center.',
  ),
);

/** The owner's key and its prefix in a control's `source`: names that only the config knows. */
export const OWNER_PREFIX = '{ownerTags.prefix}';
export const OWNER_KEY = `${OWNER_PREFIX}{ownerTags.owner}`;

/** A text of a control's `source` with these names, as the shared settings of the config have them, or by default. */
export function withOwnerNames(text: string, common: object = {}): string {
  if (!text.includes(OWNER_PREFIX)) return text;
  const { prefix, owner } = v.parse(v.object({ ownerTags }), common).ownerTags;
  return text.replaceAll(OWNER_PREFIX, prefix).replaceAll('{ownerTags.owner}', owner);
}

/** The keys of the owner's tags. */
export function ownerKeys({ prefix, owner, date, via }: OwnerTags): {
  readonly owner: string;
  readonly date: string;
  readonly via: string;
} {
  return { owner: `${prefix}${owner}`, date: `${prefix}${date}`, via: `${prefix}${via}` };
}

/** Who made a resource: the person whom a session is named for, where its role is known to name people. */
export function personIn<Known extends Maker>(maker: Known, { people }: OwnerTags): Known {
  const { session, by } = maker;
  return maker.is === 'workload' && session !== undefined && isListed(people, by) ? { ...maker, is: 'person', name: session } : maker;
}

/** The stack that made a resource, by the tags that CloudFormation leaves. */
export function nameOfStack(tags: readonly Tag[]): { readonly id: string; readonly name: string } | undefined {
  const stack = tagOf(tags, 'aws:cloudformation:stack-name');
  return stack === undefined ? undefined : { id: tagOf(tags, 'aws:cloudformation:stack-id') ?? stack, name: stack };
}

/**
 * The owner's tags that a resource should have, by key; undefined where nothing certain is known.
 * @param hint who made it, by the record of its creation
 * @param ofStack the tags of the stack that made it
 */
export function ownerValues(
  live: Tagged,
  hint: (Maker & { readonly isIndirect: boolean }) | undefined,
  ofStack: readonly Tag[] | undefined,
  names: OwnerTags,
  account: string,
): { readonly [key: string]: string | undefined } {
  const keys = ownerKeys(names);
  const heir = live.parents.find(({ tags }) => tagOf(tags, keys.owner) !== undefined);
  const said = (who: Caller & Pick<Maker, 'by'>): string | undefined => {
    if (who.is === 'unknown' || who.name === '') return undefined;
    return asValue(names.pseudonyms ? pseudonymOf(who, account) : who.name);
  };
  const owner = (): string | undefined => {
    const inherited = heir && tagOf(heir.tags, keys.owner);
    const isDirect = hint && !hint.isIndirect && (hint.is === 'person' || hint.is === 'workload');
    if (inherited && !isDirect) return inherited;
    if (hint?.is === 'person' || hint?.is === 'workload') return said(hint);
    const stack = nameOfStack(live.tags);
    if (hint?.is === 'stack' || stack) {
      const principal = tagOf(live.tags, 'aws:servicecatalog:provisioningPrincipalArn');
      const creator = ofStack && tagOf(ofStack, keys.owner);
      return (principal && said(callerOfArn(principal))) ?? creator ?? (hint && said(hint)) ?? (stack && asValue(`stack ${stack.name}`));
    }
    if (live.createdBy) return said(callerOfArn(live.createdBy));
    const group = live.parents.find(({ is }) => is === 'group');
    if (group) return asValue(`Auto Scaling group ${group.id}`);
    return hint && said(hint);
  };
  const via = hint && hint.via !== 'unknown' ? hint.via : heir && tagOf(heir.tags, keys.via);
  return { [keys.owner]: owner(), [keys.date]: hint?.day || live.day, [keys.via]: via };
}
