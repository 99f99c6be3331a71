import {
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  paginateDescribeAutoScalingGroups,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  type LaunchTemplateVersion,
  paginateDescribeLaunchTemplates,
  paginateDescribeLaunchTemplateVersions,
} from '@aws-sdk/client-ec2';
import { type Account, gathered, judged, type Sort } from './sort.ts';

const empty = { MinSize: 0, MaxSize: 1, DesiredCapacity: 0, AvailabilityZones: ['us-east-1a'] };
const plain = { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8, Encrypted: false } }] };

/** What the storm makes of this. */
export const launches: readonly Sort[] = [
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
