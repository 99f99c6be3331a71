import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { partsOf } from '#shared/aws/batches.ts';
import { bodyOf, DAY, expires, getAll, type Item, withBody } from './dynamo.ts';
import { type Keys, keysOfMember } from './items.ts';
import type { Ledger } from './ledger.ts';

/** Where there is nothing it is looked for again after a week, in seconds; a little less, for schedules are not exact. */
const EMPTY_FOR = 6.9 * DAY;

/** So many notes are asked for at once, in calls of a hundred side by side: more would take what the table can read from cases. */
const NOTES_AT_ONCE = 400;

/** What a hub's ledger notes of its members for its sweeps, by the function whose notes they are. */
export function sweepNotes(
  table: string,
  client: DynamoDBClient,
  keys: Keys,
  writer: string,
): Pick<Ledger, 'foundNothing' | 'nothingIn' | 'noteServed' | 'areServed' | 'sweepNotes'> {
  /**
   * Reads many notes at half the price: an answer may be some seconds old. So a note may be missed, which costs one look too many, or
   * still be seen: then the control comes at its next schedule, as if the note had been deleted a moment later.
   */
  const read = async (wanted: readonly Item[]): Promise<ReadonlyMap<string | undefined, Item>> => {
    const found = new Map<string | undefined, Item>();
    for (const part of partsOf(wanted, { count: NOTES_AT_ONCE, bytes: Number.POSITIVE_INFINITY }, () => 0))
      for (const item of await getAll(client, table, part, { isConsistent: false })) found.set(item['pk']?.S, item);
    return found;
  };
  // DynamoDB takes days to delete what has expired
  const isLate = (note: Item | undefined, now: Date): boolean => {
    const body = bodyOf<{ at: string }>(note);
    return body !== undefined && now.getTime() - Date.parse(body.at) < EMPTY_FOR * 1000;
  };

  return {
    async foundNothing(control, now) {
      const Item = { ...keys.nothing(control), ...withBody({ at: now.toISOString() }), expiresAt: expires(now, EMPTY_FOR) };
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },

    async noteServed() {
      await client.send(new PutItemCommand({ TableName: table, Item: keys.served() }));
    },

    async sweepNotes(controls, now) {
      const wanted = [keys.served(), ...controls.map(keys.nothing)];
      const found = new Map((await getAll(client, table, wanted)).map((item) => [item['pk']?.S, item]));
      const isNothing = (control: string) => isLate(found.get(keys.nothing(control)['pk']?.S), now);
      return { isServed: found.has(keys.served()['pk']?.S), nothing: new Set(controls.filter(isNothing)) };
    },

    async nothingIn(looks, now) {
      const wanted = looks.map(({ place, controls }) => controls.map(keysOfMember(place, writer).nothing));
      const found = await read(wanted.flat());
      const isNothing = (note: Item | undefined) => isLate(found.get(note?.['pk']?.S), now);
      return looks.map(({ controls }, at) => new Set(controls.filter((_, n) => isNothing(wanted[at]?.[n]))));
    },

    async areServed(places) {
      const wanted = places.map((place) => keysOfMember(place, writer).served());
      const found = await read(wanted);
      return wanted.map(({ pk }) => found.has(pk?.S));
    },
  };
}
