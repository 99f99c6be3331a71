import { valuesAt } from '#shared/control/example.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';

/** The setting of the account that says where the scripts of runbooks write. */
export const SCRIPT_LOG = '/ssm/automation/customer-script-log-destination';
/** The setting that names their log group. */
export const SCRIPT_LOG_GROUP = '/ssm/automation/customer-script-log-group-name';
/** Both are judged as one, under the name of the first. */
export const SCRIPT_LOG_ID = `servicesetting${SCRIPT_LOG}`;

/** The id of an association of State Manager. */
export const associationId = (id: string) => `association/${id}`;
/** The id of an execution of a runbook. */
export const executionId = (id: string) => `automation-execution/${id}`;
/** The id of a task of a maintenance window, which AWS finds by both. */
export const taskId = (windowId: string, id: string) => `windowtask/${windowId}/${id}`;

/**
 * What a record names: a command by its own id, and everything else as its ARN ends. Only records of SendCommand were seen; the shapes of
 * the others are inferred from the API.
 */
export function idsIn(record: CloudTrailRecord): string[] {
  const named = (...paths: readonly string[]) => paths.map((path) => valuesAt(record, path)).find((found) => found.length > 0) ?? [];
  const associations = named(
    'responseElements.associationDescription.associationId',
    'responseElements.successful[].associationId',
    'requestParameters.associationId',
  );
  const tasks = named('requestParameters.windowTaskId', 'responseElements.windowTaskId');
  const settings = named('requestParameters.settingId').filter((id) => id.endsWith(SCRIPT_LOG) || id.endsWith(SCRIPT_LOG_GROUP));
  return [
    ...named('responseElements.command.commandId'),
    ...named('responseElements.automationExecutionId').map(executionId),
    ...associations.map(associationId),
    ...named('requestParameters.windowId').flatMap((window) => tasks.map((task) => taskId(window, task))),
    ...settings.map(() => SCRIPT_LOG_ID),
  ];
}
