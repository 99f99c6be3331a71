import { AddTagsToResourceCommand, RemoveTagsFromResourceCommand } from '@aws-sdk/client-ssm';
import { callEvent } from '../../test/fixtures/events.ts';
import { tagControlsOf } from '../../test/support/controls.ts';
import { tagList } from '../../test/support/ec2-world.ts';
import { putParameter } from '../../test/support/parameters/events.ts';
import { parametersWorld } from '../../test/support/parameters/world.ts';
import { testControl } from '../../test/support/tester.ts';
import { parameters } from './kind.ts';

const { owner, required, sensitive } = tagControlsOf(parameters);

const made = { 'created:owner': 'dana', 'created:date': '2026-11-21', 'created:via': 'AWS CLI' };
const set = (tags: Record<string, string>) =>
  new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: '/a/b', Tags: tagList(tags) });
const unset = (...TagKeys: string[]) => new RemoveTagsFromResourceCommand({ ResourceType: 'Parameter', ResourceId: '/a/b', TagKeys });
const world =
  (tags: Record<string, string> = {}, Description = '') =>
  () =>
    parametersWorld({
      parameters: { '/a/b': { Description, Tags: tagList(tags) } },
    });
const tagged = callEvent(
  'AddTagsToResource',
  { requestParameters: { resourceType: 'Parameter', resourceId: '/a/b', tags: [{ key: 'x', value: 'y' }] } },
  'ssm.amazonaws.com',
);
const stack = { 'aws:cloudformation:stack-name': 'shop' };

testControl(owner, {
  valid: [
    { name: 'a parameter that carries its owner', world: world(made), event: putParameter('/a/b') },
    { name: 'what is tagged, which tells nothing of its maker', world: world(), event: tagged },
  ],
  invalid: [
    {
      name: 'a new parameter',
      world: world(),
      event: putParameter('/a/b'),
      sends: [set(made)],
      status: 'fixed',
      says: /Now: Its owner is dana/,
    },
    {
      name: "a stack's, which has no creator tag",
      world: world(stack),
      event: putParameter(
        '/a/b',
        {},
        { userAgent: 'cloudformation.amazonaws.com', userIdentity: { type: 'AWSService', invokedBy: 'cloudformation.amazonaws.com' } },
      ),
      sends: [set({ 'created:owner': 'stack shop', 'created:date': '2026-11-21', 'created:via': 'CloudFormation' })],
      status: 'fixed',
      says: /Now: Its owner is stack shop/,
    },
  ],
  skipped: [],
  undo: [
    { name: 'the tags go', world: world(), event: putParameter('/a/b'), sends: [unset('created:owner', 'created:date', 'created:via')] },
  ],
});

const schema = { tags: [{ key: 'Team', aliases: ['squad'] }] };

testControl(required, {
  valid: [{ name: 'the required tag', world: world({ Team: 'a' }), event: putParameter('/a/b'), settings: schema }],
  invalid: [
    {
      name: 'another spelling',
      world: world({ squad: 'a' }),
      event: tagged,
      settings: schema,
      sends: [set({ Team: 'a' }), unset('squad')],
      status: 'fixed',
      says: /`squad` is to be removed/,
    },
    {
      name: 'a missing one',
      world: world(),
      event: putParameter('/a/b'),
      settings: schema,
      sends: [],
      status: 'open',
      says: /`Team` is missing/,
    },
  ],
  skipped: [],
});

const mail = 'anna.berg@example.com';

testControl(sensitive, {
  valid: [{ name: 'plain tags and description', world: world({ team: 'a' }, 'the endpoint'), event: putParameter('/a/b') }],
  invalid: [
    {
      name: 'an address in a tag and in the description, which only a person can change',
      world: world({ contact: mail }, `ask ${mail}`),
      event: putParameter('/a/b'),
      secret: mail,
      sends: [unset('contact')],
      leavesRest: true,
      status: 'open',
      says: /Now: It holds sensitive data: email-address in the description/,
      advice: /No call can change the other places/,
    },
    {
      name: 'a masked one',
      world: world({ contact: mail }),
      event: tagged,
      settings: { mask: true },
      secret: mail,
      sends: [set({ contact: 'removed-by-redress' })],
      status: 'fixed',
      says: /email-address in the tag `contact`/,
    },
    {
      name: 'a description that is gone by now, of which the record still tells',
      world: world(),
      event: putParameter('/a/b', { description: `ask ${mail}` }),
      secret: mail,
      sends: [],
      status: 'open',
      says: 'It holds sensitive data: email-address in the record of a call about it.',
    },
  ],
  skipped: [],
});
