import { type Image, type LaunchPermission, ModifyImageAttributeCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import { byTerraform, callEvent, messageFor, roleSession, scheduled } from '../../../test/fixtures/events.ts';
import { awsError, Harness, place } from '../../../test/support/harness.ts';
import { sharedWith } from '../../../test/support/images/events.ts';
import { type Account, imagesWorld } from '../../../test/support/images/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './image-shared-known.ts';

const partner = '444455556666';
const stranger = '777788889999';
const ours = 'arn:aws:organizations::111122223333:organization/o-ours';
const theirs = 'arn:aws:organizations::777788889999:organization/o-theirs';
const unit = 'arn:aws:organizations::777788889999:ou/o-theirs/ou-1-2';
const common = { trustedAccounts: [partner], trustedOrganizations: [ours] };
const image: Image = { ImageId: 'ami-1', State: 'available', Tags: [] };
const world =
  (permissions: readonly LaunchPermission[], more: Account = {}) =>
  () =>
    imagesWorld({ images: [{ ...image, permissions }], ...more });
const change = (of: 'Add' | 'Remove', ...all: LaunchPermission[]) =>
  new ModifyImageAttributeCommand({ ImageId: 'ami-1', LaunchPermission: { [of]: all } });
const event = sharedWith('ami-1', { add: { items: [{ userId: stranger }] } });
const known = { UserId: partner };

testControl(control, {
  valid: [
    { name: 'an image shared with a known account', world: world([known]), event, common },
    {
      name: 'an image shared with its own account and organization',
      world: world([{ UserId: place.account }, { OrganizationArn: ours }]),
      event: sharedWith('ami-1', { add: { items: [{ organizationArn: ours }] } }),
      common,
    },
    { name: 'a public image, which is another matter', world: world([{ Group: 'all' }]), event, common },
    {
      name: 'an image of whose permissions AWS shows nothing',
      world: () => ({
        send: async (command) => (actionOf(command) === 'ec2:DescribeImageAttribute' ? {} : await world([])().send(command)),
      }),
      event,
      common,
    },
    { name: 'an image back from the recycle bin', world: world([]), event: restored(), common },
    { name: 'a sweep that finds none', world: world([known]), event: scheduled(), common },
    { name: 'a place whose settings name nobody', world: world([{ UserId: stranger }]), event },
  ],
  invalid: [
    {
      name: 'an image shared with an unknown account, beside a known one',
      world: world([known, { UserId: stranger }]),
      event,
      common,
      sends: [change('Remove', { UserId: stranger })],
      status: 'fixed',
      says: `Found: The image is shared with ${stranger}, which the settings do not name. Now: The image is shared with nobody that the settings do not name.`,
    },
    {
      name: 'an image shared with an unknown organization and a unit of it',
      world: world([{ OrganizationalUnitArn: unit }, { OrganizationArn: theirs }, { Group: 'all' }]),
      event,
      common,
      sends: [change('Remove', { OrganizationArn: theirs }, { OrganizationalUnitArn: unit })],
      status: 'fixed',
      says: /shared with nobody/,
    },
    {
      name: 'an image that Terraform claims to share',
      world: world([{ UserId: stranger }]),
      event: sharedWith('ami-1', { add: { items: [{ userId: stranger }] } }, byTerraform),
      common,
      sends: [],
      status: 'awaiting-approval',
      says: /claims to be managed by Terraform/,
      advice: /Terraform: remove the aws_ami_launch_permission with this `account_id`/,
    },
    {
      name: 'an image that only the sweep found',
      world: world([{ UserId: stranger }]),
      event: scheduled(),
      common,
      sends: [],
      status: 'awaiting-approval',
      says: /Redress did not see who made it/,
      advice: /add the account to `trustedAccounts`/,
    },
  ],
  skipped: [
    { name: 'an image that is gone', world: () => imagesWorld(), event, common, says: 'The resource is gone.' },
    {
      name: 'an image that is gone once its permissions are read',
      world: world([], { refuses: { 'ec2:DescribeImageAttribute': awsError('InvalidAMIID.NotFound', 'does not exist') } }),
      event,
      common,
      says: 'The resource is gone.',
    },
  ],
  undo: [
    {
      name: 'the share with an account and an organization, and no other',
      world: world([known, { UserId: stranger }, { OrganizationArn: theirs }]),
      event,
      common,
      sends: [change('Add', { UserId: stranger }, { OrganizationArn: theirs })],
    },
  ],
});

function restored() {
  return callEvent('RestoreImageFromRecycleBin', {
    requestParameters: { RestoreImageFromRecycleBinRequest: { ImageId: 'ami-1' } },
    responseElements: { RestoreImageFromRecycleBinResponse: { return: true } },
  });
}

describe('without trusted accounts', () => {
  test('it finds nothing, and so has neither rule nor permission', () => {
    const settings = (accounts: string[], organizations: string[] = []) => ({
      trustedAccounts: accounts,
      trustedOrganizations: organizations,
    });
    expect(control.isIdle?.(settings([]))).toBe(true);
    expect(control.isIdle?.(settings([], [ours]))).toBe(true);
    expect(control.isIdle?.(settings([partner]))).toBe(false);
  });
});

test('who shared it last counts: a share by a role of code is left to the code, though a person shared it before', async () => {
  const aws = world([{ UserId: stranger }])();
  const terraform = ['arn:aws:iam::111122223333:role/deploy'];
  const config = { controls: { [control.id]: { mode: 'fix' as const } }, common, managedBy: { terraform } };
  const harness = new Harness({ controls: [control], config, world: aws });
  harness.put(messageFor(control.id, event));
  await harness.settle();
  expect(harness.writes).toHaveLength(1);
  harness.now = new Date(harness.now.getTime() + 2 * 3_600_000);
  await aws.send(change('Add', { OrganizationArn: theirs }));
  const fields = { userIdentity: roleSession('deploy', 'ci'), eventTime: harness.now.toISOString() };
  harness.put(messageFor(control.id, sharedWith('ami-1', { add: { items: [{ organizationArn: theirs }] } }, fields)));
  await harness.settle();
  expect(harness.writes).toHaveLength(1);
  expect((await harness.findings()).map(({ status }) => status).sort()).toEqual(['fixed', 'open']);
});
