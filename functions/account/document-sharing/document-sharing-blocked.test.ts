import { ResetServiceSettingCommand, UpdateServiceSettingCommand } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { scheduled } from '../../../test/fixtures/events.ts';
import { SettingId, settingArn, settingCall, sharingWorld } from '../../../test/support/account/document-sharing.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './document-sharing-blocked.ts';

const world = (sharing: Parameters<typeof sharingWorld>[0]) => () => sharingWorld(sharing);
const allowed = settingCall('UpdateServiceSetting');
const set = (SettingValue: string) => new UpdateServiceSettingCommand({ SettingId, SettingValue });
const block = set('Disable');
const open = { sharedWith: ['all'] };
const several = (count: number, stored: object = {}) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`run-${String(n).padStart(3, '0')}`, stored]));
const found = 'Found: Public sharing of SSM documents is not blocked: everybody who may share a document can make it public.';
const fixed = `${found} No document is public. Now: Public sharing of SSM documents is blocked.`;

testControl(control, {
  valid: [
    {
      name: 'a Region that blocks it, whatever is public',
      world: world({ value: 'Disable', documents: { deploy: open } }),
      event: allowed,
    },
  ],
  invalid: [
    {
      name: 'a Region where somebody allowed it, and nothing is public',
      world: world({ value: 'Enable' }),
      event: allowed,
      sends: [block],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'one where somebody reset it, by its ARN',
      world: world({ documents: { deploy: { sharedWith: ['444455556666'] } } }),
      event: settingCall('ResetServiceSetting', settingArn),
      sends: [block],
      status: 'fixed',
      says: fixed,
    },
    {
      // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2458: off in every Region until somebody sets it
      name: 'one that never had it, which only the sweep sees (cloudformation-coverage-roadmap#2458)',
      world: world({ documents: { 'AWS-RunShellScript': { ...open, owner: 'Amazon' } } }),
      event: scheduled(),
      sends: [block],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'one with a public document, which a person looks at first',
      world: world({ documents: { deploy: open, other: {} } }),
      event: allowed,
      sends: [],
      status: 'awaiting-approval',
      says: /Public now: deploy\. A person should look first: deploy is public, and whatever publishes documents would fail\.$/,
      advice: /exempt this setting/,
    },
    {
      // https://github.com/hashicorp/terraform-provider-aws/issues/36708: the word is written `All` in most code
      name: 'one with two, once a person has looked (terraform-provider-aws#36708)',
      world: world({ documents: { 'run-b': { sharedWith: ['All'] }, 'run-a': open } }),
      event: allowed,
      isApproved: true,
      sends: [block],
      status: 'fixed',
      says: /Public now: run-a and run-b\. Now: Public sharing of SSM documents is blocked\./,
    },
    {
      name: 'more public documents than a sentence holds',
      world: world({ documents: several(12, open) }),
      event: allowed,
      sends: [],
      status: 'awaiting-approval',
      says: /run-008, run-009 and others are public, and whatever publishes documents would fail/,
    },
    {
      name: 'as many documents as are looked at',
      world: world({ documents: several(200) }),
      event: allowed,
      sends: [block],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'more documents than are looked at',
      world: world({ documents: several(201) }),
      event: allowed,
      sends: [],
      status: 'awaiting-approval',
      says: /A person should look first: Only the first 200 documents were looked at, so others may be public\.$/,
    },
    {
      name: 'more than are looked at, one of which is public',
      world: world({ documents: { 'a-first': open, ...several(250) } }),
      event: allowed,
      sends: [],
      status: 'awaiting-approval',
      says: /Public now: a-first\. Only the first 200 documents were looked at, so others may be public\. A person should look first: a-first is public,/,
    },
    {
      name: 'a document that is deleted meanwhile',
      world: world({ documents: { deploy: open }, isDeleting: true }),
      event: allowed,
      sends: [block],
      status: 'fixed',
      says: fixed,
    },
  ],
  skipped: [
    {
      name: 'a Region without the setting',
      world: world({ value: 'none' }),
      event: scheduled(),
      says: 'AWS has no setting for public sharing of documents in this Region.',
    },
  ],
  undo: [
    {
      name: 'as AWS has it, where nobody had set it',
      world: world({}),
      event: allowed,
      sends: [new ResetServiceSettingCommand({ SettingId })],
    },
    { name: 'as somebody had set it', world: world({ value: 'Enable' }), event: allowed, sends: [set('Enable')] },
  ],
});

test('it may read and write this setting alone: another gives every node a role', () => {
  const own = [...control.permissions.reads, ...control.permissions.writes].filter(({ action }) => action.endsWith('ServiceSetting'));
  expect(own.map(({ resource }) => resource)).toEqual(
    Array.from({ length: 3 }, () => `arn:{partition}:ssm:{region}:{account}:servicesetting${SettingId}`),
  );
});
