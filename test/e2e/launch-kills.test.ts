import { join } from 'node:path';
import { AutoScaling, type AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { EC2, type RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendWith } from '#shared/aws/clients.ts';
import type { AwsCommand } from '#shared/control/control.ts';
import { roleOf } from '#shared/finding/names.ts';
import group from '../../functions/auto-scaling-groups/auto-scaling-group-encrypted.ts';
import configuration from '../../functions/auto-scaling-groups/launch-configurations/launch-configuration-encrypted.ts';
import template from '../../functions/launch-templates/launch-template-encrypted.ts';
import type { LocalCloud } from '../../local/cloud.ts';
import { callEvent, messageFor, orderFor } from '../fixtures/events.ts';
import { client } from '../local/calls.ts';
import { Harness, place } from '../support/harness.ts';
import { startWatchedCloud } from '../support/watched-cloud.ts';

// The engine itself is killed here, at each call to the local cloud in turn: a process takes seconds to start again.
const config = {
  controls: {
    [template.id]: { mode: 'fix' },
    [group.id]: { mode: 'fix', allowGroupUpdates: true },
    [configuration.id]: { mode: 'approve', allowGroupUpdates: true },
  },
} as const;
let cloud: LocalCloud;
let ec2: EC2;
let scaling: AutoScaling;
let ImageId: string;
let made = 0;

beforeAll(async () => {
  cloud = await startWatchedCloud({ template: join(import.meta.dirname, '../local/fixtures/stack/template.json') });
  const settings = { ...client(cloud.endpoint), region: place.region };
  ec2 = new EC2(settings);
  scaling = new AutoScaling(settings);
  ImageId = (await ec2.registerImage({ Name: 'golden', RootDeviceName: '/dev/xvda' })).ImageId ?? '';
});
afterAll(() => cloud?.stop());

/** The engine here has a user's keys, so that what it makes would be a user's; on AWS it is the role's. */
function asOurs(answer: unknown): unknown {
  const byRole = (items: unknown, id: string) => {
    const CreatedBy = `arn:aws:sts::${place.account}:assumed-role/${roleOf(id, place.region)}/redress`;
    return Array.isArray(items) ? items.map((item) => ({ ...item, CreatedBy })) : items;
  };
  const { LaunchTemplates, LaunchTemplateVersions, ...rest } = Object(answer);
  return {
    ...rest,
    LaunchTemplates: byRole(LaunchTemplates, 'auto-scaling-groups'),
    LaunchTemplateVersions: byRole(LaunchTemplateVersions, 'launch-templates'),
  };
}

function start(control: string, event: object): Harness {
  const send = sendWith({ ec2: () => ec2, autoscaling: () => scaling });
  const world = { send: async (command: AwsCommand) => asOurs(await send(command)) };
  const harness = new Harness({ controls: [template, group, configuration], config, world });
  harness.put(messageFor(control, event));
  return harness;
}

const name = (of: string) => `${of}-${++made}`;
const open = () => ({ ImageId, InstanceType: 't3.micro' as const, UserData: 'IyEvYmluL3No', KeyName: name('key') });
const good = <Data extends object>(data: Data) => ({
  ...data,
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true } }],
});

async function newTemplate(data: RequestLaunchTemplateData): Promise<string> {
  const { LaunchTemplate } = await ec2.createLaunchTemplate({ LaunchTemplateName: name('web'), LaunchTemplateData: data });
  return LaunchTemplate?.LaunchTemplateId ?? expect.fail('no template');
}

async function newGroup(input: Pick<AutoScalingGroup, 'MixedInstancesPolicy' | 'LaunchConfigurationName'>): Promise<string> {
  const AutoScalingGroupName = name('group');
  const sizes = { MinSize: 0, MaxSize: 1, AvailabilityZones: [`${place.region}a`] };
  await scaling.createAutoScalingGroup({ AutoScalingGroupName, ...sizes, ...input });
  return AutoScalingGroupName;
}

const versionsOf = async (id: string) => (await ec2.describeLaunchTemplateVersions({ LaunchTemplateId: id })).LaunchTemplateVersions ?? [];
const groupOf = async (id: string) => (await scaling.describeAutoScalingGroups({ AutoScalingGroupNames: [id] })).AutoScalingGroups?.[0];

/** Deletes a group that is right: each case reads all groups. */
const forget = (AutoScalingGroupName: string) => scaling.deleteAutoScalingGroup({ AutoScalingGroupName });

/** How often a call about something was made and taken; one that repeats its token is not made again. */
function taken(eventName: string, about: string): number {
  return cloud.records().filter((record) => {
    const isTaken = record.eventName === eventName && record['errorCode'] === undefined;
    return isTaken && JSON.stringify(record).includes(`"${about}"`);
  }).length;
}

/** Plays a case once in peace, then once for each of its calls with a kill right after that one. */
async function killEverywhere<Id>(
  begin: () => Promise<{ id: Id; harness: Harness }>,
  isRight: (id: Id, where: string) => Promise<void>,
): Promise<void> {
  const calm = await begin();
  await calm.harness.invoke();
  const calls = [...calm.harness.calls];
  await calm.harness.settle();
  await isRight(calm.id, 'calm');
  expect(calls.length).toBeGreaterThan(10);
  for (const [n, call] of calls.entries()) {
    const { id, harness } = await begin();
    await harness.invoke({ at: n + 1, when: 'after' });
    await harness.settle();
    const where = `killed after call ${n + 1}, ${call}`;
    await isRight(id, where);
    // a fix that fails on its way and begins again would forget the state before it
    expect(
      harness.announced.filter(({ status }) => status === 'failed'),
      where,
    ).toEqual([]);
    expect(harness.dead, where).toEqual([]);
  }
}

test('killed at every call, a template has one new version', async () => {
  await killEverywhere(
    async () => {
      const id = await newTemplate(open());
      const responseElements = { CreateLaunchTemplateResponse: { launchTemplate: { launchTemplateId: id } } };
      return { id, harness: start(template.id, callEvent('CreateLaunchTemplate', { responseElements })) };
    },
    async (id, where) => {
      const [second, first, ...others] = await versionsOf(id);
      expect(others, where).toEqual([]);
      expect(second?.LaunchTemplateData, where).toEqual(good(first?.LaunchTemplateData ?? {}));
    },
  );
});

test('killed at every call, a group and the defaults that it follows are moved once', async () => {
  await killEverywhere(
    async () => {
      const templates: string[] = [];
      for (let n = 0; n < 3; n += 1) {
        const data = open();
        const id = await newTemplate(data);
        await ec2.createLaunchTemplateVersion({ LaunchTemplateId: id, LaunchTemplateData: good(data) });
        templates.push(id);
      }
      const follow = (LaunchTemplateId = '', Version = '$Default') => ({ LaunchTemplateSpecification: { LaunchTemplateId, Version } });
      const Overrides = templates.map((id, n) => ({ InstanceType: `t3.type-${n}`, ...follow(id, n === 2 ? '1' : '$Default') }));
      const id = await newGroup({ MixedInstancesPolicy: { LaunchTemplate: { ...follow(templates[0]), Overrides } } });
      const requestParameters = { autoScalingGroupName: id };
      const event = callEvent('CreateAutoScalingGroup', { requestParameters }, 'autoscaling.amazonaws.com');
      return { id: { group: id, templates }, harness: start(group.id, event) };
    },
    async ({ group: id, templates }, where) => {
      const overrides = (await groupOf(id))?.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
      const follows = overrides.map(({ LaunchTemplateSpecification }) => LaunchTemplateSpecification?.Version);
      expect(follows, where).toEqual(['$Default', '$Default', '2']);
      const defaults = (await Promise.all(templates.map(versionsOf))).map((all) => all.find((one) => one.DefaultVersion)?.VersionNumber);
      expect(defaults, where).toEqual([2, 2, 1]);
      expect(taken('UpdateAutoScalingGroup', id), where).toBe(1);
      for (const [n, one] of templates.entries()) expect(taken('ModifyLaunchTemplate', one), where).toBe(n === 2 ? 0 : 1);
      await forget(id);
    },
  );
});

test('killed at every call, a launch configuration has one template in its place', async () => {
  await killEverywhere(
    async () => {
      const LaunchConfigurationName = name('configuration');
      await scaling.createLaunchConfiguration({ LaunchConfigurationName, ImageId, InstanceType: 't3.micro', UserData: 'IyEvYmluL3No' });
      const id = await newGroup({ LaunchConfigurationName });
      const requestParameters = { launchConfigurationName: LaunchConfigurationName };
      const event = callEvent('CreateLaunchConfiguration', { requestParameters }, 'autoscaling.amazonaws.com');
      const harness = start(configuration.id, event);
      await harness.settle();
      const [waiting] = await harness.findings();
      expect(waiting?.status).toBe('awaiting-approval');
      harness.put(orderFor(configuration.id, 'fix', waiting?.id ?? ''));
      return { id: { group: id, configuration: LaunchConfigurationName }, harness };
    },
    async ({ group: id, configuration: old }, where) => {
      const { LaunchConfigurationName, LaunchTemplate } = (await groupOf(id)) ?? {};
      expect([LaunchConfigurationName, LaunchTemplate?.Version], where).toEqual([undefined, '1']);
      const tagged = await ec2.describeLaunchTemplates({ Filters: [{ Name: 'tag:redress:made-from', Values: [old] }] });
      expect(
        tagged.LaunchTemplates?.map(({ LaunchTemplateId }) => LaunchTemplateId),
        where,
      ).toEqual([LaunchTemplate?.LaunchTemplateId]);
      expect(taken('UpdateAutoScalingGroup', id), where).toBe(1);
      await forget(id);
    },
  );
});
