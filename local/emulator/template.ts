import { at, isObject, type Json, type JsonObject, listAt, stringAt } from '../json.ts';

/** What moto cannot take or need not have, and why; such resources are left out when the stack is made locally. */
export const leftOut: { readonly [type: string]: string } = {
  'AWS::CDK::Metadata': 'says nothing about the stack',
  'AWS::CloudTrail::Trail': 'the proxy itself writes the records',
  'AWS::CloudWatch::Alarm': 'there is nobody to alarm',
  'AWS::CloudWatch::CompositeAlarm': 'there is nobody to alarm',
  'AWS::CloudWatch::Dashboard': 'there is nobody to show it to',
  'AWS::Events::EventBusPolicy': 'moto takes it by another call, once the bus is there',
  'AWS::IAM::ManagedPolicy': 'moto checks no permission',
  'AWS::IAM::Policy': 'moto checks no permission',
  'AWS::Lambda::EventSourceMapping': 'the runner polls the queues; moto would want a container for each function',
  'AWS::Lambda::Permission': 'moto checks no permission',
  'AWS::Lambda::Url': 'the endpoint itself calls the function; moto would want a container',
  'AWS::Logs::MetricFilter': 'the runner counts errors itself',
  'AWS::S3::BucketPolicy': 'moto checks no permission',
  'AWS::SNS::Subscription': 'no message leaves this machine',
  'AWS::SNS::TopicPolicy': 'moto checks no permission',
  'AWS::SQS::QueuePolicy': 'moto checks no permission',
};

/** A schedule of the stack: the event that sets it off carries the rule's ARN. */
export interface Schedule {
  readonly logicalId: string;
  readonly ruleArn: string;
}

/** A template that moto takes, and what was left out of the one it was made from. */
export interface PreparedTemplate {
  readonly template: JsonObject;
  readonly schedules: readonly Schedule[];
  readonly without: readonly string[];
}

/** Levels a synthesised template for moto, and changes nothing else. */
export function prepareTemplate(original: JsonObject, account: string, region: string): PreparedTemplate {
  const resources = childObjects(original['Resources']);
  const without: string[] = [];
  const schedules: Schedule[] = [];
  const kept: JsonObject = {};
  for (const [id, resource] of Object.entries(resources)) {
    const type = stringAt(resource, 'Type') ?? '';
    if (type in leftOut || type.startsWith('Custom::')) {
      without.push(`${id} (${type}): ${leftOut[type] ?? 'nothing here runs custom resources'}`);
      continue;
    }
    const { DependsOn: _, ...rest } = resource;
    kept[id] = rest;
    if (type === 'AWS::IAM::Role') kept[id] = levelRole(rest, (of) => stringAt(resources[of], 'Type') === 'AWS::Logs::LogGroup');
    if (type === 'AWS::Lambda::Function') kept[id] = withProperties(rest, { Code: { ZipFile: 'run by the local runner' } });
    if (type === 'AWS::Events::Rule') {
      const ruleArn = `arn:aws:events:${region}:${account}:rule/${stringAt(rest, 'Properties', 'Name') ?? id}`;
      if (at(rest, 'Properties', 'ScheduleExpression') !== undefined) schedules.push({ logicalId: id, ruleArn });
      kept[id] = levelRule(rest, resources, ruleArn, (reason) => without.push(`${id}: ${reason}`));
    }
  }
  const names = busNames(resources);
  const { Parameters, Rules: __, Outputs, ...others } = original;
  const parameters = Object.fromEntries(Object.entries(childObjects(Parameters)).filter(([name]) => name !== 'BootstrapVersion'));
  const outputs = Object.fromEntries(
    Object.entries(childObjects(Outputs)).filter(([, output]) => !refersTo(output, (id) => id in resources && !(id in kept))),
  );
  const template = replaceBusRefs(
    { ...others, ...(Object.keys(parameters).length > 0 ? { Parameters: parameters } : {}), Resources: kept, Outputs: outputs },
    names,
  );
  return { template: isObject(template) ? template : {}, schedules, without };
}

// moto would keep the document of a policy as Python shows it; as a text it stays the JSON that IAM answers. And of a log group's ARN it
// leaves out the end, which stands for the streams.
function levelRole(role: JsonObject, isLogGroup: (logicalId: string) => boolean): JsonObject {
  const policies = listAt(role, 'Properties', 'Policies').filter(isObject);
  const Policies = policies.map((policy) => ({
    ...policy,
    PolicyDocument: { 'Fn::Join': ['', textOf(policy['PolicyDocument'] ?? {}, isLogGroup)] },
  }));
  return Policies.length > 0 ? withProperties(role, { Policies }) : role;
}

/** JSON in pieces: texts, and between quotes the intrinsic functions, each of which stands for a text. */
function textOf(value: Json, isLogGroup: (logicalId: string) => boolean): Json[] {
  const joined = (parts: readonly Json[][]): Json[] => parts.flatMap((part, n) => [...(n > 0 ? [','] : []), ...part]);
  if (Array.isArray(value)) return ['[', ...joined(value.map((one) => textOf(one, isLogGroup))), ']'];
  if (!isObject(value)) return [JSON.stringify(value)];
  const [first, ...others] = Object.keys(value);
  if (others.length === 0 && /^(Ref$|Fn::)/.test(first ?? '')) return ['"', value, refersTo(value, isLogGroup) ? ':*"' : '"'];
  return ['{', ...joined(Object.entries(value).map(([key, child]) => [`${JSON.stringify(key)}:`, ...textOf(child, isLogGroup)])), '}'];
}

function levelRule(
  rule: JsonObject,
  resources: { readonly [id: string]: JsonObject },
  ruleArn: string,
  drop: (reason: string) => void,
): JsonObject {
  const properties = at(rule, 'Properties');
  const targets = at(properties, 'Targets');
  const kept = (Array.isArray(targets) ? targets : []).filter((target) => {
    const to = refersTo(at(target, 'Arn') ?? null, (id) =>
      ['AWS::SQS::Queue', 'AWS::Events::EventBus'].includes(stringAt(resources[id], 'Type') ?? ''),
    );
    if (!to) drop('a target that is neither queue nor bus; moto would fail every PutEvents');
    return to;
  });
  const isSchedule = at(properties, 'ScheduleExpression') !== undefined;
  return withProperties(rule, {
    Targets: kept.map(levelTarget),
    // moto sends every event to a rule without a pattern, which a schedule is.
    ...(isSchedule ? { EventPattern: { source: ['aws.events'], 'detail-type': ['Scheduled Event'], resources: [ruleArn] } } : {}),
  });
}

const stringFields = new Set(['$.id', '$.account', '$.region', '$.source', '$.detail-type']);

// EventBridge quotes a string that stands bare in a template of JSON; moto puts it there as it is.
// Without a map of paths moto parses eight, which takes it half a second; without a transformer it forgets the account.
function levelTarget(target: Json): Json {
  if (!isObject(target)) return target;
  const transformer = at(target, 'InputTransformer');
  const paths = childValues(at(transformer, 'InputPathsMap'));
  const bare = Object.entries(paths).filter(([, path]) => typeof path === 'string' && stringFields.has(path));
  const quote = (text: string): string =>
    bare.reduce((now, [key]) => now.replace(new RegExp(`(?<!")<${escapeForRegExp(key)}>(?!")`, 'g'), `"<${key}>"`), text);
  const InputTemplate = mapStrings(at(transformer, 'InputTemplate') ?? '<aws.events.event.json>', quote);
  return { ...target, InputTransformer: { InputTemplate, InputPathsMap: Object.keys(paths).length > 0 ? paths : { id: '$.id' } } };
}

// moto cannot resolve a Ref to an event bus.
function busNames(resources: { readonly [id: string]: JsonObject }): ReadonlyMap<string, string> {
  const buses = Object.entries(resources).filter(([, resource]) => resource['Type'] === 'AWS::Events::EventBus');
  return new Map(buses.map(([id, resource]) => [id, stringAt(resource, 'Properties', 'Name') ?? id]));
}

function replaceBusRefs(value: Json, names: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((one) => replaceBusRefs(one, names));
  if (!isObject(value)) return value;
  const name = names.get(stringAt(value, 'Ref') ?? '');
  if (name !== undefined) return name;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, replaceBusRefs(child, names)]));
}

/** Whether a value names, by Ref or GetAtt, a resource that `is` accepts. */
export function refersTo(value: Json, is: (logicalId: string) => boolean): boolean {
  if (Array.isArray(value)) return value.some((one) => refersTo(one, is));
  if (!isObject(value)) return false;
  const attribute = value['Fn::GetAtt'];
  const id =
    stringAt(value, 'Ref') ??
    (Array.isArray(attribute) ? attribute[0] : typeof attribute === 'string' ? attribute.split('.')[0] : undefined);
  return (typeof id === 'string' && is(id)) || Object.values(value).some((child) => refersTo(child, is));
}

/** The members of an object that are objects themselves. */
export function childObjects(value: Json | undefined): { readonly [key: string]: JsonObject } {
  return Object.fromEntries(Object.entries(childValues(value)).flatMap(([key, child]) => (isObject(child) ? [[key, child]] : [])));
}

function childValues(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function withProperties(resource: JsonObject, changes: JsonObject): JsonObject {
  return { ...resource, Properties: { ...childValues(resource['Properties']), ...changes } };
}

function mapStrings(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapStrings(one, change));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, mapStrings(child, change)])) : value;
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
