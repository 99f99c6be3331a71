import { kindOf } from '#shared/control/kind.ts';
import { idsIn } from './ids.ts';
import { allRuns, listReads } from './lists.ts';
import { type Run, runs } from './runs.ts';

const type = 'AWS::SSM::Command';
const created = {
  SendCommand: 'responseElements.command.commandId',
  CreateAssociation: 'responseElements.associationDescription.associationId',
  CreateAssociationBatch: 'responseElements.successful[].associationId',
  RegisterTaskWithMaintenanceWindow: 'responseElements.windowTaskId',
  StartAutomationExecution: 'responseElements.automationExecutionId',
  StartChangeRequestExecution: 'responseElements.automationExecutionId',
};

/**
 * What Systems Manager runs with what somebody gave to it: commands, associations, tasks of maintenance windows and executions of runbooks.
 * One control judges them all, for all of them hold parameters, and send output to the same places.
 */
export const commands = kindOf<Run>({
  noun: 'command',
  plural: 'commands of Systems Manager',
  type,
  eventSource: 'ssm.amazonaws.com',
  arn: 'arn:{partition}:ssm:{region}:{account}:{id}',
  // AWS documents no ARN of a command
  arnId: (id) => (id.includes('/') ? id.replace(/^(windowtask)\/.*\//, '$1/') : `command/${id}`),
  console: '/systems-manager/home?region={region}',
  securityHub: 'Other',
  created,
  members: ['CommandId', 'AssociationId', 'WindowTaskId', 'AutomationExecutionId'],
  shownBy: ['AssociationId', 'WindowTaskId', 'AutomationExecutionId'],
  unwatched: {
    'It ends one, and gives nothing to it.': [
      'CancelCommand',
      'DeleteAssociation',
      'DeregisterTaskFromMaintenanceWindow',
      'StopAutomationExecution',
    ],
    'It answers a question of an execution, with a word or a name of a step.': ['SendAutomationSignal'],
    'It says how an association went on a node.': ['UpdateAssociationStatus'],
    'It ties an OpsItem to something else.': ['AssociateOpsItemRelatedItem', 'DisassociateOpsItemRelatedItem'],
    'It changes tags, which nothing here is judged by.': ['AddTagsToResource', 'RemoveTagsFromResource'],
  },
  reads: [
    ...['ListCommands', 'DescribeAssociation', 'GetMaintenanceWindowTask', 'GetAutomationExecution'].map((name) => ({
      action: `ssm:${name}`,
    })),
    ...listReads,
  ],
  items: runs,
  list: (read, { now = new Date() }, from) => allRuns(read, now, from),
  targets: (record) => [...new Set(idsIn(record))].map((id) => ({ type, id })),
});
