import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { fittingRow } from '#shared/finding/fitting.ts';
import { bodyOf, DAY, expires, getAll, type Item, withBody } from './dynamo.ts';
import { FINDINGS_INDEX, FOUND_ON, type Keys } from './items.ts';
import { dayOfFinding, type FindingRow, type StoredRow } from './ledger.ts';

const KEPT_A_YEAR = 365 * DAY;

/** A finding's item, kept for a year from what happened to it last; a hub's is in the index of all places. */
export function findingItem(keys: Keys, row: FindingRow, isHub: boolean): Item {
  const { id, control, status, timings } = row.finding;
  const now = new Date(timings.doneAt ?? timings.decidedAt ?? timings.receivedAt);
  const fields = { control: { S: control }, status: { S: status }, expiresAt: expires(now, KEPT_A_YEAR) };
  const indexed = isHub && { [FOUND_ON]: { S: dayOfFinding(id) ?? '' } };
  return { ...keys.finding(id), ...fields, ...indexed, ...withBody(fittingRow(row)) };
}

/** The findings of a day in a hub's table, of all places; with an id only that one. */
export async function findingsInAll(client: DynamoDBClient, table: string, day: string, id?: string): Promise<StoredRow[]> {
  const query = {
    TableName: table,
    IndexName: FINDINGS_INDEX,
    KeyConditionExpression: `${FOUND_ON} = :day${id === undefined ? '' : ' AND sk = :id'}`,
    ExpressionAttributeValues: { ':day': { S: day }, ...(id !== undefined && { ':id': { S: id } }) },
  };
  const keys: Item[] = [];
  for await (const { Items = [] } of paginateQuery({ client }, query))
    keys.push(...Items.flatMap(({ pk, sk }) => (pk && sk ? [{ pk, sk }] : [])));
  // the index lags, and has the keys alone
  return (await getAll(client, table, keys)).flatMap((item) => bodyOf<StoredRow>(item) ?? []);
}
