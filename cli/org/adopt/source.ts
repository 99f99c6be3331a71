import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { errorCode, errorText } from '#shared/aws/errors.ts';
import { ALERTS, functionOf, LEDGER } from '#shared/finding/names.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import type { NamedPlace } from '#shared/ledger/items.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { discoverFunctions } from '../../../infra/catalog.ts';
import { type ClientSettings, callerIdentity, clientConfig, type Deployment, findDeployment, type KindQueue } from '../../deployment.ts';
import { Failure, trying } from '../../failure.ts';

/** A table of a ledger, and who reads it. */
export interface Table {
  readonly name: string;
  readonly client: DynamoDBClient;
}

/** What stands of a Redress that is alone in an account and Region. */
export interface Source {
  readonly place: NamedPlace;
  /** What tells it from another one that is made there later. */
  readonly id: string;
  readonly table: Table;
  readonly ledger: Pick<Ledger, 'pauses' | 'setPause'>;
  /** The stack; undefined where only its ledger is left. */
  readonly stack?: Running;
}

/** A stack that may be at work. */
export interface Running {
  readonly name: string;
  readonly settings: ClientSettings;
  readonly sqs: SQSClient;
  /** The queues of the functions that change things. */
  readonly queues: readonly KindQueue[];
  readonly deadLetterUrls: readonly string[];
}

/** Where the other account is reached. */
export interface SourceOptions {
  readonly fromProfile?: string;
  readonly fromStack?: string;
}

/** Finds the stack of a place, or the ledger that one left there; throws `Failure` if the credentials are of another account. */
export async function findSource(place: NamedPlace, { fromProfile, fromStack }: SourceOptions): Promise<Source> {
  const where = { region: place.region, profile: fromProfile, stack: fromStack };
  const { account } = await callerIdentity(where);
  if (account !== place.account)
    throw new Failure(`These credentials are of account ${account}, and the stack is in ${place.account}.`, {
      next: `Name a profile of ${place.account} with --from-profile; --profile stays that of the hub.`,
      exitCode: 2,
    });
  const deployment = await findDeployment(where).catch((error: unknown) => {
    // the ledger outlives its stack
    if (error instanceof Failure && /does not exist/.test(errorText(error.cause))) return undefined;
    throw error;
  });
  return deployment ? ofStack(deployment) : await ofLedger(place, clientConfig(where));
}

/** The table of a deployment's ledger. */
export function tableOf({ client, outputs }: Deployment): Table {
  return { name: outputs.get('LedgerTable') ?? LEDGER, client: new DynamoDBClient(client) };
}

function ofStack(deployment: Deployment): Source {
  const { place, stack, stackId, client, ledger, queues, deadLetterUrls, sqs, isHub, state } = deployment;
  if (isHub)
    throw new Failure(`The stack ${stack} in ${place.account} ${place.region} is a hub itself, and is not adopted.`, { exitCode: 2 });
  if (/_IN_PROGRESS$/.test(state.status))
    throw new Failure(`The stack ${stack} in ${place.account} ${place.region} is ${state.status}.`, {
      next: 'Run it again when that has ended.',
    });
  const acting = queues.filter(({ kind }) => kind !== ALERTS);
  return {
    place,
    id: stackId,
    table: tableOf(deployment),
    ledger,
    stack: { name: stack, settings: client, sqs, queues: acting, deadLetterUrls },
  };
}

async function ofLedger(place: NamedPlace, settings: ClientSettings): Promise<Source> {
  const client = new DynamoDBClient(settings);
  const { Table: table } = await trying(`look for the table ${LEDGER} in ${place.account} ${place.region}`, async () => {
    try {
      return await client.send(new DescribeTableCommand({ TableName: LEDGER }));
    } catch (error) {
      if (errorCode(error) !== 'ResourceNotFoundException') throw error;
      throw new Failure(`There is neither a stack of Redress in ${place.account} ${place.region}, nor the ledger of one.`, {
        next: 'Then there is nothing to adopt: deploy the members with `redress org deploy`. If the stack has another name, say it with --from-stack.',
        cause: error,
      });
    }
  });
  const functions = (await discoverFunctions()).map(({ id }) => functionOf(id));
  const id = `${table?.TableArn ?? LEDGER} of ${table?.CreationDateTime?.toISOString() ?? 'no date'}`;
  return { place, id, table: { name: LEDGER, client }, ledger: dynamoLedger(LEDGER, client, { place, functions }) };
}
