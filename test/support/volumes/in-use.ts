import type { Instance, Volume } from '@aws-sdk/client-ec2';
import { attachVolume, runInstances } from '../../fixtures/events.ts';
import type { InvalidCase } from '../tester.ts';
import { gp3, world } from './claims.ts';

const at = (Device: string, DeleteOnTermination: boolean) => [
  { InstanceId: 'i-1', State: 'attached' as const, Device, DeleteOnTermination },
];
const used: Volume = { ...gp3, State: 'in-use', Attachments: at('/dev/sdf', false) };
const root: Volume = { ...used, Attachments: at('/dev/xvda', true), Tags: [{ Key: 'team', Value: 'shop' }] };
const ofGroup: Instance = { InstanceId: 'i-1', RootDeviceName: '/dev/xvda', Tags: [{ Key: 'aws:autoscaling:groupName', Value: "web's" }] };
const told = { sends: [], status: 'open', says: /attached to i-1; Redress never changes a volume in use\.$/ } as const;

/** Volumes in use, each with what a person can do. */
export const inUseCases: readonly InvalidCase[] = [
  {
    ...told,
    name: 'a data volume of io2 with tags (cloud-custodian#1216)',
    world: world({ ...used, VolumeType: 'io2', Iops: 9000, Throughput: undefined, Tags: [{ Key: 'team', Value: 'shop' }] }),
    event: attachVolume('vol-1', 'i-1'),
    advice: /--volume-type io2 --iops 9000 --tag-specifications/,
  },
  {
    ...told,
    name: 'a root volume of gp3 with tags, which goes with its instance (cloud-custodian#1216)',
    world: world(root),
    event: runInstances('i-1'),
    advice:
      /^Stop i-1; it loses [\s\S]*--iops 4000 --throughput 250 --tag-specifications [\s\S]*"DeleteOnTermination":true[\s\S]*start-instances/,
  },
  {
    ...told,
    name: 'a volume on an Outpost under a configured key',
    world: world({ ...used, OutpostArn: 'arn:aws:outposts:eu-west-1:111122223333:outpost/op-1' }),
    event: attachVolume('vol-1', 'i-1'),
    settings: { kmsKey: 'alias/ebs' },
    advice: /--outpost-arn \S+ .*--kms-key-id alias\/ebs/,
  },
  {
    name: 'a volume of two instances',
    world: world({
      ...used,
      VolumeType: 'io2',
      MultiAttachEnabled: true,
      Attachments: ['i-1', 'i-2'].map((InstanceId) => ({ InstanceId, State: 'attached', Device: '/dev/sdf' })),
    }),
    event: attachVolume('vol-1', 'i-1'),
    sends: [],
    status: 'open',
    says: /attached to i-1, i-2;/,
    advice: /--multi-attach-enabled/,
  },
  {
    ...told,
    name: 'the root of an instance of a group (demo-ansible#148)',
    world: world(root, { instances: [ofGroup] }),
    event: runInstances('i-1'),
    advice: /start-instance-refresh --auto-scaling-group-name 'web'\\''s'/,
  },
];
