import { CreateTagsCommand, DeleteTagsCommand, type LaunchTemplateVersion } from '@aws-sdk/client-ec2';
import { callEvent, tagCall } from '../../test/fixtures/events.ts';
import { tagControlsOf } from '../../test/support/controls.ts';
import { ec2World, tagList, template } from '../../test/support/ec2-world.ts';
import { testControl } from '../../test/support/tester.ts';
import { launchTemplates } from './kind.ts';

const { owner, required, sensitive } = tagControlsOf(launchTemplates);

const made = { 'created:owner': 'dana', 'created:date': '2026-11-21', 'created:via': 'AWS CLI' };
const set = (tags: Record<string, string>) => new CreateTagsCommand({ Resources: ['lt-1'], Tags: tagList(tags) });
const unset = (...keys: string[]) => new DeleteTagsCommand({ Resources: ['lt-1'], Tags: keys.map((Key) => ({ Key })) });
const version: LaunchTemplateVersion = { VersionNumber: 1, DefaultVersion: true, LaunchTemplateData: { ImageId: 'ami-0f00' } };
const world =
  (tags: Record<string, string> = {}, first: LaunchTemplateVersion = version, more: object = {}) =>
  () =>
    ec2World({
      templates: [{ ...template('lt-1', tags), LaunchTemplateName: 'web', ...more }],
      versions: { 'lt-1': [first] },
      stacks: { shop: tagList({ 'created:owner': 'anna' }) },
    });
const created = callEvent('CreateLaunchTemplate', {
  requestParameters: { CreateLaunchTemplateRequest: { LaunchTemplateName: 'web', LaunchTemplateData: { ImageId: 'ami-0f00' } } },
  responseElements: { CreateLaunchTemplateResponse: { launchTemplate: { launchTemplateId: 'lt-1', latestVersionNumber: 1 } } },
});
const swept = { ...created, 'detail-type': 'Scheduled Event', detail: {} };

testControl(owner, {
  valid: [{ name: 'a template that carries its owner', world: world(made), event: created }],
  invalid: [
    { name: 'a new template', world: world(), event: created, sends: [set(made)], status: 'fixed', says: /Now: Its owner is dana/ },
    {
      name: 'one whose creation Redress did not see, by what AWS shows of it',
      world: world({}, version, { CreatedBy: 'arn:aws:iam::111122223333:user/eva', CreateTime: new Date('2026-10-01T00:00:00Z') }),
      event: swept,
      sends: [set({ 'created:owner': 'eva', 'created:date': '2026-10-01' })],
      status: 'fixed',
      says: /Now: Its owner is eva/,
    },
    {
      name: "a stack's",
      world: world({ 'aws:cloudformation:stack-name': 'shop' }),
      event: swept,
      sends: [set({ 'created:owner': 'anna' })],
      status: 'fixed',
      says: /Now: Its owner is anna/,
    },
  ],
  skipped: [],
  undo: [{ name: 'the tags go', world: world(), event: created, sends: [unset('created:owner', 'created:date', 'created:via')] }],
});

testControl(required, {
  valid: [{ name: 'the required tag', world: world({ Team: 'a' }), event: created, settings: { tags: [{ key: 'Team' }] } }],
  invalid: [
    {
      name: 'another spelling',
      world: world({ squad: 'a' }),
      event: tagCall('CreateTags', ['lt-1']),
      settings: { tags: [{ key: 'Team', aliases: ['squad'] }] },
      sends: [set({ Team: 'a' }), unset('squad')],
      status: 'fixed',
      says: /`squad` is to be removed/,
    },
  ],
  skipped: [],
});

const mail = 'anna.berg@example.com';

testControl(sensitive, {
  valid: [{ name: 'plain tags, name and version', world: world({ Team: 'a' }), event: created }],
  invalid: [
    {
      name: 'an address in its own tag',
      world: world({ contact: mail }),
      event: created,
      secret: mail,
      sends: [unset('contact')],
      status: 'fixed',
      says: /email-address in the tag `contact`/,
    },
    {
      name: 'the same, masked',
      world: world({ contact: mail }),
      event: created,
      settings: { mask: true },
      secret: mail,
      sends: [set({ contact: 'removed-by-redress' })],
      status: 'fixed',
      says: /email-address in the tag `contact`/,
    },
    {
      name: 'an address in what a version says and gives, which nobody can change',
      world: world(
        {},
        {
          ...version,
          VersionDescription: `for ${mail}`,
          LaunchTemplateData: { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'contact', Value: mail }] }] },
        },
      ),
      event: created,
      secret: mail,
      sends: [],
      status: 'open',
      says: 'It holds sensitive data: email-address in the description of version 1; email-address in the tags that version 1 gives.',
      advice: /No call can change the other places/,
    },
  ],
  skipped: [],
});
