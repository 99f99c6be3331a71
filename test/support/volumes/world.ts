import { AutoScalingClient, type AutoScalingGroup, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import {
  CopyVolumesCommand,
  CreateTagsCommand,
  type CreateVolumePermission,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DisableEbsEncryptionByDefaultCommand,
  EC2Client,
  EnableEbsEncryptionByDefaultCommand,
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
  type Image,
  type Instance,
  type LaunchPermission,
  ModifyEbsDefaultKmsKeyIdCommand,
  ResetEbsDefaultKmsKeyIdCommand,
  type Snapshot,
  type Tag,
  type Volume,
} from '@aws-sdk/client-ec2';
import { KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { sendWith } from '#shared/aws/clients.ts';
import { awsError, type World } from '../harness.ts';
import { type Answer, type Key, mockKms } from '../kms.ts';
import { type Launching, mockLaunchers } from '../launchers.ts';

const MANAGED_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/ebs';

/** What there is in the account, as AWS shows it. */
export interface Account extends Launching {
  readonly volumes?: readonly Volume[];
  readonly encryptionByDefault?: boolean;
  readonly defaultKey?: string;
  readonly images?: readonly (Image & { readonly permissions?: LaunchPermission[] })[];
  readonly keys?: { readonly [id: string]: Key };
  readonly snapshots?: readonly (Snapshot & { readonly permissions?: CreateVolumePermission[] })[];
  /** So many, or with what is said of each. */
  readonly groups?: number | readonly Partial<AutoScalingGroup>[];
  /** Absent means running instances with their roots at /dev/xvda, for all that volumes are attached to. */
  readonly instances?: readonly Instance[];
  /** The state in which a fresh copy is shown. */
  readonly copyState?: 'available' | 'creating' | 'error';
  /** Errors that a call throws instead of answering, by operation. */
  readonly refuses?: { readonly [operation: string]: Error };
}

/** An EC2, KMS and Auto Scaling that remember what they were told, on mocked clients. */
export function volumesWorld(account: Account = {}): World & { readonly volumes: Volume[] } {
  const volumes: Volume[] = structuredClone([...(account.volumes ?? [])]);
  const copies = new Map<string, { readonly id: string | undefined; readonly input: string }>();
  let isOn = account.encryptionByDefault ?? false;
  let key = account.defaultKey ?? 'alias/aws/ebs';
  const keys: { readonly [id: string]: Key } = { 'alias/aws/ebs': { Arn: MANAGED_KEY, KeyManager: 'AWS' as const }, ...account.keys };
  const ec2 = mockClient(EC2Client);
  const kms = mockClient(KMSClient);
  const autoScaling = mockClient(AutoScalingClient);
  const answer: Answer = (operation, make) => async (input) => {
    const refusal = account.refuses?.[operation];
    if (refusal) throw refusal;
    return make(input);
  };
  const turn = (on: boolean) => {
    isOn = on;
    return { EbsEncryptionByDefault: isOn };
  };
  const { groups: asked = 0 } = account;
  const groups = typeof asked === 'number' ? Array.from({ length: asked }, (_, n) => ({ AutoScalingGroupName: `group-${n}` })) : [...asked];
  const tagsOf = (input: { Tags?: Tag[] | undefined }) => input.Tags ?? [];

  ec2.on(DescribeVolumesCommand).callsFake(
    answer('DescribeVolumes', ({ Filters = [] }: DescribeVolumesCommand['input']) => ({
      Volumes: structuredClone(
        volumes.filter((volume) => Filters.every(({ Name = '', Values = [] }) => Values.some((value) => matches(volume, Name, value)))),
      ),
    })),
  );
  ec2
    .on(DescribeInstancesCommand)
    .callsFake(
      answer('DescribeInstances', () => ({ Reservations: [{ Instances: [...(account.instances ?? volumes.flatMap(instancesOf))] }] })),
    );
  ec2.on(CopyVolumesCommand).callsFake(
    answer('CopyVolumes', (input: CopyVolumesCommand['input']) => {
      const source = volumes.find(({ VolumeId }) => VolumeId === input.SourceVolumeId);
      if (!source) throw awsError('InvalidVolume.NotFound', `The volume '${input.SourceVolumeId}' does not exist.`);
      const token = input.ClientToken ?? '';
      const earlier = copies.get(token);
      if (earlier && earlier.input !== JSON.stringify(input))
        throw awsError('IdempotentParameterMismatch', 'The client token was used with other parameters.');
      const known = earlier && volumes.find(({ VolumeId }) => VolumeId === earlier.id);
      if (known) return { Volumes: [known] };
      const copy: Volume = {
        VolumeId: `vol-copy${copies.size + 1}`,
        SourceVolumeId: input.SourceVolumeId,
        Encrypted: input.Encrypted ?? false,
        KmsKeyId: keys[input.KmsKeyId ?? key]?.Arn ?? input.KmsKeyId ?? key,
        Size: source.Size,
        AvailabilityZone: source.AvailabilityZone,
        VolumeType: input.VolumeType ?? 'gp2',
        State: account.copyState ?? 'available',
        Attachments: [],
        Tags: input.TagSpecifications?.[0]?.Tags ?? [],
      };
      copies.set(token, { id: copy.VolumeId, input: JSON.stringify(input) });
      volumes.push(copy);
      return { Volumes: [copy] };
    }),
  );
  ec2.on(CreateTagsCommand).callsFake(
    answer('CreateTags', (input: CreateTagsCommand['input']) => {
      for (const id of input.Resources ?? []) {
        const volume = volumes.find(({ VolumeId }) => VolumeId === id);
        if (!volume) throw awsError('InvalidVolume.NotFound', `The volume '${id}' does not exist.`);
        volume.Tags = [...(volume.Tags ?? []).filter(({ Key }) => !tagsOf(input).some((tag) => tag.Key === Key)), ...tagsOf(input)];
      }
      return {};
    }),
  );
  ec2.on(GetEbsEncryptionByDefaultCommand).callsFake(answer('GetEbsEncryptionByDefault', () => ({ EbsEncryptionByDefault: isOn })));
  ec2.on(GetEbsDefaultKmsKeyIdCommand).callsFake(answer('GetEbsDefaultKmsKeyId', () => ({ KmsKeyId: key })));
  ec2.on(EnableEbsEncryptionByDefaultCommand).callsFake(answer('EnableEbsEncryptionByDefault', () => turn(true)));
  ec2.on(DisableEbsEncryptionByDefaultCommand).callsFake(answer('DisableEbsEncryptionByDefault', () => turn(false)));
  // AWS shows the default key as an ARN, whatever form it was given in
  const setKey = (id: string | undefined) => {
    key = account.keys?.[id ?? '']?.Arn ?? id ?? key;
    return { KmsKeyId: key };
  };
  ec2
    .on(ModifyEbsDefaultKmsKeyIdCommand)
    .callsFake(answer('ModifyEbsDefaultKmsKeyId', ({ KmsKeyId }: ModifyEbsDefaultKmsKeyIdCommand['input']) => setKey(KmsKeyId)));
  ec2.on(ResetEbsDefaultKmsKeyIdCommand).callsFake(answer('ResetEbsDefaultKmsKeyId', () => setKey('alias/aws/ebs')));
  ec2.on(DescribeImagesCommand).callsFake(answer('DescribeImages', () => ({ Images: [...(account.images ?? [])] })));
  ec2.on(DescribeImageAttributeCommand).callsFake(
    answer('DescribeImageAttribute', ({ ImageId }: DescribeImageAttributeCommand['input']) => ({
      ImageId,
      LaunchPermissions: account.images?.find((image) => image.ImageId === ImageId)?.permissions ?? [],
    })),
  );
  ec2.on(DescribeSnapshotsCommand).callsFake(
    answer('DescribeSnapshots', ({ Filters = [] }: DescribeSnapshotsCommand['input']) => ({
      Snapshots: (account.snapshots ?? []).filter(({ Encrypted = false }) =>
        Filters.every(({ Name, Values }) => Name === 'encrypted' && Values?.includes(String(Encrypted))),
      ),
    })),
  );
  ec2.on(DescribeSnapshotAttributeCommand).callsFake(
    answer('DescribeSnapshotAttribute', ({ SnapshotId }: DescribeSnapshotAttributeCommand['input']) => {
      const found = account.snapshots?.find((one) => one.SnapshotId === SnapshotId);
      if (found?.State === 'error') throw awsError('InvalidSnapshot.NotFound', `The snapshot '${SnapshotId}' does not exist.`);
      return { SnapshotId, CreateVolumePermissions: found?.permissions ?? [] };
    }),
  );
  const cloudTrail = mockLaunchers(ec2, account, answer);
  mockKms(kms, keys, answer);
  autoScaling.on(DescribeAutoScalingGroupsCommand).callsFake(
    answer('DescribeAutoScalingGroups', () => ({
      AutoScalingGroups: groups as AutoScalingGroup[],
    })),
  );
  return {
    volumes,
    send: sendWith({
      ec2: () => new EC2Client({}),
      kms: () => new KMSClient({}),
      autoscaling: () => new AutoScalingClient({}),
      cloudtrail: () => new CloudTrailClient({}),
    }),
    restore: () => [ec2, kms, autoScaling, cloudTrail].forEach((mock) => void mock.restore()),
  };
}

function instancesOf({ Attachments = [] }: Volume): Instance[] {
  return Attachments.map(({ InstanceId = '' }) => ({ InstanceId, RootDeviceName: '/dev/xvda', State: { Name: 'running' } }));
}

function matches(volume: Volume, name: string, value: string): boolean {
  if (name === 'volume-id') return volume.VolumeId === value;
  if (name === 'encrypted') return String(volume.Encrypted) === value;
  if (name === 'attachment.instance-id') return volume.Attachments?.some(({ InstanceId }) => InstanceId === value) ?? false;
  if (name.startsWith('tag:')) return volume.Tags?.some(({ Key, Value }) => `tag:${Key}` === name && Value === value) ?? false;
  throw new Error(`this world knows no filter ${name}`);
}
