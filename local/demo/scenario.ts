import {
  CreateVolumeCommand,
  DescribeVolumesCommand,
  DisableEbsEncryptionByDefaultCommand,
  EC2Client,
  GetEbsEncryptionByDefaultCommand,
  RegisterImageCommand,
  RunInstancesCommand,
  type Tag,
  type Volume,
} from '@aws-sdk/client-ec2';
import type { LocalCloud } from '../cloud.ts';
import { stringAt } from '../json.ts';
import { documentStep } from './documents.ts';
import { launchStep } from './launches.ts';
import { networkStep } from './network.ts';
import { parameterStep } from './parameters.ts';
import { redress } from './redress.ts';
import { sharingSteps } from './sharing.ts';
import type { Step } from './step.ts';
import { tagStep } from './tags.ts';
import { trailStep } from './trails.ts';

/** Longer than the queue's batching window of 1 s, so that an invocation would show. */
const QUIET_MS = 1800;

const name: Tag = { Key: 'Name', Value: 'orders-db' };

/** The scenes, in order: an ordinary user with an AWS SDK, against an endpoint that stands for AWS. */
export function scenario(cloud: LocalCloud): readonly Step[] {
  const settings = { endpoint: cloud.endpoint, region: cloud.region, credentials: credentialsOf(cloud) };
  const dana = new EC2Client(settings);
  const terraform = new EC2Client({ ...settings, customUserAgent: 'HashiCorp/1.0 Terraform/1.13.4 terraform-provider-aws/6.20.0' });
  const zone = `${cloud.region}a`;
  let volume: Volume = {};
  let managed = '';
  let instance = '';
  let calm = 0;
  let quiet = 0;
  let firstFix = '';

  const statusOf = (control: string, resource: string) =>
    cloud.findings().findLast((one) => stringAt(one, 'control') === control && stringAt(one, 'resource', 'id') === resource);
  const is = (control: string, resource: string, status: string) => stringAt(statusOf(control, resource), 'status') === status;
  const isOn = async () => (await dana.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault === true;
  const volumes = async () => (await dana.send(new DescribeVolumesCommand({}))).Volumes ?? [];
  const invocations = () => cloud.invocations()['redress-volumes'] ?? 0;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const tagOf = ({ Tags }: Volume, key: string) => Tags?.find(({ Key }) => Key === key)?.Value;

  return [
    {
      title: 'A new account, and three ways to an unencrypted volume',
      async act() {
        volume = await dana.send(
          new CreateVolumeCommand({
            AvailabilityZone: zone,
            Size: 20,
            VolumeType: 'gp3',
            Iops: 4000,
            Throughput: 250,
            TagSpecifications: [{ ResourceType: 'volume', Tags: [name] }],
          }),
        );
        managed = (await terraform.send(new CreateVolumeCommand({ AvailabilityZone: zone, Size: 8, VolumeType: 'gp3' }))).VolumeId ?? '';
        const { ImageId } = await dana.send(
          new RegisterImageCommand({ Name: 'golden', RootDeviceName: '/dev/xvda', Architecture: 'arm64' }),
        );
        const { Instances } = await dana.send(new RunInstancesCommand({ ImageId, MinCount: 1, MaxCount: 1, InstanceType: 't4g.nano' }));
        instance = Instances?.[0]?.InstanceId ?? '';
        return [
          { who: 'dana', call: 'ec2:CreateVolume', made: volume.VolumeId ?? '' },
          { who: 'Terraform', call: 'ec2:CreateVolume', made: managed },
          { who: 'dana', call: 'ec2:RunInstances', made: instance },
        ];
      },
      expectations: () => [
        {
          says: 'EBS encryption by default is turned on',
          holds: async () => (await isOn()) && is('ebs-default-encryption', cloud.account, 'fixed'),
        },
        {
          says: 'the free volume is replaced by an equal, encrypted one',
          holds: async () => {
            const copy = (await volumes()).find(({ SourceVolumeId }) => SourceVolumeId === volume.VolumeId);
            const isEqual =
              copy?.Encrypted === true &&
              copy.VolumeType === 'gp3' &&
              copy.Size === 20 &&
              copy.Iops === 4000 &&
              copy.Throughput === 250 &&
              tagOf(copy, 'Name') === name.Value;
            return isEqual && is('volume-encrypted', volume.VolumeId ?? '', 'superseded');
          },
        },
        {
          says: 'the original is tagged and kept',
          holds: async () =>
            (await volumes()).some((one) => one.VolumeId === volume.VolumeId && tagOf(one, 'redress:superseded-by') !== undefined),
        },
        {
          says: "what only claims to be Terraform's waits for a person, with the line to change",
          holds: () => is('volume-encrypted', managed, 'awaiting-approval'),
        },
        {
          says: 'the running instance is not touched; its volume has a finding',
          holds: async () => {
            const root = (await volumes()).find(({ Attachments }) => Attachments?.some(({ InstanceId }) => InstanceId === instance));
            return root?.VolumeId !== undefined && is('volume-encrypted', root.VolumeId, 'open');
          },
        },
      ],
    },
    {
      title: 'Harmless calls invoke no function',
      async act() {
        // what the first scene set off (delayed looks, late alerts) has to be over before anything is counted
        do {
          calm = invocations();
          await pause(QUIET_MS);
        } while (invocations() !== calm);
        await dana.send(new CreateVolumeCommand({ AvailabilityZone: zone, Size: 8, DryRun: true })).catch(() => undefined);
        await dana.send(new CreateVolumeCommand({ AvailabilityZone: zone, SnapshotId: 'snap-0123456789abcdef0' })).catch(() => undefined);
        await pause(QUIET_MS);
        quiet = invocations();
        const made = await dana.send(new CreateVolumeCommand({ AvailabilityZone: zone, Size: 8 }));
        volume = made;
        return [
          { who: 'dana', call: 'ec2:CreateVolume', made: '(a dry run)' },
          { who: 'dana', call: 'ec2:CreateVolume', made: '(a failed call)' },
          { who: 'dana', call: 'ec2:CreateVolume', made: made.VolumeId ?? '' },
        ];
      },
      expectations: () => [
        { says: 'dry runs and failed calls invoked no function', holds: () => quiet === calm },
        { says: 'AWS itself encrypts the new volume now', holds: () => volume.Encrypted === true },
        {
          says: 'one run wrote its owner, and no other control looked at it',
          holds: () =>
            is('volume-owner-tag', volume.VolumeId ?? '', 'fixed') &&
            invocations() === calm + 1 &&
            !cloud
              .findings()
              .some((one) => stringAt(one, 'resource', 'id') === volume.VolumeId && stringAt(one, 'control') !== 'volume-owner-tag'),
        },
      ],
    },
    {
      title: 'Somebody turns encryption by default off',
      async act() {
        firstFix = stringAt(statusOf('ebs-default-encryption', cloud.account), 'id') ?? '';
        await dana.send(new DisableEbsEncryptionByDefaultCommand({}));
        return [{ who: 'dana', call: 'ec2:DisableEbsEncryptionByDefault', made: '' }];
      },
      expectations: () => [
        {
          says: 'it is on again, as a finding of its own',
          holds: async () => {
            const latest = statusOf('ebs-default-encryption', cloud.account);
            return (await isOn()) && stringAt(latest, 'id') !== firstFix && stringAt(latest, 'status') === 'fixed';
          },
        },
      ],
    },
    parameterStep(cloud, settings),
    tagStep(cloud, settings),
    networkStep(cloud, settings),
    documentStep(cloud, settings),
    {
      title: 'A person undoes the fix',
      async act() {
        const id = stringAt(statusOf('ebs-default-encryption', cloud.account), 'id') ?? '';
        await redress(cloud, 'undo', id, '--yes');
        volume = await dana.send(new CreateVolumeCommand({ AvailabilityZone: zone, Size: 8, VolumeType: 'gp3' }));
        return [
          { who: 'dana', call: 'redress undo', made: id },
          { who: 'dana', call: 'ec2:CreateVolume', made: 'to see whether Redress fixes it right back' },
        ];
      },
      expectations: () => [
        {
          says: 'the previous state is back, and the finding says who asked for it',
          holds: () => cloud.findings().some((one) => stringAt(one, 'status') === 'undone' && stringAt(one, 'order', 'by') !== undefined),
        },
        {
          says: 'it stays so: the account is exempt for 7 days',
          holds: async () => is('ebs-default-encryption', cloud.account, 'exempt') && !(await isOn()),
        },
        {
          says: 'the exemption is of that finding only: the new volume is replaced',
          holds: () => is('volume-encrypted', volume.VolumeId ?? '', 'superseded'),
        },
      ],
    },
    // an encrypted snapshot cannot be public
    ...sharingSteps(cloud, settings),
    launchStep(cloud, settings),
    trailStep(cloud, settings),
  ];
}

function credentialsOf({ env }: LocalCloud) {
  return { accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '' };
}
