import { actionOf } from '#shared/aws/actions.ts';
import type { AwsCommand, Place } from '#shared/control/control.ts';
import type { AnyKind } from '#shared/control/kind.ts';
import { cleaning, tagging } from '#shared/tags/iac.ts';

/** What Redress knows of each kind, for people and other programs: names, places, calls, permissions, and how code writes its tags. */
export function kindsCatalog(kinds: readonly AnyKind[]): string {
  const sorted = [...kinds].sort((a, b) => a.noun.localeCompare(b.noun));
  return `${JSON.stringify(Object.fromEntries(sorted.map((kind) => [kind.noun, entryOf(kind)])), null, 2)}\n`;
}

function entryOf(kind: AnyKind): object {
  const { is, type, plural, securityHub, console, isGlobal, created, unwatched, reads, items } = kind;
  const place = { partition: '{partition}', region: '{region}', account: '{account}' };
  const loaded = { name: items.name, most: items.max };
  return {
    is,
    type,
    plural,
    securityHub,
    arn: kind.arnOf('{id}', place),
    console,
    isGlobal,
    created,
    unwatched,
    reads,
    loaded,
    tags: tagsOf(kind, place),
  };
}

function tagsOf({ tags }: AnyKind, place: Place): object | undefined {
  if (!tags) return undefined;
  const { retagged, written, reads = [], permissions, references, code, stacks } = tags;
  const set = called(tags.set('{id}', [{ Key: 'KEY', Value: 'VALUE' }], place));
  const unset = called(tags.unset('{id}', ['KEY'], place));
  return {
    retagged,
    written,
    reads,
    stackReads: stacks?.reads,
    permissions,
    references,
    set,
    unset,
    code: tagging(code),
    clean: cleaning(code),
  };
}

function called(command: AwsCommand): object {
  return { api: actionOf(command), input: command.input };
}
