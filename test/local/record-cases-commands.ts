import { jsonAnswer } from '../../local/http.ts';
import { jsonCall } from './calls.ts';
import type { Case } from './record-case.ts';

const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';
const Parameters = { commands: ['export TOKEN=secret'] };
const sent = { DocumentName: 'AWS-RunShellScript', InstanceIds: ['i-1'] };
const unset = { cloudWatchLogGroupName: '', cloudWatchOutputEnabled: false };

/** The shapes of commands and their like; what is given to them is never in a record. */
export const commandCases: { readonly [name: string]: Case } = {
  'SendCommand, whose parameters are hidden twice': {
    call: jsonCall('ssm', 'SendCommand', { ...sent, Parameters }),
    answer: jsonAnswer({
      Command: {
        ...sent,
        CommandId: 'c-1',
        Parameters,
        OutputS3BucketName: '',
        CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
      },
    }),
    request: { documentName: 'AWS-RunShellScript', instanceIds: ['i-1'], parameters: hidden },
    response: {
      command: {
        documentName: 'AWS-RunShellScript',
        instanceIds: ['i-1'],
        commandId: 'c-1',
        parameters: hidden,
        outputS3BucketName: '',
        cloudWatchOutputConfig: unset,
      },
    },
  },
  'CreateAssociationBatch, in each entry': {
    call: jsonCall('ssm', 'CreateAssociationBatch', { Entries: [{ Name: 'Run', Parameters }] }),
    answer: jsonAnswer({ Successful: [{ Name: 'Run', AssociationId: 'a-1', Parameters }], Failed: [] }),
    request: { entries: [{ name: 'Run', parameters: hidden }] },
    response: { successful: [{ name: 'Run', associationId: 'a-1', parameters: hidden }], failed: [] },
  },
  'RegisterTaskWithMaintenanceWindow, wherever they stand': {
    call: jsonCall('ssm', 'RegisterTaskWithMaintenanceWindow', {
      WindowId: 'mw-1',
      TaskParameters: { a: { Values: ['secret'] } },
      TaskInvocationParameters: {
        RunCommand: { Parameters, Comment: 'x' },
        Lambda: { Payload: 'c2VjcmV0' },
        StepFunctions: { Input: '{}' },
      },
    }),
    answer: jsonAnswer({ WindowTaskId: 't-1' }),
    request: {
      windowId: 'mw-1',
      taskParameters: hidden,
      taskInvocationParameters: {
        runCommand: { parameters: hidden, comment: 'x' },
        lambda: { payload: hidden },
        stepFunctions: { input: hidden },
      },
    },
    response: { windowTaskId: 't-1' },
  },
};
