import { CreateOrUpdateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-auto-scaling';
import { expect, test } from 'vitest';
import { callEvent, messageFor } from '../../test/fixtures/events.ts';
import { tagControlsOf } from '../../test/support/controls.ts';
import { ec2World, group, tagList } from '../../test/support/ec2-world.ts';
import { Harness } from '../../test/support/harness.ts';
import { testControl } from '../../test/support/tester.ts';
import { autoScalingGroups } from './kind.ts';

const { owner, required, sensitive } = tagControlsOf(autoScalingGroups);

const place = { ResourceId: 'web', ResourceType: 'auto-scaling-group' };
const made = { 'created:owner': 'dana', 'created:date': '2026-11-21', 'created:via': 'AWS CLI' };
const set = (tags: Record<string, string>) =>
  new CreateOrUpdateTagsCommand({ Tags: tagList(tags).map(({ Key, Value }) => ({ ...place, Key, Value, PropagateAtLaunch: false })) });
const unset = (...keys: string[]) => new DeleteTagsCommand({ Tags: keys.map((Key) => ({ ...place, Key })) });
const world =
  (tags: Record<string, string> = {}) =>
  () =>
    ec2World({ groups: [group('web', tags)], stacks: { shop: tagList({ 'created:owner': 'anna' }) } });
const created = (name = 'web') =>
  callEvent('CreateAutoScalingGroup', { requestParameters: { autoScalingGroupName: name, tags: [] } }, 'autoscaling.amazonaws.com');
const tagged = callEvent(
  'CreateOrUpdateTags',
  { requestParameters: { tags: [{ ...{ resourceId: 'web' }, key: 'x' }] } },
  'autoscaling.amazonaws.com',
);

testControl(owner, {
  valid: [{ name: 'a group that carries its owner', world: world(made), event: created() }],
  invalid: [
    { name: 'a new group', world: world(), event: created(), sends: [set(made)], status: 'fixed', says: /Now: Its owner is dana/ },
    {
      name: "a stack's, by the creator tag of the stack",
      world: world({ 'aws:cloudformation:stack-name': 'shop' }),
      event: { ...created(), 'detail-type': 'Scheduled Event', detail: {} },
      sends: [set({ 'created:owner': 'anna' })],
      status: 'fixed',
      says: /Now: Its owner is anna/,
    },
  ],
  skipped: [],
  undo: [{ name: 'the tags go', world: world(), event: created(), sends: [unset('created:owner', 'created:date', 'created:via')] }],
});

testControl(required, {
  valid: [{ name: 'the required tag', world: world({ Team: 'a' }), event: created(), settings: { tags: [{ key: 'Team' }] } }],
  invalid: [
    {
      name: 'another spelling',
      world: world({ squad: 'a' }),
      event: tagged,
      settings: { tags: [{ key: 'Team', aliases: ['squad'] }] },
      sends: [set({ Team: 'a' }), unset('squad')],
      status: 'fixed',
      says: /`squad` is to be removed/,
    },
  ],
  skipped: [],
});

testControl(sensitive, {
  valid: [{ name: 'plain tags', world: world({ Team: 'a' }), event: created() }],
  invalid: [
    {
      name: 'an address, masked',
      world: world({ contact: 'anna.berg@example.com' }),
      event: tagged,
      settings: { mask: true },
      secret: 'anna.berg@example.com',
      sends: [set({ contact: 'removed-by-redress' })],
      status: 'fixed',
      says: /email-address in the tag `contact`/,
    },
    {
      name: 'an address, removed',
      world: world({ contact: 'anna.berg@example.com' }),
      event: tagged,
      secret: 'anna.berg@example.com',
      sends: [unset('contact')],
      status: 'fixed',
      says: /email-address in the tag `contact`/,
    },
  ],
  skipped: [],
});

test('the tags of many groups go out in one call a control, for IAM looks at all keys of a call', async () => {
  const names = ['web', 'api', 'jobs'];
  const config = { controls: { [required.id]: { mode: 'fix', tags: [{ key: 'Team', default: 'a' }] } } } as const;
  const harness = new Harness({ controls: [owner, required], config, world: ec2World({ groups: names.map((name) => group(name)) }) });
  for (const name of names) for (const { id } of [owner, required]) harness.put(messageFor(id, created(name)));
  await harness.settle();
  expect(harness.writes.map(({ input }) => new CreateOrUpdateTagsCommand(input as never).input.Tags?.length)).toEqual([9, 3]);
  expect((await harness.findings()).map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'fixed'));
});
