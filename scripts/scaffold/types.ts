import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SdkClient } from '../sdk.ts';
import { ScaffoldError } from './error.ts';
import { kebab } from './names.ts';

/** A type of CloudFormation that a control's id can be about. */
export interface ResourceType {
  /** Such as `AWS::S3::Bucket`. */
  readonly type: string;
  /** As in the type, such as `S3`. */
  readonly service: string;
  /** As in the type, such as `Bucket`. */
  readonly name: string;
  /** As the id begins, such as `bucket`. */
  readonly noun: string;
}

/** CloudFormation's types, as the CDK lists them beside its code. */
const LIST = 'node_modules/aws-cdk-lib/cloudformation-include/cfn-types-2-classes.json';

/** Services whose package has another name than theirs in CloudFormation, in lower case or with hyphens. */
const packages: { readonly [service: string]: string } = {
  ACMPCA: 'acm-pca',
  AmazonMQ: 'mq',
  APS: 'amp',
  Cassandra: 'keyspaces',
  CE: 'cost-explorer',
  CertificateManager: 'acm',
  Cognito: 'cognito-identity-provider',
  Config: 'config-service',
  CUR: 'cost-and-usage-report-service',
  DMS: 'database-migration-service',
  Elasticsearch: 'elasticsearch-service',
  Events: 'eventbridge',
  EventSchemas: 'schemas',
  InspectorV2: 'inspector2',
  KinesisFirehose: 'firehose',
  Lex: 'lex-models-v2',
  Logs: 'cloudwatch-logs',
  Macie: 'macie2',
  MSK: 'kafka',
  OpenSearchService: 'opensearch',
  Route53: 'route-53',
  SES: 'sesv2',
  SSO: 'sso-admin',
  StepFunctions: 'sfn',
  Timestream: 'timestream-write',
};

/** The packages that may hold the client of a service, the likeliest first. */
export function packagesOf(service: string): readonly string[] {
  const names = packages[service] ? [packages[service]] : [service.toLowerCase(), kebab(service)];
  return [...new Set(names)].map((name) => `@aws-sdk/client-${name}`);
}

/**
 * The types that an id's first words name, the likeliest first: of a service whose client is there, else of the shortest name. Throws
 * `ScaffoldError` if there is none.
 * @param chosen a type that the author asks for
 */
export async function typesOf(root: string, id: string, clients: readonly SdkClient[], chosen?: string): Promise<readonly ResourceType[]> {
  const types = await allTypes(root);
  const words = id.split('-');
  for (let length = words.length - 1; length > 0; length -= 1) {
    const noun = words.slice(0, length).join('-');
    const found = types.filter(({ name }) => name.toLowerCase() === noun.replaceAll('-', '')).map((one) => ({ ...one, noun }));
    const wanted = chosen === undefined ? found : found.filter(({ type }) => type === chosen);
    if (wanted.length > 0) return wanted.toSorted((a, b) => rank(a) - rank(b) || a.service.length - b.service.length);
  }
  if (chosen === undefined) {
    throw new ScaffoldError(
      `${id}: CloudFormation knows no resource of these words. Begin the id with the last part of its type, as bucket of AWS::S3::Bucket; npm run new-control -- --help lists what else can be begun.`,
    );
  }
  const known = types.some(({ type }) => type === chosen);
  throw new ScaffoldError(
    known
      ? `${id}: the id of a control of ${chosen} begins with ${nounOf(chosen)}, such as ${nounOf(chosen)}-${words.at(-1)}`
      : `${chosen} is no type of CloudFormation: write it as AWS does, such as AWS::S3::Bucket`,
  );

  function rank({ service }: ResourceType): number {
    return clients.some((client) => packagesOf(service).includes(client.package)) ? 0 : 1;
  }
}

async function allTypes(root: string): Promise<Omit<ResourceType, 'noun'>[]> {
  const names = Object.keys(JSON.parse(await readFile(join(root, LIST), 'utf8')));
  // an AMI is no resource of CloudFormation
  const all = [...names, 'AWS::EC2::Image'].map((type) => ({ type, parts: type.split('::') }));
  return all.flatMap(({ type, parts: [vendor, service, name, ...more] }) =>
    vendor === 'AWS' && service && name && more.length === 0 ? [{ type, service, name }] : [],
  );
}

function nounOf(type: string): string {
  return kebab(type.split('::').at(-1) ?? '');
}
