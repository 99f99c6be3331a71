import { DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../local/cloud.ts';
import { parseAnswer } from '../local/ec2-xml.ts';
import { at, type Json, listAt, parseJson, stringAt } from '../local/json.ts';
import { MotoClient } from '../local/moto-client.ts';
import type { ObservedCall, OnCall } from '../local/proxy.ts';
import { expectListed } from './fixtures/secrets.ts';
import { refusalOf } from './iam.ts';
import { askedFor } from './iam-calls.ts';
import { type Left, type Watched, watched } from './watched.ts';

/** A local cloud, and what has left the functions in it. */
export interface WatchedCloud extends LocalCloud, Watched {}

/** Starts a local cloud whose functions are watched: logs, troubles, announcements, all that the tables hold, and every call, as their roles would judge it. */
export async function startWatchedCloud(options: LocalCloudOptions = {}): Promise<WatchedCloud> {
  let seen: Left[] = [];
  let made: ObservedCall[] = [];
  let hook = options.onCall;
  const note = (by: string, text: string): void => void seen.push({ by, text });
  const onCall: OnCall = (call) => {
    if (call.when === 'before') watchCall(call, note);
    if (call.when === 'before' && call.function !== undefined) made.push(call);
    return hook?.(call);
  };
  const cloud = await startLocalCloud({
    ...options,
    onCall,
    onLog(name, line) {
      note('log', line);
      options.onLog?.(name, line);
    },
    onTrouble(text) {
      note('trouble', text);
      options.onTrouble?.(text);
    },
    onFinding(finding) {
      note('announcement', JSON.stringify(finding));
      options.onFinding?.(finding);
    },
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const dynamo = new DynamoDBClient({ endpoint: cloud.motoEndpoint, region: cloud.region, credentials });
  const policies = await policiesOf(cloud);
  let isStopped = false;
  const whole: WatchedCloud = {
    ...cloud,
    isLasting: true,
    onCall(next) {
      hook = next;
    },
    async left() {
      if (!isStopped) note('ledger', await everyItem(dynamo));
      const left = seen;
      seen = [];
      return left;
    },
    refused() {
      const calls = made;
      made = [];
      return [...new Set(calls.flatMap((one) => refusalsOf(one, policies, cloud.account)))];
    },
    async stop() {
      note('ledger', await everyItem(dynamo));
      isStopped = true;
      dynamo.destroy();
      await cloud.stop();
    },
  };
  watched.add(whole);
  return whole;
}

/** Notes all that a function sends but the one thing that it is there to send; what a user sends must be of the list. */
function watchCall({ function: name, api, call }: ObservedCall, note: (by: string, text: string) => void): void {
  const { Value, ...others } = call.json;
  const isParameter = api === 'ssm:PutParameter';
  if (name === undefined) {
    if (isParameter && typeof Value === 'string') expectListed(Value);
    return;
  }
  const inBody = call.query.size > 0 ? [...call.query].join('\n') : call.request.body.toString('utf8');
  note(api, isParameter ? JSON.stringify(others) : inBody);
}

/** Why the role of the function would be refused a call. */
function refusalsOf(
  { function: name = '', call }: ObservedCall,
  policies: ReadonlyMap<string, readonly Json[]>,
  account: string,
): string[] {
  const statements = policies.get(name) ?? [];
  return askedFor(call, account).flatMap((asked) => {
    const refusal = refusalOf(asked, statements);
    return refusal === undefined ? [] : `${name}: ${refusal}`;
  });
}

/** The statements of each function's role, as CloudFormation has made it; the stack's roles have inline policies only. */
async function policiesOf({ motoEndpoint, region, stack }: LocalCloud): Promise<ReadonlyMap<string, readonly Json[]>> {
  const moto = new MotoClient();
  moto.endpoint = motoEndpoint;
  const iam = async (action: string, parameters: { readonly [name: string]: string }): Promise<Json | undefined> => {
    const { body } = await moto.query('iam', action, { Version: '2010-05-08', ...parameters }, region);
    return at(parseAnswer(body), `${action}Result`);
  };
  const statements = new Map<string, Json[]>();
  for (const { name, roleArn } of stack.functions) {
    const RoleName = roleArn.split('/').at(-1) ?? '';
    const names = listAt(await iam('ListRolePolicies', { RoleName }), 'PolicyNames', 'member').map(String);
    const documents = await Promise.all(names.map((PolicyName) => iam('GetRolePolicy', { RoleName, PolicyName })));
    const parsed = documents.map((one) => parseJson(decodeURIComponent(stringAt(one, 'PolicyDocument') ?? '')));
    statements.set(
      name,
      parsed.flatMap((document) => listAt(document, 'Statement')),
    );
  }
  return statements;
}

async function everyItem(dynamo: DynamoDBClient): Promise<string> {
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  const pages: string[] = [];
  for (const TableName of TableNames) {
    for await (const { Items } of paginateScan({ client: dynamo }, { TableName, ConsistentRead: true })) pages.push(JSON.stringify(Items));
  }
  return pages.join('\n');
}
