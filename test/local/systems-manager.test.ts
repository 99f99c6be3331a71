import { expect, test } from 'vitest';
import { readError } from '../../local/emulator/aws-error.ts';
import type { Additions } from '../../local/emulator/gaps/addition.ts';
import { associations } from '../../local/emulator/gaps/associations.ts';
import { commands } from '../../local/emulator/gaps/commands.ts';
import { opsItems } from '../../local/emulator/gaps/ops-items.ts';
import { resourceDataSyncs } from '../../local/emulator/gaps/resource-data-syncs.ts';
import { jsonAnswer } from '../../local/http.ts';
import { isObject, type JsonObject, parseJson, stringAt } from '../../local/json.ts';
import { jsonCall } from './calls.ts';

/** Additions as a client sees them; `behind` is what moto answers. */
function over(additions: Additions, behind: JsonObject = {}) {
  const around = {
    requestId: 'r-1',
    caller: { kind: 'user', name: 'dana' },
    forward: async () => jsonAnswer(behind),
    moto: { json: async () => behind },
  };
  return async (action: string, body: object = {}, region = 'us-east-1'): Promise<JsonObject | string> => {
    const addition = additions[`ssm:${action}`];
    if (!addition) throw new Error(`there is no ${action}`);
    const answer = await addition({ ...jsonCall('ssm', action, body), region }, around as never);
    const json = parseJson(answer.body.toString('utf8'));
    return readError(answer)?.code ?? (isObject(json) ? json : {});
  };
}

test('an association has versions, and an update leaves nothing that it does not name', async () => {
  const ask = over(associations(() => 5000));
  const made = await ask('CreateAssociation', { Name: 'Run', InstanceId: 'i-1', Parameters: { commands: ['df'] }, Tags: [] });
  const AssociationId = stringAt(made, 'AssociationDescription', 'AssociationId');
  const described = { Name: 'Run', InstanceId: 'i-1', AssociationId, AssociationVersion: '1', Date: 5, Parameters: { commands: ['df'] } };
  expect(await ask('DescribeAssociation', { AssociationId })).toEqual({
    AssociationDescription: { ...described, Overview: { Status: 'Pending' } },
  });
  expect(await ask('DescribeAssociation', { AssociationId }, 'eu-west-1')).toBe('AssociationDoesNotExist');
  const { Parameters: _, ...left } = described;
  const OutputLocation = { S3Location: { OutputS3BucketName: 'logs' } };
  expect(await ask('UpdateAssociation', { AssociationId, OutputLocation })).toEqual({
    AssociationDescription: { ...left, AssociationVersion: '2', OutputLocation, Overview: { Status: 'Pending' } },
  });
  expect(await ask('ListAssociations')).toMatchObject({ Associations: [{ AssociationId, AssociationVersion: '2' }] });
  expect(await ask('DeleteAssociation', { AssociationId })).toEqual({});
  for (const action of ['DescribeAssociation', 'UpdateAssociation', 'DeleteAssociation'])
    expect(await ask(action, { AssociationId })).toBe('AssociationDoesNotExist');
});

test('an instance has an association with a document once; a batch says which', async () => {
  const ask = over(associations());
  const one = { Name: 'Run', InstanceId: 'i-1' };
  expect(await ask('CreateAssociationBatch', { Entries: [one, { ...one, InstanceId: 'i-2' }] })).toMatchObject({
    Successful: [one, { InstanceId: 'i-2' }],
    Failed: [],
  });
  expect(await ask('CreateAssociation', one)).toBe('AssociationAlreadyExists');
  expect(await ask('CreateAssociation', {})).toBe('ValidationException');
  expect(await ask('CreateAssociationBatch', { Entries: [one] })).toMatchObject({
    Successful: [],
    Failed: [{ Entry: one, Fault: 'Client' }],
  });
});

test('a sync has one name and one sort, and only one sort can be changed', async () => {
  const ask = over(resourceDataSyncs(() => 5000));
  const S3Destination = { BucketName: 'inventory', SyncFormat: 'JsonSerDe', Region: 'us-east-1' };
  const SyncSource = { SourceType: 'SingleAccountMultiRegions', SourceRegions: ['us-east-1'] };
  expect(await ask('CreateResourceDataSync', { SyncName: 'a', S3Destination })).toEqual({});
  expect(await ask('CreateResourceDataSync', { SyncName: 'a', S3Destination })).toBe('ResourceDataSyncAlreadyExistsException');
  expect(await ask('CreateResourceDataSync', { SyncName: 'b' })).toBe('ResourceDataSyncInvalidConfigurationException');
  expect(await ask('CreateResourceDataSync', { SyncName: 'b', SyncType: 'SyncFromSource', SyncSource })).toEqual({});
  expect(await ask('ListResourceDataSync', { SyncType: 'SyncToDestination' })).toMatchObject({
    ResourceDataSyncItems: [{ SyncName: 'a', SyncType: 'SyncToDestination', S3Destination, SyncCreatedTime: 5 }],
  });
  expect(await ask('ListResourceDataSync')).toMatchObject({ ResourceDataSyncItems: [{ SyncName: 'a' }, { SyncName: 'b' }] });
  const update = { SyncType: 'SyncFromSource', SyncSource };
  expect(await ask('UpdateResourceDataSync', { SyncName: 'a', ...update })).toBe('ResourceDataSyncInvalidConfigurationException');
  expect(await ask('UpdateResourceDataSync', { SyncName: 'b', ...update })).toEqual({});
  expect(await ask('UpdateResourceDataSync', { SyncName: 'c', ...update })).toBe('ResourceDataSyncNotFoundException');
  expect(await ask('DeleteResourceDataSync', { SyncName: 'a' })).toEqual({});
  expect(await ask('DeleteResourceDataSync', { SyncName: 'a' })).toBe('ResourceDataSyncNotFoundException');
});

test('an OpsItem takes new text, operational data by key, and no key of AWS', async () => {
  const ask = over(
    opsItems(() => 5000),
    { TagList: [{ Key: 'of', Value: 'moto' }] },
  );
  const given = { Title: 'Disk full', Description: 'On web-1.', Source: 'people' };
  const Tags = [{ Key: 'team', Value: 'shop' }];
  const made = await ask('CreateOpsItem', { ...given, Tags, OperationalData: { log: { Value: 'x' }, '/aws/resources': { Value: '[]' } } });
  const OpsItemId = stringAt(made, 'OpsItemId');
  expect(OpsItemId).toMatch(/^oi-[0-9a-f]{12}$/);
  expect(
    await ask('UpdateOpsItem', { OpsItemId, Title: 'Full', OperationalData: { more: { Value: 'y' } }, OperationalDataToDelete: ['log'] }),
  ).toEqual({});
  const { OpsItem } = (await ask('GetOpsItem', { OpsItemId })) as JsonObject;
  expect(OpsItem).toMatchObject({ ...given, Title: 'Full', Status: 'Open', Version: '2', LastModifiedTime: 5 });
  expect(OpsItem).toMatchObject({ OperationalData: { more: { Value: 'y' }, '/aws/resources': { Value: '[]' } } });
  expect(JSON.stringify(OpsItem)).not.toContain('"log"');
  expect(await ask('ListTagsForResource', { ResourceType: 'OpsItem', ResourceId: OpsItemId })).toEqual({ TagList: Tags });
  expect(await ask('ListTagsForResource', { ResourceType: 'OpsItem', ResourceId: 'oi-0' })).toBe('InvalidResourceId');
  expect(await ask('ListTagsForResource', { ResourceType: 'Document', ResourceId: 'x' })).toEqual({
    TagList: [{ Key: 'of', Value: 'moto' }],
  });
  for (const wrong of [{ Title: ' ' }, { OperationalData: { 'aws-log': { Value: 'x' } } }]) {
    expect(await ask('UpdateOpsItem', { OpsItemId, ...wrong })).toBe('OpsItemInvalidParameterException');
    expect(await ask('CreateOpsItem', { ...given, ...wrong })).toBe('OpsItemInvalidParameterException');
  }
  const listed = async (...Values: string[]) => {
    const answer = await ask(
      'DescribeOpsItems',
      Values.length > 0 ? { OpsItemFilters: [{ Key: 'Status', Values, Operator: 'Equal' }] } : {},
    );
    return (answer as { OpsItemSummaries: JsonObject[] }).OpsItemSummaries.map((one) => one['OpsItemId']);
  };
  expect(await listed('Open', 'InProgress')).toEqual([OpsItemId]);
  expect(await listed('Resolved')).toEqual([]);
  expect(await ask('DeleteOpsItem', { OpsItemId })).toEqual({});
  expect(await listed()).toEqual([]);
  for (const action of ['GetOpsItem', 'UpdateOpsItem']) expect(await ask(action, { OpsItemId })).toBe('OpsItemNotFoundException');
});

test('a command says where its output goes, set or not', async () => {
  const additions = commands();
  const command = { CommandId: 'c-1', Parameters: { commands: ['df'] } };
  const unset = { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false };
  const config = { CloudWatchOutputEnabled: true };
  const ask = over(additions, { Command: command, Commands: [command, { CommandId: 'c-2' }] });
  expect(await ask('SendCommand', { CloudWatchOutputConfig: config })).toEqual({
    Command: { ...command, CloudWatchOutputConfig: { ...unset, ...config } },
  });
  expect(await ask('ListCommands')).toMatchObject({
    Commands: [
      { CommandId: 'c-1', CloudWatchOutputConfig: { CloudWatchOutputEnabled: true } },
      { CommandId: 'c-2', CloudWatchOutputConfig: unset },
    ],
  });
});

test('a task of a window is found by both ids, and keeps what an update gives it', async () => {
  const task = { WindowId: 'mw-1', WindowTaskId: 't-1', TaskType: 'RUN_COMMAND', TaskArn: 'Run' };
  const ask = over(commands(), { Tasks: [task], WindowTaskId: 't-1' });
  const id = { WindowId: 'mw-1', WindowTaskId: 't-1' };
  expect(await ask('GetMaintenanceWindowTask', id)).toEqual(task);
  const registered = { RunCommand: { Parameters: { commands: ['df'] } } };
  await ask('RegisterTaskWithMaintenanceWindow', { WindowId: 'mw-1', TaskInvocationParameters: registered });
  expect(await ask('GetMaintenanceWindowTask', id)).toEqual({ ...task, TaskInvocationParameters: registered });
  const TaskInvocationParameters = { RunCommand: { Comment: 'x' } };
  expect(await ask('UpdateMaintenanceWindowTask', { ...id, TaskInvocationParameters })).toEqual({ ...task, TaskInvocationParameters });
  expect(await ask('GetMaintenanceWindowTask', id)).toEqual({ ...task, TaskInvocationParameters });
  for (const action of ['GetMaintenanceWindowTask', 'UpdateMaintenanceWindowTask'])
    expect(await ask(action, { ...id, WindowTaskId: 't-2' })).toBe('DoesNotExistException');
});

test('an execution of a runbook keeps what was given to it', async () => {
  const ask = over(commands(() => 5000));
  const { AutomationExecutionId } = (await ask('StartAutomationExecution', {
    DocumentName: 'Deploy',
    Parameters: { a: ['b'] },
  })) as JsonObject;
  const shown = { AutomationExecutionId, DocumentName: 'Deploy', AutomationExecutionStatus: 'InProgress', ExecutionStartTime: 5 };
  expect(await ask('GetAutomationExecution', { AutomationExecutionId })).toEqual({
    AutomationExecution: { ...shown, Parameters: { a: ['b'] } },
  });
  expect(await ask('DescribeAutomationExecutions')).toEqual({ AutomationExecutionMetadataList: [shown] });
  expect(await ask('StartAutomationExecution')).toBe('AutomationDefinitionNotFoundException');
  expect(await ask('GetAutomationExecution', { AutomationExecutionId: 'e-0' })).toBe('AutomationExecutionNotFoundException');
});
