import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { tagCall } from '../../../test/fixtures/events.ts';
import { password } from '../../../test/fixtures/secrets.ts';
import { tagControlsOf } from '../../../test/support/controls.ts';
import { tagList } from '../../../test/support/ec2-world.ts';
import { byService, vpcMade } from '../../../test/support/security-groups/events.ts';
import { testControl } from '../../../test/support/tester.ts';
import { vpcsWorld } from '../../../test/support/vpcs.ts';
import { vpcs } from './kind.ts';

const { owner, required, sensitive } = tagControlsOf(vpcs);

const made = { 'created:owner': 'dana', 'created:date': '2026-11-21', 'created:via': 'AWS CLI' };
const set = (tags: Record<string, string>) => new CreateTagsCommand({ Resources: ['vpc-1'], Tags: tagList(tags) });
const unset = (...keys: string[]) => new DeleteTagsCommand({ Resources: ['vpc-1'], Tags: keys.map((Key) => ({ Key })) });
const world =
  (tags: Record<string, string> = {}, account: Parameters<typeof vpcsWorld>[0] = {}) =>
  () =>
    vpcsWorld({ vpcs: [{ VpcId: 'vpc-1', Tags: tagList(tags) }], ...account });
const ofStack = { 'aws:cloudformation:stack-name': 'shop', 'aws:cloudformation:stack-id': 'arn:stack/shop' };

testControl(owner, {
  valid: [{ name: 'a VPC that carries its owner', world: world(made), event: vpcMade('vpc-1') }],
  invalid: [
    { name: 'a new VPC', world: world(), event: vpcMade('vpc-1'), sends: [set(made)], status: 'fixed', says: /Now: Its owner is dana/ },
    {
      name: "a stack's VPC, by the creator tag of the stack",
      world: world(ofStack, { stacks: { 'arn:stack/shop': [{ Key: 'created:owner', Value: 'anna' }] } }),
      event: vpcMade('vpc-1', byService('cloudformation.amazonaws.com')),
      sends: [set({ 'created:owner': 'anna', 'created:date': '2026-11-21', 'created:via': 'CloudFormation' })],
      status: 'fixed',
      says: /Now: Its owner is anna/,
    },
  ],
  skipped: [],
  undo: [{ name: 'the tags are removed', world: world(), event: vpcMade('vpc-1'), sends: [unset(...Object.keys(made))] }],
});

const schema = { tags: [{ key: 'Team', aliases: ['squad'] }] };

testControl(required, {
  valid: [{ name: 'the required tag', world: world({ Team: 'a' }), event: vpcMade('vpc-1'), settings: schema }],
  invalid: [
    {
      name: 'another spelling',
      world: world({ Squad: 'orders' }),
      event: tagCall('CreateTags', ['vpc-1']),
      settings: schema,
      sends: [set({ Team: 'orders' }), unset('Squad')],
      status: 'fixed',
      says: /`Squad` is to be removed/,
    },
  ],
  skipped: [],
});

testControl(sensitive, {
  valid: [{ name: 'a plain tag', world: world({ Team: 'a' }), event: vpcMade('vpc-1') }],
  invalid: [
    {
      name: 'a URL with credentials in a tag, masked',
      world: world({ db: `postgres://app:${password}@db.internal/x` }),
      event: tagCall('CreateTags', ['vpc-1']),
      settings: { mask: true },
      secret: password,
      sends: [set({ db: 'removed-by-redress' })],
      status: 'fixed',
      says: /url-credentials in the tag `db`/,
    },
    {
      name: 'a payment card in a tag',
      world: world({ note: 'card 4111 1111 1111 1111' }),
      event: tagCall('CreateTags', ['vpc-1']),
      secret: '4111 1111 1111 1111',
      sends: [unset('note')],
      status: 'fixed',
      says: /payment-card in the tag `note`/,
    },
  ],
  skipped: [],
});
