import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import owner from '../../../functions/volumes/controls/volume-owner-tag.ts';
import required from '../../../functions/volumes/controls/volume-required-tags.ts';
import sensitive from '../../../functions/volumes/controls/volume-sensitive-tags.ts';
import { createVolume, launchOf, runInstances, tagCall } from '../../fixtures/events.ts';
import { place } from '../../harness.ts';
import { testControl } from '../../tester.ts';
import { ec2World, group, instance, tagList, template, volume } from '../ec2-world.ts';

const made = { 'created:owner': 'dana', 'created:date': '2026-11-21', 'created:via': 'AWS CLI' };
const set = (tags: Record<string, string>, id = 'vol-1') => new CreateTagsCommand({ Resources: [id], Tags: tagList(tags) });
const unset = (keys: readonly string[], id = 'vol-1') => new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) });
const stack = { 'aws:cloudformation:stack-name': 'shop', 'aws:cloudformation:stack-id': 'arn:stack/shop' };
const terraform = { userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.13.4 terraform-provider-aws/6.20.0' };
const full = Object.fromEntries(Array.from({ length: 48 }, (_, n) => [`t${n}`, 'x']));
const sso = {
  type: 'AssumedRole',
  arn: `arn:aws:sts::${place.account}:assumed-role/AWSReservedSSO_Admin_1b74/anna@example.com`,
  sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${place.account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1b74` } },
};
const ofService = {
  userIdentity: { ...sso, invokedBy: 'cloudformation.amazonaws.com', arn: 'arn:aws:sts::1:assumed-role/deploy/AWSCloudFormation' },
};
const inGroup = { 'aws:autoscaling:groupName': 'web', 'aws:ec2launchtemplate:id': 'lt-1' };

testControl(owner, {
  valid: [
    { name: 'a volume that carries its owner', world: () => ec2World({ volumes: [volume('vol-1', made)] }), event: createVolume('vol-1') },
    {
      name: 'a volume that was there before Redress',
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: { ...createVolume('vol-1'), 'detail-type': 'Scheduled Event', detail: {} },
    },
  ],
  invalid: [
    {
      name: 'a new volume',
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: createVolume('vol-1'),
      sends: [set(made)],
      status: 'fixed',
      says: /It has no owner tag. Now: dana made it/,
    },
    {
      name: 'a volume whose owner a person has set',
      world: () => ec2World({ volumes: [volume('vol-1', { 'created:owner': 'team-orders' })] }),
      event: createVolume('vol-1'),
      sends: [set({ 'created:date': '2026-11-21', 'created:via': 'AWS CLI' })],
      status: 'fixed',
      says: /Now: team-orders made it/,
    },
    {
      name: 'a volume that a person under IAM Identity Center made, as a pseudonym and under other names',
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: createVolume('vol-1', { userIdentity: sso }),
      common: { ownerTags: { prefix: 'made:', owner: 'by', date: 'on', via: 'with', pseudonyms: true } },
      sends: [set({ 'made:by': 'id-80408d611087e50d', 'made:on': '2026-11-21', 'made:with': 'AWS CLI' })],
      status: 'fixed',
      says: /Now: id-[0-9a-f]{16} made it/,
    },
    {
      name: 'the volumes of a new instance, which has another owner',
      world: () => ec2World({ volumes: [volume('vol-1', {}, 'i-1')], instances: [instance('i-1', { 'created:owner': 'team-orders' })] }),
      event: runInstances('i-1'),
      sends: [set({ ...made, 'created:owner': 'team-orders' })],
      status: 'fixed',
      says: /Now: team-orders made it/,
    },
    {
      name: 'the volumes of an instance that Auto Scaling launched',
      world: () =>
        ec2World({
          volumes: [volume('vol-1', {}, 'i-1')],
          instances: [instance('i-1', inGroup)],
          groups: [group('web')],
          templates: [template('lt-1', { 'created:owner': 'anna' })],
        }),
      event: launchOf('i-1'),
      sends: [set({ 'created:owner': 'anna', 'created:date': '2026-11-21', 'created:via': 'autoscaling.amazonaws.com' })],
      status: 'fixed',
      says: /Now: anna made it/,
    },
    {
      name: "a stack's volume, by the creator tag of the stack",
      world: () => ec2World({ volumes: [volume('vol-1', stack)], stacks: { 'arn:stack/shop': [{ Key: 'created:owner', Value: 'anna' }] } }),
      event: createVolume('vol-1', ofService),
      sends: [set({ 'created:owner': 'anna', 'created:date': '2026-11-21', 'created:via': 'CloudFormation' })],
      status: 'fixed',
      says: /Now: anna made it. The CloudFormation stack shop leaves tags alone/,
    },
    {
      name: "a stack's volume, by the name of the stack",
      world: () => ec2World({ volumes: [volume('vol-1', stack)] }),
      event: createVolume('vol-1', ofService),
      sends: [set({ 'created:owner': 'stack shop', 'created:date': '2026-11-21', 'created:via': 'CloudFormation' })],
      status: 'fixed',
      says: /Now: stack shop made it/,
    },
    {
      name: "Terraform's, where it ignores the prefix",
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: createVolume('vol-1', terraform),
      settings: { ignoredByTerraform: true },
      sends: [set({ ...made, 'created:via': 'Terraform' })],
      status: 'fixed',
      says: /Now: dana made it/,
    },
    {
      name: 'one of which the record names nobody',
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: createVolume('vol-1', { userIdentity: null }),
      sends: [],
      status: 'open',
      says: 'Its owner is unknown: the record of its creation names nobody.',
    },
    {
      name: 'a volume with 48 tags, to which three do not fit',
      world: () => ec2World({ volumes: [volume('vol-1', full)] }),
      event: createVolume('vol-1'),
      sends: [],
      status: 'open',
      says: /cannot be tagged: it has 48 tags, and AWS allows 50/,
    },
    {
      name: 'a volume with a tag that differs in case only',
      world: () => ec2World({ volumes: [volume('vol-1', { 'Created:Owner': 'x' })] }),
      event: createVolume('vol-1'),
      sends: [],
      status: 'open',
      says: /it has a tag `Created:Owner`, which differs in case only/,
    },
  ],
  skipped: [
    {
      name: "Terraform's, which would take the tags away again",
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: createVolume('vol-1', terraform),
      says: 'It has no owner tag. Terraform owns it, and would take the tag away again.',
      advice: /ignore_tags \{ key_prefixes = \["created:"\] \}/,
    },
    {
      name: 'a volume that is being deleted',
      world: () => ec2World({ volumes: [{ ...volume('vol-1'), State: 'deleting' }] }),
      event: createVolume('vol-1'),
      says: /is being deleted/,
    },
  ],
  undo: [
    {
      name: 'the tags are taken away, and nothing else',
      world: () => ec2World({ volumes: [volume('vol-1', { Name: 'orders' })] }),
      event: createVolume('vol-1'),
      sends: [unset(['created:owner', 'created:date', 'created:via'])],
    },
  ],
});

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
      name: 'other spellings, which are renamed, mapped and taken away',
      world: () => ec2World({ volumes: [volume('vol-1', { ENV: 'Prod', Team: 'team-a', tmp: 'x' })] }),
      event: tagCall('CreateTags', ['vol-1'], { ENV: 'Prod' }),
      settings: schema,
      sends: [set({ Environment: 'production' }), unset(['ENV', 'tmp'])],
      status: 'fixed',
      says: /`Environment` is to be set; `ENV` is to go; `tmp` is to go/,
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
      says: /Now: It carries the required tags/,
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
      name: 'two spellings that say different things',
      world: () => ec2World({ volumes: [volume('vol-1', { env: 'prod', stage: 'test', Team: 'team-a' })] }),
      event: createVolume('vol-1'),
      settings: schema,
      sends: [],
      status: 'open',
      says: /`env` and `stage` say different things, so `Environment` cannot be told/,
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
      says: /The CloudFormation stack shop owns it/,
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

const mail = 'anna.berg@example.com';

testControl(sensitive, {
  valid: [
    {
      name: 'plain tags, the owner among them',
      world: () => ec2World({ volumes: [volume('vol-1', { Name: 'orders', 'created:owner': mail, 'cost-center': '4711' })] }),
      event: createVolume('vol-1'),
    },
    {
      name: 'a key that the settings leave out',
      world: () => ec2World({ volumes: [volume('vol-1', { contact: mail })] }),
      event: createVolume('vol-1'),
      settings: { except: ['contact'] },
    },
  ],
  invalid: [
    {
      name: 'an e-mail address in a Name tag',
      world: () => ec2World({ volumes: [volume('vol-1', { Name: `disk of ${mail}`, team: 'a' })] }),
      event: createVolume('vol-1'),
      secret: mail,
      sends: [unset(['Name'])],
      status: 'fixed',
      says: /It holds sensitive data: email-address in the tag `Name`. Now: Nothing sensitive/,
    },
    {
      name: 'the same, masked',
      world: () => ec2World({ volumes: [volume('vol-1', { Name: mail })] }),
      event: tagCall('CreateTags', ['vol-1', 'i-1']),
      settings: { mask: true },
      secret: mail,
      sends: [set({ Name: 'removed-by-redress' })],
      status: 'fixed',
      says: /email-address in the tag `Name`/,
    },
    {
      name: 'a key that holds the address itself, which goes though values are masked',
      world: () => ec2World({ volumes: [volume('vol-1', { [mail]: 'owner', note: mail })] }),
      event: tagCall('CreateTags', ['vol-1']),
      settings: { mask: true },
      secret: mail,
      sends: [set({ note: 'removed-by-redress' }), unset([mail])],
      status: 'fixed',
      says: /email-address in a tag, in its key; email-address in the tag `note`/,
    },
    {
      name: "another account's number, and a password under its name",
      world: () =>
        ec2World({
          volumes: [
            volume('vol-1', {
              peer: `arn:aws:iam::999988887777:role/x`,
              'db-password': 'correct-horse',
              built: '202611210900',
              ours: `account ${place.account}`,
            }),
          ],
          instances: [],
        }),
      event: createVolume('vol-1'),
      sends: [unset(['peer', 'db-password'])],
      status: 'fixed',
      says: /account-number in the tag `peer`; name:password in the tag `db-password`/,
    },
    {
      name: "a stack's volume, which only the stack can set right",
      world: () => ec2World({ volumes: [volume('vol-1', { ...stack, Name: mail })] }),
      event: createVolume('vol-1'),
      secret: mail,
      sends: [],
      status: 'open',
      says: /The CloudFormation stack shop would put the tag back/,
    },
    {
      name: 'the volumes of an instance that Auto Scaling launched',
      world: () =>
        ec2World({
          volumes: [volume('vol-1', { phone: '+31 20 123 4567' }, 'i-1')],
          instances: [instance('i-1', inGroup)],
          groups: [group('web')],
          templates: [template('lt-1')],
        }),
      event: launchOf('i-1'),
      sends: [unset(['phone'])],
      status: 'fixed',
      says: /phone-number in the tag `phone`/,
    },
  ],
  skipped: [],
});
