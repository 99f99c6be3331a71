import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { byTerraform, createVolume, launchOf, roleSession, runInstances } from '../../test/fixtures/events.ts';
import { tagControlsOf } from '../../test/support/controls.ts';
import { ec2World, group, instance, tagList, template, volume } from '../../test/support/ec2-world.ts';
import { place } from '../../test/support/harness.ts';
import { testControl } from '../../test/support/tester.ts';
import { volumes } from './kind.ts';

const { owner } = tagControlsOf(volumes);

const made = { 'created:owner': 'dana', 'created:date': '2026-11-21', 'created:via': 'AWS CLI' };
const set = (tags: Record<string, string>, id = 'vol-1') => new CreateTagsCommand({ Resources: [id], Tags: tagList(tags) });
const unset = (keys: readonly string[], id = 'vol-1') => new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) });
const stack = { 'aws:cloudformation:stack-name': 'shop', 'aws:cloudformation:stack-id': 'arn:stack/shop' };
const full = Object.fromEntries(Array.from({ length: 48 }, (_, n) => [`t${n}`, 'x']));
const sso = {
  type: 'AssumedRole',
  arn: `arn:aws:sts::${place.account}:assumed-role/AWSReservedSSO_Admin_1b74/anna@example.com`,
  sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${place.account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1b74` } },
};
const ofService = { userIdentity: roleSession('deploy', 'AWSCloudFormation', { invokedBy: 'cloudformation.amazonaws.com' }) };
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
      says: /It has no owner tag. Now: Its owner is dana/,
    },
    {
      name: 'a volume whose owner a person has set',
      world: () => ec2World({ volumes: [volume('vol-1', { 'created:owner': 'team-orders' })] }),
      event: createVolume('vol-1'),
      sends: [set({ 'created:date': '2026-11-21', 'created:via': 'AWS CLI' })],
      status: 'fixed',
      says: /Now: Its owner is team-orders/,
    },
    {
      name: 'a volume that a person under IAM Identity Center made, as a pseudonym and under other names',
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: createVolume('vol-1', { userIdentity: sso }),
      common: { ownerTags: { prefix: 'made:', owner: 'by', date: 'on', via: 'with', pseudonyms: true } },
      sends: [set({ 'made:by': 'id-80408d611087e50d', 'made:on': '2026-11-21', 'made:with': 'AWS CLI' })],
      status: 'fixed',
      says: /Now: Its owner is id-[0-9a-f]{16}/,
    },
    {
      name: 'the volumes of a new instance, which has another owner',
      world: () => ec2World({ volumes: [volume('vol-1', {}, 'i-1')], instances: [instance('i-1', { 'created:owner': 'team-orders' })] }),
      event: runInstances('i-1'),
      sends: [set({ ...made, 'created:owner': 'team-orders' })],
      status: 'fixed',
      says: /Now: Its owner is team-orders/,
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
      says: /Now: Its owner is anna/,
    },
    {
      name: "a stack's volume, by the creator tag of the stack",
      world: () => ec2World({ volumes: [volume('vol-1', stack)], stacks: { 'arn:stack/shop': [{ Key: 'created:owner', Value: 'anna' }] } }),
      event: createVolume('vol-1', ofService),
      sends: [set({ 'created:owner': 'anna', 'created:date': '2026-11-21', 'created:via': 'CloudFormation' })],
      status: 'fixed',
      says: /Now: Its owner is anna. The CloudFormation stack shop keeps tags/,
    },
    {
      name: "a stack's volume, by the name of the stack",
      world: () => ec2World({ volumes: [volume('vol-1', stack)] }),
      event: createVolume('vol-1', ofService),
      sends: [set({ 'created:owner': 'stack shop', 'created:date': '2026-11-21', 'created:via': 'CloudFormation' })],
      status: 'fixed',
      says: /Now: Its owner is stack shop/,
    },
    {
      name: "Terraform's, where it ignores the prefix",
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: createVolume('vol-1', byTerraform),
      settings: { ignoredByTerraform: true },
      sends: [set({ ...made, 'created:via': 'Terraform' })],
      status: 'fixed',
      says: /Now: Its owner is dana/,
    },
    {
      name: 'what claims to be of Terraform, where claims are not believed',
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: createVolume('vol-1', byTerraform),
      managers: { claims: 'fix' },
      sends: [set({ ...made, 'created:via': 'Terraform' })],
      status: 'fixed',
      says: /Now: Its owner is dana$|Now: Its owner is dana\.$/,
    },
    {
      name: 'a volume of a session that is named for a person, under a role that names people',
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: createVolume('vol-1', { userIdentity: roleSession('deploy', 'anna@example.com') }),
      common: { ownerTags: { people: [`arn:aws:iam::${place.account}:role/deploy`] } },
      sends: [set({ ...made, 'created:owner': 'anna@example.com' })],
      status: 'fixed',
      says: /Now: Its owner is anna@example.com/,
    },
    {
      name: 'the same under a role that does not',
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: createVolume('vol-1', { userIdentity: roleSession('deploy', 'anna@example.com') }),
      common: { ownerTags: { people: [`arn:aws:iam::${place.account}:role/admin`] } },
      sends: [set({ ...made, 'created:owner': 'deploy/anna@example.com' })],
      status: 'fixed',
      says: /Now: Its owner is deploy\/anna@example.com/,
    },
    {
      name: "one whose tags claim a stack's tool, which is no reason to name it",
      world: () => ec2World({ volumes: [volume('vol-1', { ...made, 'cdk:stack': 'x' })] }),
      event: createVolume('vol-1', { userAgent: 'aws-cdk/2' }),
      common: { ownerTags: { date: 'day' } },
      sends: [set({ 'created:day': '2026-11-21' })],
      status: 'fixed',
      says: /Now: Its owner is dana\.$/,
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
      event: createVolume('vol-1', byTerraform),
      says: 'It has no owner tag. It claims to be managed by Terraform, which would remove the tag again.',
      advice: /ignore_tags \{ key_prefixes = \["created:"\] \}/,
    },
    {
      name: "Terraform's by a tag alone, with no other tool's line",
      world: () => ec2World({ volumes: [volume('vol-1', { Terraform: 'true' })] }),
      event: createVolume('vol-1'),
      says: 'It has no owner tag. It claims to be managed by Terraform, which would remove the tag again.',
      advice: /^Terraform: .*, then set `ignoredByTerraform: true` for this control\.$/,
    },
    {
      name: "Pulumi's, with its own line",
      world: () => ec2World({ volumes: [volume('vol-1', { ManagedBy: 'Pulumi' })] }),
      event: createVolume('vol-1'),
      says: 'It has no owner tag. It claims to be managed by Pulumi, which would remove the tag again.',
      advice: /^Pulumi: `ignoreTags.*then set `ignoredByTerraform: true` for this control\.$/,
    },
    {
      name: "Crossplane's, whose provider is that of Terraform and ignores no prefix",
      world: () => ec2World({ volumes: [volume('vol-1', { 'crossplane-name': 'data' })] }),
      event: createVolume('vol-1', byTerraform),
      settings: { ignoredByTerraform: true },
      says: 'It has no owner tag. It claims to be managed by Crossplane, which would remove the tag again.',
      advice: /^Crossplane: as with Terraform, .*"created:owner" = "OWNER"/,
    },
    {
      name: 'those of ACK',
      world: () => ec2World({ volumes: [volume('vol-1', { 'services.k8s.aws/namespace': 'default' })] }),
      event: createVolume('vol-1'),
      says: /It claims to be managed by AWS Controllers for Kubernetes \(ACK\), which would remove the tag again/,
      advice: /^ACK: set it in `tags`/,
    },
    {
      name: 'what Terraform made under a role of the config, whatever becomes of claims',
      world: () => ec2World({ volumes: [volume('vol-1')] }),
      event: createVolume('vol-1', { userIdentity: roleSession('deploy', 'release-42') }),
      managers: { managedBy: { terraform: [`arn:aws:iam::${place.account}:role/deploy`] }, claims: 'fix' },
      says: 'It has no owner tag. Terraform manages it, and would remove the tag again.',
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
      name: 'the tags are removed, and nothing else',
      world: () => ec2World({ volumes: [volume('vol-1', { Name: 'orders' })] }),
      event: createVolume('vol-1'),
      sends: [unset(['created:owner', 'created:date', 'created:via'])],
    },
  ],
});
