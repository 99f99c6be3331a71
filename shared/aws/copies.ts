import { FIX } from '#shared/control/command.ts';
import { allTags, type LooseTag, tagOf } from '#shared/control/tag.ts';
import type { Loader, Made, Reader } from '#shared/control/types.ts';
import { type KeyUse, keyUse } from './key.ts';

/** The tag on a copy that Redress made: the id of what it replaces; sent in the creating call. */
export const COPY_OF = 'redress:copy-of';

/** The tag on what an encrypted copy replaces: the copy's id. */
export const SUPERSEDED_BY = 'redress:superseded-by';

/** What EC2 shows of whatever can be copied. */
interface Copied {
  readonly State?: string | undefined;
  readonly Encrypted?: boolean | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly Tags?: readonly LooseTag[] | undefined;
}

/** What tells the copies of one kind of resource. */
export interface CopyKind<Item extends Copied> {
  readonly noun: string;
  readonly plural: string;
  readonly idPrefix: string;
  readonly items: Loader<Item>;
  /** What is marked as a copy, by the id of its original; whoever made it. */
  readonly marked: Loader<readonly Item[]>;
  idOf(item: Item): string | undefined;
  madeAt(item: Item): Date | undefined;
  /** Whether AWS's own word, or else that of the ledger, makes it a copy of the original. */
  isCopyOf(copy: Item, original: Item, isRecorded: boolean): boolean;
}

/** What is known of the encrypted copies of a resource. */
export interface Copies<Item> {
  /** The copy that Redress made, by its own ledger: a marker alone proves nothing, for anybody can write one. */
  readonly copy: Item | undefined;
  /** Whether the key of that copy can be used; without it the copy is no better than nothing. */
  readonly key: KeyUse;
  /** The copy that the original's tag names; `theirs` where AWS shows an encrypted copy, and Redress has no record that it made it. */
  readonly named?: { readonly id: string; readonly is: 'ours' | 'gone' | 'theirs' | 'nothing' };
  /** Others that are marked as copies of this one. */
  readonly strangers: readonly string[];
  /** Copies that the ledger knows, and AWS does not show. */
  readonly gone: readonly string[];
}

/** Where no copy is looked for. */
export const noCopies: Copies<never> = { copy: undefined, key: {}, strangers: [], gone: [] };

/** Finds the copies of what is not encrypted: what the ledger vouches for, and what markers claim, unless those can tell nothing more. */
export async function copiesOf<Item extends Copied>(
  kind: CopyKind<Item>,
  original: Item,
  recorded: Made,
  read: Reader,
  { madeSince, readsMarks = true }: { readonly madeSince?: string | undefined; readonly readsMarks?: boolean } = {},
): Promise<Copies<Item>> {
  const idOf = (one: Item) => kind.idOf(one) ?? '';
  const id = idOf(original);
  const name = tagOf(allTags(original.Tags), SUPERSEDED_BY);
  const vouched = recorded === 'unrecorded' ? [] : recorded;
  const wanted = [...vouched, ...(name?.startsWith(kind.idPrefix) ? [name] : [])];
  const byOriginal = readsMarks ? await read.many(kind.marked, [id]) : new Map<string, readonly Item[]>();
  const marked = new Map((byOriginal.get(id) ?? []).map((one) => [idOf(one), one]));
  // nearly always they are marked, and need no call of their own
  const others = await read.many(
    kind.items,
    wanted.filter((one) => !marked.has(one)),
  );
  const copies = [...new Map([...marked, ...others]).values()].filter(
    (one) => kind.isCopyOf(one, original, vouched.includes(idOf(one))) && idOf(one) !== '',
  );
  const made = recorded === 'unrecorded' ? recorded : [...recorded, ...lostOne(kind, copies, recorded, madeSince)];
  const isOurs = (one: Item) => made === 'unrecorded' || made.includes(idOf(one));
  const ours = copies.filter(isOurs);
  const age = (one: Item) => vouched.indexOf(idOf(one));
  // the newest that was recorded, unless the original itself names one
  const copy = ours.find((one) => idOf(one) === name) ?? ours.toSorted((a, b) => age(b) - age(a))[0];
  const key = copy?.Encrypted && copy.KmsKeyId ? await keyUse(copy.KmsKeyId, read) : {};
  const strangers = copies.filter((one) => !isOurs(one)).map(idOf);
  const gone = vouched.filter((one) => !copies.some((copied) => idOf(copied) === one));
  const whatIs = () => {
    const found = copies.find((one) => idOf(one) === name);
    if (made === 'unrecorded' || made.includes(name ?? '')) return found ? 'ours' : 'gone';
    return found?.Encrypted ? 'theirs' : 'nothing';
  };
  return { copy, key, strangers: strangers.sort(), gone, ...(name && { named: { id: name, is: whatIs() } }) };
}

/** The copy whose answer was lost: the only one, unrecorded, that AWS shows as made since then. Of several a person has to tell. */
function lostOne<Item extends Copied>(
  { idOf, madeAt }: CopyKind<Item>,
  copies: readonly Item[],
  recorded: readonly string[],
  madeSince: string | undefined,
): string[] {
  if (madeSince === undefined) return [];
  // AWS may show whole seconds
  const since = Math.floor(Date.parse(madeSince) / 1000) * 1000;
  const found = copies.filter((one) => (madeAt(one)?.getTime() ?? 0) >= since).flatMap((one) => idOf(one) ?? []);
  const lost = found.filter((id) => !recorded.includes(id));
  return lost.length === 1 ? lost : [];
}

/** Why the copy that Redress made cannot take the original's place. */
export function whyUnfit<Item extends Copied>(kind: CopyKind<Item>, { copy, key }: Copies<Item>): string | undefined {
  if (!copy) return undefined;
  const id = kind.idOf(copy);
  if (copy.State === 'error') return `The copy ${id} failed: see its state, delete it, and run ${FIX} again.`;
  if (!copy.Encrypted) return `The copy ${id} is not encrypted: delete it, and run ${FIX} again.`;
  if (key.problem)
    return `The copy ${id} cannot be read, because ${key.problem}. Keep the original. Make the key usable, or delete the copy and run ${FIX}.`;
  return key.doubt && `Whether the copy ${id} can be read is unknown: ${key.doubt}. Keep the original until you know. ${key.advice}`;
}

/** What the original's own marker claims, where Redress has no record of it. */
export function claimsOf({ noun }: Pick<CopyKind<never>, 'noun'>, { named }: Copies<unknown>): string[] {
  if (named?.is !== 'theirs' && named?.is !== 'nothing') return [];
  return [`Its tag ${SUPERSEDED_BY} names ${named.id}, and Redress has no record that it made that for the ${noun} as it is.`];
}

/** What to think of marks that others may have set. */
export function suspicionsOf({ plural }: Pick<CopyKind<never>, 'plural'>, { strangers, named }: Copies<unknown>): string[] {
  const marked = strangers.filter((id) => id !== named?.id).map((id) => `${id} is marked as a copy that Redress made, without a record.`);
  return marked.length > 0 || (named && named.is !== 'ours' && named.is !== 'gone')
    ? [...marked, `Find out in CloudTrail who set the mark, and compare the ${plural} before you delete either.`]
    : [];
}

/** The tags that a copy gets from its original: not those that only AWS or Redress writes. */
export function tagsToCopy({ Tags }: Copied): { Key: string; Value: string }[] {
  // AWS shows them in no fixed order, and a plan must not look like another because of that
  return allTags(Tags)
    .filter(({ Key }) => !/^(aws|redress):/.test(Key))
    .sort((a, b) => a.Key.localeCompare(b.Key));
}
