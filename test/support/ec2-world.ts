import type { AutoScalingGroup, Tag as GroupTag } from '@aws-sdk/client-auto-scaling';
import type { Filter, Instance, LaunchTemplate, LaunchTemplateVersion, Tag, Volume } from '@aws-sdk/client-ec2';
import { at } from '#shared/control/record.ts';
import { type Answers, answerTo, type Refusals } from './answers.ts';
import { awsError, type World } from './harness.ts';

/** What there is in the account. */
export interface Account {
  readonly volumes?: readonly Volume[];
  readonly instances?: readonly Instance[];
  readonly groups?: readonly AutoScalingGroup[];
  readonly templates?: readonly LaunchTemplate[];
  readonly versions?: { readonly [template: string]: readonly LaunchTemplateVersion[] };
  readonly stacks?: { readonly [id: string]: readonly Tag[] };
  /** Errors that a call throws instead of answering, by its action. */
  readonly refuses?: Refusals;
}

/** An EC2, Auto Scaling and CloudFormation that remember tags. */
export function ec2World(account: Account = {}): World {
  const volumes = structuredClone([...(account.volumes ?? [])]);
  const instances = structuredClone([...(account.instances ?? [])]);
  const groups = structuredClone([...(account.groups ?? [])]);
  const templates = structuredClone([...(account.templates ?? [])]);
  const tagged = (id: string): { Tags?: Tag[] | undefined } => {
    const isIt = (one: object) => ['VolumeId', 'InstanceId', 'LaunchTemplateId'].some((key) => Reflect.get(one, key) === id);
    const found = [...volumes, ...instances, ...templates].find(isIt);
    if (!found) throw awsError('InvalidID', `The ID '${id}' is not valid`);
    return found;
  };
  const groupOf = (name = '') => {
    const found = groups.find(({ AutoScalingGroupName }) => AutoScalingGroupName === name);
    if (!found) throw awsError('ValidationError', `The auto scaling group ${name} does not exist`);
    return found;
  };
  const answers: Answers = {
    'ec2:DescribeVolumes': ({ Filters = [] }: { Filters?: Filter[] }) => ({
      Volumes: volumes.filter((one) => Filters.every((filter) => fits(one, filter))),
    }),
    'ec2:DescribeInstances': ({ Filters = [] }: { Filters?: Filter[] }) => ({
      Reservations: [{ Instances: instances.filter((one) => Filters.every((filter) => fits(one, filter))) }],
    }),
    'ec2:DescribeLaunchTemplates': ({ LaunchTemplateIds: ids }: { LaunchTemplateIds?: string[] }) => {
      const found = templates.filter(({ LaunchTemplateId = '' }) => ids?.includes(LaunchTemplateId) ?? true);
      if (ids && found.length < ids.length) throw awsError('InvalidLaunchTemplateId.NotFound', 'At least one does not exist');
      return { LaunchTemplates: found };
    },
    'ec2:DescribeLaunchTemplateVersions': ({ LaunchTemplateId = '' }: { LaunchTemplateId?: string }) => ({
      LaunchTemplateVersions: account.versions?.[LaunchTemplateId] ?? [],
    }),
    'autoscaling:CreateOrUpdateTags': ({ Tags = [] }: { Tags: GroupTag[] }) => {
      for (const { ResourceId, ...tag } of Tags) {
        const one = groupOf(ResourceId);
        one.Tags = [...(one.Tags ?? []).filter(({ Key }) => Key !== tag.Key), tag];
      }
    },
    'autoscaling:DeleteTags': ({ Tags = [] }: { Tags: GroupTag[] }) => {
      for (const { ResourceId, Key } of Tags) {
        const one = groupOf(ResourceId);
        one.Tags = (one.Tags ?? []).filter((tag) => tag.Key !== Key);
      }
    },
    'autoscaling:DescribeAutoScalingGroups': ({ AutoScalingGroupNames: names }: { AutoScalingGroupNames?: string[] }) => ({
      AutoScalingGroups: groups.filter(({ AutoScalingGroupName = '' }) => names?.includes(AutoScalingGroupName) ?? true),
    }),
    'cloudformation:DescribeStacks': ({ StackName }: { StackName: string }) => {
      const Tags = account.stacks?.[StackName];
      if (!Tags) throw awsError('ValidationError', `Stack with id ${StackName} does not exist`);
      return { Stacks: [{ StackName, Tags }] };
    },
    'ec2:CreateTags': ({ Resources = [], Tags = [] }: { Resources: string[]; Tags: Tag[] }) => {
      for (const one of Resources.map(tagged))
        one.Tags = [...(one.Tags ?? []).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key)), ...Tags];
    },
    'ec2:DeleteTags': ({ Resources = [], Tags = [] }: { Resources: string[]; Tags: Tag[] }) => {
      for (const one of Resources.map(tagged)) one.Tags = (one.Tags ?? []).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key));
    },
  };
  return {
    async send(command) {
      return answerTo(command, answers, account.refuses);
    },
  };
}

function fits(one: Volume | Instance, { Name = '', Values = [] }: Filter): boolean {
  const found = { 'volume-id': ['VolumeId'], 'instance-id': ['InstanceId'], 'instance-state-name': ['State', 'Name'] }[Name];
  if (found) return Values.includes(String(at(one, ...found)));
  if (Name === 'attachment.instance-id')
    return 'Attachments' in one && (one.Attachments ?? []).some(({ InstanceId = '' }) => Values.includes(InstanceId));
  throw new Error(`this world knows no filter ${Name}`);
}

/** A volume with tags, perhaps attached. */
export function volume(VolumeId: string, tags: Record<string, string> = {}, instance?: string): Volume {
  return {
    VolumeId,
    Encrypted: true,
    State: instance ? 'in-use' : 'available',
    CreateTime: new Date('2026-11-20T08:00:00Z'),
    Attachments: instance ? [{ InstanceId: instance, State: 'attached' }] : [],
    Tags: tagList(tags),
  };
}

/** A running instance with tags. */
export function instance(InstanceId: string, tags: Record<string, string> = {}): Instance {
  return { InstanceId, State: { Name: 'running' }, Tags: tagList(tags) };
}

/** A group or a template with tags. */
export const group = (AutoScalingGroupName: string, tags: Record<string, string> = {}): AutoScalingGroup =>
  ({ AutoScalingGroupName, Tags: tagList(tags) }) as AutoScalingGroup;
export const template = (LaunchTemplateId: string, tags: Record<string, string> = {}): LaunchTemplate => ({
  LaunchTemplateId,
  Tags: tagList(tags),
});

/** Tags as AWS lists them. */
export function tagList(tags: Record<string, string>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
