import { partitionOf } from '#shared/aws/partition.ts';
import type { Place } from '#shared/control/control.ts';
import type { AnyKind } from '#shared/control/kind.ts';
import { discoverFunctions, kindsOf } from '../../infra/catalog.ts';
import { type AwsCall, iamAction, permissionFor } from '../../local/emulator/aws-call.ts';
import { at, type Json, type JsonObject, listAt, stringAt } from '../../local/json.ts';
import { nest } from '../../local/trail/styles.ts';
import type { Asked } from './iam.ts';

/** Actions for which the service authorization reference has no resource, so that a statement must name `*`. */
const ofNoResource = [
  /^ec2:Describe(?!\w+Attribute$)/,
  /^ec2:\w+Ebs(Default|Encryption)\w+$/,
  // [U] the settings of an account that came later
  /^ec2:\w+(BlockPublicAccess|MetadataDefaults|SerialConsoleAccess|AllowedImagesSettings)\w*$/,
  /^autoscaling:Describe/,
  /^cloudtrail:LookupEvents$/,
  /^guardduty:(Create|List)Detectors?$/,
  /^kms:List(Aliases|Keys)$/,
  /^macie2:/,
  /^s3:(\w+AccountPublicAccessBlock|ListAllMyBuckets)$/,
  /^sns:ListTopics$/,
  /^imagebuilder:List/,
  /^ssm:(DescribeParameters|DescribeInstanceInformation|ListDocuments)$/,
];

const kinds = kindsOf(await discoverFunctions());

/** ARNs that a request of Redress's own infrastructure names; the kinds know those of what is judged. */
const infrastructure: { readonly [service: string]: (request: JsonObject, place: Place) => string[] } = {
  dynamodb: (request, place) => {
    const index = strings(request, 'IndexName').map((name) => `/index/${name}`);
    const tables = [...strings(request, 'TableName'), ...Object.keys(Object(request['RequestItems']))];
    return tables.map((name) => arn('dynamodb', 'table/', `${name}${index}`, place));
  },
  // an alias tells no key
  kms: (request, place) => {
    const ids = strings(request, 'KeyId').filter((id) => !/(^|:)alias\//.test(id));
    return ids.map((id) => (id.startsWith('arn:') ? id : arn('kms', 'key/', id, place)));
  },
  // what a pipeline names besides is read as whoever writes it; a creation names nothing of its own
  imagebuilder: (request) => {
    const named = Object.keys(request).filter((name) =>
      /^(image|component|container|distribution|infrastructure|resource)\w*Arn$/.test(name),
    );
    return strings(request, named.find((name) => name === 'imagePipelineArn') ?? named[0] ?? '');
  },
  securityhub: (request) => listAt(request, 'Findings').flatMap((finding) => strings(finding, 'ProductArn')),
  sns: (request) => strings(request, 'TopicArn'),
  sqs: (request, place) => strings(request, 'QueueUrl').map((url) => arn('sqs', '', url.split('/').at(-1) ?? '', place)),
};

/**
 * What AWS asks the policies of the caller for a call. What it does on the caller's behalf is not among it, for the request does not
 * tell it: the use of the key of a parameter, a volume or a topic, and what is in a launch template.
 */
export function askedFor(call: AwsCall, account: string): Asked[] {
  const api = iamAction(call);
  // asked for as the calls that it is made of: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
  if (api === 'dynamodb:TransactWriteItems')
    return listAt(call.json, 'TransactItems').flatMap((item) =>
      Object.entries<JsonObject>(Object(item)).flatMap(([kind, json]) => askedFor({ ...call, action: `${kind}Item`, json }, account)),
    );
  // AWS looks at each entry by itself, so that one of another source is not hidden among others
  if (api === 'events:PutEvents') return entriesOf(call, account);
  const action = permissionFor(api);
  if (action === undefined) return [];
  const request = call.query.size > 0 ? nest(call.query) : call.json;
  const place = { account, region: call.region, partition: partitionOf(call.region) };
  const named = ofNoResource.some((pattern) => pattern.test(action))
    ? ['*']
    : (infrastructure[call.service] ?? judged(call.service, call.action))(request, place);
  const keys = keysOf(call, request);
  const own = (named?.length ? [...new Set(named)] : [undefined]).map((resource) => ({ action, resource, keys }));
  return [...own, ...besides(call, request, own, place)];
}

function entriesOf({ json, region }: AwsCall, account: string): Asked[] {
  const place = { account, region, partition: partitionOf(region) };
  const all = listAt(json, 'Entries').map((entry) => ({
    action: 'events:PutEvents',
    resource: arn('events', 'event-bus/', stringAt(entry, 'EventBusName') ?? 'default', place),
    keys: { 'events:source': strings(entry, 'Source'), 'events:detail-type': strings(entry, 'DetailType') },
  }));
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** What AWS asks besides a call's own action on its own resources. */
function besides({ service, action }: AwsCall, request: JsonObject, own: readonly Asked[], place: Place): Asked[] {
  const api = `${service}:${action}`;
  // not certain: whether IAM is shown the keys of a removal
  if (api === 'ssm:RemoveTagsFromResource') return own.map((one) => ({ ...one, keys: {} }));
  if (api === 'ssm:PutParameter' && request['Tags']) return own.map((one) => ({ ...one, action: 'ssm:AddTagsToResource' }));
  // by https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
  const isLaunch = service === 'autoscaling' && (request['LaunchTemplate'] ?? request['MixedInstancesPolicy']) !== undefined;
  if (isLaunch) return [{ action: 'ec2:RunInstances', resource: undefined, keys: {} }];
  // not certain: which of the two AWS takes for the tags of a copy
  const creations = action === 'CopyVolumes' ? [action, 'CreateVolume'] : [action];
  return listAt(request, 'TagSpecification').flatMap((made) =>
    creations.map((creation) => ({
      action: 'ec2:CreateTags',
      resource: taggedArn(stringAt(made, 'ResourceType') ?? '*', place),
      keys: { 'aws:TagKeys': tagKeysOf(made), 'ec2:CreateAction': [creation] },
    })),
  );
}

/** What a creation tags; images and snapshots are of no account. */
function taggedArn(type: string, place: Place): string {
  return arn('ec2', `${type}/`, '*', ['image', 'snapshot'].includes(type) ? { ...place, account: '' } : place);
}

function keysOf({ service, action }: AwsCall, request: JsonObject): Asked['keys'] {
  const tagKeys = tagKeysOf(request);
  const leading = service === 'dynamodb' ? leadingKeysOf(request) : [];
  if (service === 'dynamodb' && leading.length === 0) throw new Error(`test/support/iam-calls.ts does not find the keys of a ${action}`);
  return {
    ...(service === 'ec2' && sharingKeysOf(request)),
    ...(service === 'ec2' && action === 'ModifyInstanceMetadataOptions' && attributesOf(request)),
    ...(tagKeys.length > 0 && { 'aws:TagKeys': tagKeys }),
    ...(leading.length > 0 && { 'dynamodb:LeadingKeys': leading }),
  };
}

/** Whom a call shares an image or a snapshot with, in either form of the request; [U] that both forms fill in these keys. */
function sharingKeysOf(request: JsonObject): Asked['keys'] {
  const added = ['LaunchPermission', 'CreateVolumePermission'].flatMap((member) => listAt(request, member, 'Add'));
  const isAdding = request['OperationType'] === 'add';
  const named = {
    group: 'UserGroup',
    userId: 'UserId',
    organizationArn: 'OrganizationArn',
    organizationalUnitArn: 'OrganizationalUnitArn',
  };
  const found = Object.entries(named).map(([key, member]): [string, string[]] => {
    const name = key === 'group' ? 'Group' : member;
    return [`ec2:Add/${key}`, [...added.flatMap((one) => strings(one, name)), ...(isAdding ? strings(request, member) : [])]];
  });
  return Object.fromEntries(found.filter(([, values]) => values.length > 0));
}

/** What a call sets of the metadata options, each by a key of its own; [U] that those which it leaves out have none. */
function attributesOf(request: JsonObject): Asked['keys'] {
  const options = ['HttpEndpoint', 'HttpProtocolIpv6', 'HttpPutResponseHopLimit', 'HttpTokens', 'InstanceMetadataTags'];
  const set = options.map((name): [string, string[]] => [`ec2:Attribute/${name}`, strings(request, name)]);
  return Object.fromEntries(set.filter(([, values]) => values.length > 0));
}

function tagKeysOf(request: Json): string[] {
  const tags = [...listAt(request, 'Tag'), ...listAt(request, 'Tags')].flatMap((tag) => strings(tag, 'Key'));
  // Image Builder's tags are a map
  const map = Object.keys(Object(at(request, 'tags')));
  return [...new Set([...tags, ...map, ...strings(request, 'TagKeys'), ...listAt(request, 'tagKeys').map(String)])];
}

/** Every partition key that a call of DynamoDB is about; all tables here name it `pk`, and their index `openUnder`. */
function leadingKeysOf(request: JsonObject): string[] {
  const batches = Object.values(Object(request['RequestItems'])).flatMap((one) => [
    ...listAt(one, 'Keys'),
    ...(Array.isArray(one) ? one : []),
  ]);
  const items = [request, ...batches].flatMap((one) => [
    one,
    at(one, 'Item'),
    at(one, 'Key'),
    at(one, 'PutRequest', 'Item'),
    at(one, 'DeleteRequest', 'Key'),
  ]);
  const [, queried = ''] = /\b(?:pk|openUnder) = (:\w+)/.exec(stringAt(request, 'KeyConditionExpression') ?? '') ?? [];
  const found = [...items.map((item) => stringAt(item, 'pk', 'S')), stringAt(request, 'ExpressionAttributeValues', queried, 'S')];
  return [...new Set(found.filter((key) => key !== undefined))];
}

/** The ARNs of what a call judges or makes, as its kinds know them; what no kind knows is matched by the action alone. */
function judged(service: string, action: string): (request: JsonObject, place: Place) => string[] {
  const all = kinds.filter((kind) => kind.created.some(({ eventSource }) => eventSource === `${service}.amazonaws.com`));
  // a call that has a kind in its name is asked for on that kind, though it names another, as a group's call its launch configuration
  const named = all.filter((kind) => action.includes(nameOf(kind)));
  const own = named.length > 0 ? named : all;
  return (request, place) => {
    const named = own.filter((kind) => kind.idsIn(request).length > 0);
    // UpdateAutoScalingGroup names a launch configuration too, which is a condition and not its resource
    const inAction = named.filter((kind) => action.includes(nameOf(kind)));
    // Systems Manager's tag calls name the type beside the id
    const ofType = named.filter((kind) => nameOf(kind) === request['ResourceType']);
    const meant = ofType.length > 0 ? ofType : inAction;
    return [
      ...(meant.length > 0 ? meant : named).flatMap((kind) => kind.idsIn(request).map((id) => arnOfCall(kind, id, place))),
      // a setting of a service is named short, or by its ARN
      ...strings(request, 'SettingId').map((id) => arn(service, 'servicesetting', id, place)),
      // what is yet to be made has no id
      ...own.flatMap((kind) => (makes(kind, action) ? [kind.arnOf('*', place)] : [])),
    ];
  };
}

function makes(kind: AnyKind, action: string): boolean {
  return action === `Create${nameOf(kind)}` || action === `Copy${nameOf(kind)}s`;
}

function nameOf({ type }: AnyKind): string {
  return type.split('::').at(-1) ?? type;
}

function arnOfCall(kind: AnyKind, id: string, place: Place): string {
  // without the version or label that a parameter's name may have; AWS's own public parameters are of no account
  const name = id.startsWith('arn:') ? id : (id.split(':')[0] ?? id);
  return kind.arnOf(name, /^\/aws\/service\//.test(name) ? { ...place, account: '' } : place);
}

function arn(service: string, type: string, name: string, { partition, region, account }: Place): string {
  return name.startsWith('arn:') ? name : `arn:${partition}:${service}:${region}:${account}:${type}${name}`;
}

function strings(value: Json, ...path: readonly string[]): string[] {
  return listAt(value, ...path).filter((one) => typeof one === 'string');
}
