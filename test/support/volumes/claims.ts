import type { Volume } from '@aws-sdk/client-ec2';
import { byTerraform, createVolume, roleSession } from '../../fixtures/events.ts';
import type { InvalidCase } from '../tester.ts';
import { type Account, volumesWorld } from './world.ts';

/** The volume of the cases. */
export const gp3: Volume = {
  VolumeId: 'vol-1',
  Encrypted: false,
  State: 'available',
  VolumeType: 'gp3',
  Size: 8,
  Iops: 4000,
  Throughput: 250,
  AvailabilityZone: 'eu-west-1a',
  Attachments: [],
  Tags: [],
};
/** A fresh world with a volume in it. */
export const world =
  (volume: Volume, account: Account = {}) =>
  () =>
    volumesWorld({ volumes: [volume], ...account });

/** Volumes of which only their maker says that code manages them. */
export const claimCases: readonly InvalidCase[] = [
  {
    name: 'a volume that claims to be of Terraform, by the user agent',
    world: world(gp3),
    event: createVolume('vol-1', byTerraform),
    sends: [],
    status: 'awaiting-approval',
    says: /not attached\. It claims to be managed by Terraform, so a person decides\.$/,
    advice: /encrypted = true[\s\S]*`managedBy\.terraform` of the config/,
  },
  {
    name: 'a volume that claims to be of a CSI driver, by a tag',
    world: world({ ...gp3, Tags: [{ Key: 'ebs.csi.aws.com/cluster', Value: 'true' }] }),
    event: createVolume('vol-1'),
    sends: [],
    status: 'awaiting-approval',
    says: /It claims to be managed by a Kubernetes CSI driver, so a person decides/,
    advice: /StorageClass/,
  },
  {
    name: 'a volume that claims to be of Terraform, whose role is another than those of the config',
    world: world(gp3),
    event: createVolume('vol-1', { ...byTerraform, userIdentity: roleSession('deploy-shop', 'release-42') }),
    managers: { managedBy: { terraform: ['arn:aws:iam::111122223333:role/ci-*'] } },
    sends: [],
    status: 'awaiting-approval',
    says: /It claims to be managed by Terraform/,
  },
];
