import type { AwsCommand, Permission } from '#shared/control/control.ts';
import { UndeclaredCall } from './errors.ts';

/** IAM prefixes that differ from the service's name in the SDK's schema. */
const prefixes: { readonly [service: string]: string } = {
  accessanalyzer: 'access-analyzer',
  apigatewayv2: 'apigateway',
  cloudwatchlogs: 'logs',
  cognitoidentityprovider: 'cognito-idp',
  configservice: 'config',
  databasemigrationservice: 'dms',
  directoryservice: 'ds',
  efs: 'elasticfilesystem',
  elasticloadbalancingv2: 'elasticloadbalancing',
  elasticsearchservice: 'es',
  emr: 'elasticmapreduce',
  eventbridge: 'events',
  opensearch: 'es',
  sesv2: 'ses',
  sfn: 'states',
};

/** Operations whose IAM action has another name. */
const exceptions: { readonly [operation: string]: string } = {
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3:HeadBucket': 's3:ListBucket',
  's3:ListBuckets': 's3:ListAllMyBuckets',
  's3control:DeletePublicAccessBlock': 's3:PutAccountPublicAccessBlock',
  's3control:GetPublicAccessBlock': 's3:GetAccountPublicAccessBlock',
  's3control:PutPublicAccessBlock': 's3:PutAccountPublicAccessBlock',
};

/** Actions that AWS checks besides the call's own, depending on the input: tags inside a create. */
const alsoFor: readonly { readonly service: string; readonly member: string; readonly action: string }[] = [
  { service: 'ec2', member: 'TagSpecifications', action: 'ec2:CreateTags' },
  { service: 'ssm', member: 'Tags', action: 'ssm:AddTagsToResource' },
];

/** The bits of a command's schema that Redress reads: `[kind, namespace, operation, traits, input]`, input `[…, names, members]`. */
interface OperationShape {
  readonly service: string;
  readonly operation: string;
  readonly members: readonly string[];
  /** The member that makes a repeated call idempotent, if the API has one. */
  readonly tokenMember: string | undefined;
}

const IDEMPOTENCY_TOKEN = 4;

/** What the SDK's own schema says of a command; class names do not survive minification. */
export function shapeOf(command: AwsCommand): OperationShape {
  const schema: unknown = Reflect.get(command, 'schema');
  if (!Array.isArray(schema) || typeof schema[1] !== 'string' || typeof schema[2] !== 'string') {
    throw new UndeclaredCall('a command without a schema: is it a command of an AWS SDK v3 client of 2025 or later?');
  }
  const input: unknown = typeof schema[4] === 'function' ? schema[4]() : schema[4];
  const [names, members]: unknown[] = Array.isArray(input) ? [input[4], input[5]] : [];
  const list = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  const isToken = (member: unknown) => Array.isArray(member) && isTokenTrait(member[1]);
  const tokenMember = Array.isArray(members) ? list[members.findIndex(isToken)] : undefined;
  return { service: schema[1].replace(/^com\.amazonaws\./, ''), operation: schema[2], members: list, tokenMember };
}

/** Whether the traits of a member make it an idempotency token: bits of a number, or names where there are others beside it. */
function isTokenTrait(traits: unknown): boolean {
  return typeof traits === 'number' ? (traits & IDEMPOTENCY_TOKEN) !== 0 : Reflect.get(Object(traits), 'idempotencyToken') === 1;
}

/** A command's IAM action, such as `ec2:DescribeVolumes`. */
export function actionOf(command: AwsCommand): string {
  const { service, operation } = shapeOf(command);
  const action = `${prefixes[service] ?? service}:${operation}`;
  return exceptions[action] ?? action;
}

/** The operation behind an IAM action, by the prefix of its client: two clients may share a prefix of IAM, as those of S3 do. */
export function operationOf(action: string): string {
  return Object.entries(exceptions).find(([, its]) => its === action)?.[0] ?? action;
}

/** Every IAM action that AWS checks for a command with this input. */
export function actionsOf(command: AwsCommand): string[] {
  const { service } = shapeOf(command);
  const extra = alsoFor.filter(({ service: name, member }) => {
    const value: unknown = Reflect.get(command.input, member);
    return name === service && Array.isArray(value) && value.length > 0;
  });
  return [actionOf(command), ...extra.map(({ action }) => action)];
}

const readVerbs = /^[a-z0-9-]+:(Describe|Get|List|Lookup|Search|BatchGet)/;

/** Whether an action's verb is one that changes nothing. */
export function isReadVerb(action: string): boolean {
  return readVerbs.test(action);
}

/** Whether permissions declare an action, `*` at the end included. */
export function isDeclared(action: string, permissions: readonly Permission[]): boolean {
  return permissions.some((one) => one.action === action || (one.action.endsWith('*') && action.startsWith(one.action.slice(0, -1))));
}
