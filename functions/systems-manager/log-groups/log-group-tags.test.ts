import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-cloudwatch-logs';
import { tagControlsOf } from '../../../test/support/controls.ts';
import { aboutGroup, createGroup, groupArn, logsWorld } from '../../../test/support/log-groups/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import { logGroups } from './kind.ts';

const { owner, required, sensitive } = tagControlsOf(logGroups);

const name = '/shop/orders';
const made = { 'created:owner': 'dana', 'created:date': '2026-11-21', 'created:via': 'AWS CLI' };
const set = (tags: { [key: string]: string }) => new TagResourceCommand({ resourceArn: groupArn(name), tags });
const unset = (...tagKeys: string[]) => new UntagResourceCommand({ resourceArn: groupArn(name), tagKeys });
const world =
  (tags: { [key: string]: string } = {}) =>
  () =>
    logsWorld({ groups: { '/shop': {}, [name]: { tags }, '/shop/orders-old': {}, '/shop/orders/a': {} } });
const created = createGroup(name);
const tagged = aboutGroup('TagResource', { resourceArn: groupArn(name), tags: { x: 'y' } });

testControl(owner, {
  valid: [
    { name: 'a log group that carries its owner', world: world(made), event: createGroup(name, { tags: made }) },
    { name: 'what is tagged, which tells nothing of its maker', world: world(), event: tagged },
  ],
  invalid: [
    { name: 'a new log group', world: world(), event: created, sends: [set(made)], status: 'fixed', says: /Now: Its owner is dana/ },
  ],
  skipped: [],
  undo: [{ name: 'the tags go', world: world(), event: created, sends: [unset('created:owner', 'created:date', 'created:via')] }],
});

const schema = { tags: [{ key: 'Team', aliases: ['squad'] }] };

testControl(required, {
  valid: [{ name: 'the required tag', world: world({ Team: 'a' }), event: created, settings: schema }],
  invalid: [
    {
      name: 'another spelling, by the older call',
      world: world({ squad: 'a' }),
      event: aboutGroup('TagLogGroup', { logGroupName: name, tags: { squad: 'a' } }),
      settings: schema,
      sends: [set({ Team: 'a' }), unset('squad')],
      status: 'fixed',
      says: /`squad` is to be removed/,
    },
  ],
  skipped: [],
});

const mail = 'anna.berg@example.com';

testControl(sensitive, {
  valid: [{ name: 'plain tags', world: world({ team: 'a' }), event: created }],
  invalid: [
    {
      name: 'an address in a tag',
      world: world({ contact: mail }),
      event: createGroup(name, { tags: { contact: mail } }),
      secret: mail,
      sends: [unset('contact')],
      status: 'fixed',
      says: /email-address in the tag `contact`/,
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
  ],
  skipped: [],
});
