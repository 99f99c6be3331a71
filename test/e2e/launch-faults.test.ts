import { DeleteAutoScalingGroupCommand, type LaunchTemplateOverrides } from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  type LaunchTemplateVersion,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { patience } from '../support/patience.ts';
import { controls, encrypted, expectEncryptedCopy, Launches } from './launches.ts';
import { expireLease, nextWindow } from './passing.ts';

const TEMPLATES = 'redress-launch-templates';
const GROUPS = 'redress-auto-scaling-groups';
let launches: Launches;

beforeAll(async () => {
  launches = await Launches.start();
});
afterAll(() => launches?.world.stop());
beforeEach(async () => {
  launches.world.watch();
  await launches.calm();
  await nextWindow(launches.world);
});

/** Holds a function's first call of an API until something was done. */
function beforeFirst(name: string, api: string, act: () => Promise<unknown>): void {
  let acted: Promise<unknown> | undefined;
  launches.world.watch(async (seen) => {
    if (seen.when === 'before' && seen.function === name && seen.api === api) {
      acted ??= act();
      await acted;
    }
    return undefined;
  });
}

describe('a version of somebody else', () => {
  /** The versions of a template of which somebody makes a version right before Redress makes its own. */
  async function overtaking(theirs: RequestLaunchTemplateData): Promise<LaunchTemplateVersion[]> {
    const { world } = launches;
    let id = '';
    beforeFirst(TEMPLATES, 'ec2:CreateLaunchTemplateVersion', () =>
      world.ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: id, LaunchTemplateData: theirs })),
    );
    id = await launches.template();
    await world.finding(controls.template, id, 'superseded');
    await launches.calm();
    expect(launches.writes(id)).toEqual(['CreateLaunchTemplateVersion', 'CreateLaunchTemplateVersion']);
    const versions = await launches.versions(id);
    expect(versions.map(({ DefaultVersion }) => DefaultVersion)).toEqual([true, false, false, false]);
    return versions;
  }

  test('that comes right before ours is the latest in the end, encrypted, and nothing is deleted', async () => {
    const UserData = Buffer.from('theirs').toString('base64');
    const versions = await overtaking({ ...(await launches.data()), UserData, KeyName: 'theirs' });
    const [first = {}, second = {}, ours, last] = versions.map(({ LaunchTemplateData }) => LaunchTemplateData);
    expect(ours).toEqual(encrypted(first));
    expect(last).toEqual(encrypted(second));
    expect(last).toMatchObject({ KeyName: 'theirs', UserData });
  });

  test('that is encrypted is the latest again, as it was', async () => {
    const versions = await overtaking(encrypted({ ...(await launches.data()), KeyName: 'theirs' }));
    expect(versions[3]?.LaunchTemplateData).toEqual(versions[1]?.LaunchTemplateData);
    expect(versions[3]?.LaunchTemplateData?.KeyName).toBe('theirs');
  });

  test('that becomes `$Latest` while a group is looked at leaves no finding behind', async () => {
    const { world } = launches;
    const looking = Promise.withResolvers<void>();
    let LaunchTemplateId = '';
    // it is made between the group's read of the current version and its read of those after that
    world.watch(async ({ when, function: name, api, call }) => {
      if (when !== 'before') return undefined;
      if (name === TEMPLATES && api === 'ec2:CreateLaunchTemplateVersion') await looking.promise;
      if (name === GROUPS && api === 'ec2:DescribeLaunchTemplateVersions' && call.query.has('MinVersion')) {
        looking.resolve();
        await vi.waitFor(async () => expect(await launches.versions(LaunchTemplateId)).toHaveLength(2), patience);
      }
      return undefined;
    });
    LaunchTemplateId = await launches.template();
    const group = await launches.group({ LaunchTemplate: { LaunchTemplateId, Version: '$Latest' } });
    await world.finding(controls.template, LaunchTemplateId, 'superseded');
    await world.quiet();
    await launches.calm();
    expect(world.told(controls.group, group)).toEqual([]);
  });
});

test('a function that is killed once AWS has its call makes one version and one move all the same', async () => {
  const { world } = launches;
  for (const name of ['LaunchTemplatesQueueUrl', 'AutoScalingGroupsQueueUrl'])
    await world.behind.sqs.send(new SetQueueAttributesCommand({ QueueUrl: world.output(name), Attributes: { VisibilityTimeout: '2' } }));
  const killed = new Set<string>();
  let [template, group] = ['', ''];
  world.watch(async ({ when, api, function: name }) => {
    const isOurs = name === TEMPLATES || name === GROUPS;
    if (when !== 'after' || !isOurs || killed.has(api)) return undefined;
    if (api !== 'ec2:CreateLaunchTemplateVersion' && api !== 'autoscaling:UpdateAutoScalingGroup') return undefined;
    killed.add(api);
    await expireLease(world, controls.template, 'AWS::EC2::LaunchTemplate', template);
    await expireLease(world, controls.group, 'AWS::AutoScaling::AutoScalingGroup', group);
    return 'kill';
  });
  template = await launches.template();
  group = await launches.group({ LaunchTemplate: { LaunchTemplateId: template, Version: '1' } });
  await world.finding(controls.group, group, 'fixed');
  await world.finding(controls.template, template, 'superseded');
  await launches.calm();
  expect([...killed].sort()).toEqual(['autoscaling:UpdateAutoScalingGroup', 'ec2:CreateLaunchTemplateVersion']);
  expectEncryptedCopy(await launches.versions(template));
  expect((await launches.shown(group)).LaunchTemplate?.Version).toBe('2');
  expect(launches.writes(template, group)).toEqual(['CreateLaunchTemplateVersion', 'UpdateAutoScalingGroup']);
});

test('a template with more versions than a page shows has one more', async () => {
  const { world } = launches;
  const of = (KeyName: string) => launches.data().then((data) => ({ ...data, UserData: undefined, KeyName }));
  const LaunchTemplateId = await launches.template(encrypted(await of('one')));
  await world.quiet();
  await launches.calm();
  // of these no event tells
  for (let n = 2; n <= 205; n += 1)
    await world.behindEc2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData: await of(`${n}`) }));
  const group = await launches.group({ LaunchTemplate: { LaunchTemplateId, Version: '205' } });
  const older = await launches.group({ LaunchTemplate: { LaunchTemplateId, Version: '50' } });
  await world.cloud.sweep();
  // who made these versions, nobody saw: a person says yes to each
  const waiting = await world.finding(controls.template, LaunchTemplateId, 'awaiting-approval');
  expect(waiting.reason?.code).toBe('needs-approval');
  await world.redress('fix', waiting.id, '--yes', '--json');
  await world.finding(controls.template, LaunchTemplateId, 'fixed');
  // the group was seen when it was made, by this test
  await world.finding(controls.group, group, 'fixed');
  expect((await launches.shown(group)).LaunchTemplate?.Version).toBe('206');
  const versions = await launches.versions(LaunchTemplateId);
  expect(versions).toHaveLength(206);
  expect(versions[205]?.LaunchTemplateData).toEqual(encrypted(versions[204]?.LaunchTemplateData ?? {}));
  const told = await world.finding(controls.group, older, 'open');
  expect(told.advice.map(({ says }) => says).join()).toContain('Version 50 of web-');
  expect(launches.writes(LaunchTemplateId, group, older)).toEqual(['CreateLaunchTemplateVersion', 'UpdateAutoScalingGroup']);
});

test('20 overrides with templates of their own, every second of them bad, are moved at once', async () => {
  const { world } = launches;
  const templates: string[] = [];
  for (let n = 0; n < 20; n += 1) templates.push(await (n % 2 === 0 ? launches.goodTemplate() : launches.template()));
  const Overrides = templates.map((LaunchTemplateId, n): LaunchTemplateOverrides => {
    return { InstanceType: `t3.type-${n}`, LaunchTemplateSpecification: { LaunchTemplateId, Version: '1' } };
  });
  const LaunchTemplateSpecification = { LaunchTemplateId: templates[0], Version: '1' };
  const group = await launches.group({ MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification, Overrides } } });
  await world.finding(controls.group, group, 'fixed');
  await launches.calm();
  const after = (await launches.shown(group)).MixedInstancesPolicy?.LaunchTemplate;
  expect(after?.Overrides?.map((one) => one.LaunchTemplateSpecification?.Version)).toEqual(templates.map((_, n) => `${1 + (n % 2)}`));
  expect(after?.Overrides?.map(({ InstanceType }) => InstanceType)).toEqual(Overrides.map(({ InstanceType }) => InstanceType));
  expect(launches.writes(group)).toEqual(['UpdateAutoScalingGroup']);
  for (const [n, template] of templates.entries()) expect(await launches.versions(template), `override ${n}`).toHaveLength(1 + (n % 2));
});

test('a group that is being deleted is left unchanged', async () => {
  const { world } = launches;
  // from this one the local cloud can launch: the group is shown until its instance has ended
  const LaunchTemplateId = await launches.template({ ImageId: await launches.image(), InstanceType: 't3.micro' });
  let group = '';
  beforeFirst(GROUPS, 'autoscaling:DescribeAutoScalingGroups', () =>
    launches.scaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: group, ForceDelete: true })),
  );
  group = await launches.group({ LaunchTemplate: { LaunchTemplateId, Version: '1' }, DesiredCapacity: 1 });
  const says = 'The group is being deleted (Delete in progress).';
  expect((await world.finding(controls.group, group, 'skipped')).reason).toEqual({ code: 'left-unchanged', says });
  expect(launches.writes(group)).toEqual([]);
});

// last, since a message goes on looking: that the template counts as gone in the end takes five minutes (test/engine/patience.test.ts)
test('the group of a template that vanishes is reported, and nothing is written', async () => {
  const { world } = launches;
  let id = '';
  beforeFirst(TEMPLATES, 'ec2:DescribeLaunchTemplates', () => world.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id })));
  id = await launches.template();
  const group = await launches.group({ LaunchTemplate: { LaunchTemplateId: id, Version: '1' } });
  expect((await world.finding(controls.group, group, 'open')).says).toContain('It can launch nothing: version 1 of');
  expect(launches.writes(id, group)).toEqual([]);
});
