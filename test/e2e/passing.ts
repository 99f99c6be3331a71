import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { keysOf } from '#shared/ledger/items.ts';
import { forgetWindows } from '../../local/pace.ts';
import type { World } from './world.ts';

/** Lets the lease of a case run out, as the 65 seconds of a killed invocation's would. */
export async function expireLease(
  { behind, table, cloud, function: name }: World,
  control: string,
  type: string,
  id: string,
): Promise<void> {
  const expired = {
    TableName: table,
    Key: keysOf(cloud, name).case(control, { type, id }),
    UpdateExpression: 'SET leaseUntil = :then',
    ConditionExpression: 'attribute_exists(leaseOwner)',
    ExpressionAttributeValues: { ':then': { N: '0' } },
  };
  await behind.dynamo.send(new UpdateItemCommand(expired)).catch((error: unknown) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
}

/** Forgets how many fixes were made, as the next window does. */
export async function nextWindow({ behind, table }: World): Promise<void> {
  await forgetWindows(behind.dynamo, table);
}
