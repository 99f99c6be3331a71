import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { launchOf, runInstances, tagCall } from '../../test/fixtures/events.ts';
import { password } from '../../test/fixtures/secrets.ts';
import { tagControlsOf } from '../../test/support/controls.ts';
import { ec2World, group, instance, tagList, template } from '../../test/support/ec2-world.ts';
import { testControl } from '../../test/support/tester.ts';
import { instances } from './kind.ts';

const { owner, required, sensitive } = tagControlsOf(instances);

const made = { 'created:owner': 'dana', 'created:date': '2026-11-21', 'created:via': 'AWS CLI' };
const set = (tags: Record<string, string>) => new CreateTagsCommand({ Resources: ['i-1'], Tags: tagList(tags) });
const unset = (...keys: string[]) => new DeleteTagsCommand({ Resources: ['i-1'], Tags: keys.map((Key) => ({ Key })) });
const inGroup = { 'aws:autoscaling:groupName': 'web', 'aws:ec2launchtemplate:id': 'lt-1' };
const launched = 'autoscaling.amazonaws.com';
const world =
  (tags: Record<string, string>, ofGroup: Record<string, string> = {}, ofTemplate: Record<string, string> = {}) =>
  () =>
    ec2World({
      instances: [instance('i-1', tags)],
      groups: [group('web', ofGroup)],
      templates: [template('lt-1', ofTemplate)],
      stacks: { shop: [{ Key: 'created:owner', Value: 'anna' }] },
    });
const gone = () => ec2World({ instances: [{ ...instance('i-1'), State: { Name: 'terminated' } }] });

testControl(owner, {
  valid: [{ name: 'an instance that carries its owner', world: world(made), event: runInstances('i-1') }],
  invalid: [
    {
      name: 'a new instance',
      world: world({}),
      event: runInstances('i-1'),
      sends: [set(made)],
      status: 'fixed',
      says: /Now: Its owner is dana/,
    },
    {
      name: 'one that Auto Scaling launched, from a group with an owner',
      world: world(inGroup, { 'created:owner': 'anna', 'created:via': 'console' }, { 'created:owner': 'bob' }),
      event: launchOf('i-1'),
      sends: [set({ 'created:owner': 'anna', 'created:date': '2026-11-21', 'created:via': launched })],
      status: 'fixed',
      says: /Now: Its owner is anna/,
    },
    {
      name: 'one that Auto Scaling launched, from a template with an owner',
      world: world(inGroup, {}, { 'created:owner': 'bob' }),
      event: launchOf('i-1'),
      sends: [set({ 'created:owner': 'bob', 'created:date': '2026-11-21', 'created:via': launched })],
      status: 'fixed',
      says: /Now: Its owner is bob/,
    },
    {
      name: 'one that Auto Scaling launched, of which nobody is known: its group is the one to ask about',
      world: world(inGroup),
      event: launchOf('i-1'),
      sends: [set({ 'created:owner': 'Auto Scaling group web', 'created:date': '2026-11-21', 'created:via': launched })],
      status: 'fixed',
      says: /Now: Its owner is Auto Scaling group web/,
    },
    {
      name: 'one of a stack with a creator tag, found by the sweep',
      world: world({ 'aws:cloudformation:stack-name': 'shop' }),
      event: { ...runInstances('i-1'), 'detail-type': 'Scheduled Event', detail: {} },
      sends: [set({ 'created:owner': 'anna' })],
      status: 'fixed',
      says: /Now: Its owner is anna. The CloudFormation stack shop keeps tags/,
    },
    {
      name: 'one that was provisioned through Service Catalog',
      world: world({
        'aws:cloudformation:stack-name': 'sc-1',
        'aws:servicecatalog:provisioningPrincipalArn': 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_1b74/eva@example.com',
      }),
      // the ARN of a session shows no path, so it does not prove that the role is one of IAM Identity Center
      event: { ...runInstances('i-1'), 'detail-type': 'Scheduled Event', detail: {} },
      sends: [set({ 'created:owner': 'AWSReservedSSO_Dev_1b74/eva@example.com' })],
      status: 'fixed',
      says: /Now: Its owner is AWSReservedSSO_Dev_1b74\/eva@example.com/,
    },
    {
      name: 'one that is older than Redress, where that is to be told',
      world: world({}),
      event: { ...runInstances('i-1'), 'detail-type': 'Scheduled Event', detail: {} },
      settings: { tellUnseen: true },
      sends: [],
      status: 'open',
      says: 'Its owner is unknown: Redress did not see its creation.',
    },
  ],
  skipped: [{ name: 'a terminated instance', world: gone, event: runInstances('i-1'), says: /is terminated/ }],
  undo: [
    {
      name: 'the tags are removed',
      world: world({}),
      event: runInstances('i-1'),
      sends: [unset('created:owner', 'created:date', 'created:via')],
    },
  ],
});

const schema = { tags: [{ key: 'Team', aliases: ['squad'], inheritFrom: ['group', 'template'] }] };

testControl(required, {
  valid: [{ name: 'the required tag', world: world({ Team: 'a' }), event: runInstances('i-1'), settings: schema }],
  invalid: [
    {
      name: 'one that its group has under another name',
      world: world(inGroup, { squad: 'orders' }),
      event: launchOf('i-1'),
      settings: schema,
      sends: [set({ Team: 'orders' })],
      status: 'fixed',
      says: /`Team` is to be set/,
    },
    {
      name: 'another spelling',
      world: world({ Squad: 'orders' }),
      event: tagCall('CreateTags', ['i-1', 'vol-1']),
      settings: schema,
      sends: [set({ Team: 'orders' }), unset('Squad')],
      status: 'fixed',
      says: /`Squad` is to be removed/,
    },
    {
      name: 'another spelling, found by the sweep: a person says yes to what goes',
      world: world({ Squad: 'orders' }),
      event: { ...runInstances('i-1'), 'detail-type': 'Scheduled Event', detail: {} },
      settings: schema,
      isApproved: true,
      sends: [set({ Team: 'orders' }), unset('Squad')],
      status: 'fixed',
      says: /`Squad` is to be removed/,
    },
  ],
  skipped: [{ name: 'a terminated instance', world: gone, event: runInstances('i-1'), settings: schema, says: /is terminated/ }],
});

testControl(sensitive, {
  valid: [{ name: 'plain tags', world: world({ Name: 'web-1' }), event: runInstances('i-1') }],
  invalid: [
    {
      name: 'a payment card, on an instance of a group',
      world: world({ ...inGroup, note: 'card 4111 1111 1111 1111' }),
      event: launchOf('i-1'),
      secret: '4111 1111 1111 1111',
      sends: [unset('note')],
      status: 'fixed',
      says: /payment-card in the tag `note`/,
    },
    {
      name: 'a URL with credentials, masked',
      world: world({ db: `postgres://app:${password}@db.internal/x` }),
      event: tagCall('CreateTags', ['i-1']),
      settings: { mask: true },
      secret: password,
      sends: [set({ db: 'removed-by-redress' })],
      status: 'fixed',
      says: /url-credentials in the tag `db`/,
    },
  ],
  skipped: [],
});
