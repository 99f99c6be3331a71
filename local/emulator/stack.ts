import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { type Resolved, resolvedResources } from '../../infra/resolve.ts';
import { at, isObject, type Json, type JsonObject, parseJson, stringAt } from '../json.ts';
import { LocalCloudError } from '../local-cloud-error.ts';
import { childObjects, prepareTemplate, refersTo, type Schedule } from './template.ts';

/** The name that the stack has on AWS, and so here. */
const stackName = 'Redress';

/** A function of the stack, as Lambda would run it. */
export interface StackFunction {
  readonly name: string;
  readonly roleArn: string;
  readonly environment: { readonly [name: string]: string };
  /** The folder that holds `index.mjs`. */
  readonly folder: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
}

/** An event source mapping from a queue to a function. */
export interface QueueMapping {
  readonly functionName: string;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly reportsFailures: boolean;
}

/** A stack that has been made in moto. */
export interface DeployedStack {
  readonly id: string;
  readonly outputs: { readonly [name: string]: string };
  /** Everything that the template has, also what moto has not. */
  readonly resources: readonly Resolved[];
  readonly functions: readonly StackFunction[];
  readonly mappings: readonly QueueMapping[];
  /** The names of the functions that have a URL. */
  readonly urls: readonly string[];
  readonly schedules: readonly Schedule[];
  /** What of the template has no counterpart here, with the reason. */
  readonly without: readonly string[];
}

/** Makes the stack of a synthesised template in moto through CloudFormation; `endpoint` is what its queue URLs shall name. */
export async function deployStack(
  templateFile: string,
  motoEndpoint: string,
  endpoint: string,
  account: string,
  region: string,
): Promise<DeployedStack> {
  const original = parseJson(await readFile(templateFile, 'utf8'));
  if (!isObject(original)) throw new LocalCloudError(`${templateFile} is not a CloudFormation template in JSON.`);
  const { template, schedules, without } = prepareTemplate(original, account, region);
  const client = { endpoint: motoEndpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1 };
  const cloudFormation = new CloudFormationClient(client);
  const lambda = new LambdaClient(client);
  try {
    await cloudFormation.send(
      new CreateStackCommand({ StackName: stackName, TemplateBody: JSON.stringify(template), Capabilities: ['CAPABILITY_NAMED_IAM'] }),
    );
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
    const stack = Stacks?.[0];
    if (stack?.StackId === undefined || stack.StackStatus !== 'CREATE_COMPLETE')
      throw new Error(`the stack is ${stack?.StackStatus ?? 'not there'}`);
    const physical = new Map<string, string>();
    for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName: stackName })) {
      for (const { LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
        if (LogicalResourceId !== undefined && PhysicalResourceId !== undefined)
          physical.set(LogicalResourceId, here(PhysicalResourceId, endpoint));
      }
    }
    const resources = childObjects(original['Resources']);
    const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, here(OutputValue, endpoint)]);
    return {
      id: stack.StackId,
      resources: resolvedResources(original, { partition: 'aws', region, account, stackId: stack.StackId }),
      outputs: Object.fromEntries(outputs),
      functions: await readFunctions(lambda, resources, physical, dirname(resolve(templateFile)), endpoint),
      mappings: readMappings(resources, physical, `arn:aws:sqs:${region}:${account}`),
      urls: readUrls(resources, physical),
      schedules,
      without,
    };
  } catch (cause) {
    throw new LocalCloudError(
      `moto could not make the stack of ${templateFile}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  } finally {
    cloudFormation.destroy();
    lambda.destroy();
  }
}

async function readFunctions(
  lambda: LambdaClient,
  resources: { readonly [id: string]: JsonObject },
  physical: ReadonlyMap<string, string>,
  folder: string,
  endpoint: string,
): Promise<StackFunction[]> {
  const functions: StackFunction[] = [];
  for await (const page of paginateListFunctions({ client: lambda }, {})) {
    for (const { FunctionName: name, Role: roleArn, Environment, Handler, Timeout, MemorySize } of page.Functions ?? []) {
      if (name === undefined || roleArn === undefined) continue;
      const [id = name] =
        [...physical].find(([logical, own]) => own === name && stringAt(resources[logical], 'Type') === 'AWS::Lambda::Function') ?? [];
      const asset = stringAt(resources[id], 'Metadata', 'aws:asset:path');
      // What CDK itself adds (log retention, custom resources) is not ours to run.
      if (asset === undefined) continue;
      const variables = Object.entries(Environment?.Variables ?? {}).map(([key, value]) => [key, here(value, endpoint)]);
      functions.push({
        name,
        roleArn,
        environment: Object.fromEntries(variables),
        folder: resolve(folder, asset),
        handler: Handler ?? 'index.handler',
        timeoutSeconds: Timeout ?? 3,
        memoryMegabytes: MemorySize ?? 128,
      });
    }
  }
  return functions;
}

function readMappings(
  resources: { readonly [id: string]: JsonObject },
  physical: ReadonlyMap<string, string>,
  arnPrefix: string,
): QueueMapping[] {
  const mappings = Object.values(resources).filter((resource) => stringAt(resource, 'Type') === 'AWS::Lambda::EventSourceMapping');
  return mappings.flatMap((mapping) => {
    const functionId = referenced(at(mapping, 'Properties', 'FunctionName'), resources, 'AWS::Lambda::Function');
    const queueId = referenced(at(mapping, 'Properties', 'EventSourceArn'), resources, 'AWS::SQS::Queue');
    const functionName = physical.get(functionId ?? '');
    const queueUrl = physical.get(queueId ?? '');
    if (functionName === undefined || queueUrl === undefined) return [];
    const batchSize = at(mapping, 'Properties', 'BatchSize');
    const window = at(mapping, 'Properties', 'MaximumBatchingWindowInSeconds');
    const types = at(mapping, 'Properties', 'FunctionResponseTypes');
    return {
      functionName,
      queueUrl,
      queueArn: `${arnPrefix}:${queueUrl.split('/').at(-1) ?? ''}`,
      batchSize: typeof batchSize === 'number' ? batchSize : 10,
      windowSeconds: typeof window === 'number' ? window : 0,
      reportsFailures: Array.isArray(types) && types.includes('ReportBatchItemFailures'),
    };
  });
}

function readUrls(resources: { readonly [id: string]: JsonObject }, physical: ReadonlyMap<string, string>): string[] {
  const urls = Object.values(resources).filter((resource) => stringAt(resource, 'Type') === 'AWS::Lambda::Url');
  return urls.flatMap((url) => {
    const id = referenced(at(url, 'Properties', 'TargetFunctionArn'), resources, 'AWS::Lambda::Function');
    return physical.get(id ?? '') ?? [];
  });
}

function referenced(value: Json | undefined, resources: { readonly [id: string]: JsonObject }, type: string): string | undefined {
  return Object.keys(resources).find((id) => stringAt(resources[id], 'Type') === type && refersTo(value ?? null, (other) => other === id));
}

// moto names queue URLs by whatever host made them; clients that follow them must come through the proxy.
function here(value: string, endpoint: string): string {
  return value.replace(/^https?:\/\/[^/]+(?=\/\d{12}\/[\w.-]+$)/, endpoint);
}
