import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  paginateDescribeAutoScalingGroups,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateVolumeCommand,
  DisableEbsEncryptionByDefaultCommand,
  EC2Client,
  type EC2ClientConfig,
  type LaunchTemplateVersion,
  paginateDescribeInstances,
  paginateDescribeLaunchTemplates,
  paginateDescribeLaunchTemplateVersions,
  paginateDescribeVolumes,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetParameterHistoryCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Status } from '#shared/finding/finding.ts';
import { DEMO_SECRET } from '../../local/demo/secret.ts';

/** What the storm makes things with, and an image that launches name. */
export class Account {
  readonly ec2: EC2Client;
  readonly scaling: AutoScalingClient;
  readonly ssm: SSMClient;
  readonly id: string;
  image = '';

  constructor(id: string, settings: EC2ClientConfig) {
    this.id = id;
    this.ec2 = new EC2Client(settings);
    this.scaling = new AutoScalingClient(settings);
    this.ssm = new SSMClient(settings);
  }
}

/** How a resource stands in the end: whether it is as it should be, and how much more often than once Redress did it. */
export interface End {
  readonly isRight: boolean;
  readonly twice: number;
}

/** One sort of creation. */
export interface Sort {
  /** The noun of its kind. */
  readonly kind: string;
  readonly control: string;
  /** Where its finding ends. */
  readonly status: Status;
  /** How many of a hundred creations are of this sort. */
  readonly weight: number;
  /** Makes one as a user would; answers its id. */
  make(account: Account, name: string): Promise<string>;
  /** How all of them stand; absent where a finding is all that is to come. */
  ends?(account: Account, ids: readonly string[]): Promise<ReadonlyMap<string, End>>;
}

const small = { AvailabilityZone: 'us-east-1a', Size: 1 };
const empty = { MinSize: 0, MaxSize: 1, DesiredCapacity: 0, AvailabilityZones: ['us-east-1a'] };
const plain = { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8, Encrypted: false } }] };

/** Every kind has its sort here (`test/bench/storm.test.ts`). */
export const sorts: readonly Sort[] = [
  {
    kind: 'volume',
    control: 'volume-encrypted',
    status: 'superseded',
    weight: 34,
    make: async ({ ec2 }) => (await ec2.send(new CreateVolumeCommand(small))).VolumeId ?? '',
    async ends({ ec2 }, ids) {
      const all = await gathered(paginateDescribeVolumes({ client: ec2 }, {}), ({ Volumes }) => Volumes);
      return judged(ids, (id) => {
        const copies = all.filter(({ SourceVolumeId }) => SourceVolumeId === id);
        const mark = all.find(({ VolumeId }) => VolumeId === id)?.Tags?.find(({ Key }) => Key === 'redress:superseded-by')?.Value;
        return { isRight: copies.some(({ VolumeId, Encrypted }) => VolumeId === mark && Encrypted), twice: copies.length - 1 };
      });
    },
  },
  {
    kind: 'parameter',
    control: 'parameter-secure',
    status: 'fixed',
    weight: 24,
    async make({ ssm }, name) {
      const Name = `/storm/${name}/payment-key`;
      await ssm.send(new PutParameterCommand({ Name, Value: DEMO_SECRET, Type: 'String' }));
      return Name;
    },
    async ends({ ssm }, ids) {
      const ends = new Map<string, End>();
      for (const Name of ids) {
        const { Parameters = [] } = await ssm.send(new GetParameterHistoryCommand({ Name, WithDecryption: true }));
        const last = Parameters.at(-1);
        ends.set(Name, { isRight: last?.Type === 'SecureString' && last.Value === DEMO_SECRET, twice: Parameters.length - 2 });
      }
      return ends;
    },
  },
  {
    kind: 'launch-template',
    control: 'launch-template-encrypted',
    // a new version is added, and nobody launches from it before somebody chooses so
    status: 'superseded',
    weight: 12,
    make: template,
    async ends(account, ids) {
      const versions = await versionsOf(account);
      return judged(ids, (id) => {
        const own = versions.filter(({ LaunchTemplateId }) => LaunchTemplateId === id);
        return { isRight: own.some(isEncrypted), twice: own.length - 2 };
      });
    },
  },
  {
    kind: 'auto-scaling-group',
    control: 'auto-scaling-group-encrypted',
    status: 'fixed',
    weight: 10,
    async make(account, name) {
      const LaunchTemplate = { LaunchTemplateId: await template(account, `of-${name}`), Version: '1' };
      await account.scaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName: name, LaunchTemplate, ...empty }));
      return name;
    },
    async ends(account, ids) {
      const versions = await versionsOf(account);
      const groups = await gathered(
        paginateDescribeAutoScalingGroups({ client: account.scaling }, {}),
        ({ AutoScalingGroups }) => AutoScalingGroups,
      );
      return judged(ids, (id) => {
        const launched = groups.find(({ AutoScalingGroupName }) => AutoScalingGroupName === id)?.LaunchTemplate;
        const own = versions.filter(({ LaunchTemplateId }) => LaunchTemplateId === launched?.LaunchTemplateId);
        const used = own.find(({ VersionNumber }) => String(VersionNumber) === launched?.Version);
        return { isRight: used !== undefined && isEncrypted(used), twice: own.length - 2 };
      });
    },
  },
  {
    kind: 'launch-configuration',
    control: 'launch-configuration-encrypted',
    status: 'awaiting-approval',
    weight: 6,
    async make({ scaling, image }, name) {
      const launch = { ImageId: image, InstanceType: 't3.micro', ...plain };
      await scaling.send(new CreateLaunchConfigurationCommand({ LaunchConfigurationName: name, ...launch }));
      // of one that no group uses nothing is to be fixed
      await scaling.send(
        new CreateAutoScalingGroupCommand({ AutoScalingGroupName: `of-${name}`, LaunchConfigurationName: name, ...empty }),
      );
      return name;
    },
  },
  {
    kind: 'instance',
    control: 'instance-owner-tag',
    status: 'fixed',
    weight: 12,
    async make({ ec2, image }) {
      const { Instances } = await ec2.send(new RunInstancesCommand({ ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }));
      return Instances?.[0]?.InstanceId ?? '';
    },
    async ends({ ec2 }, ids) {
      const found = await gathered(paginateDescribeInstances({ client: ec2 }, {}), ({ Reservations }) =>
        Reservations?.flatMap(({ Instances }) => Instances ?? []),
      );
      return judged(ids, (id) => {
        const tags = found.find(({ InstanceId }) => InstanceId === id)?.Tags ?? [];
        return { isRight: tags.some(({ Key, Value }) => Key === 'created:owner' && Value === 'dana'), twice: 0 };
      });
    },
  },
  {
    kind: 'ebs-default-encryption',
    control: 'ebs-default-encryption',
    status: 'would-fix',
    weight: 2,
    async make({ ec2, id }) {
      await ec2.send(new DisableEbsEncryptionByDefaultCommand({}));
      return id;
    },
  },
];

async function template({ ec2, image }: Account, name: string): Promise<string> {
  // every second one launches what its image says
  const data = { ImageId: image, InstanceType: 't3.micro', ...(/[02468]$/.test(name) && plain) } as const;
  const made = await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: name, LaunchTemplateData: data }));
  return made.LaunchTemplate?.LaunchTemplateId ?? '';
}

async function versionsOf({ ec2 }: Account): Promise<LaunchTemplateVersion[]> {
  const templates = await gathered(paginateDescribeLaunchTemplates({ client: ec2 }, {}), ({ LaunchTemplates }) => LaunchTemplates);
  const versions: LaunchTemplateVersion[] = [];
  for (const { LaunchTemplateId } of templates) {
    const pages = paginateDescribeLaunchTemplateVersions({ client: ec2 }, { LaunchTemplateId });
    versions.push(...(await gathered(pages, ({ LaunchTemplateVersions }) => LaunchTemplateVersions)));
  }
  return versions;
}

function isEncrypted({ LaunchTemplateData }: LaunchTemplateVersion): boolean {
  const devices = LaunchTemplateData?.BlockDeviceMappings ?? [];
  return devices.length > 0 && devices.every(({ Ebs }) => Ebs?.Encrypted === true);
}

function judged(ids: readonly string[], end: (id: string) => End): ReadonlyMap<string, End> {
  return new Map(ids.map((id) => [id, end(id)]));
}

async function gathered<Page, One>(pages: AsyncIterable<Page>, of: (page: Page) => One[] | undefined): Promise<One[]> {
  const all: One[] = [];
  for await (const page of pages) all.push(...(of(page) ?? []));
  return all;
}
