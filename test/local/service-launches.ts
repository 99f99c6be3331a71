import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { EC2 } from '@aws-sdk/client-ec2';
import { type Credentials, STS } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { LocalCloud } from '../../local/cloud.ts';
import { at, stringAt } from '../../local/json.ts';
import { userCredentials } from '../../local/trail/callers.ts';
import { patience } from '../support/patience.ts';
import { client } from './calls.ts';

const zones = ['us-east-1a'];
const of = (service: string, role: string) => ({
  by: service,
  under: `arn:aws:iam::123456789012:role/aws-service-role/${service}/${role}`,
  from: [service, service],
  isUsersKey: false,
});

/** What is recorded of the launches that a running cloud's services make. */
export function describeServiceLaunches(running: () => LocalCloud): void {
  let cloud: LocalCloud;
  let scaling: AutoScaling;
  let ec2: EC2;
  let imageId: string;
  let launchTemplate: string;

  beforeAll(async () => {
    cloud = running();
    scaling = new AutoScaling(client(cloud.endpoint));
    ec2 = new EC2(client(cloud.endpoint));
    imageId = (await ec2.registerImage({ Name: 'launched', RootDeviceName: '/dev/xvda' })).ImageId ?? '';
    const LaunchTemplateData = { ImageId: imageId, InstanceType: 't3.micro' as const };
    const made = await ec2.createLaunchTemplate({ LaunchTemplateName: 'launched', LaunchTemplateData });
    launchTemplate = made.LaunchTemplate?.LaunchTemplateId ?? '';
  });

  /** The launches that were recorded, each as who made it and what. */
  const launches = () =>
    cloud
      .records()
      .filter(({ eventName }) => eventName === 'RunInstances')
      .map((record) => ({
        by: stringAt(record, 'userIdentity', 'invokedBy'),
        under: stringAt(record, 'userIdentity', 'sessionContext', 'sessionIssuer', 'arn') ?? stringAt(record, 'userIdentity', 'arn'),
        from: [record['sourceIPAddress'], record['userAgent']],
        isUsersKey: stringAt(record, 'userIdentity', 'accessKeyId') === userCredentials.accessKeyId,
        instances: at(record, 'responseElements', 'instancesSet', 'items'),
      }));

  /** What launches are recorded because of a call. */
  async function launchedBy(call: () => Promise<unknown>, count = 1) {
    const before = launches().length;
    await call();
    await vi.waitFor(() => expect(launches()).toHaveLength(before + count), patience);
    return launches().slice(before);
  }

  describe('what a service launches is recorded as RunInstances by that service', () => {
    test('a group, each instance once, and none that was attached', async () => {
      const group = { AutoScalingGroupName: 'launched' };
      const LaunchTemplate = { LaunchTemplateId: launchTemplate, Version: '1' };
      const made = await launchedBy(() =>
        scaling.createAutoScalingGroup({ ...group, MinSize: 1, MaxSize: 4, AvailabilityZones: zones, LaunchTemplate }),
      );
      expect(made).toMatchObject([{ ...of('autoscaling.amazonaws.com', 'AWSServiceRoleForAutoScaling'), instances: [{}] }]);
      const more = await launchedBy(() => scaling.setDesiredCapacity({ ...group, DesiredCapacity: 2 }));
      expect(more).toHaveLength(1);
      const { Instances = [] } = await ec2.runInstances({ ImageId: imageId, MinCount: 1, MaxCount: 1 });
      const attached = await launchedBy(
        () => scaling.attachInstances({ ...group, InstanceIds: Instances.flatMap(({ InstanceId }) => InstanceId ?? []) }),
        0,
      );
      expect(attached).toEqual([]);
    });

    test('a Spot request', async () => {
      const LaunchSpecification = { ImageId: imageId, InstanceType: 't3.micro' as const };
      const made = await launchedBy(() => ec2.requestSpotInstances({ InstanceCount: 1, LaunchSpecification }));
      expect(made).toMatchObject([of('spot.amazonaws.com', 'AWSServiceRoleForEC2Spot')]);
    });

    test('a Spot fleet', async () => {
      const made = await launchedBy(() =>
        ec2.requestSpotFleet({
          SpotFleetRequestConfig: {
            IamFleetRole: 'arn:aws:iam::123456789012:role/fleet',
            TargetCapacity: 1,
            AllocationStrategy: 'lowestPrice',
            LaunchSpecifications: [{ ImageId: imageId, InstanceType: 't3.micro' }],
          },
        }),
      );
      expect(made).toMatchObject([of('spotfleet.amazonaws.com', 'AWSServiceRoleForEC2SpotFleet')]);
    });

    test.each([
      ['instant', { by: 'ec2fleet.amazonaws.com', under: 'arn:aws:iam::123456789012:user/dana', isUsersKey: true }],
      ['maintain', of('ec2fleet.amazonaws.com', 'AWSServiceRoleForEC2Fleet')],
    ] as const)('a fleet of type %s', async (Type, expected) => {
      const made = await launchedBy(() =>
        ec2.createFleet({
          Type,
          LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateId: launchTemplate, Version: '1' } }],
          TargetCapacitySpecification: { TotalTargetCapacity: 1, OnDemandTargetCapacity: 1, DefaultTargetCapacityType: 'on-demand' },
        }),
      );
      expect(made).toMatchObject([expected]);
    });

    test('encrypted, once encryption by default is on', async () => {
      await ec2.enableEbsEncryptionByDefault({});
      await scaling.updateAutoScalingGroup({ AutoScalingGroupName: 'launched', DesiredCapacity: 4 });
      const { AutoScalingGroups = [] } = await scaling.describeAutoScalingGroups({ AutoScalingGroupNames: ['launched'] });
      const ids = AutoScalingGroups.flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
      const { Volumes = [] } = await ec2.describeVolumes({ Filters: [{ Name: 'attachment.instance-id', Values: ids }] });
      expect(Volumes.map(({ Encrypted }) => Encrypted).sort()).toEqual([false, false, false, true]);
      await ec2.disableEbsEncryptionByDefault({});
    });
  });

  describe('whoever calls with temporary credentials shows as', () => {
    const sts = () => new STS(client(cloud.endpoint));
    const identityOf = async (Credentials: Credentials | undefined) => {
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
      const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
      const { VolumeId } = await new EC2({ ...client(cloud.endpoint), credentials }).createVolume({
        AvailabilityZone: 'us-east-1a',
        Size: 1,
      });
      const record = cloud.records().find((one) => at(one, 'responseElements', 'volumeId') === VolumeId);
      return at(record, 'userIdentity');
    };

    test('the role that was assumed', async () => {
      const role = { RoleArn: 'arn:aws:iam::123456789012:role/team/deploy', RoleSessionName: 'ci-17' };
      const { Credentials } = await sts().assumeRole({ ...role, SourceIdentity: 'dana' });
      expect(await identityOf(Credentials)).toMatchObject({
        type: 'AssumedRole',
        arn: 'arn:aws:sts::123456789012:assumed-role/deploy/ci-17',
        sessionContext: { sourceIdentity: 'dana', sessionIssuer: { arn: role.RoleArn } },
      });
      const plain = await sts().assumeRole(role);
      expect(at(await identityOf(plain.Credentials), 'sessionContext')).not.toHaveProperty('sourceIdentity');
      const web = await sts().assumeRoleWithWebIdentity({ ...role, WebIdentityToken: 'token' });
      expect(await identityOf(web.Credentials)).toMatchObject({ type: 'AssumedRole' });
    });

    test('the user whose session it is', async () => {
      const { Credentials } = await sts().getSessionToken({});
      expect(await identityOf(Credentials)).toMatchObject({ type: 'IAMUser', userName: 'dana' });
    });
  });
}
