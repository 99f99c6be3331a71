import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AnyControl, Json } from '#shared/control/control.ts';
import { ACCOUNT } from '#shared/control/setting.ts';
import { matches } from '#shared/replay/matcher.ts';
import { patternOf } from '../../infra/patterns.ts';
import { byTerraform, callEvent, roleSession } from '../../test/fixtures/events.ts';
import { blockCall } from '../../test/support/account/buckets.ts';
import { guardDutyCall, macieCall } from '../../test/support/account/detectors.ts';
import { keyArn, keyCall, keyId } from '../../test/support/account/keys.ts';
import { place } from '../../test/support/harness.ts';
import bucketPublicAccess from './bucket-public-access/bucket-public-access-blocked.ts';
import guardDuty from './guardduty/guardduty-on.ts';
import keyUsable from './keys/key-usable.ts';
import { keys } from './keys/kind.ts';
import macie from './macie/macie-on.ts';

const controls: readonly AnyControl[] = [bucketPublicAccess, guardDuty, keyUsable, macie];
const role = `arn:aws:iam::${place.account}:role/redress-account-eu-west-1`;

/** The controls that an event invokes. */
function invokedBy(event: object): string[] {
  return controls.filter((control) => matches(patternOf(control, [role]), event as { [key: string]: Json })).map(({ id }) => id);
}

const calls: readonly (readonly [string, object, string | undefined])[] = [
  ['DisableKey', keyCall('DisableKey'), 'key-usable'],
  ['ScheduleKeyDeletion', keyCall('ScheduleKeyDeletion'), 'key-usable'],
  ['DeleteImportedKeyMaterial', keyCall('DeleteImportedKeyMaterial'), 'key-usable'],
  ['EnableKey', callEvent('EnableKey', { requestParameters: { keyId } }, 'kms.amazonaws.com'), undefined],
  ['DeleteDetector', guardDutyCall('DeleteDetector'), 'guardduty-on'],
  ['a suspension', guardDutyCall('UpdateDetector', { enable: false }), 'guardduty-on'],
  ['an enabling', guardDutyCall('UpdateDetector', { enable: true }), undefined],
  ['another update', guardDutyCall('UpdateDetector', { findingPublishingFrequency: 'ONE_HOUR' }), undefined],
  ['a new detector', guardDutyCall('CreateDetector', { enable: true }), undefined],
  ['DisassociateFromMasterAccount', guardDutyCall('DisassociateFromMasterAccount'), 'guardduty-on'],
  ['DisassociateFromAdministratorAccount', guardDutyCall('DisassociateFromAdministratorAccount'), 'guardduty-on'],
  ['StopMonitoringMembers', guardDutyCall('StopMonitoringMembers', { accountIds: ['444455556666'] }), 'guardduty-on'],
  ['DisassociateMembers', guardDutyCall('DisassociateMembers', { accountIds: ['444455556666'] }), 'guardduty-on'],
  ['DeleteMembers', guardDutyCall('DeleteMembers', { accountIds: ['444455556666'] }), 'guardduty-on'],
  ['DisableMacie', macieCall('DisableMacie'), 'macie-on'],
  ['a pause', macieCall('UpdateMacieSession', { status: 'PAUSED' }), 'macie-on'],
  ['a resumption', macieCall('UpdateMacieSession', { status: 'ENABLED' }), undefined],
  ['another change of Macie', macieCall('UpdateMacieSession', { findingPublishingFrequency: 'ONE_HOUR' }), undefined],
  ['a member of Macie that leaves', macieCall('DisassociateFromMasterAccount'), 'macie-on'],
  ['a block', blockCall('PutAccountPublicAccessBlock', { BlockPublicAcls: false }), 'bucket-public-access-blocked'],
  ['no block', blockCall('DeleteAccountPublicAccessBlock'), 'bucket-public-access-blocked'],
  ['a block of one bucket', callEvent('PutBucketPublicAccessBlock', {}, 's3.amazonaws.com'), undefined],
];

describe('a call invokes at most one control', () => {
  test.each(calls)('%s', (_name, event, id) => {
    expect(invokedBy(event)).toEqual(id === undefined ? [] : [id]);
  });
  test.each(calls)('%s that failed, or was our own, invokes none', (_name, event) => {
    const { detail } = event as { detail: object };
    const withDetail = (more: object) => ({ ...event, detail: { ...detail, ...more } });
    expect(invokedBy(withDetail({ errorCode: 'AccessDenied', responseElements: null }))).toEqual([]);
    expect(invokedBy(withDetail({ userIdentity: roleSession('redress-account-eu-west-1', 'redress') }))).toEqual([]);
  });
});

test('no pattern is longer than EventBridge takes', () => {
  for (const control of controls) expect(JSON.stringify(patternOf(control, [role])).length).toBeLessThan(2048);
});

describe('a record of a key names it', () => {
  const target = { type: 'AWS::KMS::Key', id: keyId };
  const named = (keyIdAsked: string, fields: object = {}) =>
    keys.targets(keyCall('DisableKey', { keyId: keyIdAsked, ...fields }).detail as never, place);

  test('by its resources, its id or its ARN', () => {
    expect(named(keyId)).toEqual([target]);
    expect(named(keyArn, { resources: undefined })).toEqual([target]);
    expect(named(keyId, { resources: null })).toEqual([target]);
    const multiRegion = 'mrk-1234abcd12ab34cd56ef1234567890ab';
    expect(named(multiRegion, { resources: [] })).toEqual([{ ...target, id: multiRegion }]);
  });

  test('and not by an alias, or as the key of another account', () => {
    expect(named('alias/app', { resources: [] })).toEqual([]);
    expect(named(keyArn.replace(place.account, '999988887777'), { resources: [] })).toEqual([]);
    expect(named('', { resources: [{ ARN: 'arn:aws:iam::111122223333:role/x' }] })).toEqual([]);
  });
});

test('who did it is kept, with the call that it was', () => {
  const hints = (control: AnyControl, event: object) => control.targets((event as { detail: never }).detail, place).map(({ hint }) => hint);
  expect(hints(guardDuty, guardDutyCall('DeleteDetector', {}, byTerraform))).toEqual([
    expect.objectContaining({ via: 'Terraform', call: 'DeleteDetector', members: [] }),
  ]);
  expect(hints(macie, macieCall('DisableMacie'))).toEqual([expect.objectContaining({ via: 'AWS CLI', call: 'DisableMacie' })]);
  expect(hints(keyUsable, keyCall('DisableKey'))).toEqual([expect.objectContaining({ via: 'AWS CLI' })]);
});

/** Real and published records, where the checkout stands beside them. */
const published = [
  ['records/kms.DisableKey.json', 'key-usable', { type: 'AWS::KMS::Key', id: '1' }],
  ['records/kms.ScheduleKeyDeletion.json', 'key-usable', { type: 'AWS::KMS::Key', id: '1' }],
  ['more/guardduty.DeleteDetector.json', 'guardduty-on', { type: ACCOUNT, id: '123456789012' }],
  // it enables one, and those of the other folder failed
  ['more/guardduty.UpdateDetector.json', undefined, undefined],
  ['records/guardduty.DeleteDetector.json', undefined, undefined],
  ['records/guardduty.UpdateDetector.json', undefined, undefined],
] as const;
const root = '../shared/cloudtrail';

test.runIf(existsSync(root)).each(published)('the published record %s', (file, id, target) => {
  const detail = JSON.parse(readFileSync(`${root}/${file}`, 'utf8'));
  const event = { ...callEvent(detail.eventName, {}, detail.eventSource), detail };
  expect(invokedBy(event)).toEqual(id === undefined ? [] : [id]);
  const control = controls.find((one) => one.id === id);
  if (control) expect(control.targets(detail, { ...place, account: '123456789012' })).toEqual([expect.objectContaining(target ?? {})]);
});
