import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { at } from '#shared/control/record.ts';
import { bodyOf, type Item, isTaken } from '#shared/ledger/dynamo.ts';
import { keysOf, keysOfMember } from '#shared/ledger/items.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import type { Move, Relocated } from '#shared/ledger/relocate.ts';
import { sideBySide } from '../../doctor/side-by-side.ts';
import { trying } from '../../failure.ts';
import { isOtherwise, itemsOf, nameOf } from './contents.ts';
import type { Table } from './source.ts';

/** Whose word holds where both have a case. */
export type Keep = 'hub' | 'stack';

/** What was written, and what was not. */
export interface Moved {
  readonly written: number;
  /** Cases of which the hub has kept its own. */
  readonly kept: number;
  /** Cases that both have, where nobody said whose word holds. */
  readonly conflicts: readonly string[];
}

/**
 * Copies what a ledger holds into the hub's: each item as it is, and another run finds it there. The ledger that it was in stays as it is.
 * Messages that wait go by themselves, and last: the hub takes them up within the hour, and must know of every exemption by then.
 */
export async function moveItems(
  { source, hub, move, keep }: Moving,
  which: 'messages' | 'all-else',
  onPage: (written: number) => void,
): Promise<Moved> {
  let [written, kept] = [0, 0];
  const conflicts: string[] = [];
  const looked = new Set<string>();
  await trying('copy the ledger into that of the hub', async () => {
    for await (const page of itemsOf(source, move)) {
      const known = page.flatMap(({ old, as }) =>
        as !== 'unknown' && (as.kept === 'waiting') === (which === 'messages') ? [{ old, as }] : [],
      );
      const outcomes = await sideBySide(known, async ({ old, as }) => await moveOne(old, as, { source, hub, move, keep }));
      for (const [n, outcome] of outcomes.entries()) {
        const { item, kept: sort } = known[n]?.as ?? {};
        if (outcome === 'written') written += 1;
        if (outcome === 'kept') kept += 1;
        if (outcome === 'conflict' && item) conflicts.push(nameOf(item));
        const control = sort === 'case' && item ? bodyOf<CaseState>(item)?.control : undefined;
        if (control) looked.add(control);
      }
      onPage(written);
    }
    // what a sweep of the hub found nothing of is no longer so
    for (const control of looked)
      await hub.client.send(new DeleteItemCommand({ TableName: hub.name, Key: keysOfMember(move.from, '').nothing(control) }));
  });
  return { written, kept, conflicts };
}

/** From which ledger into which. */
export interface Moving {
  readonly source: Table;
  readonly hub: Table;
  readonly move: Move;
  readonly keep: Keep | undefined;
}

type Outcome = 'written' | 'there' | 'kept' | 'conflict';

async function moveOne(old: Item, { item, kept, isOlderThanPlaces }: Relocated, { source, hub, move, keep }: Moving): Promise<Outcome> {
  // a case of the time before keys named a place has moved at its first lease, and so may a finding
  if (isOlderThanPlaces && (await isSuperseded(old, kept, source, move))) return 'there';
  const { client, name: TableName } = hub;
  const names = { '#body': 'body' };
  const isNew = await isTaken(client.send(new PutItemCommand({ TableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' })));
  if (isNew) return 'written';
  const { pk = { S: '' }, sk = { S: '' } } = item;
  const { Item: there } = await client.send(new GetItemCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }));
  if (!there || there['body']?.S === item['body']?.S) return 'there';
  if (kept !== 'case') return 'there';
  if (isOtherwise(there, item) && keep !== 'stack') return keep === 'hub' ? 'kept' : 'conflict';
  // of what was read, and of nothing that a function of the hub holds
  const isTakenOver = await isTaken(
    client.send(
      new PutItemCommand({
        TableName,
        Item: item,
        ConditionExpression: '#body = :seen AND attribute_not_exists(leaseOwner)',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ':seen': there['body'] ?? { S: '' } },
      }),
    ),
  );
  return isTakenOver ? 'written' : 'conflict';
}

/** Whether the ledger has the same under the key that names a place, or a function. */
async function isSuperseded(old: Item, kept: Relocated['kept'], { client, name }: Table, { from, functionFor }: Move): Promise<boolean> {
  const body = bodyOf<CaseState>(old);
  const control = body?.control ?? String(at(body, 'finding', 'control') ?? '');
  const keys = keysOf(from, functionFor(control) ?? '');
  const Key =
    kept === 'case' && body ? keys.case(control, body.resource) : kept === 'finding' ? keys.finding(old['sk']?.S ?? '') : undefined;
  if (!Key) return false;
  return (await client.send(new GetItemCommand({ TableName: name, Key, ConsistentRead: true }))).Item !== undefined;
}
