import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { functionOf } from '#shared/finding/names.ts';
import type { NamedPlace } from '#shared/ledger/items.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { Failure, trying } from './failure.ts';

/** The stack's name unless `--stack` or REDRESS_STACK says another. */
const STACK = 'Redress';

/** What says where Redress is. */
export interface Where {
  readonly stack?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** What clients of every service are made with. */
export interface ClientSettings {
  readonly region?: string;
  readonly profile?: string;
}

/** The queue of one resource kind, or of the alerts. */
export interface KindQueue {
  /** The kind's id, such as `volumes`. */
  readonly kind: string;
  readonly queueUrl: string;
}

/** A deployed Redress, as its stack's outputs tell. */
export interface Deployment {
  readonly stack: string;
  readonly stackId: string;
  /** CloudFormation's word for how the stack is, and when it was made or last changed. */
  readonly state: { readonly status: string; readonly since: Date };
  readonly place: NamedPlace;
  /** Whether it is the hub of an organization. */
  readonly isHub: boolean;
  readonly outputs: ReadonlyMap<string, string>;
  /** The settings of clients of the account and Region where it is. */
  readonly client: ClientSettings;
  readonly ledger: Ledger;
  /** The places that joined a hub by themselves. */
  readonly joined: () => Promise<readonly NamedPlace[]>;
  readonly queues: readonly KindQueue[];
  /** The dead-letter queues: the one for all, and those that functions had of their own in a version before. */
  readonly deadLetterUrls: readonly string[];
  /** Whether the function that takes clicks in Slack is there. */
  readonly takesClicks: boolean;
  readonly sqs: SQSClient;
  /** Made when asked for: only `redress status` needs it. */
  readonly cloudWatch: () => Promise<CloudWatchClient>;
}

/** Finds the deployed stack; throws `Failure` if it, the Region or the credentials are missing. */
export async function findDeployment(where: Where): Promise<Deployment> {
  const stack = where.stack ?? (process.env['REDRESS_STACK'] || STACK);
  const client = clientConfig(where);
  const { place, outputs, stackId, state } = await readStack(stack, client);
  const table = outputs.get('LedgerTable');
  if (!table)
    throw new Failure(`The stack ${stack} has no output LedgerTable, so it is not one of Redress, or its deployment is not complete.`, {
      next: 'Name the right one with --stack, or deploy again with `npx cdk deploy`.',
    });
  const queues = queuesOf(outputs);
  const isHub = outputs.has('MembersBusArn');
  const [{ DynamoDBClient }, { SQSClient }, { dynamoLedger }] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('@aws-sdk/client-sqs'),
    import('#shared/ledger/dynamo-ledger.ts'),
  ]);
  const dynamo = new DynamoDBClient(client);
  return {
    stack,
    stackId,
    state,
    place,
    isHub,
    outputs,
    client,
    ledger: dynamoLedger(table, dynamo, {
      place,
      functions: queues.map(({ kind }) => functionOf(kind)),
      readsAll: isHub,
    }),
    joined: async () => (isHub ? await (await import('#shared/ledger/joined.ts')).joinedRows(table, dynamo).all() : []),
    queues,
    deadLetterUrls: [...outputs].flatMap(([key, url]) => (DEAD_LETTER_OUTPUT.test(key) ? [url] : [])),
    takesClicks: outputs.has('SlackActionsUrl'),
    // a queue's URL names the host that made it, which need not be the endpoint that is set here
    sqs: new SQSClient({ ...client, useQueueUrlAsEndpoint: false }),
    cloudWatch: async () => new (await import('@aws-sdk/client-cloudwatch')).CloudWatchClient(client),
  };
}

/** Who asks, as AWS knows them: the ARN of the credentials in use. */
export async function callerIdentity(where: Where): Promise<{ readonly arn: string; readonly account: string; readonly region: string }> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient(clientConfig(where));
  const [{ Arn, Account }, region] = await trying('ask AWS who you are', async () => [
    await client.send(new GetCallerIdentityCommand({})),
    await client.config.region(),
  ]);
  if (!Arn || !Account) throw new Failure('AWS did not say who you are (sts:GetCallerIdentity has no ARN).');
  return { arn: Arn, account: Account, region };
}

/** The queue that holds what one kind is sent; throws `Failure` if the stack has none. */
export function queueFor({ queues, stack }: Deployment, kind: string): KindQueue {
  const found = queues.find((one) => one.kind === kind);
  if (found) return found;
  throw new Failure(`The stack ${stack} has no queue of the kind ${kind}; it has ${queues.map((one) => one.kind).join(', ') || 'none'}.`, {
    next: 'Deploy this version of Redress with `npx cdk deploy`, or name another stack with --stack.',
  });
}

async function readStack(stack: string, client: ClientSettings): Promise<Pick<Deployment, 'place' | 'outputs' | 'stackId' | 'state'>> {
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const cloudFormation = new CloudFormationClient(client);
  const { Stacks } = await trying(`look for the stack ${stack}`, async () => {
    try {
      return await cloudFormation.send(new DescribeStacksCommand({ StackName: stack }));
    } catch (error) {
      if (!(error instanceof Error && /does not exist/.test(error.message))) throw error;
      const region = await cloudFormation.config.region();
      throw new Failure(`There is no stack ${stack} in ${region}.`, {
        next: 'Deploy it with `npx cdk deploy`; or name another stack with --stack, another Region with --region, another account with --profile.',
        cause: error,
      });
    }
  });
  const { Outputs = [], StackId = '', StackStatus = '', CreationTime, LastUpdatedTime } = Stacks?.[0] ?? {};
  const [, , , region = '', account = ''] = StackId.split(':');
  const outputs = Outputs.flatMap(({ OutputKey, OutputValue }) => (OutputKey && OutputValue ? [[OutputKey, OutputValue] as const] : []));
  const since = LastUpdatedTime ?? CreationTime ?? new Date(0);
  return { place: { account, region }, outputs: new Map(outputs), stackId: StackId, state: { status: StackStatus, since } };
}

/** The output `DeadLetterQueueUrl`, and `VolumesDeadLetterQueueUrl` of a function that had its own. */
const DEAD_LETTER_OUTPUT = /DeadLetterQueueUrl$/;

function queuesOf(outputs: ReadonlyMap<string, string>): KindQueue[] {
  return [...outputs].flatMap(([key, queueUrl]) => {
    const name = DEAD_LETTER_OUTPUT.test(key) ? undefined : /^(\w+)QueueUrl$/.exec(key)?.[1];
    return name ? [{ kind: kebab(name), queueUrl }] : [];
  });
}

// the inverse of the stack's names: `SecurityGroups` is the folder `security-groups`
function kebab(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** How an SDK client finds its Region and credentials. */
export function clientConfig({ region, profile }: Where): ClientSettings {
  // the SDK knows only AWS_REGION and the profile's; the AWS CLI and Python know AWS_DEFAULT_REGION too
  const place = region ?? (process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION']);
  return { ...(place && { region: place }), ...(profile && { profile }) };
}
