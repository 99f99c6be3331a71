import { expect, test } from 'vitest';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import {
  aboutAssociation,
  aboutSetting,
  registerTask,
  sendCommand,
  sentInPlain,
  ssmCall,
  startExecution,
} from '../../../test/support/commands/events.ts';
import { place } from '../../../test/support/harness.ts';
import { idsIn, SCRIPT_LOG, SCRIPT_LOG_GROUP, SCRIPT_LOG_ID } from './ids.ts';
import { commands } from './kind.ts';

const of = ({ detail }: { detail: object }) => idsIn(detail as unknown as CloudTrailRecord);

test('a record names what runs, as its ARN ends, wherever it may hold it', () => {
  expect(of(sendCommand('c-1'))).toEqual(['c-1']);
  expect(of(sentInPlain('c-1', { commands: [] }))).toEqual(['c-1']);
  expect(of(aboutAssociation('a-1'))).toEqual(['association/a-1']);
  expect(of(ssmCall('UpdateAssociation', { associationId: 'a-1' }))).toEqual(['association/a-1']);
  expect(of(ssmCall('CreateAssociationBatch', {}, { successful: [{ associationId: 'a-1' }, { associationId: 'a-2' }, {}] }))).toEqual([
    'association/a-1',
    'association/a-2',
  ]);
  expect(of(registerTask('mw-1', 't-1'))).toEqual(['windowtask/mw-1/t-1']);
  expect(of(ssmCall('UpdateMaintenanceWindowTask', { windowId: 'mw-1', windowTaskId: 't-1' }))).toEqual(['windowtask/mw-1/t-1']);
  expect(of(startExecution('e-1'))).toEqual(['automation-execution/e-1']);
  for (const id of [SCRIPT_LOG, SCRIPT_LOG_GROUP, `arn:aws:ssm:eu-west-1:111122223333:servicesetting${SCRIPT_LOG}`])
    expect(of(aboutSetting(id))).toEqual([SCRIPT_LOG_ID]);
});

test('and nothing, where a part is missing or is of something else', () => {
  expect(of(ssmCall('SendCommand', null))).toEqual([]);
  expect(of(ssmCall('RegisterTaskWithMaintenanceWindow', { windowId: 'mw-1' }))).toEqual([]);
  expect(of(ssmCall('RegisterTaskWithMaintenanceWindow', {}, { windowTaskId: 't-1' }))).toEqual([]);
  expect(of(aboutSetting('/ssm/documents/console/public-sharing-permission'))).toEqual([]);
});

test('each has the ARN that IAM gives it', () => {
  const arn = (id: string) => commands.arnOf(id, place);
  expect(arn('c-1')).toBe('arn:aws:ssm:eu-west-1:111122223333:command/c-1');
  expect(arn('association/a-1')).toBe('arn:aws:ssm:eu-west-1:111122223333:association/a-1');
  expect(arn('windowtask/mw-1/t-1')).toBe('arn:aws:ssm:eu-west-1:111122223333:windowtask/t-1');
  expect(arn('automation-execution/e-1')).toBe('arn:aws:ssm:eu-west-1:111122223333:automation-execution/e-1');
});
