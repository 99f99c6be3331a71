import { CreateLaunchTemplateVersionCommand, type RequestLaunchTemplateData, type ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import control from '../../../functions/launch-templates/controls/launch-template-encrypted.ts';
import { scheduled } from '../../fixtures/events.ts';
import { token } from '../../fixtures/secrets.ts';
import { place } from '../../harness.ts';
import { testControl } from '../../tester.ts';
import { createTemplate, createVersion, modifyTemplate } from '../launches/events.ts';
import { type Account, image, launchWorld, template } from '../launches/world.ts';

const open = image('ami-1');
const plain = { ImageId: 'ami-1', InstanceType: 't3.micro' as const };
const Encrypted = true;
const root = (Ebs: object = { Encrypted }) => ({ DeviceName: '/dev/xvda', Ebs });
const world =
  (data: ResponseLaunchTemplateData, account: Account = {}) =>
  () =>
    launchWorld({ templates: [template('lt-1', data)], images: [open], ...account });
const versions =
  (...data: Parameters<typeof template>[1][]) =>
  (more: Partial<ReturnType<typeof template>> = {}, account: Account = {}) =>
  () =>
    launchWorld({ templates: [{ ...template('lt-1', ...data), ...more }], images: [open], ...account });
const make = (data: RequestLaunchTemplateData, description = 'Redress: version 1 with encryption') =>
  new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: 'lt-1', VersionDescription: description, LaunchTemplateData: data });
const fixed = { ...plain, BlockDeviceMappings: [root()] };
const superseded =
  /^Found: Version 1, the latest and the default, launches unencrypted volumes: .* Now: Version 2 is the same as version 1, with encryption\. Version 1 is still the default: `aws ec2 modify-launch-template --launch-template-id lt-1 --default-version 2` moves it\.$/;
const key = 'arn:aws:kms:eu-west-1:111122223333:key/k1';

testControl(control, {
  valid: [
    {
      name: 'a template whose root mapping is encrypted',
      world: world({ ...plain, BlockDeviceMappings: [root()] }),
      event: createTemplate('lt-1'),
    },
    {
      name: 'a template of an encrypted AMI',
      world: world(plain, { images: [image('ami-1', { encrypted: true })] }),
      event: createTemplate('lt-1'),
    },
    {
      name: 'an unencrypted mapping, where encryption by default is on',
      world: world({ ...plain, BlockDeviceMappings: [root({ Encrypted: false })] }, { isDefaultOn: true }),
      event: createTemplate('lt-1'),
    },
    { name: 'a template that names neither AMI nor volume', world: world({ InstanceType: 't3.micro' }), event: createTemplate('lt-1') },
    {
      name: 'a template whose root was taken away',
      world: world({ ...plain, BlockDeviceMappings: [{ DeviceName: '/dev/xvda', NoDevice: '' }] }),
      event: createTemplate('lt-1'),
    },
    {
      name: 'an unencrypted default that an equal version replaced before, once that was told',
      world: versions(plain, { ...plain, BlockDeviceMappings: [root()] })(),
      event: scheduled(),
    },
    {
      name: 'an old unencrypted version that is neither default nor latest',
      world: versions(plain, fixed)({ default: 2 }),
      event: createVersion('lt-1'),
    },
  ],
  invalid: [
    {
      name: 'a template of an unencrypted AMI',
      world: world(plain),
      event: createTemplate('lt-1'),
      sends: [make(fixed)],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'a mapping over the root that keeps its size, and one for a volume of its own, under the configured key',
      world: world(
        {
          ...plain,
          BlockDeviceMappings: [
            root({ VolumeSize: 40 }),
            { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 100, VolumeType: 'io2', Iops: 3000 } },
          ],
        },
        { keys: { 'alias/ebs': { Arn: key } } },
      ),
      event: createTemplate('lt-1'),
      settings: { kmsKey: 'alias/ebs' },
      sends: [
        make({
          ...plain,
          BlockDeviceMappings: [
            root({ VolumeSize: 40, Encrypted, KmsKeyId: 'alias/ebs' }),
            { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 100, VolumeType: 'io2', Iops: 3000, Encrypted, KmsKeyId: 'alias/ebs' } },
          ],
        }),
      ],
      status: 'superseded',
      says: superseded,
    },
    {
      name: "a mapping that repeats the AMI's own snapshot, as the console writes it",
      world: world({ ...plain, BlockDeviceMappings: [root({ SnapshotId: 'snap-of-ami-1', VolumeSize: 8 })] }),
      event: createTemplate('lt-1'),
      sends: [make({ ...plain, BlockDeviceMappings: [root({ VolumeSize: 8, Encrypted })] })],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'user data that holds a secret, and all else, kept',
      world: world({ ...plain, UserData: token, MetadataOptions: { HttpTokens: 'required', State: 'applied' }, KeyName: 'ops' }),
      event: createTemplate('lt-1'),
      sends: [make({ ...fixed, MetadataOptions: { HttpTokens: 'required' }, KeyName: 'ops', UserData: token })],
      status: 'superseded',
      says: superseded,
      secret: token,
    },
    {
      name: 'an AMI that a parameter names, which goes on to name it',
      world: world({ ImageId: 'resolve:ssm:/golden' }, { parameters: { '/golden': 'ami-1' } }),
      event: createTemplate('lt-1'),
      sends: [make({ ImageId: 'resolve:ssm:/golden', BlockDeviceMappings: [root()] })],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'a new unencrypted version beside an encrypted default',
      world: versions(fixed, { ...plain, KeyName: 'ops' })(),
      event: createVersion('lt-1'),
      sends: [make({ ...fixed, KeyName: 'ops' }, 'Redress: version 2 with encryption')],
      status: 'fixed',
      says: /^Found: Version 2, the latest, launches unencrypted volumes: \/dev\/xvda, since the snapshot of ami-1 is not encrypted\. Now: /,
    },
    {
      name: 'a version of somebody else that appears while Redress makes its own, and is the latest in the end',
      world: versions(plain)(
        {},
        {
          meanwhile: {
            CreateLaunchTemplateVersion: ({ templates }) => void templates[0]?.versions.push({ data: { ...plain, KeyName: 'new' } }),
          },
        },
      ),
      event: createTemplate('lt-1'),
      sends: [make(fixed), make({ ...fixed, KeyName: 'new' }, 'Redress: version 2 with encryption')],
      status: 'superseded',
      says: /Version 3 is the same as version 1, with encryption/,
    },
    {
      name: 'an encrypted version of somebody else that appears meanwhile',
      world: versions(plain)(
        {},
        {
          meanwhile: {
            CreateLaunchTemplateVersion: ({ templates }) => void templates[0]?.versions.push({ data: { ...fixed, KeyName: 'new' } }),
          },
        },
      ),
      event: createTemplate('lt-1'),
      sends: [make(fixed), make({ ...fixed, KeyName: 'new' }, 'Redress: version 2 again')],
      status: 'superseded',
      says: /Version 3 is the same as version 1/,
    },
    {
      name: 'a template of 250 versions, page by page',
      world: () =>
        launchWorld({
          templates: [template('lt-1', ...Array.from({ length: 250 }, (_, n) => ({ ...plain, KeyName: `k${n}` })))],
          images: [open],
          pageSize: 100,
        }),
      event: createVersion('lt-1'),
      sends: [make({ ...fixed, KeyName: 'k249' }, 'Redress: version 250 with encryption')],
      status: 'superseded',
      says: /Version 251 is the same as version 250, with encryption/,
    },
    {
      name: 'a mapping with an unencrypted snapshot of its own',
      world: world(
        { ...plain, BlockDeviceMappings: [root(), { DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-1' } }] },
        { snapshots: [{ SnapshotId: 'snap-1', Encrypted: false, OwnerId: place.account }] },
      ),
      event: createTemplate('lt-1'),
      sends: [],
      status: 'open',
      says: /\/dev\/sdf, since the snapshot snap-1 is not encrypted/,
      advice: /aws ec2 copy-snapshot --encrypted/,
    },
    {
      name: 'an AMI that is gone',
      world: world({ ImageId: 'ami-gone' }),
      event: createTemplate('lt-1'),
      sends: [],
      status: 'open',
      says: /not known: the devices of ami-gone, since ami-gone is gone, or not shared/,
    },
    {
      name: 'a parameter that names no AMI',
      world: world({ ImageId: 'resolve:ssm:/none' }),
      event: createTemplate('lt-1'),
      sends: [],
      status: 'open',
      says: /resolve:ssm:\/none cannot be resolved/,
    },
    {
      name: 'an instance type that takes no encrypted volume',
      world: world({ ...plain, InstanceType: 'm1.small' }, { unsupported: ['m1.small'] }),
      event: createTemplate('lt-1'),
      sends: [],
      status: 'open',
      says: /unencrypted/,
      advice: /m1\.small takes no encrypted volume/,
    },
    {
      name: 'a default key that Auto Scaling may not use, where groups launch',
      world: world(plain, {
        defaultKey: key,
        keys: { [key]: { Arn: key } },
        groups: [
          {
            AutoScalingGroupName: 'web',
            MinSize: 0,
            MaxSize: 1,
            DesiredCapacity: 0,
            DefaultCooldown: 300,
            AvailabilityZones: [],
            HealthCheckType: 'EC2',
            CreatedTime: new Date(0),
          },
        ],
      }),
      event: createTemplate('lt-1'),
      sends: [],
      status: 'open',
      says: /unencrypted/,
      advice: /No version is made: the Auto Scaling service-linked role may not use .*\n.*AutoScalingUsesTheKey/,
    },
    {
      name: 'an unencrypted default that is not the latest, of which a version would be launched by whatever follows the latest',
      world: versions(plain, { ...fixed, KeyName: 'ops' })(),
      event: modifyTemplate('lt-1'),
      sends: [],
      status: 'open',
      says: /Version 1, the default, launches unencrypted volumes/,
      advice: /--default-version 2/,
    },
  ],
  skipped: [
    {
      name: 'a template that CloudFormation made',
      world: world(plain),
      event: createTemplate('lt-1', { userAgent: 'cloudformation.amazonaws.com' }),
      says: /CloudFormation owns it, so it is left alone: fix it there\.$/,
      advice: /DeviceName: \/dev\/xvda, Ebs: \{ Encrypted: true \}/,
    },
    {
      name: 'a template of a managed node group',
      world: versions(plain)({ Tags: [{ Key: 'eks:nodegroup-name', Value: 'n' }] }),
      event: createTemplate('lt-1'),
      says: /Amazon EKS owns it/,
    },
    {
      name: 'a template that a service manages',
      world: versions(plain)({ Operator: { Managed: true, Principal: 'batch.amazonaws.com' } }),
      event: createTemplate('lt-1'),
      says: /batch\.amazonaws\.com manages it/,
    },
    { name: 'a template that vanished', world: () => launchWorld(), event: createTemplate('lt-1'), says: 'The resource is gone.' },
  ],
});
