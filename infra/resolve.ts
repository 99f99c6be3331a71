import type { Json } from '#shared/control/types.ts';

/** Where a template is deployed. */
export interface TemplatePlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly stackId: string;
}

/** A resource of a template, with what its intrinsic functions stand for once it is deployed. */
export interface Resolved {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: { readonly [name: string]: Json };
}

/** Stands in a resolved template for what only AWS chooses, such as the id of a key; `\u0001` stands in no name. */
export const CHOSEN_BY_AWS = '\u0001';

interface Thing {
  readonly [key: string]: Json;
}

/** The resources of a template as they are once it is deployed somewhere: every reference becomes the name or the ARN that it stands for. */
export function resolvedResources(template: Json, place: TemplatePlace): readonly Resolved[] {
  const resources = new Map(
    Object.entries(thingOf(thingOf(template)['Resources'])).map(([id, one]) => [
      id,
      { type: String(thingOf(one)['Type']), properties: thingOf(thingOf(one)['Properties']) },
    ]),
  );
  const { partition, region, account, stackId } = place;
  const pseudo: { readonly [name: string]: string } = {
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::StackId': stackId,
    'AWS::URLSuffix': partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
  };

  function named(id: string, property: string): string {
    const name = resources.get(id)?.properties[property];
    return name === undefined ? CHOSEN_BY_AWS : String(resolved(name));
  }

  function referenceTo(id: string): string {
    const type = resources.get(id)?.type ?? '';
    if (type === 'AWS::SNS::Topic') return arnOf(id);
    const name = named(id, kinds[type]?.name ?? '');
    return type === 'AWS::SQS::Queue' ? `https://sqs.${region}.${pseudo['AWS::URLSuffix']}/${account}/${name}` : name;
  }

  function arnOf(id: string): string {
    const { type = '', properties = {} } = resources.get(id) ?? {};
    const kind = kinds[type];
    if (!kind) return CHOSEN_BY_AWS;
    const bus = type === 'AWS::Events::Rule' && properties['EventBusName'];
    // the stack names a bus by its ARN, of which the rule's has the name
    const under = bus ? `${String(resolved(bus)).split('/').at(-1)}/` : '';
    const head = `arn:${partition}:${kind.service}:${kind.isGlobal ? '' : region}:${account}`;
    return `${head}:${kind.before ?? ''}${under}${named(id, kind.name)}${kind.after ?? ''}`;
  }

  function attribute(id: string, name: string): string {
    if (name === 'Arn') return arnOf(id);
    return name === 'Name' ? referenceTo(id) : CHOSEN_BY_AWS;
  }

  function resolved(value: Json): Json {
    if (Array.isArray(value)) return value.map(resolved);
    if (typeof value !== 'object' || value === null) return value;
    const thing = thingOf(value);
    const { Ref: ref, 'Fn::GetAtt': got, 'Fn::Join': join } = thing;
    if (typeof ref === 'string') return pseudo[ref] ?? referenceTo(ref);
    if (Array.isArray(got)) return attribute(String(got[0]), String(got[1]));
    if (Array.isArray(join) && Array.isArray(join[1])) return join[1].map((part: Json) => String(resolved(part))).join(String(join[0]));
    return Object.fromEntries(Object.entries(thing).map(([key, inner]) => [key, resolved(inner)]));
  }

  return [...resources].map(([logicalId, { type, properties }]) => ({ logicalId, type, properties: thingOf(resolved(properties)) }));
}

/** Where a type's name stands, and how its ARN is made of it. */
const kinds: {
  readonly [type: string]: {
    readonly name: string;
    readonly service: string;
    readonly before?: string;
    readonly after?: string;
    readonly isGlobal?: true;
  };
} = {
  'AWS::SQS::Queue': { name: 'QueueName', service: 'sqs' },
  'AWS::SNS::Topic': { name: 'TopicName', service: 'sns' },
  'AWS::Lambda::Function': { name: 'FunctionName', service: 'lambda', before: 'function:' },
  'AWS::IAM::Role': { name: 'RoleName', service: 'iam', before: 'role/', isGlobal: true },
  'AWS::DynamoDB::Table': { name: 'TableName', service: 'dynamodb', before: 'table/' },
  'AWS::Logs::LogGroup': { name: 'LogGroupName', service: 'logs', before: 'log-group:', after: ':*' },
  'AWS::Events::EventBus': { name: 'Name', service: 'events', before: 'event-bus/' },
  'AWS::Events::Rule': { name: 'Name', service: 'events', before: 'rule/' },
};

function thingOf(value: Json | undefined): Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Thing) : {};
}
