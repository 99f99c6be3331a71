import { UpdateDistributionConfigurationCommand } from '@aws-sdk/client-imagebuilder';
import { byTerraform, scheduled } from '../../../test/fixtures/events.ts';
import { made, updated } from '../../../test/support/image-builder/events.ts';
import { arnOf, builderWorld } from '../../../test/support/image-builder/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './distribution-private.ts';

const arn = arnOf('DistributionConfiguration', 'web');
const create = made('CreateDistributionConfiguration', 'distributionConfigurationArn', arn);
const update = updated('UpdateDistributionConfiguration', 'distributionConfigurationArn', arn);
const ami = { name: 'web {{ imagebuilder:buildDate }}', amiTags: { Team: 'shop' }, targetAccountIds: ['444455556666'] };
/** A Region as somebody sends it, with a member that no SDK knows. */
const at = (region: string, launchPermission?: object) => ({
  region,
  amiDistributionConfiguration: { ...ami, ...(launchPermission && { launchPermission }) },
  fastLaunchConfigurations: [{ enabled: false, novel: { deep: [1, 'two'] } }],
});
const config = (...distributions: object[]) => ({ description: 'to the world', timeoutMinutes: 360, distributions }) as never;
const world =
  (web: object, more: object = {}) =>
  () =>
    builderWorld({ distributions: { web }, ...more });
const open = config(
  at('eu-west-1', { userGroups: ['all'], userIds: ['444455556666'] }),
  at('us-east-1'),
  at('eu-north-1', { userGroups: ['all'] }),
);
const writes = (...distributions: object[]) =>
  new UpdateDistributionConfigurationCommand({
    distributionConfigurationArn: arn,
    description: 'to the world',
    distributions: distributions as never,
  });
const closed = writes(at('eu-west-1', { userIds: ['444455556666'] }), at('us-east-1'), at('eu-north-1'));
const one = config(at('eu-west-1', { userGroups: ['all'] }));
const says =
  /^Found: Every AWS account can launch the AMIs that it distributes to eu-west-1 and eu-north-1\. Now: It shares AMIs with nobody/;
const trusting = { trustedAccounts: ['222233334444'] };

testControl(control, {
  valid: [
    { name: 'one that shares with nobody', world: world(config(at('eu-west-1'))), event: create },
    {
      name: 'one that shares with accounts, where the settings name none',
      world: world(config(at('eu-west-1', { userIds: ['444455556666'] }))),
      event: update,
    },
    {
      name: 'one that shares with an account that the settings name',
      world: world(config(at('eu-west-1', { userIds: ['222233334444'] }))),
      event: update,
      common: trusting,
    },
    { name: 'one of containers', world: world(config({ region: 'eu-west-1', containerDistributionConfiguration: {} })), event: create },
    { name: 'one without Regions, as AWS may show it', world: world({}), event: create },
    {
      name: 'one of another account',
      world: world(open),
      event: made('CreateDistributionConfiguration', 'distributionConfigurationArn', arn.replace('111122223333', '444455556666')),
    },
    { name: 'a call whose record names nothing', world: world(open), event: made('CreateDistributionConfiguration', 'none', arn) },
  ],
  invalid: [
    { name: 'one that shares with all in two of its Regions', world: world(open), event: create, sends: [closed], status: 'fixed', says },
    {
      // https://github.com/rhythmictech/terraform-aws-imagebuilder-pipeline/pull/11: what is empty has to be left out
      name: 'one that shares with all beside a list of no accounts, which AWS takes from nobody (terraform-aws-imagebuilder-pipeline#11)',
      world: world(config(at('eu-west-1', { userGroups: ['all'], userIds: [] }))),
      event: create,
      sends: [writes(at('eu-west-1'))],
      status: 'fixed',
      says: /distributes to eu-west-1/,
    },
    { name: 'one that an update opened', world: world(open), event: update, sends: [closed], status: 'fixed', says },
    {
      name: 'one that the sweep finds, of which nobody knows who made it',
      world: world(one),
      event: scheduled(),
      isApproved: true,
      sends: [writes(at('eu-west-1'))],
      status: 'fixed',
      says: /distributes to eu-west-1/,
    },
    {
      name: 'one with a member that no request takes: to leave it out may remove it',
      world: world({ ...Object(open), novelSettings: { a: 1 } }),
      event: create,
      sends: [],
      status: 'open',
      says: /distributes to eu-west-1/,
      advice: /^Redress changes nothing here: AWS shows `novelSettings`, which this version of Redress cannot write back/,
    },
    {
      name: 'one that shares with a stranger beside',
      world: world(open),
      event: create,
      common: trusting,
      sends: [closed],
      leavesRest: true,
      status: 'open',
      says: /It shares AMIs with 444455556666, which the settings do not name/,
    },
    {
      name: 'one that shares with a stranger alone, which Redress only reports',
      world: world(config(at('eu-west-1', { userIds: ['444455556666', '111122223333', '222233334444'] }))),
      event: create,
      common: trusting,
      sends: [],
      status: 'open',
      says: 'It shares AMIs with 444455556666, which the settings do not name.',
      advice: /add it to `trustedAccounts`/,
    },
    {
      // https://github.com/aws-deepracer-community/deepracer-on-the-spot/issues/106: its template names `UserGroups: [all]`
      name: 'one of a stack, which stays open until somebody acts (deepracer-on-the-spot#106)',
      world: world({ ...Object(one), tags: { 'aws:cloudformation:stack-name': 'shop' } }),
      event: create,
      sends: [],
      status: 'open',
      says: /The CloudFormation stack shop manages it/,
      advice: /^CloudFormation: remove `all` from `UserGroups`/,
    },
    {
      name: 'one that Terraform made, as it claims',
      world: world(one),
      event: made('CreateDistributionConfiguration', 'distributionConfigurationArn', arn, byTerraform),
      isApproved: true,
      sends: [writes(at('eu-west-1'))],
      status: 'fixed',
      says: /distributes to eu-west-1/,
    },
  ],
  skipped: [{ name: 'one that is gone by now', world: () => builderWorld(), event: update, says: 'The resource is gone.' }],
  undo: [
    {
      name: 'each Region as it was',
      world: world(open),
      event: create,
      sends: [
        writes(
          at('eu-west-1', { userIds: ['444455556666'], userGroups: ['all'] }),
          at('us-east-1'),
          at('eu-north-1', { userGroups: ['all'] }),
        ),
      ],
    },
  ],
});
