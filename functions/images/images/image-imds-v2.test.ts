import { type Image, ModifyImageAttributeCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { byTerraform, messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { Harness } from '../../../test/support/harness.ts';
import { madeImage, ofService } from '../../../test/support/images/events.ts';
import { imagesWorld } from '../../../test/support/images/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './image-imds-v2.ts';

const image: Image = { ImageId: 'ami-1', State: 'available', Tags: [] };
const world = (one: Image) => () => imagesWorld({ images: [one] });
const demand = new ModifyImageAttributeCommand({ ImageId: 'ami-1', ImdsSupport: { Value: 'v2.0' } });
const fixed = 'Found: The image does not demand IMDSv2, so what is launched from it may answer IMDSv1. Now: The image demands IMDSv2.';

testControl(control, {
  valid: [
    { name: 'an image that demands it', world: world({ ...image, ImdsSupport: 'v2.0' }), event: madeImage('ami-1') },
    {
      name: 'a copy of an image that demands it, for a copy keeps that (NixOS/amis#71)',
      world: world({ ...image, ImdsSupport: 'v2.0', SourceImageId: 'ami-0' }),
      event: madeImage('ami-1', 'CopyImage'),
    },
    { name: 'a sweep that finds none', world: world({ ...image, ImdsSupport: 'v2.0' }), event: scheduled() },
  ],
  invalid: [
    {
      name: 'an image of an instance',
      world: world(image),
      event: madeImage('ami-1'),
      isApproved: true,
      sends: [demand],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'an image whose pipeline has to set it afterwards (aws/ec2-image-builder-roadmap#98)',
      world: world(image),
      event: madeImage('ami-1', 'RegisterImage'),
      sends: [],
      status: 'awaiting-approval',
      says: /does not demand IMDSv2/,
      advice: /AWS has no way back: only another image, registered from its snapshots, would be without it/,
    },
    {
      name: 'an image that only the sweep found',
      world: world(image),
      event: scheduled(),
      sends: [],
      status: 'awaiting-approval',
      says: /does not demand IMDSv2/,
    },
  ],
  skipped: [
    {
      name: 'an image that Terraform claims',
      world: world(image),
      event: madeImage('ami-1', 'RegisterImage', byTerraform),
      says: /claims to be managed by Terraform, so it is left unchanged/,
      advice: /^Terraform: set `imds_support = "v2.0"` on the aws_ami/,
    },
    { name: 'a disabled image', world: world({ ...image, State: 'disabled' }), event: madeImage('ami-1'), says: /is disabled/ },
    { name: 'a failed image', world: world({ ...image, State: 'failed' }), event: madeImage('ami-1'), says: /The image failed/ },
    {
      name: 'an image of EC2 Image Builder, which makes the next one like it',
      world: world(image),
      event: madeImage('ami-1', 'CreateImage', ofService('imagebuilder.amazonaws.com')),
      says: /EC2 Image Builder manages it/,
    },
  ],
});

test('an image that is pending is looked at again, and has no undo once it is changed', async () => {
  const aws = imagesWorld({ images: [{ ...image, State: 'pending' }] });
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'approve' } } }, world: aws });
  harness.put(messageFor(control.id, madeImage('ami-1')));
  await harness.invoke();
  expect([harness.announced, harness.isIdle]).toEqual([[], false]);
  Object.assign(aws.images[0] ?? {}, { State: 'available' });
  await harness.settle();
  expect((await harness.findings()).map(({ status, canUndo }) => ({ status, canUndo }))).toEqual([
    { status: 'awaiting-approval', canUndo: false },
  ]);
});
