import { AddTagsToResourceCommand, RemoveTagsFromResourceCommand } from '@aws-sdk/client-ssm';
import { callEvent } from '../../../test/fixtures/events.ts';
import { tagControlsOf } from '../../../test/support/controls.ts';
import { writeDocument } from '../../../test/support/documents/events.ts';
import { documentsWorld } from '../../../test/support/documents/world.ts';
import { tagList } from '../../../test/support/ec2-world.ts';
import { testControl } from '../../../test/support/tester.ts';
import { documents } from './kind.ts';

const { owner, required, sensitive } = tagControlsOf(documents);

const made = { 'created:owner': 'dana', 'created:date': '2026-11-21', 'created:via': 'AWS CLI' };
const set = (tags: Record<string, string>) =>
  new AddTagsToResourceCommand({ ResourceType: 'Document', ResourceId: 'deploy', Tags: tagList(tags) });
const unset = (...TagKeys: string[]) => new RemoveTagsFromResourceCommand({ ResourceType: 'Document', ResourceId: 'deploy', TagKeys });
const world =
  (tags: Record<string, string> = {}, displayName = 'Deploys the shop') =>
  () =>
    documentsWorld({ documents: { deploy: { versions: ['{}'], tags: tagList(tags), displayName } } });
const created = writeDocument('deploy');
const tagged = callEvent(
  'AddTagsToResource',
  { requestParameters: { resourceType: 'Document', resourceId: 'deploy', tags: [{ key: 'x', value: 'y' }] } },
  'ssm.amazonaws.com',
);

testControl(owner, {
  valid: [
    { name: 'a document that carries its owner', world: world(made), event: created },
    { name: 'what is tagged, which tells nothing of its maker', world: world(), event: tagged },
  ],
  invalid: [
    { name: 'a new document', world: world(), event: created, sends: [set(made)], status: 'fixed', says: /Now: Its owner is dana/ },
  ],
  skipped: [],
  undo: [{ name: 'the tags go', world: world(), event: created, sends: [unset('created:owner', 'created:date', 'created:via')] }],
});

const schema = { tags: [{ key: 'Team', aliases: ['squad'] }] };

testControl(required, {
  valid: [{ name: 'the required tag', world: world({ Team: 'a' }), event: created, settings: schema }],
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
  ],
  skipped: [],
});

const mail = 'anna.berg@example.com';

testControl(sensitive, {
  valid: [{ name: 'plain tags and names', world: world({ team: 'a' }), event: created }],
  invalid: [
    {
      name: 'an address in a tag and in the display name, which only a person can change',
      world: world({ contact: mail }, `ask ${mail}`),
      event: created,
      secret: mail,
      sends: [unset('contact')],
      leavesRest: true,
      status: 'open',
      says: /Now: It holds sensitive data: email-address in the display name/,
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
