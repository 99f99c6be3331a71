import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Json } from '#shared/control/control.ts';
import { ACCOUNT } from '#shared/control/setting.ts';
import { parseMessage } from '#shared/finding/message.ts';
import { matches } from '#shared/replay/matcher.ts';
import { patternOf } from '../../infra/patterns.ts';
import { callEvent, messageFor, roleSession } from '../../test/fixtures/events.ts';
import { SettingId, settingArn, settingCall } from '../../test/support/account/document-sharing.ts';
import { place } from '../../test/support/harness.ts';
import documentSharing from './document-sharing/document-sharing-blocked.ts';
import imageSharing from './image-sharing/image-sharing-blocked.ts';
import imagesAllowed from './images-allowed/images-allowed-audited.ts';
import imds from './imds-defaults/imds-defaults-v2.ts';
import console from './serial-console/serial-console-off.ts';
import snapshotSharing from './snapshot-sharing/snapshot-sharing-blocked.ts';

const controls = [snapshotSharing, imageSharing, imds, console, imagesAllowed, documentSharing];
const role = `arn:aws:iam::${place.account}:role/redress-account-eu-west-1`;

/** The controls that an event invokes. */
function invokedBy(event: object): string[] {
  return controls.filter((control) => matches(patternOf(control, [role]), event as { [key: string]: Json })).map(({ id }) => id);
}

/** A call in EC2's wrapped style. */
const wrapped = (eventName: string, fields: object = {}) =>
  callEvent(eventName, {
    requestParameters: { [`${eventName}Request`]: '' },
    responseElements: { [`${eventName}Response`]: {} },
    ...fields,
  });

const calls: readonly (readonly [string, string])[] = [
  ['DisableSnapshotBlockPublicAccess', 'snapshot-sharing-blocked'],
  ['EnableSnapshotBlockPublicAccess', 'snapshot-sharing-blocked'],
  ['DisableImageBlockPublicAccess', 'image-sharing-blocked'],
  ['EnableImageBlockPublicAccess', 'image-sharing-blocked'],
  ['ModifyInstanceMetadataDefaults', 'imds-defaults-v2'],
  ['EnableSerialConsoleAccess', 'serial-console-off'],
  ['DisableSerialConsoleAccess', 'serial-console-off'],
  ['EnableAllowedImagesSettings', 'images-allowed-audited'],
  ['DisableAllowedImagesSettings', 'images-allowed-audited'],
];

describe('a call invokes one control', () => {
  test.each(calls)('%s invokes %s', (eventName, id) => {
    expect(invokedBy(wrapped(eventName))).toEqual([id]);
    // nothing is certain of its record but the name
    expect(invokedBy(wrapped(eventName, { requestParameters: null, responseElements: null }))).toEqual([id]);
  });
  test.each(calls)('%s invokes nothing where it failed, or was our own', (eventName) => {
    expect(invokedBy(wrapped(eventName, { errorCode: 'Client.UnauthorizedOperation', responseElements: null }))).toEqual([]);
    expect(invokedBy(wrapped(eventName, { errorCode: 'Client.DryRunOperation', responseElements: null }))).toEqual([]);
    expect(invokedBy(wrapped(eventName, { userIdentity: roleSession('redress-account-eu-west-1', 'redress') }))).toEqual([]);
  });
});

describe('a call that shares a snapshot', () => {
  const sharing = (permission: object) =>
    callEvent('ModifySnapshotAttribute', { requestParameters: { snapshotId: 'snap-1', createVolumePermission: permission } });
  test('invokes none: a block right after it would make its undo impossible', () => {
    expect(invokedBy(sharing({ add: { items: [{ group: 'all' }] } }))).toEqual([]);
    expect(invokedBy(sharing({ add: { items: [{ userId: '444455556666' }] } }))).toEqual([]);
    expect(invokedBy(sharing({ remove: { items: [{ group: 'all' }] } }))).toEqual([]);
  });
});

describe('a call about a setting of Systems Manager', () => {
  test.each(['UpdateServiceSetting', 'ResetServiceSetting'] as const)('%s invokes a control where it is about public sharing', (name) => {
    for (const id of [SettingId, SettingId.slice(1), settingArn])
      expect(invokedBy(settingCall(name, id))).toEqual(['document-sharing-blocked']);
    for (const id of ['/ssm/parameter-store/high-throughput-enabled', `${SettingId}-2`, ''])
      expect(invokedBy(settingCall(name, id))).toEqual([]);
    expect(invokedBy(settingCall(name, SettingId, { errorCode: 'AccessDeniedException' }))).toEqual([]);
    expect(invokedBy(settingCall(name, SettingId, { userIdentity: roleSession('redress-account-eu-west-1', 'redress') }))).toEqual([]);
  });
});

/** Real records, where the checkout stands beside them. */
const folders = ['records', 'relatives', 'more'].map((name) => `../shared/cloudtrail/${name}`).filter((folder) => existsSync(folder));
const recorded = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) =>
      /^ec2\.(\w*(BlockPublicAccess|SerialConsoleAccess|MetadataDefaults|AllowedImages)|ModifySnapshotAttribute)/.test(file),
    )
    .map((file): [string, { [key: string]: unknown }] => [file, JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))]),
);

describe.runIf(recorded.length > 0)('a recorded call', () => {
  const eventOf = (record: { [key: string]: unknown }) => callEvent(String(record['eventName']), record);
  test.each(recorded)('%s is about the account, and invokes what it should', (file, record) => {
    const event = eventOf({ eventID: 'e-1', ...record });
    const isSetting = !file.includes('ModifySnapshotAttribute');
    const isFailed = record['errorCode'] !== undefined;
    expect(invokedBy(event)).toHaveLength(isSetting && !isFailed ? 1 : 0);
    for (const control of controls) {
      const { occasion } = parseMessage(JSON.stringify(messageFor(control.id, event)));
      if (occasion.is !== 'call') throw new Error('a call was taken for something else');
      expect(control.targets(occasion.record, place)).toMatchObject([{ type: ACCOUNT, id: place.account }]);
    }
  });
});
