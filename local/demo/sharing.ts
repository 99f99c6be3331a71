import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeImageAttributeCommand,
  DescribeSnapshotAttributeCommand,
  EC2Client,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateDistributionConfigurationCommand,
  GetDistributionConfigurationCommand,
  ImagebuilderClient,
  type ImagebuilderClientConfig,
} from '@aws-sdk/client-imagebuilder';
import type { LocalCloud } from '../cloud.ts';
import { stringAt } from '../json.ts';
import { redress } from './redress.ts';
import type { Step } from './step.ts';

const TERRAFORM = 'HashiCorp/1.0 Terraform/1.13.4 terraform-provider-aws/6.20.0';
/** An account that one snapshot is shared with by its id. */
const PARTNER = '444455556666';

/** The scenes of what everybody may read: found at once, private as soon as a person approves, and public again where one is undone. */
export function sharingSteps(cloud: LocalCloud, client: ImagebuilderClientConfig): Step[] {
  const dana = new EC2Client(client);
  const builder = new ImagebuilderClient(client);
  const terraform = new EC2Client({ ...client, customUserAgent: TERRAFORM });
  let [snapshot, managed, image, distribution] = ['', '', '', ''];

  const latest = (id: string) => cloud.findings().findLast((one) => stringAt(one, 'resource', 'id') === id && isSharing(one));
  const isSharing = (one: Parameters<typeof stringAt>[0]) => /^(snapshot|image|distribution)-private$/.test(stringAt(one, 'control') ?? '');
  const is = (id: string, status: string) => stringAt(latest(id), 'status') === status;
  const findingOf = (id: string) => stringAt(latest(id), 'id') ?? '';
  const sharedWith = async (SnapshotId: string) => {
    const asked = new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' });
    const { CreateVolumePermissions = [] } = await dana.send(asked);
    return CreateVolumePermissions.map(({ Group, UserId }) => Group ?? UserId ?? '').sort();
  };
  const launchable = async () => {
    const { LaunchPermissions = [] } = await dana.send(
      new DescribeImageAttributeCommand({ ImageId: image, Attribute: 'launchPermission' }),
    );
    return LaunchPermissions.some(({ Group }) => Group === 'all');
  };
  const publishes = async () => {
    const { distributionConfiguration } = await builder.send(
      new GetDistributionConfigurationCommand({ distributionConfigurationArn: distribution }),
    );
    const [first] = distributionConfiguration?.distributions ?? [];
    return (first?.amiDistributionConfiguration?.launchPermission?.userGroups ?? []).length > 0;
  };
  const published = async (ec2: EC2Client) => {
    const { VolumeId } = await dana.send(new CreateVolumeCommand({ AvailabilityZone: `${cloud.region}a`, Size: 1 }));
    const { SnapshotId = '' } = await dana.send(new CreateSnapshotCommand({ VolumeId }));
    const CreateVolumePermission = { Add: [{ Group: 'all' as const }, { UserId: PARTNER }] };
    await ec2.send(new ModifySnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission', CreateVolumePermission }));
    return SnapshotId;
  };

  return [
    {
      title: 'Snapshots and an image for everybody, and a pipeline that would publish more',
      async act() {
        snapshot = await published(dana);
        managed = await published(terraform);
        image = (await dana.send(new RegisterImageCommand({ Name: 'shop-base', RootDeviceName: '/dev/xvda' }))).ImageId ?? '';
        await dana.send(new ModifyImageAttributeCommand({ ImageId: image, LaunchPermission: { Add: [{ Group: 'all' }] } }));
        const amiDistributionConfiguration = { launchPermission: { userGroups: ['all'] } };
        const distributions = [{ region: cloud.region, amiDistributionConfiguration }];
        const made = await builder.send(new CreateDistributionConfigurationCommand({ name: 'shop-images', distributions }));
        distribution = made.distributionConfigurationArn ?? '';
        return [
          { who: 'dana', call: 'ec2:ModifySnapshotAttribute', made: `${snapshot} is public, and shared with ${PARTNER}` },
          { who: 'Terraform', call: 'ec2:ModifySnapshotAttribute', made: `${managed} is public too` },
          { who: 'dana', call: 'ec2:ModifyImageAttribute', made: `${image} is public` },
          { who: 'dana', call: 'imagebuilder:CreateDistributionConfiguration', made: 'shop-images shares what is built with everybody' },
        ];
      },
      expectations: () => [
        {
          says: 'each of them waits for a person, as a critical finding where nothing hides it',
          holds: () => [snapshot, managed, image, distribution].every((id) => is(id, 'awaiting-approval')),
        },
      ],
    },
    {
      title: 'A person approves, and takes one back',
      async act() {
        const approved = [snapshot, managed, image, distribution].map(findingOf);
        for (const id of approved) await redress(cloud, 'fix', id, '--yes');
        await redress(cloud, 'undo', findingOf(managed), '--yes');
        return [
          ...approved.map((made) => ({ who: 'dana', call: 'redress fix', made })),
          { who: 'dana', call: 'redress undo', made: findingOf(managed) },
        ];
      },
      expectations: () => [
        {
          says: 'the snapshot is private, and the account that it is shared with by id keeps it',
          holds: async () => is(snapshot, 'fixed') && (await sharedWith(snapshot)).join() === PARTNER,
        },
        { says: 'the next images are private too', holds: async () => is(distribution, 'fixed') && !(await publishes()) },
        { says: 'the image is private', holds: async () => is(image, 'fixed') && !(await launchable()) },
        {
          says: 'what was undone is public again, as it was',
          holds: async () => is(managed, 'undone') && (await sharedWith(managed)).join() === `${PARTNER},all`,
        },
      ],
    },
  ];
}
