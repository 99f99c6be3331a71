import { type Image, ModifyImageAttributeCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { byTerraform, callEvent, messageFor, orderFor, roleSession, scheduled } from '../../../test/fixtures/events.ts';
import { Harness } from '../../../test/support/harness.ts';
import { ofService, published, sharedWith } from '../../../test/support/images/events.ts';
import { type Account, imagesWorld, type Shared } from '../../../test/support/images/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './image-private.ts';

const image: Image = { ImageId: 'ami-1', Name: 'web', State: 'available', Public: false, Tags: [] };
const open: Shared = {
  ...image,
  Public: true,
  permissions: [{ UserId: '444455556666' }, { OrganizationArn: 'arn:aws:organizations::111122223333:organization/o-1' }],
};
const world =
  (one: Shared, more: Account = {}) =>
  () =>
    imagesWorld({ images: [one], ...more });
const remove = new ModifyImageAttributeCommand({ ImageId: 'ami-1', LaunchPermission: { Remove: [{ Group: 'all' }] } });
const add = new ModifyImageAttributeCommand({ ImageId: 'ami-1', LaunchPermission: { Add: [{ Group: 'all' }] } });
const builder = ofService('imagebuilder.amazonaws.com');
const restored = callEvent('RestoreImageFromRecycleBin', {
  requestParameters: { RestoreImageFromRecycleBinRequest: { ImageId: 'ami-1' } },
  responseElements: { RestoreImageFromRecycleBinResponse: { return: true } },
});
const marks = [
  { Key: 'CreatedBy', Value: 'EC2 Image Builder' },
  { Key: 'Ec2ImageBuilderArn', Value: 'arn:aws:imagebuilder:eu-west-1:111122223333:image/web/1.0.0/1' },
];
const isPublic = 'Found: The image is public: every AWS account can launch it. Now: The image is not public.';

testControl(control, {
  valid: [
    { name: 'an image that is private again by the time', world: world(image), event: published('ami-1') },
    {
      name: 'an image shared with an account by name, which is not public (panther-labs/panther-analysis#1067)',
      world: world({ ...image, permissions: [{ UserId: '444455556666' }] }),
      event: sharedWith('ami-1', { add: { items: [{ userId: '444455556666' }] } }),
    },
    { name: 'a private image back from the recycle bin', world: world(image), event: restored },
    { name: 'a sweep that finds none', world: world(image), event: scheduled() },
  ],
  invalid: [
    {
      name: 'an image that somebody made public',
      world: world(open),
      event: published('ami-1'),
      sends: [remove],
      status: 'fixed',
      says: isPublic,
    },
    {
      name: 'an image that waits for a person by default',
      world: world(open),
      event: published('ami-1'),
      mode: 'approve',
      isApproved: true,
      sends: [remove],
      status: 'fixed',
      says: isPublic,
    },
    {
      name: 'a CI image that a script opens to all for outside testers (containers/automation_images#238)',
      world: world(open),
      event: published('ami-1', { userIdentity: roleSession('ci', 'build-1') }),
      sends: [remove],
      status: 'fixed',
      says: isPublic,
    },
    {
      name: 'an image of Terraform that a person made public by hand',
      world: world({ ...open, Tags: [{ Key: 'ManagedBy', Value: 'terraform' }] }),
      event: published('ami-1'),
      sends: [remove],
      status: 'fixed',
      says: isPublic,
    },
    {
      name: 'an image that Terraform claims to have made public',
      world: world(open),
      event: published('ami-1', byTerraform),
      sends: [],
      status: 'awaiting-approval',
      says: /claims to be managed by Terraform, so a person decides/,
      advice: /Terraform: remove the aws_ami_launch_permission with `group = "all"`/,
    },
    {
      name: 'an image that a principal of Terraform made public, which is reported and left to it',
      world: world(open),
      event: published('ami-1', { userIdentity: roleSession('deploy', 'ci') }),
      managers: { managedBy: { terraform: ['arn:aws:iam::111122223333:role/deploy'] } },
      sends: [],
      status: 'open',
      says: /Terraform manages it/,
      advice: /^Terraform: remove the aws_ami_launch_permission/,
    },
    {
      name: 'an image that EC2 Image Builder shared: the next build would share again',
      world: world(open),
      event: published('ami-1', builder),
      sends: [],
      status: 'awaiting-approval',
      says: /EC2 Image Builder shared it\. Its distribution settings say that it is to be public/,
      advice: /EC2 Image Builder: remove `all` from `userGroups` of `launchPermission` in the distribution settings/,
    },
    {
      name: 'an image of EC2 Image Builder, by its tags too',
      world: world({ ...open, Tags: marks }),
      event: published('ami-1', builder),
      isApproved: true,
      sends: [remove],
      status: 'fixed',
      says: /Now: The image is not public/,
    },
    {
      name: 'an image with the mark of EC2 Image Builder that only the sweep found',
      world: world({ ...open, Tags: marks }),
      event: scheduled(),
      sends: [],
      status: 'awaiting-approval',
      says: /It claims to be managed by EC2 Image Builder/,
      advice: /^EC2 Image Builder: remove `all` from `userGroups`/,
    },
    {
      name: 'an image of EC2 Image Builder, and where its sharing is written down',
      world: world({ ...open, Tags: marks }),
      event: published('ami-1', builder),
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /EC2 Image Builder shared it/,
      advice:
        /aws imagebuilder get-image --image-build-version-arn arn:aws:imagebuilder:eu-west-1:111122223333:image\/web\/1\.0\.0\/1 --query/,
    },
    {
      name: 'an image with a mark of another account, which says nothing',
      world: world({
        ...open,
        Tags: [{ Key: 'Ec2ImageBuilderArn', Value: 'arn:aws:imagebuilder:eu-west-1:444455556666:image/web/1.0.0/1' }],
      }),
      event: published('ami-1'),
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /every AWS account can launch it/,
      advice: /^(?![\s\S]*get-image)/,
    },
    {
      name: 'an image with a code of AWS Marketplace',
      world: world({ ...open, ProductCodes: [{ ProductCodeId: 'code', ProductCodeType: 'marketplace' }] }),
      event: published('ami-1'),
      sends: [],
      status: 'awaiting-approval',
      says: /It has an AWS Marketplace code, so buyers may depend on it/,
    },
    {
      name: 'a public image that only the sweep found',
      world: world(open),
      event: scheduled(),
      sends: [],
      status: 'awaiting-approval',
      says: /Redress did not see who made it, so code may manage it/,
      advice: /Change every secret that is on its disks/,
    },
    {
      name: 'a public image back from the recycle bin, by somebody who need not have shared it',
      world: world(open),
      event: restored,
      sends: [],
      status: 'awaiting-approval',
      says: /Redress did not see who made it/,
    },
  ],
  skipped: [
    {
      name: 'a public image of another account, which the console lists (meteor-up/mup-aws-beanstalk#5)',
      world: () => imagesWorld(),
      event: published('ami-1'),
      says: 'The resource is gone.',
    },
    {
      name: 'an image that failed',
      world: world({ ...open, State: 'failed' }),
      event: published('ami-1'),
      says: /The image failed, so nothing is launched from it/,
    },
  ],
  undo: [{ name: 'making it private', world: world(open), event: published('ami-1'), sends: [add] }],
});

test('whoever it is shared with by name keeps their access, before and after an undo', async () => {
  const aws = imagesWorld({ images: [open] });
  const named = structuredClone(open.permissions);
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'fix' } } }, world: aws });
  harness.put(messageFor(control.id, published('ami-1')));
  await harness.settle();
  expect(aws.permissions.get('ami-1')).toEqual(named);
  const [fixed] = await harness.findings();
  harness.put(orderFor(control.id, 'undo', fixed?.id ?? ''));
  await harness.settle();
  expect(aws.permissions.get('ami-1')).toEqual([...(named ?? []), { Group: 'all' }]);
  expect((await harness.findings()).map(({ status }) => status)).toEqual(['undone']);
});

test('an undo that block public access refuses says so', async () => {
  const account = { images: [open], blocksPublicAccess: true };
  const harness = new Harness({
    controls: [control],
    config: { controls: { [control.id]: { mode: 'fix' } } },
    world: imagesWorld(account),
  });
  harness.put(messageFor(control.id, published('ami-1')));
  await harness.settle();
  const [fixed] = await harness.findings();
  harness.put(orderFor(control.id, 'undo', fixed?.id ?? ''));
  await harness.settle();
  expect((await harness.findings()).map(({ says }) => says).join()).toMatch(/block public access for AMIs is enabled/);
});

test('who shared it last counts: what code publishes after a person did is left to the code, also at the next sweep', async () => {
  const aws = imagesWorld({ images: [open] });
  const config = {
    controls: { [control.id]: { mode: 'fix' as const } },
    managedBy: { terraform: ['arn:aws:iam::111122223333:role/deploy'] },
  };
  const harness = new Harness({ controls: [control], config, world: aws });
  harness.put(messageFor(control.id, published('ami-1')));
  await harness.settle();
  expect(harness.writes).toHaveLength(1);
  harness.now = new Date(harness.now.getTime() + 2 * 3_600_000);
  await aws.send(add);
  const userIdentity = roleSession('deploy', 'ci');
  harness.put(messageFor(control.id, published('ami-1', { userIdentity, eventTime: harness.now.toISOString() })));
  await harness.settle();
  harness.put(messageFor(control.id, scheduled()));
  await harness.settle();
  expect(harness.writes).toHaveLength(1);
  expect((await harness.findings()).map(({ status, says }) => `${status} ${says}`).sort()).toEqual([
    expect.stringMatching(/^fixed /),
    expect.stringMatching(/^open .*Terraform manages it/),
  ]);
});
