import { expect, test } from 'vitest';
import { readError } from '../../local/emulator/aws-error.ts';
import { ec2Answer, parseAnswer } from '../../local/emulator/ec2-xml.ts';
import { accountSettings } from '../../local/emulator/gaps/account-settings.ts';
import { ec2Call } from './calls.ts';

/** The additions on a clock of their own; what they send on to moto is answered with `forwarded`. */
function start() {
  const clock = { now: 0 };
  const additions = accountSettings({}, () => clock.now);
  const around = { requestId: 'r-1', forward: async () => ec2Answer('ModifyImageAttribute', { forwarded: 'true' }, 'r-1') };
  const ask = async (action: string, parameters: { readonly [name: string]: string } = {}, region = 'us-east-1') => {
    const addition = additions[`ec2:${action}`];
    if (!addition) throw new Error(`there is no ${action}`);
    const answer = await addition({ ...ec2Call(action, parameters), region }, around as never);
    const { requestId: _id, ...said } = parseAnswer(answer.body);
    return readError(answer)?.code ?? said;
  };
  return { ask, clock };
}

test('a change of the blocking of images shows after a while', async () => {
  const { ask, clock } = start();
  const shown = () => ask('GetImageBlockPublicAccessState');
  const state = (imageBlockPublicAccessState: string) => ({ imageBlockPublicAccessState, managedBy: 'account' });
  expect(await shown()).toEqual(state('unblocked'));
  const given = { ImageBlockPublicAccessState: 'block-new-sharing' };
  expect(await ask('EnableImageBlockPublicAccess', given)).toEqual({ imageBlockPublicAccessState: 'block-new-sharing' });
  expect(await shown()).toEqual(state('unblocked'));
  clock.now = 2000;
  expect([await shown(), await ask('GetImageBlockPublicAccessState', {}, 'eu-west-1')]).toEqual([
    state('block-new-sharing'),
    state('unblocked'),
  ]);
  expect(await ask('DisableImageBlockPublicAccess')).toEqual({ imageBlockPublicAccessState: 'unblocked' });
  clock.now = 3999;
  expect(await shown()).toEqual(state('block-new-sharing'));
  clock.now = 4000;
  expect(await shown()).toEqual(state('unblocked'));
  expect(await ask('EnableImageBlockPublicAccess', { ImageBlockPublicAccessState: 'unblocked' })).toBe('InvalidParameterValue');
});

test('where it is blocked, no image can be made public, by either form of the call', async () => {
  const { ask, clock } = start();
  const forms = [
    { OperationType: 'add', 'UserGroup.1': 'all' },
    { 'LaunchPermission.Add.1.UserId': '444455556666', 'LaunchPermission.Add.2.Group': 'all' },
  ];
  const others = [
    { OperationType: 'remove', 'UserGroup.1': 'all' },
    { 'LaunchPermission.Add.1.UserId': '444455556666' },
    { 'LaunchPermission.Remove.1.Group': 'all' },
  ];
  const forwarded = { forwarded: 'true' };
  for (const form of [...forms, ...others]) expect(await ask('ModifyImageAttribute', form)).toEqual(forwarded);
  await ask('EnableImageBlockPublicAccess', { ImageBlockPublicAccessState: 'block-new-sharing' });
  clock.now = 2000;
  for (const form of forms) expect(await ask('ModifyImageAttribute', form)).toBe('OperationNotPermitted');
  for (const form of others) expect(await ask('ModifyImageAttribute', form)).toEqual(forwarded);
});

test('metadata defaults keep what is not said, and forget what is no preference', async () => {
  const { ask } = start();
  const shown = async () => Object(await ask('GetInstanceMetadataDefaults')).accountLevel;
  expect(await shown()).toEqual({ managedBy: 'account' });
  expect(await ask('ModifyInstanceMetadataDefaults', { HttpTokens: 'required', HttpPutResponseHopLimit: '2' })).toEqual({ return: 'true' });
  await ask('ModifyInstanceMetadataDefaults', { HttpEndpoint: 'enabled' });
  expect(await shown()).toEqual({ httpTokens: 'required', httpPutResponseHopLimit: '2', httpEndpoint: 'enabled', managedBy: 'account' });
  await ask('ModifyInstanceMetadataDefaults', { HttpTokens: 'no-preference', HttpPutResponseHopLimit: '-1' });
  expect(await shown()).toEqual({ httpEndpoint: 'enabled', managedBy: 'account' });
  for (const wrong of [{ HttpTokens: 'v2' }, { HttpPutResponseHopLimit: '65' }, { HttpPutResponseHopLimit: '0' }])
    expect(await ask('ModifyInstanceMetadataDefaults', wrong)).toBe('InvalidParameterValue');
});

test('the serial console is off, and can be turned on and off', async () => {
  const { ask } = start();
  const shown = async () => Object(await ask('GetSerialConsoleAccessStatus')).serialConsoleAccessEnabled;
  expect(await shown()).toBe('false');
  expect(await ask('EnableSerialConsoleAccess')).toEqual({ serialConsoleAccessEnabled: 'true' });
  expect(await shown()).toBe('true');
  expect(await ask('DisableSerialConsoleAccess')).toEqual({ serialConsoleAccessEnabled: 'false' });
  expect(await shown()).toBe('false');
});

test('allowed images are disabled, audited or enabled', async () => {
  const { ask } = start();
  const shown = async () => Object(await ask('GetAllowedImagesSettings')).state;
  expect(await shown()).toBe('disabled');
  const enable = (AllowedImagesSettingsState: string) => ask('EnableAllowedImagesSettings', { AllowedImagesSettingsState });
  expect(await enable('audit-mode')).toEqual({ allowedImagesSettingsState: 'audit-mode' });
  expect([await shown(), await enable('disabled')]).toEqual(['audit-mode', 'InvalidParameterValue']);
  await enable('enabled');
  expect(await shown()).toBe('enabled');
  expect(await ask('DisableAllowedImagesSettings')).toEqual({ allowedImagesSettingsState: 'disabled' });
  expect(await shown()).toBe('disabled');
});
