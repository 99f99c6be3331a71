import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { scheduled, tagCall } from '../../../test/fixtures/events.ts';
import { password, token } from '../../../test/fixtures/secrets.ts';
import { tagControlsOf } from '../../../test/support/controls.ts';
import { tagList } from '../../../test/support/ec2-world.ts';
import { authorized, byService, created } from '../../../test/support/security-groups/events.ts';
import { type Account, group, groupsWorld, rule } from '../../../test/support/security-groups/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import { securityGroups } from './kind.ts';

const { owner, required, sensitive } = tagControlsOf(securityGroups);

const made = { 'created:owner': 'dana', 'created:date': '2026-11-21', 'created:via': 'AWS CLI' };
const set = (tags: Record<string, string>) => new CreateTagsCommand({ Resources: ['sg-1'], Tags: tagList(tags) });
const unset = (...keys: string[]) => new DeleteTagsCommand({ Resources: ['sg-1'], Tags: keys.map((Key) => ({ Key })) });
const world =
  (tags: Record<string, string> = {}, account: Account = {}) =>
  () =>
    groupsWorld({ groups: [group('sg-1', { Tags: tagList(tags) })], ...account });
const ofStack = { 'aws:cloudformation:stack-name': 'shop', 'aws:cloudformation:stack-id': 'arn:stack/shop' };
const noted = (Description: string) => rule('sgr-1', 'tcp 443 10.0.0.0/8', { Description });

testControl(owner, {
  valid: [{ name: 'a group that carries its owner', world: world(made), event: created('sg-1') }],
  invalid: [
    { name: 'a new group', world: world(), event: created('sg-1'), sends: [set(made)], status: 'fixed', says: /Now: Its owner is dana/ },
    {
      name: "a stack's group, by the creator tag of the stack",
      world: world(ofStack, { stacks: { 'arn:stack/shop': [{ Key: 'created:owner', Value: 'anna' }] } }),
      event: { ...created('sg-1'), detail: { ...created('sg-1').detail, ...byService('cloudformation.amazonaws.com') } },
      sends: [set({ 'created:owner': 'anna', 'created:date': '2026-11-21', 'created:via': 'CloudFormation' })],
      status: 'fixed',
      says: /Now: Its owner is anna/,
    },
  ],
  skipped: [],
  undo: [{ name: 'the tags are removed', world: world(), event: created('sg-1'), sends: [unset(...Object.keys(made))] }],
});

const schema = { tags: [{ key: 'Team', aliases: ['squad'] }] };

testControl(required, {
  valid: [{ name: 'the required tag', world: world({ Team: 'a' }), event: created('sg-1'), settings: schema }],
  invalid: [
    {
      name: 'another spelling',
      world: world({ Squad: 'orders' }),
      event: tagCall('CreateTags', ['sg-1', 'sgr-1', 'i-1']),
      settings: schema,
      sends: [set({ Team: 'orders' }), unset('Squad')],
      status: 'fixed',
      says: /`Squad` is to be removed/,
    },
  ],
  skipped: [],
});

testControl(sensitive, {
  valid: [
    {
      name: 'plain text',
      world: world({ Name: 'web' }, { rules: [noted('from the office')] }),
      event: authorized([noted('from the office')]),
    },
  ],
  invalid: [
    {
      name: 'a URL with credentials in a tag, masked',
      world: world({ db: `postgres://app:${password}@db.internal/x` }),
      event: tagCall('CreateTags', ['sg-1']),
      settings: { mask: true },
      secret: password,
      sends: [set({ db: 'removed-by-redress' })],
      status: 'fixed',
      says: /url-credentials in the tag `db`/,
    },
    {
      name: 'a payment card in a tag',
      world: world({ note: 'card 4111 1111 1111 1111' }),
      event: tagCall('CreateTags', ['sg-1']),
      secret: '4111 1111 1111 1111',
      sends: [unset('note')],
      status: 'fixed',
      says: /payment-card in the tag `note`/,
    },
    {
      name: 'a token in the description of a rule',
      world: world({}, { rules: [noted(`pull with ${token}`)] }),
      event: authorized([noted(`pull with ${token}`)]),
      secret: token,
      sends: [],
      status: 'open',
      says: /in the description of sgr-1/,
      advice: /The description of a rule can be changed/,
    },
    {
      name: 'a token in the description of a group, found by the sweep',
      world: () => groupsWorld({ groups: [group('sg-1', { Description: `pull with ${token}` })] }),
      event: scheduled(),
      secret: token,
      sends: [],
      status: 'open',
      says: /in the description of the group/,
      advice: /make another group without it/,
    },
  ],
  skipped: [],
});
