import { UpdateDistributionConfigurationCommand } from '@aws-sdk/client-imagebuilder';
import { scheduled } from '../../../test/fixtures/events.ts';
import { made } from '../../../test/support/image-builder/events.ts';
import { account, type around, pipeline, recipe } from '../../../test/support/image-builder/recipes.ts';
import { type Account, arnOf, builderWorld } from '../../../test/support/image-builder/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './distribution-encrypted.ts';

const arn = arnOf('DistributionConfiguration', 'web');
const event = made('CreateDistributionConfiguration', 'distributionConfigurationArn', arn);
const key = 'arn:aws:kms:eu-west-1:111122223333:key/1';
const afar = 'arn:aws:kms:us-east-1:111122223333:key/2';
const keys = { 'eu-west-1': key };
const at = (region: string, ami: object = {}) => ({ region, amiDistributionConfiguration: { name: 'web', ...ami }, novel: 1 });
const world =
  (distributions: object[], more: Account = {}, its: Parameters<typeof around>[0] = {}) =>
  () =>
    builderWorld(account({ distributions: { web: { description: 'all', distributions } as never }, ...more }, its));
const writes = (...distributions: object[]) =>
  new UpdateDistributionConfigurationCommand({ distributionConfigurationArn: arn, description: 'all', distributions } as never);
const built = { recipes: { 'web/1.0.0': recipe({ blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { encrypted: true } }] }) } };
const open = /It distributes AMIs to eu-west-1 without a key\. The recipe of night does not encrypt what it builds\./;

testControl(control, {
  valid: [
    { name: 'one with a key', world: world([at('eu-west-1', { kmsKeyId: key })]), event },
    { name: 'one without, whose recipe encrypts', world: world([at('eu-west-1')], built), event },
    { name: 'one without, that no pipeline uses', world: world([at('eu-west-1')], { pipelines: {} }), event },
    {
      name: 'one of containers',
      world: world([{ region: 'eu-west-1', containerDistributionConfiguration: {} }]),
      event,
      settings: { keys },
    },
    { name: 'one whose recipe nobody can read', world: world([at('eu-west-1')], { recipes: {} }), event },
  ],
  invalid: [
    {
      name: 'one without a key, of what is not encrypted',
      world: world([at('eu-west-1')]),
      event,
      sends: [],
      status: 'open',
      says: open,
      advice: /Name a key for eu-west-1 in the setting `keys`/,
    },
    {
      name: 'one that the sweep finds, with a key in the settings',
      world: world([at('eu-west-1')]),
      event: scheduled(),
      settings: { keys },
      isApproved: true,
      sends: [writes(at('eu-west-1', { kmsKeyId: key }))],
      status: 'fixed',
      says: open,
    },
    {
      name: 'one whose recipe encrypts, where the settings want a key of theirs',
      world: world([at('eu-west-1')], built),
      event,
      settings: { keys },
      sends: [writes(at('eu-west-1', { kmsKeyId: key }))],
      status: 'fixed',
      says: /without a key/,
    },
    {
      name: 'one with a Region for which no key is named',
      world: world([at('eu-west-1'), at('us-east-1')]),
      event,
      settings: { keys },
      sends: [writes(at('eu-west-1', { kmsKeyId: key }), at('us-east-1'))],
      leavesRest: true,
      status: 'open',
      says: /us-east-1 without a key/,
    },
    {
      name: 'one that is shared, and a key in another Region: a person looks first',
      world: world([at('us-east-1', { launchPermission: { userIds: ['444455556666'] } })]),
      event,
      settings: { keys: { 'us-east-1': afar } },
      isApproved: true,
      sends: [writes(at('us-east-1', { launchPermission: { userIds: ['444455556666'] }, kmsKeyId: afar }))],
      status: 'fixed',
      says: /us-east-1 without a key/,
    },
    {
      name: 'one that is public, which no encrypted AMI can be',
      world: world([at('eu-west-1', { launchPermission: { userGroups: ['all'] } })]),
      event,
      settings: { keys },
      sends: [],
      status: 'open',
      says: open,
      advice: /an encrypted AMI cannot be public/,
    },
    {
      name: 'one whose key is disabled',
      world: world([at('eu-west-1')], {}, { keyState: 'Disabled' }),
      event,
      settings: { keys },
      sends: [],
      status: 'open',
      says: open,
      advice: /No key is set for eu-west-1: the key .* is Disabled/,
    },
    {
      name: 'one that exports to S3 too, from an image of Image Builder',
      world: world([{ ...at('eu-west-1'), s3ExportConfiguration: { s3Bucket: 'x' } }], {
        recipes: { 'web/1.0.0': recipe({ parentImage: arn.replace('distribution-configuration/web', 'image/al/x.x.x') }) },
      }),
      event,
      sends: [],
      status: 'open',
      says: open,
      advice: /encrypted by its bucket/,
    },
    {
      name: 'one from a public parameter',
      world: world([at('eu-west-1')], {
        recipes: { 'web/1.0.0': recipe({ parentImage: 'ssm:/aws/service/ami' }) },
        pipelines: { night: pipeline() },
      }),
      event,
      sends: [],
      status: 'open',
      says: open,
    },
    {
      name: 'one whose recipe names a snapshot',
      world: world([at('eu-west-1')], {
        recipes: { 'web/1.0.0': recipe({ blockDeviceMappings: [{ deviceName: '/dev/sdf', ebs: { snapshotId: 'snap-1' } }] }) },
      }),
      event,
      sends: [],
      status: 'open',
      says: open,
    },
  ],
  skipped: [{ name: 'one that is gone by now', world: () => builderWorld(), event, says: 'The resource is gone.' }],
  undo: [{ name: 'without the key again', world: world([at('eu-west-1')]), event, settings: { keys }, sends: [writes(at('eu-west-1'))] }],
});
