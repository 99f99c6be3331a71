import {
  GetInfrastructureConfigurationCommand,
  type InfrastructureConfiguration,
  ListInfrastructureConfigurationsCommand,
  UpdateInfrastructureConfigurationCommand,
} from '@aws-sdk/client-imagebuilder';
import { oneByOne } from '#shared/aws/loaders.ts';
import { asWritten, whole } from '#shared/aws/whole.ts';
import { arnsIn, builderKind, pageOf, reading } from '../builder.ts';
import type { Replacing } from '../replace.ts';

const resource = 'infrastructure-configuration';
const Update = asWritten(UpdateInfrastructureConfigurationCommand);

/** Infrastructure configurations of EC2 Image Builder: the instances that build and test images. */
export const infrastructures = builderKind<InfrastructureConfiguration>({
  noun: 'infrastructure',
  plural: 'Image Builder infrastructure configurations',
  type: 'AWS::ImageBuilder::InfrastructureConfiguration',
  resource,
  made: ['CreateInfrastructureConfiguration'],
  written: ['UpdateInfrastructureConfiguration'],
  member: 'infrastructureConfigurationArn',
  unwatched: {
    'Most such calls are about sound configurations, and each would cost an invocation.': ['DeleteInfrastructureConfiguration'],
  },
  reads: [
    reading('GetInfrastructureConfiguration'),
    // [U] of lists the service authorization reference names no resource
    { action: 'imagebuilder:ListInfrastructureConfigurations' },
  ],
  items: oneByOne(
    'infrastructure configurations',
    (infrastructureConfigurationArn) => whole(new GetInfrastructureConfigurationCommand({ infrastructureConfigurationArn })),
    ({ infrastructureConfiguration }) => infrastructureConfiguration,
  ),
  list: async (read, _place, from) =>
    arnsIn(
      await pageOf(
        read,
        (page) => new ListInfrastructureConfigurationsCommand(page),
        ({ infrastructureConfigurationSummaryList }) => infrastructureConfigurationSummaryList,
        from,
      ),
    ),
  fields: async ({ description = '', resourceTags = {} }) => [
    { name: 'description', value: description },
    ...Object.entries(resourceTags).map(([key, value]) => ({ name: 'tags of build instances', value: `${key}=${value}` })),
  ],
  fieldsAdvice: 'Update the configuration without that text, and send all the rest: an update replaces the whole.',
  terraform: 'aws_imagebuilder_infrastructure_configuration',
  texts: ['Description', 'ResourceTags'],
});

/** How an infrastructure configuration is written back. */
export const updating: Replacing = {
  // what AWS shows is what it takes
  request: (members) => new Update(members as UpdateInfrastructureConfigurationCommand['input']),
  id: 'infrastructureConfigurationArn',
  answered: ['arn', 'name', 'dateCreated', 'dateUpdated', 'tags'],
};
