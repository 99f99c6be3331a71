import type { AwsCommand, Loader, OutputOf, Reader } from '#shared/control/types.ts';
import { classify } from './errors.ts';

/** Loads each by a call of its own; what AWS says is not there is absent. */
export function oneByOne<Output, Item>(
  name: string,
  command: (id: string) => AwsCommand & OutputOf<Output>,
  itemOf: (output: Output) => Item | undefined,
): Loader<Item> {
  return {
    name,
    // a throttled call fails those beside it, so that no more than these are tried again
    max: 10,
    load: async (ids, read) => {
      const found = ids.map(async (id): Promise<[string, Item][]> => {
        const output = await ifThere(read(command(id)));
        const item = output && itemOf(output);
        return item ? [[id, item]] : [];
      });
      return new Map((await Promise.all(found)).flat());
    },
  };
}

/** Loads several by one call, which leaves out what is not there. */
export function inBatches<Output, Item>(
  name: string,
  command: (ids: readonly string[]) => AwsCommand & OutputOf<Output>,
  itemsOf: (output: Output) => readonly Item[] | undefined,
  idOf: (item: Item) => string | undefined,
): Loader<Item> {
  return { name, max: 10, load: async (ids, read) => byId(itemsOf(await read(command(ids))) ?? [], idOf) };
}

/** Loads from the whole list, where no call reads one. */
export function fromList<Item>(
  name: string,
  all: (read: Reader) => Promise<readonly Item[]>,
  idOf: (item: Item) => string | undefined,
): Loader<Item> {
  return {
    name,
    max: 1000,
    load: async (ids, read) => {
      const wanted = new Set(ids);
      return new Map([...byId(await all(read), idOf)].filter(([id]) => wanted.has(id)));
    },
  };
}

/** What a read answers; undefined where AWS says that what it names is not there. */
export async function ifThere<Output>(reading: Promise<Output>): Promise<Output | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (classify(error) === 'missing') return undefined;
    throw error;
  }
}

function byId<Item>(items: readonly Item[], idOf: (item: Item) => string | undefined): Map<string, Item> {
  return new Map(
    items.flatMap((item): [string, Item][] => {
      const id = idOf(item);
      return id ? [[id, item]] : [];
    }),
  );
}
