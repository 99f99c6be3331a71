import { actionOf } from '#shared/aws/actions.ts';
import { callEvent } from '../../fixtures/events.ts';
import { type Answers, answerTo, type Refusals } from '../answers.ts';
import { awsError, place, type World } from '../harness.ts';

/** One log group as AWS keeps it. */
interface Stored {
  key?: string | undefined;
  tags?: { [key: string]: string };
}

/** A key; what is left out is as AWS makes one. */
interface Key {
  readonly policy?: object;
  readonly KeyState?: string;
  readonly KeySpec?: string;
  readonly KeyUsage?: string;
  readonly KeyManager?: string;
  /** Whose key it is; absent means the account's own. */
  readonly owner?: string;
}

/** What there is in the account, and how AWS behaves. */
interface Account {
  readonly groups?: { readonly [name: string]: Stored };
  /** Keys by alias or id, which is the end of their ARN too. */
  readonly keys?: { readonly [name: string]: Key };
  readonly refuses?: Refusals;
}

export interface LogsWorld extends World {
  readonly groups: Map<string, Stored>;
  /** Called before each call is answered; what somebody else does meanwhile. */
  meanwhile: (action: string, input: object) => void;
}

const PAGE = 2;
const CONTEXT = 'kms:EncryptionContext:aws:logs:arn';

export const keyArn = (name: string, owner = place.account) => `arn:aws:kms:${place.region}:${owner}:key/${name.replace('alias/', '')}`;
export const groupArn = (name: string) => `arn:aws:logs:${place.region}:${place.account}:log-group:${name}`;
export const service = `logs.${place.region}.amazonaws.com`;

/** The statement of the account that each key has by default. */
export const ofAccount = {
  Sid: 'Enable IAM User Permissions',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${place.account}:root` },
  Action: 'kms:*',
  Resource: '*',
};
/** AWS's own example for log groups. */
export const forLogs = (groups: string | string[], operator = 'ArnEquals') => ({
  Effect: 'Allow',
  Principal: { Service: service },
  Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
  Resource: '*',
  Condition: { [operator]: { [CONTEXT]: groups } },
});
/** A policy of these statements beside that of the account. */
export const policy = (...statements: object[]) => ({ Version: '2012-10-17', Statement: [ofAccount, ...statements] });
/** A key that every log group of the account may be under. */
export const usable = { policy: policy(forLogs(groupArn('*'), 'ArnLike')) };

/** CloudWatch Logs and KMS, which remember, with the rules of AWS that matter here. */
export function logsWorld({ groups: given = {}, keys = {}, refuses = {} }: Account = {}): LogsWorld {
  const groups = new Map(Object.entries(structuredClone(given)));
  const named = (name = ''): Stored => {
    const found = groups.get(name);
    if (!found) throw awsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return found;
  };
  const byArn = ({ resourceArn = '' }: { resourceArn?: string }): Stored => {
    if (resourceArn.endsWith(':*')) throw awsError('InvalidParameterException', 'Resource ARN is invalid.');
    return named(resourceArn.split(':log-group:')[1]);
  };
  const keyOf = (id = ''): Key & { readonly Arn: string } => {
    const entry = Object.entries(keys).find(([name, { owner }]) => name === id || keyArn(name, owner) === id);
    if (!entry) throw awsError('NotFoundException', `Key ${id} does not exist`);
    return { ...entry[1], Arn: keyArn(entry[0], entry[1].owner) };
  };
  const answers: Answers = {
    'logs:DescribeLogGroups': ({ logGroupNamePrefix = '', nextToken = '0' }: { logGroupNamePrefix?: string; nextToken?: string }) => {
      const all = [...groups].filter(([name]) => name.startsWith(logGroupNamePrefix)).sort(([a], [b]) => (a < b ? -1 : 1));
      const start = Number(nextToken);
      const logGroups = all.slice(start, start + PAGE).map(([logGroupName, { key }]) => ({
        logGroupName,
        arn: `${groupArn(logGroupName)}:*`,
        logGroupArn: groupArn(logGroupName),
        creationTime: Date.parse('2026-11-21T08:59:00Z'),
        ...(key !== undefined && { kmsKeyId: key }),
      }));
      return { logGroups, ...(all.length > start + PAGE && { nextToken: String(start + PAGE) }) };
    },
    'logs:ListTagsForResource': (input: { resourceArn?: string }) => ({ tags: byArn(input).tags ?? {} }),
    'logs:TagResource': (input: { resourceArn?: string; tags: { [key: string]: string } }) => {
      const stored = byArn(input);
      stored.tags = { ...stored.tags, ...input.tags };
    },
    'logs:UntagResource': (input: { resourceArn?: string; tagKeys: string[] }) => {
      const stored = byArn(input);
      stored.tags = Object.fromEntries(Object.entries(stored.tags ?? {}).filter(([name]) => !input.tagKeys.includes(name)));
    },
    'logs:AssociateKmsKey': ({ logGroupName, kmsKeyId }: { logGroupName: string; kmsKeyId: string }) => {
      named(logGroupName).key = kmsKeyId;
    },
    'logs:DisassociateKmsKey': ({ logGroupName }: { logGroupName: string }) => {
      named(logGroupName).key = undefined;
    },
    'kms:DescribeKey': ({ KeyId }: { KeyId?: string }) => {
      const { policy: _, owner: __, ...metadata } = keyOf(KeyId);
      const usual = { KeyManager: 'CUSTOMER', KeyState: 'Enabled', KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT' };
      return { KeyMetadata: { ...usual, ...metadata } };
    },
    'kms:GetKeyPolicy': ({ KeyId = '' }: { KeyId?: string }) => {
      // AWS takes an id or an ARN there, and no alias
      if (KeyId.startsWith('alias/')) throw awsError('InvalidArnException', 'An alias is not supported.');
      return { Policy: JSON.stringify(keyOf(KeyId).policy ?? policy()) };
    },
  };
  const world: LogsWorld = {
    groups,
    meanwhile: () => undefined,
    async send(command) {
      const action = actionOf(command);
      world.meanwhile(action, command.input);
      return answerTo(command, answers, refuses);
    },
  };
  return world;
}

type Fields = { readonly [key: string]: unknown };

/** CreateLogGroup as recorded, which answers nothing. */
export function createGroup(logGroupName: string, request: Fields = {}, fields: Fields = {}) {
  return aboutGroup('CreateLogGroup', { logGroupName, ...request }, fields);
}

/** Another call about a log group; a shape inferred from the API. */
export function aboutGroup(eventName: string, requestParameters: Fields, fields: Fields = {}) {
  return callEvent(eventName, { requestParameters, ...fields }, 'logs.amazonaws.com');
}
