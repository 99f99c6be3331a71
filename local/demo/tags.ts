import {
  CreateVolumeCommand,
  DescribeVolumesCommand,
  EC2Client,
  RegisterImageCommand,
  RunInstancesCommand,
  type Tag,
  type TagSpecification,
} from '@aws-sdk/client-ec2';
import { ListTagsForResourceCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { LocalCloud } from '../cloud.ts';
import { stringAt } from '../json.ts';
import type { Step } from './step.ts';

/** An address made up here. */
const ADDRESS = 'anna.berg@example.com';
const OWNER = 'created:owner';

/** The scene of the tags: an owner on everything, an instance's volumes inherit, and an address in a Name is found and not repeated. */
export function tagStep(cloud: LocalCloud, client: ConstructorParameters<typeof EC2Client>[0]): Step {
  const ec2 = new EC2Client(client ?? {});
  const ssm = new SSMClient({ ...client });
  const zone = `${cloud.region}a`;
  const parameter = '/shop/region';
  let volume = '';
  let instance = '';
  const tagOf = (tags: readonly Tag[] | undefined, key: string) => tags?.find(({ Key }) => Key === key)?.Value;
  const volumes = async () => (await ec2.send(new DescribeVolumesCommand({}))).Volumes ?? [];
  const is = (control: string, id: string, status: string) =>
    cloud
      .findings()
      .some((one) => stringAt(one, 'control') === control && stringAt(one, 'resource', 'id') === id && stringAt(one, 'status') === status);

  return {
    title: 'An owner tag on everything, and no sensitive data in a tag',
    async act() {
      const named: TagSpecification = { ResourceType: 'volume', Tags: [{ Key: 'Name', Value: `disk of ${ADDRESS}` }] };
      const made = await ec2.send(
        new CreateVolumeCommand({ AvailabilityZone: zone, Size: 8, Encrypted: true, TagSpecifications: [named] }),
      );
      volume = made.VolumeId ?? '';
      await ssm.send(new PutParameterCommand({ Name: parameter, Value: cloud.region, Type: 'String' }));
      const { ImageId } = await ec2.send(new RegisterImageCommand({ Name: 'shop', RootDeviceName: '/dev/xvda', Architecture: 'arm64' }));
      const { Instances } = await ec2.send(
        new RunInstancesCommand({
          ImageId,
          MinCount: 1,
          MaxCount: 1,
          InstanceType: 't4g.nano',
          TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: OWNER, Value: 'team-shop' }] }],
        }),
      );
      instance = Instances?.[0]?.InstanceId ?? '';
      return [
        { who: 'dana', call: 'ec2:CreateVolume', made: `${volume} (with an e-mail address in its Name)` },
        { who: 'dana', call: 'ssm:PutParameter', made: parameter },
        { who: 'dana', call: 'ec2:RunInstances', made: `${instance} (tagged as team-shop's)` },
      ];
    },
    expectations: () => [
      {
        says: 'the volume has its owner tag',
        holds: async () =>
          tagOf((await volumes()).find(({ VolumeId }) => VolumeId === volume)?.Tags, OWNER) === 'dana' &&
          is('volume-owner-tag', volume, 'fixed'),
      },
      {
        says: 'so does the parameter',
        holds: async () => {
          const { TagList } = await ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: parameter }));
          return tagOf(TagList, OWNER) === 'dana' && is('parameter-owner-tag', parameter, 'fixed');
        },
      },
      {
        says: "the instance's volume has the instance's owner, which a person set",
        holds: async () => {
          const root = (await volumes()).find(({ Attachments }) => Attachments?.some(({ InstanceId }) => InstanceId === instance));
          return tagOf(root?.Tags, OWNER) === 'team-shop' && is('volume-owner-tag', root?.VolumeId ?? '', 'fixed');
        },
      },
      {
        says: 'the address in the Name is found, and no finding repeats it',
        holds: () => is('volume-sensitive-tags', volume, 'would-fix') && !JSON.stringify(cloud.announcements()).includes(ADDRESS),
      },
    ],
  };
}
