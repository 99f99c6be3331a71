import type { AwsCommand, OutputOf, Reader } from '#shared/control/types.ts';

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
