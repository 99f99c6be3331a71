import { DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { type LocalCloud, startLocalCloud } from '../../local/cloud.ts';
import type { ObservedCall, OnCall } from '../../local/emulator/proxy.ts';
import type { LocalCloudOptions } from '../../local/options.ts';
import { expectListed } from '../fixtures/secrets.ts';
import { RoleWatch } from './iam-watch.ts';
import { type Left, type Watched, watched } from './watched.ts';

/** A local cloud, and what has left the functions in it. */
export interface WatchedCloud extends LocalCloud, Watched {}

/** Starts a local cloud whose functions are watched: logs, troubles, announcements, every call and its permission, and all that the tables hold. */
export async function startWatchedCloud(options: LocalCloudOptions = {}): Promise<WatchedCloud> {
  let seen: Left[] = [];
  const roles = new RoleWatch();
  let hook = options.onCall;
  const note = (by: string, text: string): void => void seen.push({ by, text });
  const onCall: OnCall = (call) => {
    if (call.when === 'before') {
      watchCall(call, note);
      roles.note(call);
    }
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
  await roles.learn(cloud);
  let isStopped = false;
  const whole: WatchedCloud = {
    ...cloud,
    get accounts() {
      return cloud.accounts;
    },
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
    refused: () => roles.refused(),
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
  // the value of a parameter, and the text of a document, go to AWS and nowhere else
  const member = { 'ssm:PutParameter': 'Value', 'ssm:UpdateDocument': 'Content', 'ssm:CreateDocument': 'Content' }[api];
  const { [member ?? '']: value, ...others } = call.json;
  if (name === undefined) {
    if (typeof value === 'string') expectListed(value);
    return;
  }
  const inBody = call.query.size > 0 ? [...call.query].join('\n') : call.request.body.toString('utf8');
  note(api, member === undefined ? inBody : JSON.stringify(others));
}

async function everyItem(dynamo: DynamoDBClient): Promise<string> {
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  const pages: string[] = [];
  for (const TableName of TableNames) {
    for await (const { Items } of paginateScan({ client: dynamo }, { TableName, ConsistentRead: true })) pages.push(JSON.stringify(Items));
  }
  return pages.join('\n');
}
