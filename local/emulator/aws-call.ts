import type { HttpRequest } from '../http.ts';
import { isObject, type JsonObject, parseJson } from '../json.ts';
import { account } from '../trail/identity.ts';
import { readImageBuilder } from './image-builder/model.ts';

/** How a service's API is spoken; `ec2` is the query protocol with EC2's own lists and answers. */
type Protocol = 'ec2' | 'query' | 'json' | 'rest';

/** One call of an AWS API, read from its HTTP request. */
export interface AwsCall {
  /** The name that the request was signed for, such as `ec2`. */
  readonly service: string;
  readonly region: string;
  /** The account that it is made in. */
  readonly account: string;
  readonly accessKeyId: string;
  readonly protocol: Protocol;
  /** The action, such as `CreateVolume`. */
  readonly action: string;
  /** The parameters of the query protocol, such as `TagSpecification.1.Tag.1.Key`. */
  readonly query: ReadonlyMap<string, string>;
  /** The parameters of the JSON protocol. */
  readonly json: JsonObject;
  readonly request: HttpRequest;
  readonly sourceIp: string;
  readonly userAgent: string;
}

const scope = /Credential=([^/\s]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/;

/** Reads a call from its request; undefined where it is not signed, so no call of AWS. */
export function readCall(request: HttpRequest, sourceIp: string): AwsCall | undefined {
  const url = new URL(request.path, 'http://localhost');
  const signed = scope.exec(request.headers.authorization ?? `Credential=${url.searchParams.get('X-Amz-Credential') ?? ''}`);
  const [, accessKeyId, region, service] = signed ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;

  const text = request.body.toString('utf8');
  const type = request.headers['content-type'] ?? '';
  const target = request.headers['x-amz-target'];
  const common = {
    service,
    region,
    account,
    accessKeyId,
    request,
    sourceIp,
    userAgent: request.headers['user-agent'] ?? '',
    query: new Map<string, string>(),
    json: {},
  };
  if (typeof target === 'string') {
    const json = parseJson(text);
    return { ...common, protocol: 'json', action: target.slice(target.lastIndexOf('.') + 1), json: isObject(json) ? json : {} };
  }
  const query = new Map(new URLSearchParams(type.startsWith('application/x-www-form-urlencoded') ? text : url.search));
  const action = query.get('Action');
  if (action !== undefined) return { ...common, protocol: service === 'ec2' ? 'ec2' : 'query', action, query };
  const json = parseJson(text);
  const body = isObject(json) ? json : {};
  if (service === 'imagebuilder') return { ...common, protocol: 'rest', ...readImageBuilder(request.method, url, body) };
  return { ...common, protocol: 'rest', action: restAction(service, request.method, url), json: body };
}

// Paths of the REST services that Redress and its demo meet; the first that fits wins.
const restActions: readonly (readonly [string, string, RegExp, string])[] = [
  ['lambda', 'POST', /\/invocations$/, 'Invoke'],
  ['lambda', 'GET', /\/functions\/?$/, 'ListFunctions'],
  ['lambda', 'POST', /\/functions\/?$/, 'CreateFunction'],
  ['lambda', 'GET', /\/functions\/[^/]+$/, 'GetFunction'],
  ['lambda', 'GET', /\/event-source-mappings\/?$/, 'ListEventSourceMappings'],
  ['lambda', 'PUT', /\/event-source-mappings\/[^/]+$/, 'UpdateEventSourceMapping'],
  ['lambda', 'GET', /\/functions\/[^/]+\/configuration$/, 'GetFunctionConfiguration'],
  ['lambda', 'GET', /\/functions\/[^/]+\/concurrency$/, 'GetFunctionConcurrency'],
  ['securityhub', 'POST', /\/findings\/import$/, 'BatchImportFindings'],
  ['securityhub', 'POST', /\/findings$/, 'GetFindings'],
  ['guardduty', 'GET', /^\/detector$/, 'ListDetectors'],
  ['guardduty', 'POST', /^\/detector\/[^/]+$/, 'UpdateDetector'],
  ['guardduty', 'GET', /^\/detector\/[^/]+$/, 'GetDetector'],
  ['guardduty', 'DELETE', /^\/detector\/[^/]+$/, 'DeleteDetector'],
  ['guardduty', 'GET', /\/administrator$/, 'GetAdministratorAccount'],
  ['macie2', 'GET', /^\/macie$/, 'GetMacieSession'],
  ['macie2', 'POST', /^\/macie$/, 'EnableMacie'],
  ['macie2', 'PATCH', /^\/macie$/, 'UpdateMacieSession'],
  ['macie2', 'DELETE', /^\/macie$/, 'DisableMacie'],
  ['macie2', 'GET', /^\/administrator$/, 'GetAdministratorAccount'],
  // S3 Control signs as S3, and CloudTrail tells its calls by the account
  ['s3', 'GET', /^\/v20180820\/configuration\/publicAccessBlock$/, 'GetAccountPublicAccessBlock'],
  ['s3', 'PUT', /^\/v20180820\/configuration\/publicAccessBlock$/, 'PutAccountPublicAccessBlock'],
  ['s3', 'DELETE', /^\/v20180820\/configuration\/publicAccessBlock$/, 'DeleteAccountPublicAccessBlock'],
  ['s3', 'GET', /^\/$/, 'ListBuckets'],
  ['s3', 'PUT', /^\/[^/]+\/?$/, 'CreateBucket'],
  ['s3', 'DELETE', /^\/[^/]+\/?$/, 'DeleteBucket'],
  ['s3', 'GET', /^\/[^/]+\/?$/, 'ListObjects'],
  ['s3', 'GET', /./, 'GetObject'],
  ['s3', 'HEAD', /./, 'HeadObject'],
  ['s3', 'PUT', /./, 'PutObject'],
  ['s3', 'DELETE', /./, 'DeleteObject'],
];

// What the query of a request to a bucket names, such as `?encryption`.
const ofBuckets: { readonly [part: string]: string } = {
  acl: 'BucketAcl',
  encryption: 'BucketEncryption',
  policyStatus: 'BucketPolicyStatus',
  publicAccessBlock: 'BucketPublicAccessBlock',
};

const verbs: { readonly [method: string]: string } = {
  GET: 'Get',
  HEAD: 'Head',
  DELETE: 'Delete',
  POST: 'Create',
  PUT: 'Put',
  PATCH: 'Update',
};

function restAction(service: string, method: string, url: URL): string {
  // The CBOR protocol of newer clients names the operation in the path.
  const operation = /\/operation\/(\w+)$/.exec(url.pathname)?.[1];
  if (operation !== undefined) return operation;
  const part = service === 's3' ? [...url.searchParams.keys()].find((name) => Object.hasOwn(ofBuckets, name)) : undefined;
  if (part !== undefined) return `${verbs[method] ?? method}${ofBuckets[part]}`;
  const known = restActions.find(([of, by, path]) => of === service && by === method && path.test(url.pathname));
  if (known !== undefined) return known[3];
  const words = url.pathname.split('/').filter((part) => /^[a-z][a-z-]*$/i.test(part));
  const noun = words.at(-1) ?? service;
  return (verbs[method] ?? method) + noun.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

/** The call with some query parameters set (or, with undefined, taken out), to be sent on. */
export function withQuery(call: AwsCall, changes: { readonly [name: string]: string | undefined }): AwsCall {
  const query = new Map(call.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  }
  const headers = { ...call.request.headers, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const body = Buffer.from(new URLSearchParams([...query]).toString());
  return { ...call, query, request: { ...call.request, method: 'POST', path: '/', headers, body } };
}

/** The call with another body of the JSON protocol, to be sent on. */
export function withJson(call: AwsCall, json: JsonObject): AwsCall {
  return { ...call, json, request: { ...call.request, body: Buffer.from(JSON.stringify(json)) } };
}

// IAM's prefix differs from the name that requests are signed for.
const prefixes: { readonly [service: string]: string } = { monitoring: 'cloudwatch', email: 'ses' };

/** The call as IAM names it, such as `ec2:CreateVolume`. */
export function iamAction(call: AwsCall): string {
  return `${prefixes[call.service] ?? call.service}:${call.action}`;
}

/** Calls that IAM knows by the action of another, or that need no permission. */
const otherActions: { readonly [api: string]: string | undefined } = {
  's3:DeleteAccountPublicAccessBlock': 's3:PutAccountPublicAccessBlock',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:ListBuckets': 's3:ListAllMyBuckets',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
  'sqs:SendMessageBatch': 'sqs:SendMessage',
  'sts:GetCallerIdentity': undefined,
};

/** The action that IAM checks for an API; undefined where it checks none. */
export function permissionFor(api: string): string | undefined {
  return api in otherActions ? otherActions[api] : api;
}

/** Whether the call only reads, by its verb. */
export function isRead(action: string): boolean {
  return /^(Describe|Get|List|Lookup|Search|BatchGet|Head|Select|Query|Scan|Check|Filter|Preview|Simulate|Validate|Receive)/.test(action);
}
