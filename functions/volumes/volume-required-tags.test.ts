import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { createVolume, runInstances, tagCall } from '../../test/fixtures/events.ts';
import { tagControlsOf } from '../../test/support/controls.ts';
import { ec2World, group, instance, tagList, template, volume } from '../../test/support/ec2-world.ts';
import { testControl } from '../../test/support/tester.ts';
import { volumes } from './kind.ts';

const { required } = tagControlsOf(volumes);

const set = (tags: Record<string, string>, id = 'vol-1') => new CreateTagsCommand({ Resources: [id], Tags: tagList(tags) });
const unset = (keys: readonly string[], id = 'vol-1') => new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) });
const stack = { 'aws:cloudformation:stack-name': 'shop', 'aws:cloudformation:stack-id': 'arn:stack/shop' };
const inGroup = { 'aws:autoscaling:groupName': 'web', 'aws:ec2launchtemplate:id': 'lt-1' };

const tags = [
  {
    key: 'Environment',
    values: ['production', 'test'],
    aliases: ['env', 'stage'],
    map: { prod: 'production' },
    inheritFrom: ['instance', 'group'],
  },
  { key: 'Team', pattern: 'team-[a-z]+', inheritFrom: ['template'], default: 'team-none' },
];
const schema = { tags, remove: ['tmp'] };
const right = { Environment: 'test', Team: 'team-a' };

testControl(required, {
  valid: [
    { name: 'any tags, without a schema', world: () => ec2World({ volumes: [volume('vol-1')] }), event: createVolume('vol-1') },
    {
      name: 'the required tags',
      world: () => ec2World({ volumes: [volume('vol-1', right)] }),
      event: createVolume('vol-1'),
      settings: schema,
    },
  ],
  invalid: [
    {
      name: 'other spellings, which are renamed, mapped and removed',
      world: () => ec2World({ volumes: [volume('vol-1', { ENV: 'Prod', Team: 'team-a', tmp: 'x' })] }),
      event: tagCall('CreateTags', ['vol-1'], { ENV: 'Prod' }),
      settings: schema,
      sends: [set({ Environment: 'production' }), unset(['ENV', 'tmp'])],
      status: 'fixed',
      says: /`Environment` is to be set; `ENV` is to be removed; `tmp` is to be removed/,
    },
    {
      name: 'missing ones whose sources are certain',
      world: () =>
        ec2World({
          volumes: [volume('vol-1', {}, 'i-1')],
          instances: [instance('i-1', inGroup)],
          groups: [group('web', { stage: 'PROD' })],
          templates: [template('lt-1', { Team: 'team-web' })],
        }),
      event: runInstances('i-1'),
      settings: schema,
      sends: [set({ Environment: 'production', Team: 'team-web' })],
      status: 'fixed',
      says: /Now: It has the required tags/,
    },
    {
      name: 'one that nobody can know, beside one that has a default',
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: createVolume('vol-1'),
      settings: schema,
      sends: [set({ Team: 'team-none' })],
      leavesRest: true,
      status: 'open',
      says: /Now: Its tags are not as required: `Environment` is missing: it is one of `production`, `test`/,
    },
    {
      name: 'two spellings with different values',
      world: () => ec2World({ volumes: [volume('vol-1', { env: 'prod', stage: 'test', Team: 'team-a' })] }),
      event: createVolume('vol-1'),
      settings: schema,
      sends: [],
      status: 'open',
      says: /`env` and `stage` have different values, so that of `Environment` is not known/,
    },
    {
      name: 'a value that is not allowed, which is not repeated',
      world: () => ec2World({ volumes: [volume('vol-1', { Environment: 'hunter2', Team: 'team-a', env: 'test' })] }),
      event: createVolume('vol-1'),
      settings: schema,
      secret: 'hunter2',
      sends: [],
      status: 'open',
      says: /the value of `Environment` is not allowed: it is one of/,
    },
  ],
  skipped: [
    {
      name: "a stack's volume",
      world: () => ec2World({ volumes: [volume('vol-1', { ...stack, env: 'test' })] }),
      event: createVolume('vol-1'),
      settings: schema,
      says: /The CloudFormation stack shop manages it/,
      advice: /Tags: \[\{ Key: Environment/,
    },
  ],
  undo: [
    {
      name: 'the tags are as they were',
      world: () => ec2World({ volumes: [volume('vol-1', { env: 'prod', Team: 'team-a' })] }),
      event: createVolume('vol-1'),
      settings: schema,
      sends: [set({ env: 'prod' }), unset(['Environment'])],
    },
  ],
});
