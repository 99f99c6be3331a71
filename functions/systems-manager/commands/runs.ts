import {
  DescribeAssociationCommand,
  GetAutomationExecutionCommand,
  GetMaintenanceWindowTaskCommand,
  type GetMaintenanceWindowTaskResult,
  ListCommandsCommand,
} from '@aws-sdk/client-ssm';
import { classify, errorCode } from '#shared/aws/errors.ts';
import { ifThere } from '#shared/aws/loaders.ts';
import type { Loader, Reader } from '#shared/control/types.ts';
import { type Place, secretsIn } from '#shared/detect/tree.ts';
import { associationId, executionId, SCRIPT_LOG_ID, taskId } from './ids.ts';

/** Where output goes: names of buckets and of log groups. */
export interface Outputs {
  readonly buckets: readonly string[];
  readonly groups: readonly string[];
}

/** What was given to something that runs, and where its output goes; of what was given, only where it looks secret. */
export interface Run {
  readonly leaks: readonly Place[];
  readonly outputs: Outputs;
}

/** What is written about output in whatever kind of call. */
interface Written {
  readonly OutputS3BucketName?: string | undefined;
  readonly CloudWatchOutputConfig?:
    | { readonly CloudWatchOutputEnabled?: boolean | undefined; readonly CloudWatchLogGroupName?: string | undefined }
    | undefined;
}

const nowhere: Outputs = { buckets: [], groups: [] };

/** Everything that runs, by its id; what ended a month ago AWS does not know any more. */
export const runs: Loader<Run> = {
  name: 'what runs in Systems Manager',
  // a throttled call fails those beside it, so that no more than these are tried again
  max: 10,
  async load(ids, read) {
    const found = ids.map(async (id): Promise<[string, Run][]> => {
      const run = await runOf(id, read);
      return run ? [[id, run]] : [];
    });
    return new Map((await Promise.all(found)).flat());
  },
};

async function runOf(id: string, read: Reader): Promise<Run | undefined> {
  // what it is set to only the control reads that judges output
  if (id === SCRIPT_LOG_ID) return { leaks: [], outputs: nowhere };
  const [kind, ...rest] = id.split('/');
  const [first = '', second = ''] = rest;
  if (id === associationId(first)) return await association(first, read);
  if (id === executionId(first)) return await execution(first, read);
  if (id === taskId(first, second)) return await task(first, second, read);
  return rest.length === 0 ? await command(kind ?? '', read) : undefined;
}

async function command(CommandId: string, read: Reader): Promise<Run | undefined> {
  try {
    const { Commands: [found] = [] } = await read(new ListCommandsCommand({ CommandId }));
    const { Parameters: parameters, Comment: comment, DocumentName } = found ?? {};
    return found && { leaks: leaksIn({ parameters, comment }), outputs: outputsOf(DocumentName, found) };
  } catch (error) {
    // AWS has a word of its own for one that is not there
    if (classify(error) === 'missing' || errorCode(error) === 'InvalidCommandId') return undefined;
    throw error;
  }
}

async function association(AssociationId: string, read: Reader): Promise<Run | undefined> {
  const { AssociationDescription: found } = (await ifThere(read(new DescribeAssociationCommand({ AssociationId })))) ?? {};
  const { Parameters: parameters, TargetMaps: targetMaps, OutputLocation } = found ?? {};
  return found && { leaks: leaksIn({ parameters, targetMaps }), outputs: outputsOf(undefined, OutputLocation?.S3Location ?? {}) };
}

async function execution(AutomationExecutionId: string, read: Reader): Promise<Run | undefined> {
  const { AutomationExecution: found } = (await ifThere(read(new GetAutomationExecutionCommand({ AutomationExecutionId })))) ?? {};
  const { Parameters: parameters, TargetMaps: targetMaps, Runbooks = [] } = found ?? {};
  const runbooks = Runbooks.map((one) => ({ parameters: one.Parameters, targetMaps: one.TargetMaps }));
  return found && { leaks: leaksIn({ parameters, targetMaps, runbooks }), outputs: nowhere };
}

async function task(WindowId: string, WindowTaskId: string, read: Reader): Promise<Run | undefined> {
  const found = await ifThere(read(new GetMaintenanceWindowTaskCommand({ WindowId, WindowTaskId })));
  if (!found) return undefined;
  const { RunCommand = {} } = found.TaskInvocationParameters ?? {};
  const { buckets, groups } = outputsOf(found.TaskArn, RunCommand);
  // what the task says of its log stands beside what the command says, and is the older way
  const log = found.LoggingInfo?.S3BucketName;
  return { leaks: leaksIn(givenTo(found)), outputs: { buckets: [...new Set([...buckets, ...(log ? [log] : [])])], groups } };
}

/** What a task is given, by the names of the API; a function and a state machine take JSON, or any text. */
function givenTo({ TaskParameters, TaskInvocationParameters, Description }: GetMaintenanceWindowTaskResult): object {
  const { RunCommand, Automation, Lambda, StepFunctions } = TaskInvocationParameters ?? {};
  return {
    taskParameters: TaskParameters,
    description: Description,
    runCommand: { parameters: RunCommand?.Parameters, comment: RunCommand?.Comment },
    automation: { parameters: Automation?.Parameters },
    lambda: { payload: opened(Lambda?.Payload && Buffer.from(Lambda.Payload).toString()), clientContext: Lambda?.ClientContext },
    stepFunctions: { input: opened(StepFunctions?.Input) },
  };
}

function outputsOf(document: string | undefined, { OutputS3BucketName: bucket, CloudWatchOutputConfig: log }: Written): Outputs {
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CloudWatchOutputConfig.html
  const group = log?.CloudWatchLogGroupName || `/aws/ssm/${document?.replace(/^arn:.*:document\//, '') ?? ''}`;
  return { buckets: bucket ? [bucket] : [], groups: log?.CloudWatchOutputEnabled ? [group] : [] };
}

function leaksIn(given: object): readonly Place[] {
  return secretsIn(JSON.stringify(given));
}

/** A text as JSON, if it is that. */
function opened(text: string | undefined): unknown {
  try {
    return text && JSON.parse(text);
  } catch {
    // never with the error: JSON's quotes what it could not read
    return text;
  }
}
