import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { createVolume, launchOf, tagCall } from '../../test/fixtures/events.ts';
import { tagControlsOf } from '../../test/support/controls.ts';
import { ec2World, group, instance, tagList, template, volume } from '../../test/support/ec2-world.ts';
import { place } from '../../test/support/harness.ts';
import { testControl } from '../../test/support/tester.ts';
import { volumes } from './kind.ts';

const { sensitive } = tagControlsOf(volumes);

const set = (tags: Record<string, string>, id = 'vol-1') => new CreateTagsCommand({ Resources: [id], Tags: tagList(tags) });
const unset = (keys: readonly string[], id = 'vol-1') => new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) });
const stack = { 'aws:cloudformation:stack-name': 'shop', 'aws:cloudformation:stack-id': 'arn:stack/shop' };
const inGroup = { 'aws:autoscaling:groupName': 'web', 'aws:ec2launchtemplate:id': 'lt-1' };

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
      says: /It holds sensitive data: email-address in the tag `Name`. Now: Its tags show no sensitive data/,
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
      says: /The CloudFormation stack shop manages it, so it is left unchanged: fix it there/,
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
