import type { Instance, Tag, Volume } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { adviceText } from '#shared/control/iac.ts';
import { adviceInUse } from './in-use.ts';

const base: Volume = {
  VolumeId: 'vol-1',
  AvailabilityZone: 'eu-west-1a',
  VolumeType: 'gp3',
  Iops: 3000,
  Throughput: 125,
  Attachments: [{ InstanceId: 'i-1', State: 'attached', Device: '/dev/sdf', DeleteOnTermination: false }],
};
const root = { InstanceId: 'i-1', State: 'attached' as const, Device: '/dev/xvda', DeleteOnTermination: true };
const running: Instance = { InstanceId: 'i-1', RootDeviceName: '/dev/xvda', State: { Name: 'running' } };
const tagged = (...Tags: Tag[]): Instance => ({ ...running, Tags });
const advise = (volume: Volume, instance: Instance | undefined = running, kmsKey?: string) =>
  adviceInUse(volume, new Map(instance ? [['i-1', instance]] : []), kmsKey).map((one) => (typeof one === 'string' ? one : adviceText(one)));
const text = (...given: Parameters<typeof advise>) => advise(...given).join('\n');

// https://github.com/cloud-custodian/cloud-custodian/pull/1216
describe('an encrypted copy takes the place of a volume with all that it has', () => {
  test.each<[string, Volume, RegExp]>([
    ['the IOPS of io2', { ...base, VolumeType: 'io2', Iops: 9000 }, /--volume-type io2 --iops 9000 --query/],
    ['the IOPS of io1', { ...base, VolumeType: 'io1', Iops: 900 }, /--volume-type io1 --iops 900 --query/],
    ['IOPS and throughput of gp3', { ...base, Iops: 9000, Throughput: 500 }, /--volume-type gp3 --iops 9000 --throughput 500 --query/],
    ['no IOPS of gp2, which AWS refuses', { ...base, VolumeType: 'gp2', Iops: 300 }, /--volume-type gp2 --query/],
    ['nothing of a magnetic one', { ...base, VolumeType: 'standard', Throughput: 90 }, /--volume-type standard --query/],
    ['a type that AWS does not show', { VolumeId: 'vol-1', Attachments: base.Attachments }, /--volume-type gp2 --query/],
    ['its zone', base, /--snapshot-id "\$SNAPSHOT" --encrypted --availability-zone eu-west-1a --volume-type/],
    ['its Outpost', { ...base, OutpostArn: 'arn:aws:outposts:x' }, /--outpost-arn arn:aws:outposts:x /],
    [
      'its tags',
      { ...base, Tags: [{ Key: 'team', Value: 'shop' }] },
      /--tag-specifications "\$\(aws ec2 describe-volumes --volume-ids vol-1 --query /,
    ],
    [
      'that it is deleted with the instance',
      { ...base, Attachments: [{ ...root, Device: '/dev/sdf' }] },
      /modify-instance-attribute --instance-id i-1 --block-device-mappings '\[{"DeviceName":"\/dev\/sdf","Ebs":{"DeleteOnTermination":true}}\]'`/,
    ],
  ])('%s', (_name, volume, expected) => expect(text(volume)).toMatch(expected));

  test('under the key of the settings', () => expect(text(base, running, 'alias/ebs')).toMatch(/--kms-key-id alias\/ebs /));
  test('of no key where none is set', () => expect(text(base)).not.toMatch(/kms-key-id/));
  test('of AWS’s tags and Redress’s own none', () => {
    const Tags = [
      { Key: 'aws:backup:x', Value: 'y' },
      { Key: 'redress:copy-of', Value: 'vol-0' },
    ];
    expect(text({ ...base, Tags })).not.toMatch(/tag-specifications/);
  });
  test('and no tag is shown, for one may hold a secret', () =>
    expect(text({ ...base, Tags: [{ Key: 'team', Value: 'hidden-value' }] })).not.toMatch(/hidden-value|team/));
  test('as its instance shows it, where the volume does not yet', () => {
    const BlockDeviceMappings = [{ DeviceName: '/dev/sdf', Ebs: { DeleteOnTermination: true } }];
    expect(text(base, { ...running, BlockDeviceMappings })).toMatch(/modify-instance-attribute/);
    expect(text(base, { ...running, BlockDeviceMappings: [{ ...BlockDeviceMappings[0], DeviceName: '/dev/sdg' }] })).not.toMatch(
      /modify-inst/,
    );
  });
  test('and stays when its instance ends, where the volume did', () => expect(text(base)).not.toMatch(/modify-instance-attribute/));
});

describe('an instance that nobody replaces', () => {
  test('is stopped for its root, with what that loses, and started again', () => {
    expect(advise({ ...base, Attachments: [root] })).toEqual([
      'Stop i-1; it loses what is in its memory and on its instance store volumes, and a public address that is not an Elastic IP: `aws ec2 stop-instances --instance-ids i-1`, then `aws ec2 wait instance-stopped --instance-ids i-1`',
      expect.stringMatching(
        /^Take a snapshot: `SNAPSHOT=\$\(aws ec2 create-snapshot --volume-id vol-1 .*snapshot-completed --snapshot-ids "\$SNAPSHOT"`$/,
      ),
      expect.stringMatching(
        /^Make an encrypted copy with all that it has: `COPY=\$\(aws ec2 create-volume .* volume-available --volume-ids "\$COPY"`$/,
      ),
      expect.stringMatching(
        /^Put the copy in its place: `aws ec2 detach-volume --volume-id vol-1 --instance-id i-1`, then .*`aws ec2 attach-volume --volume-id "\$COPY" --instance-id i-1 --device \/dev\/xvda`, then .*, then `aws ec2 start-instances --instance-ids i-1`$/,
      ),
      expect.stringMatching(
        /^The copy has another id: .*`aws ec2 delete-snapshot --snapshot-id "\$SNAPSHOT"`, then `aws ec2 delete-volume --volume-id vol-1`$/,
      ),
    ]);
  });
  test('stays as it is where it is stopped already', () =>
    expect(text({ ...base, Attachments: [root] }, { ...running, State: { Name: 'stopped' } })).not.toMatch(/(stop|start)-instances/));
  test('is not stopped for a volume beside its root', () => {
    expect(advise(base)[0]).toBe('Unmount vol-1 in i-1; what uses it does not work until the copy is in its place.');
    expect(text(base)).not.toMatch(/(stop|start)-instances/);
  });
});

// https://github.com/aws-cost-saver/aws-cost-saver/pull/21
describe('an instance that something launches again', () => {
  const group = { Key: 'aws:autoscaling:groupName', Value: 'web' };
  const template = { Key: 'aws:ec2launchtemplate:id', Value: 'lt-1' };
  test('of a group gets its template encrypted, and is refreshed', () =>
    expect(advise({ ...base, Attachments: [root] }, tagged(group, template))).toEqual([
      'The Auto Scaling group web launched i-1 and launches another one in its place; vol-1 is deleted with it. Set encryption in its launch template lt-1: see launch-template-encrypted and auto-scaling-group-encrypted.',
      'Once the group launches encrypted volumes, have its instances replaced; what only the volumes of its instances hold is lost: `aws autoscaling start-instance-refresh --auto-scaling-group-name web`',
    ]));
  test('of a group without a template too', () =>
    expect(text({ ...base, Attachments: [root] }, tagged(group))).toMatch(/Set encryption in what it launches from:/));
  test('of a group whose name would leave the command', () =>
    expect(text({ ...base, Attachments: [root] }, tagged({ ...group, Value: "--x'; rm -rf $HOME" }))).toContain(
      "--auto-scaling-group-name='--x'\\''; rm -rf $HOME'`",
    ));
  test.each<[string, Instance, RegExp]>([
    ['a group', tagged(group), /The Auto Scaling group web/],
    ['a fleet', tagged({ Key: 'aws:ec2:fleet-id', Value: 'fleet-1' }), /The fleet fleet-1/],
    ['a Spot fleet', tagged({ Key: 'aws:ec2spot:fleet-request-id', Value: 'sfr-1' }), /The Spot fleet sfr-1/],
    ['EMR', tagged({ Key: 'aws:elasticmapreduce:job-flow-id', Value: 'j-1' }), /Amazon EMR/],
    ['EKS', tagged({ Key: 'aws:eks:cluster-name', Value: 'shop' }), /Amazon EKS/],
    ['Karpenter', tagged({ Key: 'karpenter.sh/nodepool', Value: 'default' }), /Karpenter/],
    ['an older Karpenter', tagged({ Key: 'karpenter.sh/provisioner-name', Value: 'default' }), /Karpenter/],
    ['AWS Batch', tagged({ Key: 'AWSBatchServiceTag', Value: 'batch' }), /AWS Batch/],
    ['a service that operates it', { ...running, Operator: { Managed: true, Principal: 'ecs.amazonaws.com' } }, /ecs\.amazonaws\.com/],
    ['a service without a name', { ...running, Operator: { Managed: true } }, /An AWS service/],
    ['Spot', { ...running, InstanceLifecycle: 'spot' }, /A Spot request/],
  ])('is not stopped, by %s', (_name, instance, who) => {
    for (const attachment of [root, { ...root, Device: '/dev/sdf' }, base.Attachments?.[0] ?? {}]) {
      const advice = text({ ...base, Attachments: [attachment] }, instance);
      expect(advice).toMatch(who);
      expect(advice).not.toMatch(/\bstop/i);
    }
  });
  test.each<[string, Tag, RegExp]>([
    ['a node group of EKS', { Key: 'eks:nodegroup-name', Value: 'web' }, /^Amazon EKS: give the node group a launch template of its own/],
    ['Karpenter', { Key: 'karpenter.sh/nodepool', Value: 'web' }, /^Karpenter: set `encrypted: true`/],
    ['Elastic Beanstalk', { Key: 'elasticbeanstalk:environment-name', Value: 'web' }, /^Elastic Beanstalk: turn encryption by default on/],
  ])('gets the way of %s, and no command on the group that it works with', (_name, tag, way) => {
    const advice = text({ ...base, Attachments: [root] }, tagged(group, tag));
    expect(advice).toMatch(way);
    expect(advice).not.toMatch(/`aws /);
  });
  test('keeps a volume that outlives it, which is copied', () => {
    const advice = text(base, tagged(group));
    expect(advice).toMatch(/create-volume/);
    expect(advice).toMatch(/may launch another instance in place of i-1: have whatever attaches vol-1 there attach the copy/);
    expect(advice).not.toMatch(/instance-refresh/);
  });
  test('is looked for first, where AWS does not show it', () =>
    expect(adviceInUse(base, new Map(), undefined)).toEqual(['Find out what launched i-1 before you change it: AWS does not show it.']));
  test('and one whose volume is of a claim gets another claim', () =>
    expect(
      advise({ ...base, Tags: [{ Key: 'CSIVolumeName', Value: 'pvc-1' }] }, tagged({ Key: 'karpenter.sh/nodepool', Value: 'x' })),
    ).toEqual([
      'A Kubernetes CSI driver attaches and detaches vol-1: make a claim of a StorageClass that encrypts, and copy the data into its volume.',
    ]));
});

test('a volume of several instances is copied once, and attached to each', () => {
  const Attachments = ['i-2', 'i-1'].map((InstanceId) => ({ InstanceId, State: 'attached' as const, Device: '/dev/sdf' }));
  const advice = text({ ...base, VolumeType: 'io2', MultiAttachEnabled: true, Attachments });
  expect(advice).toMatch(/--multi-attach-enabled/);
  expect(advice.match(/attach-volume --volume-id "\$COPY" --instance-id i-\d/g)).toHaveLength(2);
  expect(advice).toMatch(
    /detach-volume --volume-id vol-1 --instance-id i-1`, then `aws ec2 detach-volume --volume-id vol-1 --instance-id i-2/,
  );
});
