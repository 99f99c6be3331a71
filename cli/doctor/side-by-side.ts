import { Readable } from 'node:stream';

/** So many pieces of work are under way at once, of checks and within each of them: AWS limits how often it can be asked. */
const AT_ONCE = 4;

/** Works through a list, some at once; answers in the order of the list, and fails with the first that fails. */
export async function sideBySide<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  return await Readable.from(items.map((item) => ({ item })))
    .map(async ({ item }: { item: Item }) => ({ result: await work(item) }), { concurrency: AT_ONCE })
    .map(({ result }: { result: Result }) => result)
    .toArray();
}
