import { randomUUID } from 'node:crypto';
import { callEvent } from '../../fixtures/events.ts';
import { place } from '../harness.ts';

type Fields = { readonly [key: string]: unknown };
const SSM = 'ssm.amazonaws.com';
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** SendCommand as recorded in 2024; `answer` goes over what AWS says of the command, and `fields` over the record. */
export function sendCommand(commandId: string, answer: Fields = {}, fields: Fields = {}) {
  const documentName = 'AWS-RunShellScript';
  return callEvent(
    'SendCommand',
    {
      requestParameters: { documentName, instanceIds: ['i-1'], interactive: false, parameters: HIDDEN },
      responseElements: {
        command: {
          commandId,
          comment: '',
          documentName,
          documentVersion: '$DEFAULT',
          instanceIds: ['i-1'],
          parameters: HIDDEN,
          outputS3BucketName: '',
          outputS3KeyPrefix: '',
          outputS3Region: place.region,
          cloudWatchOutputConfig: { cloudWatchLogGroupName: '', cloudWatchOutputEnabled: false },
          status: 'Pending',
          targetCount: 1,
          targets: [],
          ...answer,
        },
      },
      ...fields,
    },
    SSM,
  );
}

/** SendCommand as recorded in 2021: what was given stands in the record, twice. */
export function sentInPlain(commandId: string, parameters: { readonly [name: string]: readonly string[] }) {
  const request = { documentName: 'AWS-RunShellScript', instanceIds: [], interactive: false, parameters };
  return sendCommand(commandId, { parameters }, { requestParameters: request });
}

/** A call about an association; a shape inferred from the API. */
export function aboutAssociation(associationId: string, eventName: 'CreateAssociation' | 'UpdateAssociation' = 'CreateAssociation') {
  const requestParameters = { name: 'AWS-RunShellScript', parameters: HIDDEN };
  return callEvent(
    eventName,
    { requestParameters, responseElements: { associationDescription: { associationId, name: 'AWS-RunShellScript' } } },
    SSM,
  );
}

/** RegisterTaskWithMaintenanceWindow; a shape inferred from the API. */
export function registerTask(windowId: string, windowTaskId: string) {
  const requestParameters = { windowId, taskArn: 'AWS-RunShellScript', taskType: 'RUN_COMMAND', taskParameters: HIDDEN };
  return callEvent('RegisterTaskWithMaintenanceWindow', { requestParameters, responseElements: { windowTaskId } }, SSM);
}

/** StartAutomationExecution; a shape inferred from the API. */
export function startExecution(automationExecutionId: string, eventName = 'StartAutomationExecution') {
  return callEvent(
    eventName,
    { requestParameters: { documentName: 'Deploy', parameters: HIDDEN }, responseElements: { automationExecutionId } },
    SSM,
  );
}

/** A call about a setting of Systems Manager; a shape inferred from the API. */
export function aboutSetting(settingId: string, settingValue = 'CloudWatch') {
  return callEvent('UpdateServiceSetting', { requestParameters: { settingId, settingValue }, responseElements: null }, SSM);
}

/** Any other call to Systems Manager, with these parts. */
export function ssmCall(eventName: string, requestParameters: Fields | null, responseElements: Fields | null = null) {
  return callEvent(eventName, { requestParameters, responseElements, requestID: randomUUID() }, SSM);
}
