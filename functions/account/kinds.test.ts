import { describe, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import type { AnyKind } from '#shared/control/kind.ts';
import { ACCOUNT } from '#shared/control/setting.ts';
import type { Answers } from '../../test/support/answers.ts';
import { place } from '../../test/support/harness.ts';
import { readerOver } from '../../test/support/reading.ts';
import { type DocumentSharing, documentSharing } from './document-sharing/kind.ts';
import { imageSharing } from './image-sharing/kind.ts';
import { imagesAllowed } from './images-allowed/kind.ts';
import { type ImdsDefaults, imdsDefaults } from './imds-defaults/kind.ts';
import { serialConsole } from './serial-console/kind.ts';
import { snapshotSharing } from './snapshot-sharing/kind.ts';

async function itemOf(kind: AnyKind, answers: Answers): Promise<unknown> {
  const { read } = readerOver(answers);
  return (await read.many(kind.items, [place.account])).get(place.account);
}

describe('what AWS does not say counts as the open state', () => {
  test.each<[string, AnyKind, string, object]>([
    ['snapshots', snapshotSharing, 'ec2:GetSnapshotBlockPublicAccessState', { state: 'unblocked' }],
    ['images', imageSharing, 'ec2:GetImageBlockPublicAccessState', { state: 'unblocked' }],
    ['metadata', imdsDefaults, 'ec2:GetInstanceMetadataDefaults', { tokens: null, hopLimit: null }],
    ['the console', serialConsole, 'ec2:GetSerialConsoleAccessStatus', { isOn: true }],
    ['allowed images', imagesAllowed, 'ec2:GetAllowedImagesSettings', { state: 'disabled' }],
    ['documents', documentSharing, 'ssm:GetServiceSetting', { value: 'Enable', isDefault: false }],
  ])('of %s', async (_name, kind, action, state) => {
    expect(await itemOf(kind, { [action]: () => ({}) })).toEqual({ state, managedBy: undefined });
  });
});

test.each<[string, AnyKind, string, object, object]>([
  [
    'snapshots',
    snapshotSharing,
    'ec2:GetSnapshotBlockPublicAccessState',
    { State: 'block-new-sharing', ManagedBy: 'account' },
    { state: 'block-new-sharing' },
  ],
  [
    'images',
    imageSharing,
    'ec2:GetImageBlockPublicAccessState',
    { ImageBlockPublicAccessState: 'block-new-sharing', ManagedBy: 'account' },
    { state: 'block-new-sharing' },
  ],
  [
    'metadata',
    imdsDefaults,
    'ec2:GetInstanceMetadataDefaults',
    { AccountLevel: { HttpTokens: 'required', HttpPutResponseHopLimit: 3, HttpEndpoint: 'enabled', ManagedBy: 'account' } },
    { tokens: 'required', hopLimit: 3 },
  ],
  [
    'the console',
    serialConsole,
    'ec2:GetSerialConsoleAccessStatus',
    { SerialConsoleAccessEnabled: false, ManagedBy: 'account' },
    { isOn: false },
  ],
  ['allowed images', imagesAllowed, 'ec2:GetAllowedImagesSettings', { State: 'enabled', ManagedBy: 'account' }, { state: 'enabled' }],
])('what AWS says of %s', async (_name, kind, action, answer, state) => {
  expect(await itemOf(kind, { [action]: () => answer })).toEqual({ state, managedBy: 'account' });
});

test.each<[string, object, DocumentSharing]>([
  ['somebody blocked', { SettingValue: 'Disable', Status: 'Customized' }, { value: 'Disable', isDefault: false }],
  ['nobody set', { SettingValue: 'Enable', Status: 'Default' }, { value: 'Enable', isDefault: true }],
])('what AWS says of documents whose sharing %s', async (_name, ServiceSetting, state) => {
  expect(await itemOf(documentSharing, { 'ssm:GetServiceSetting': () => ({ ServiceSetting }) })).toEqual({ state });
});

test('metadata without a preference, however AWS writes that', async () => {
  const answer = { AccountLevel: { HttpTokens: 'no-preference', HttpPutResponseHopLimit: -1 } };
  expect(await itemOf(imdsDefaults, { 'ec2:GetInstanceMetadataDefaults': () => answer })).toMatchObject({
    state: { tokens: null, hopLimit: null },
  });
});

describe('a previous state comes back', () => {
  const changes = (before: ImdsDefaults, now: ImdsDefaults) =>
    imdsDefaults.restore(before, now).map(({ command, says }) => [actionOf(command), command.input, says]);
  const required: ImdsDefaults = { tokens: 'required', hopLimit: 2 };
  const back = 'Set the defaults of the instance metadata service back:';

  test('with what differs alone', () => {
    expect(changes({ tokens: 'optional', hopLimit: 2 }, required)).toEqual([
      ['ec2:ModifyInstanceMetadataDefaults', { HttpTokens: 'optional' }, `${back} tokens optional, hop limit 2.`],
    ]);
    expect(changes({ tokens: null, hopLimit: null }, required)).toEqual([
      [
        'ec2:ModifyInstanceMetadataDefaults',
        { HttpTokens: 'no-preference', HttpPutResponseHopLimit: -1 },
        `${back} tokens without a preference, hop limit without a preference.`,
      ],
    ]);
    expect(changes({ tokens: 'required', hopLimit: 5 }, required).map(([, input]) => input)).toEqual([{ HttpPutResponseHopLimit: 5 }]);
  });

  test('of documents, where it differs', () => {
    const says = (before: DocumentSharing, value: string) =>
      documentSharing.restore(before, { value, isDefault: false }).map((change) => [actionOf(change.command), change.says]);
    const back = 'Allow public sharing of SSM documents again';
    expect(says({ value: 'Enable', isDefault: true }, 'Disable')).toEqual([
      ['ssm:ResetServiceSetting', `${back}, as AWS has it where nobody sets it.`],
    ]);
    expect(says({ value: 'Enable', isDefault: false }, 'Disable')).toEqual([['ssm:UpdateServiceSetting', `${back}.`]]);
    expect(says({ value: 'Enable', isDefault: true }, 'Enable')).toEqual([]);
    expect(says({ value: null, isDefault: false }, 'Disable')).toEqual([]);
  });

  test('of the snapshots, with a warning', () => {
    const says = (state: 'unblocked' | 'block-new-sharing') =>
      snapshotSharing.restore({ state }, { state: 'block-all-sharing' }).map((change) => change.says);
    const warning = 'again, so that snapshots which are set to public are public again.';
    expect(says('unblocked')).toEqual([`Turn block public access for snapshots off ${warning}`]);
    expect(says('block-new-sharing')).toEqual([`Set block public access for snapshots to block-new-sharing ${warning}`]);
  });
});

test('each is a setting of the account, whatever a record says', () => {
  for (const kind of [snapshotSharing, imageSharing, imdsDefaults, serialConsole, imagesAllowed, documentSharing])
    expect(kind.targets({ requestParameters: null } as never, place)).toEqual([{ type: ACCOUNT, id: place.account }]);
});
