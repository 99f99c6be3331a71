import { expect, test } from 'vitest';
import { readError } from '../../local/emulator/aws-error.ts';
import { serviceSettings } from '../../local/emulator/gaps/service-settings.ts';
import { parseJson } from '../../local/json.ts';
import { jsonCall } from './calls.ts';

const SettingId = '/ssm/documents/console/public-sharing-permission';
const ARN = `arn:aws:ssm:us-east-1:123456789012:servicesetting${SettingId}`;
const unset = { SettingId, ARN, SettingValue: 'Enable', LastModifiedUser: 'System', LastModifiedDate: 0, Status: 'Default' };

/** The additions on a clock of their own. */
function start() {
  const additions = serviceSettings(() => 5000);
  const around = { requestId: 'r-1', caller: { kind: 'user', name: 'dana' } };
  return async (action: string, body: object, region = 'us-east-1') => {
    const addition = additions[`ssm:${action}`];
    if (!addition) throw new Error(`there is no ${action}`);
    const answer = await addition({ ...jsonCall('ssm', action, body), region }, around as never);
    return readError(answer)?.code ?? parseJson(answer.body.toString('utf8'));
  };
}

test('a setting is as AWS has it until somebody sets it, and again after a reset, in each Region', async () => {
  const ask = start();
  expect(await ask('GetServiceSetting', { SettingId })).toEqual({ ServiceSetting: unset });
  expect(await ask('UpdateServiceSetting', { SettingId: ARN, SettingValue: 'Disable' })).toEqual({});
  expect(await ask('GetServiceSetting', { SettingId: ARN })).toEqual({
    ServiceSetting: {
      ...unset,
      SettingValue: 'Disable',
      LastModifiedUser: expect.stringContaining('dana'),
      LastModifiedDate: 5,
      Status: 'Customized',
    },
  });
  expect(await ask('GetServiceSetting', { SettingId }, 'eu-west-1')).toMatchObject({ ServiceSetting: { Status: 'Default' } });
  expect(await ask('ResetServiceSetting', { SettingId })).toEqual({ ServiceSetting: unset });
  expect(await ask('GetServiceSetting', { SettingId })).toEqual({ ServiceSetting: unset });
});

test('the log group of scripts is any name', async () => {
  const ask = start();
  const group = '/ssm/automation/customer-script-log-group-name';
  expect(await ask('UpdateServiceSetting', { SettingId: group, SettingValue: '/shop/scripts' })).toEqual({});
  expect(await ask('GetServiceSetting', { SettingId: group })).toMatchObject({ ServiceSetting: { SettingValue: '/shop/scripts' } });
});

test('what AWS does not have, and a value that a setting does not take, are refused', async () => {
  const ask = start();
  for (const action of ['GetServiceSetting', 'UpdateServiceSetting', 'ResetServiceSetting'])
    for (const id of ['/ssm/toys', 'arn:aws:ssm:us-east-1:123456789012:servicesetting/ssm/toys', ''])
      expect(await ask(action, { SettingId: id, SettingValue: 'Disable' })).toBe('ServiceSettingNotFound');
  for (const body of [{ SettingId, SettingValue: 'disable' }, { SettingId }])
    expect(await ask('UpdateServiceSetting', body)).toBe('ValidationException');
  const throughput = '/ssm/parameter-store/high-throughput-enabled';
  expect(await ask('UpdateServiceSetting', { SettingId: throughput, SettingValue: 'true' })).toEqual({});
  expect(await ask('GetServiceSetting', { SettingId })).toEqual({ ServiceSetting: unset });
});
