import type { AwsCommand, OutputOf, Part, Reader } from '#shared/control/types.ts';

/** What one page of most of AWS's lists holds besides its items. */
interface Page {
  readonly NextToken?: string | undefined;
}

/** Reads a list to its end, page by page; a page may be empty and still not be the last. */
export async function pages<Output extends Page, Item>(
  read: Reader,
  command: (token: { readonly NextToken?: string }) => AwsCommand & OutputOf<Output>,
  itemsOf: (page: Output) => readonly Item[] | undefined,
): Promise<Item[]> {
  const { items } = await pagesUpTo(Number.POSITIVE_INFINITY, read, command, itemsOf);
  return items;
}

/** The same, but no more than so many pages; tells whether the list was read to its end. */
export async function pagesUpTo<Output extends Page, Item>(
  most: number,
  read: Reader,
  command: (token: { readonly NextToken?: string }) => AwsCommand & OutputOf<Output>,
  itemsOf: (page: Output) => readonly Item[] | undefined,
): Promise<{ readonly items: Item[]; readonly isComplete: boolean }> {
  const next = (token?: string) => command(token ? { NextToken: token } : {});
  return await walk(most, read, next, itemsOf, ({ NextToken }) => NextToken);
}

/** The same for a list whose pages name the next one otherwise, such as by `NextMarker`. */
export async function pagesBy<Output, Item>(
  read: Reader,
  command: (token?: string) => AwsCommand & OutputOf<Output>,
  itemsOf: (page: Output) => readonly Item[] | undefined,
  nextOf: (page: Output) => string | undefined,
): Promise<Item[]> {
  const { items } = await walk(Number.POSITIVE_INFINITY, read, command, itemsOf, nextOf);
  return items;
}

/** One page of a list: the first, or the one that a token of an earlier page names. */
export async function onePage<Output extends Page, Item>(
  read: Reader,
  command: (token: { readonly NextToken?: string }) => AwsCommand & OutputOf<Output>,
  itemsOf: (page: Output) => readonly Item[] | undefined,
  from: string | undefined,
): Promise<Part<Item>> {
  const next = (token?: string) => command(token ? { NextToken: token } : {});
  return await onePageBy(read, next, itemsOf, ({ NextToken }) => NextToken, from);
}

/** The same for a list whose pages name the next one otherwise. */
export async function onePageBy<Output, Item>(
  read: Reader,
  command: (token?: string) => AwsCommand & OutputOf<Output>,
  itemsOf: (page: Output) => readonly Item[] | undefined,
  nextOf: (page: Output) => string | undefined,
  from: string | undefined,
): Promise<Part<Item>> {
  const page: Output = await read(command(from));
  const next = nextOf(page);
  return { items: itemsOf(page) ?? [], ...(next && { next }) };
}

/** The first items of a list, at most so many, and whether there are no more. */
export async function firstItems<Item>(
  most: number,
  pageFrom: (from: string | undefined) => Promise<Part<Item>>,
): Promise<{ readonly items: Item[]; readonly isComplete: boolean }> {
  const items: Item[] = [];
  let from: string | undefined;
  do {
    const { items: more, next } = await pageFrom(from);
    items.push(...more);
    from = next;
  } while (from && items.length < most);
  return { items: items.slice(0, most), isComplete: items.length <= most && !from };
}

/** A part with something else in the place of each item, or with nothing. */
export function partOf<Item, Other>({ items, ...rest }: Part<Item>, othersOf: (item: Item) => Other | readonly Other[]): Part<Other> {
  return { ...rest, items: items.flatMap(othersOf) };
}

async function walk<Output, Item>(
  most: number,
  read: Reader,
  command: (token?: string) => AwsCommand & OutputOf<Output>,
  itemsOf: (page: Output) => readonly Item[] | undefined,
  nextOf: (page: Output) => string | undefined,
): Promise<{ readonly items: Item[]; readonly isComplete: boolean }> {
  const items: Item[] = [];
  let token: string | undefined;
  for (let n = 0; n < most; n += 1) {
    const page: Output = await read(command(token));
    items.push(...(itemsOf(page) ?? []));
    token = nextOf(page);
    if (!token) return { items, isComplete: true };
  }
  return { items, isComplete: false };
}
