import { expect, test } from 'vitest';
import { dana, messageFor, scheduled } from '../../test/fixtures/events.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { Harness, place } from '../../test/support/harness.ts';
import { keyCases } from '../../test/support/launch-templates/key-cases.ts';
import {
  Encrypted,
  fixed,
  make,
  plain,
  root,
  superseded,
  versionCases,
  versions,
  world,
} from '../../test/support/launch-templates/versions.ts';
import type { State } from '../../test/support/launches/account.ts';
import { createTemplate, createVersion, modifyTemplate } from '../../test/support/launches/events.ts';
import { group, image, launchWorld, template } from '../../test/support/launches/world.ts';
import { testControl } from '../../test/support/tester.ts';
import control from './launch-template-encrypted.ts';

const key = 'arn:aws:kms:eu-west-1:111122223333:key/k1';

/** A template whose last version says that Redress made it of the first, and of which AWS says that somebody else did. */
const claiming =
  (...datas: object[]) =>
  () =>
    launchWorld({
      templates: [
        {
          ...template('lt-1', plain),
          versions: datas.map((data, n) => ({
            data,
            ...(n === datas.length - 1 && {
              description: 'Redress: version 1 with encryption',
              createdBy: 'arn:aws:sts::111122223333:assumed-role/redress-launch-templates-eu-west-1-of-mallory/x',
            }),
          })),
        },
      ],
      images: [image('ami-1')],
    });

// nobody waits between two look-ups of the event history
testControl(control, {
  valid: [
    {
      name: 'an unencrypted default with an encrypted version by somebody who claims to be Redress, which overtakes nothing',
      world: claiming(plain, { ...plain, KeyName: 'ops' }, fixed),
      event: createVersion('lt-1'),
    },
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
      name: 'a template whose root was removed',
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
    ...versionCases,
    ...keyCases,
    {
      name: 'an unencrypted version by somebody who claims to be Redress',
      world: claiming(plain, { ...plain, KeyName: 'ops' }),
      event: createVersion('lt-1'),
      settings: { kmsKey: 'alias/gone' },
      sends: [],
      status: 'open',
      says: /Version 2, the latest, launches unencrypted volumes/,
      advice: /Version 2 says that Redress made it, and AWS names somebody else/,
    },
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
      name: 'a mapping with an unencrypted snapshot of its own, which holds up the other device too (packer#7035)',
      world: world(
        { ...plain, BlockDeviceMappings: [root(), { DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-1' } }] },
        { snapshots: [{ SnapshotId: 'snap-1', Encrypted: false, OwnerId: place.account }] },
      ),
      event: createTemplate('lt-1'),
      sends: [],
      status: 'open',
      says: /\/dev\/sdf, since the snapshot snap-1 is not encrypted/,
      advice:
        /^\/dev\/sdf: make an encrypted copy of snap-1, .*`aws ec2 copy-snapshot --encrypted --region eu-west-1 --source-region eu-west-1 --source-snapshot-id snap-1 [^`]*`\nThen name the copy as `SnapshotId` of \/dev\/sdf\. Until then Redress changes nothing here, for other devices neither\.$/,
    },
    {
      name: 'an AMI that is gone',
      world: world({ ImageId: 'ami-gone' }),
      event: createTemplate('lt-1'),
      sends: [],
      status: 'open',
      says: /not known: the devices of ami-gone, since ami-gone is gone, or not shared/,
      advice: /Name one that this account can see\./,
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
        groups: [group('web', {})],
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
    {
      name: 'a template that claims to be of a managed node group',
      world: versions(plain)({ Tags: [{ Key: 'eks:nodegroup-name', Value: 'n' }] }),
      event: createTemplate('lt-1'),
      sends: [],
      status: 'awaiting-approval',
      says: /It claims to be managed by an EKS managed node group, so a person decides\.$/,
      advice: /^Amazon EKS: give the node group a launch template of its own/,
    },
  ],
  skipped: [
    {
      name: 'a template that CloudFormation made',
      world: world(plain),
      event: createTemplate('lt-1', { userIdentity: { ...dana, invokedBy: 'cloudformation.amazonaws.com' } }),
      says: /CloudFormation manages it, so it is left unchanged: fix it there\.$/,
      advice: /DeviceName: \/dev\/xvda, Ebs: \{ Encrypted: true \}/,
    },
    {
      name: 'a template of a managed node group',
      world: versions(plain)({ Tags: [{ Key: 'aws:eks:cluster-name', Value: 'n' }] }),
      event: createTemplate('lt-1'),
      says: /Amazon EKS manages it/,
    },
    {
      name: 'a template that a service manages',
      world: versions(plain)({ Operator: { Managed: true, Principal: 'batch.amazonaws.com' } }),
      event: createTemplate('lt-1'),
      says: /AWS Batch manages it/,
      advice: /^AWS Batch: give the compute environment a launch template of its own/,
    },
    { name: 'a template that vanished', world: () => launchWorld(), event: createTemplate('lt-1'), says: 'The resource is gone.' },
  ],
});

test('a version of somebody else that appears meanwhile and cannot be encrypted is the latest again, as it is', async () => {
  const withSnapshot = { ...plain, BlockDeviceMappings: [root({ SnapshotId: 'snap-1' })] };
  const appears = ({ templates }: State) => void templates[0]?.versions.push({ data: withSnapshot });
  const snapshots = [{ SnapshotId: 'snap-1', Encrypted: false }];
  const world = versions(plain)({}, { snapshots, meanwhile: { CreateLaunchTemplateVersion: appears } })();
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'fix' } } }, world });
  harness.put(messageFor(control.id, createTemplate('lt-1')));
  await harness.settle();
  world.restore?.();
  const sent = harness.writes.map(({ input }) => Reflect.get(input, 'LaunchTemplateData'));
  expect(sent).toEqual([fixed, withSnapshot]);
  const [finding] = await harness.findings();
  expect(finding?.status).toBe('failed');
  expect(finding?.reason?.code).toBe('stuck');
  expect(finding?.now).toMatch(/Version 4, the latest, launches unencrypted volumes: .*snap-1/);
  expect(finding?.advice.map(({ says }) => says).join(' ')).toMatch(/aws ec2 copy-snapshot --encrypted/);
});
