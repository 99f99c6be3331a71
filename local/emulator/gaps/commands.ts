import { randomUUID } from 'node:crypto';
import { isObject, type JsonObject, listAt, parseJson, stringAt } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Additions } from './addition.ts';
import { Kept, ssmAnswer, ssmRefusal } from './ssm-kept.ts';

const unset = { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false };

/** What moto lacks of commands, tasks of maintenance windows and executions of runbooks. */
export function commands(now: () => number = Date.now): Additions {
  const outputs = new Map<string, JsonObject>();
  const given = new Kept();
  const executions = new Kept();
  const withOutput = (command: JsonObject): JsonObject => ({
    ...command,
    CloudWatchOutputConfig: outputs.get(stringAt(command, 'CommandId') ?? '') ?? unset,
  });
  const taskOf = async (call: AwsCall, moto: MotoClient): Promise<JsonObject | undefined> => {
    const [WindowId, id] = [stringAt(call.json, 'WindowId') ?? '', stringAt(call.json, 'WindowTaskId')];
    const tasks = await moto.json('ssm', 'DescribeMaintenanceWindowTasks', { WindowId, Filters: [] }, call.region).catch(() => ({}));
    const found = listAt(tasks, 'Tasks').find((one) => stringAt(one, 'WindowTaskId') === id);
    return isObject(found) ? { ...found, ...given.of(call).get(`${WindowId}/${id}`) } : undefined;
  };
  const noTask = (call: AwsCall, requestId: string) =>
    ssmRefusal(call, 'DoesNotExistException', 'Maintenance window task does not exist.', requestId);

  return {
    async 'ssm:SendCommand'(call, { forward }) {
      const answer = await forward(call);
      const command = commandIn(answer.body);
      const id = stringAt(command, 'CommandId');
      if (answer.status >= 400 || !command || !id) return answer;
      const config = call.json['CloudWatchOutputConfig'];
      if (isObject(config)) outputs.set(id, { ...unset, ...config });
      return ssmAnswer({ Command: withOutput(command) });
    },
    async 'ssm:ListCommands'(call, { forward }) {
      const answer = await forward(call);
      if (answer.status >= 400) return answer;
      const body = parseJson(answer.body.toString('utf8'));
      return ssmAnswer({ Commands: listAt(body, 'Commands').filter(isObject).map(withOutput) });
    },
    // moto's list of tasks does not show what a command is given
    async 'ssm:RegisterTaskWithMaintenanceWindow'(call, { forward }) {
      const answer = await forward(call);
      const id = answer.status < 400 && stringAt(parseJson(answer.body.toString('utf8')), 'WindowTaskId');
      const { TaskInvocationParameters } = call.json;
      if (id && isObject(TaskInvocationParameters))
        given.of(call).set(`${stringAt(call.json, 'WindowId')}/${id}`, { TaskInvocationParameters });
      return answer;
    },
    async 'ssm:GetMaintenanceWindowTask'(call, { moto, requestId }) {
      const found = await taskOf(call, moto);
      return found ? ssmAnswer(found) : noTask(call, requestId);
    },
    async 'ssm:UpdateMaintenanceWindowTask'(call, { moto, requestId }) {
      const found = await taskOf(call, moto);
      if (!found) return noTask(call, requestId);
      const { Replace: _, ...changed } = call.json;
      const key = `${stringAt(call.json, 'WindowId')}/${stringAt(call.json, 'WindowTaskId')}`;
      given.of(call).set(key, { ...given.of(call).get(key), ...changed });
      return ssmAnswer({ ...found, ...changed });
    },
    async 'ssm:StartAutomationExecution'(call, { requestId }) {
      const DocumentName = stringAt(call.json, 'DocumentName');
      if (!DocumentName) return ssmRefusal(call, 'AutomationDefinitionNotFoundException', 'There is no such runbook.', requestId);
      const AutomationExecutionId = randomUUID();
      const started = { AutomationExecutionStatus: 'InProgress', ExecutionStartTime: now() / 1000 };
      executions.of(call).set(AutomationExecutionId, { ...call.json, ...started, AutomationExecutionId, DocumentName });
      return ssmAnswer({ AutomationExecutionId });
    },
    async 'ssm:GetAutomationExecution'(call, { requestId }) {
      const found = executions.of(call).get(stringAt(call.json, 'AutomationExecutionId') ?? '');
      const message = "Couldn't find automation execution for the specified execution ID.";
      return found
        ? ssmAnswer({ AutomationExecution: found })
        : ssmRefusal(call, 'AutomationExecutionNotFoundException', message, requestId);
    },
    async 'ssm:DescribeAutomationExecutions'(call) {
      return ssmAnswer({ AutomationExecutionMetadataList: [...executions.of(call).values()].map(({ Parameters: _, ...one }) => one) });
    },
  };
}

function commandIn(body: Buffer): JsonObject | undefined {
  const answer = parseJson(body.toString('utf8'));
  const command = isObject(answer) ? answer['Command'] : undefined;
  return isObject(command) ? command : undefined;
}
