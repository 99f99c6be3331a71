import {
  type Distribution,
  type DistributionConfiguration,
  GetDistributionConfigurationCommand,
  ListDistributionConfigurationsCommand,
  UpdateDistributionConfigurationCommand,
} from '@aws-sdk/client-imagebuilder';
import { oneByOne } from '#shared/aws/loaders.ts';
import { asWritten, whole } from '#shared/aws/whole.ts';
import { arnsIn, builderKind, pageOf, reading } from '../builder.ts';
import type { Replacing } from '../replace.ts';

const resource = 'distribution-configuration';
const Update = asWritten(UpdateDistributionConfigurationCommand);

/** Distribution configurations of EC2 Image Builder: where images go, under which key, and who may launch them. */
export const distributions = builderKind<DistributionConfiguration>({
  noun: 'distribution',
  plural: 'Image Builder distribution configurations',
  type: 'AWS::ImageBuilder::DistributionConfiguration',
  resource,
  made: ['CreateDistributionConfiguration'],
  written: ['UpdateDistributionConfiguration'],
  member: 'distributionConfigurationArn',
  unwatched: {
    'Most such calls are about sound configurations, and each would cost an invocation.': ['DeleteDistributionConfiguration'],
  },
  reads: [
    reading('GetDistributionConfiguration'),
    // [U] of lists the service authorization reference names no resource
    { action: 'imagebuilder:ListDistributionConfigurations' },
  ],
  items: oneByOne(
    'distribution configurations',
    (distributionConfigurationArn) => whole(new GetDistributionConfigurationCommand({ distributionConfigurationArn })),
    ({ distributionConfiguration }) => distributionConfiguration,
  ),
  list: async (read, _place, from) =>
    arnsIn(
      await pageOf(
        read,
        (page) => new ListDistributionConfigurationsCommand(page),
        ({ distributionConfigurationSummaryList }) => distributionConfigurationSummaryList,
        from,
      ),
    ),
  fields: async ({ description = '', distributions: all = [] }) => [{ name: 'description', value: description }, ...all.flatMap(textsOf)],
  fieldsAdvice: 'Update the configuration without that text, and send all the rest: an update replaces the whole.',
  terraform: 'aws_imagebuilder_distribution_configuration',
  texts: ['Description', 'AmiDistributionConfiguration'],
});

/** How a distribution configuration is written back. */
export const updating: Replacing = {
  // what AWS shows is what it takes
  request: (members) => new Update(members as UpdateDistributionConfigurationCommand['input']),
  id: 'distributionConfigurationArn',
  answered: ['arn', 'name', 'timeoutMinutes', 'dateCreated', 'dateUpdated', 'tags'],
};

function textsOf({ region, amiDistributionConfiguration: ami, containerDistributionConfiguration: container }: Distribution) {
  return [
    { name: `name of AMIs in ${region}`, value: ami?.name ?? '' },
    { name: `description of AMIs in ${region}`, value: ami?.description ?? '' },
    ...Object.entries(ami?.amiTags ?? {}).map(([key, value]) => ({ name: `tags of AMIs in ${region}`, value: `${key}=${value}` })),
    { name: `description of containers in ${region}`, value: container?.description ?? '' },
  ];
}
