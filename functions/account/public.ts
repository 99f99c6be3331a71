import { firstItems } from '#shared/aws/pages.ts';
import type { Part } from '#shared/control/types.ts';

/** So many ids a sentence names. */
export const NAMED = 10;
/** The most that EC2 shows a page: an account may have many resources, of which few are public. */
export const PAGE = 1000;

/** What of the account's own everybody may use: ids in order, and whether these are all. */
export interface Public {
  readonly ids: readonly string[];
  readonly isComplete: boolean;
}

/** Where nothing has to be known of it. */
export const notAsked: Public = { ids: [], isComplete: true };

/** What is public, from a list that AWS shows page by page, some of them empty. */
export async function publicOf(pageFrom: (from: string | undefined) => Promise<Part<string>>): Promise<Public> {
  const { items, isComplete } = await firstItems(NAMED, pageFrom);
  return { ids: items.sort(), isComplete };
}

/** The ids, and that there are others, as a sentence has them: `snap-1, snap-2 and others`. */
export function named({ ids, isComplete }: Public): string {
  return new Intl.ListFormat('en-GB').format(isComplete ? ids : [...ids, 'others']);
}

/** Whether there are several, for the verb of a sentence. */
export function areOrIs({ ids }: Public): 'are' | 'is' {
  return ids.length > 1 ? 'are' : 'is';
}
