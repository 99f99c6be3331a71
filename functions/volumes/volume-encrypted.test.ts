import { CopyVolumesCommand, CreateTagsCommand, type Tag, type Volume } from '@aws-sdk/client-ec2';
import { attachVolume, byTerraform, createVolume, roleSession, runInstances, scheduled } from '../../test/fixtures/events.ts';
import { testControl } from '../../test/support/tester.ts';
import { claimCases, gp3, world } from '../../test/support/volumes/claims.ts';
import { inUseCases } from '../../test/support/volumes/in-use.ts';
import { volumesWorld } from '../../test/support/volumes/world.ts';
import control from './volume-encrypted.ts';

const attached: Volume = { ...gp3, State: 'in-use', Attachments: [{ InstanceId: 'i-1', State: 'attached', Device: '/dev/sdf' }] };
const now = { settleSeconds: 0 };
const copyOf: Tag = { Key: 'redress:copy-of', Value: 'vol-1' };
const copy = (more: object = {}, tags: Tag[] = []) =>
  new CopyVolumesCommand({
    SourceVolumeId: 'vol-1',
    Encrypted: true,
    VolumeType: 'gp3',
    Iops: 4000,
    Throughput: 250,
    TagSpecifications: [{ ResourceType: 'volume', Tags: [...tags, copyOf] }],
    ...more,
  });
const mark = new CreateTagsCommand({ Resources: ['vol-1'], Tags: [{ Key: 'redress:superseded-by', Value: 'vol-copy1' }] });
const superseded =
  'Found: The volume is not encrypted, and not attached. Now: The encrypted volume vol-copy1 replaces it; the original is kept for you to delete.';
const fortyNine = Array.from({ length: 49 }, (_, n) => ({ Key: `k${n}`, Value: 'v' }));

testControl(control, {
  valid: [
    { name: 'a volume made encrypted', world: world({ ...gp3, Encrypted: true }), event: createVolume('vol-1', { encrypted: true }) },
    { name: 'an encrypted volume that is attached', world: world({ ...attached, Encrypted: true }), event: attachVolume('vol-1', 'i-1') },
    { name: 'an instance whose volumes are all encrypted', world: world({ ...attached, Encrypted: true }), event: runInstances('i-1') },
    { name: 'an instance without EBS volumes', world: () => volumesWorld(), event: runInstances('i-store') },
    { name: 'a sweep that finds nothing', world: world({ ...gp3, Encrypted: true }), event: scheduled() },
  ],
  invalid: [
    {
      name: 'an unattached volume',
      world: world(gp3),
      event: createVolume('vol-1'),
      settings: now,
      sends: [copy(), mark],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'an unattached volume that has to settle for 15 minutes',
      world: world(gp3),
      event: createVolume('vol-1'),
      sends: [copy(), mark],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'a volume with tags of its own and of AWS',
      world: world({
        ...gp3,
        Tags: [
          { Key: 'Name', Value: 'data' },
          { Key: 'aws:backup:source-resource', Value: 'x' },
        ],
      }),
      event: createVolume('vol-1'),
      settings: now,
      sends: [copy({}, [{ Key: 'Name', Value: 'data' }]), mark],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'a multi-attach io2 volume under a configured key',
      world: world(
        { ...gp3, VolumeType: 'io2', Iops: 9000, Throughput: undefined, MultiAttachEnabled: true },
        { keys: { 'alias/ebs': { Arn: 'arn:aws:kms:eu-west-1:111122223333:key/ours' } } },
      ),
      event: createVolume('vol-1'),
      settings: { ...now, kmsKey: 'alias/ebs' },
      sends: [
        new CopyVolumesCommand({
          SourceVolumeId: 'vol-1',
          Encrypted: true,
          VolumeType: 'io2',
          Iops: 9000,
          MultiAttachEnabled: true,
          KmsKeyId: 'alias/ebs',
          TagSpecifications: [{ ResourceType: 'volume', Tags: [copyOf] }],
        }),
        mark,
      ],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'a gp2 volume, whose IOPS AWS reports but takes from nobody',
      world: world({ ...gp3, VolumeType: 'gp2', Iops: 100, Throughput: undefined }),
      event: createVolume('vol-1'),
      settings: now,
      sends: [
        new CopyVolumesCommand({
          SourceVolumeId: 'vol-1',
          Encrypted: true,
          VolumeType: 'gp2',
          TagSpecifications: [{ ResourceType: 'volume', Tags: [copyOf] }],
        }),
        mark,
      ],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'a volume that a service made for itself',
      world: world(gp3),
      event: createVolume('vol-1', {
        userAgent: 'backup.amazonaws.com',
        userIdentity: { type: 'AWSService', invokedBy: 'backup.amazonaws.com' },
      }),
      settings: now,
      sends: [],
      status: 'awaiting-approval',
      says: /AWS Backup made this volume/,
      advice: /^AWS Backup: restore with `encrypted`/,
    },
    ...inUseCases,
    {
      name: 'an attached volume',
      world: world(attached),
      event: attachVolume('vol-1', 'i-1'),
      sends: [],
      status: 'open',
      says: 'The volume is not encrypted, and attached to i-1; Redress never changes a volume in use.',
      advice: /^Unmount vol-1 in i-1;.*[\s\S]*aws ec2 attach-volume --volume-id "\$COPY" --instance-id i-1 --device \/dev\/sdf/,
    },
    {
      name: 'the volume of an instance just launched',
      world: world(attached),
      event: runInstances('i-1'),
      sends: [],
      status: 'open',
      says: /attached to i-1/,
    },
    {
      name: 'a volume found by the sweep, whose maker is not known',
      world: world(gp3),
      event: scheduled(),
      settings: now,
      sends: [],
      status: 'awaiting-approval',
      says: /Redress did not see who made it, so code may manage it/,
    },
    {
      name: 'a volume with 49 tags, beside which the marker fits',
      world: world({ ...gp3, Tags: fortyNine }),
      event: createVolume('vol-1'),
      settings: now,
      sends: [
        copy(
          {},
          fortyNine.toSorted((a, b) => a.Key.localeCompare(b.Key)),
        ),
        mark,
      ],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'a volume with 50 tags, beside which no marker fits',
      world: world({ ...gp3, Tags: [...fortyNine, { Key: 'k50', Value: 'v' }] }),
      event: createVolume('vol-1'),
      settings: now,
      sends: [],
      status: 'open',
      says: 'The volume is not encrypted, and not attached.',
      advice: /50 tags/,
    },
    {
      name: 'a volume with a copy that somebody else tagged to look like ours',
      world: () => volumesWorld({ volumes: [gp3, { ...gp3, VolumeId: 'vol-2', Encrypted: true, Tags: [copyOf] }] }),
      event: createVolume('vol-1'),
      settings: now,
      sends: [copy(), mark],
      status: 'superseded',
      says: superseded,
    },
    ...claimCases,
  ],
  skipped: [
    {
      name: 'a volume that a CloudFormation stack owns',
      world: world({ ...gp3, Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'web' }] }),
      event: createVolume('vol-1'),
      says: 'The volume is not encrypted, and not attached. The CloudFormation stack web manages it, so it is left unchanged: fix it there.',
      advice: /Encrypted: true/,
    },
    {
      name: 'a volume that Terraform made under a role of the config',
      world: world(gp3),
      event: createVolume('vol-1', { userIdentity: roleSession('deploy-shop', 'release-42') }),
      managers: { managedBy: { terraform: ['arn:aws:iam::111122223333:role/deploy-*'] } },
      says: 'The volume is not encrypted, and not attached. Terraform manages it, so it is left unchanged: fix it there.',
      advice: /encrypted = true/,
    },
    {
      name: 'a volume that claims to be of Terraform, where claims are believed',
      world: world(gp3),
      event: createVolume('vol-1', byTerraform),
      managers: { claims: 'skip' },
      says: /not attached\. It claims to be managed by Terraform, so it is left unchanged: fix it there\.$/,
      advice: /encrypted = true[\s\S]*`managedBy\.terraform` of the config/,
    },
    {
      name: 'a volume that is being deleted',
      world: world({ ...gp3, State: 'deleting' }),
      event: createVolume('vol-1'),
      says: 'The volume is not encrypted, and not attached. The volume is being deleted.',
    },
    {
      name: 'a volume that failed',
      world: world({ ...gp3, State: 'error' }),
      event: createVolume('vol-1'),
      says: 'The volume failed, so there is nothing to copy: delete it.',
    },
    {
      name: 'a volume that a service manages',
      world: world({ ...gp3, Operator: { Managed: true, Principal: 'eks.amazonaws.com' } }),
      event: createVolume('vol-1'),
      says: 'The volume is not encrypted, and not attached. Amazon EKS manages it, so it is left unchanged.',
    },
    { name: 'a volume that never shows', world: () => volumesWorld(), event: createVolume('vol-1'), says: 'The resource is gone.' },
  ],
});
