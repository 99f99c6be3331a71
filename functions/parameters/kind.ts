import { AddTagsToResourceCommand, type ParameterMetadata, RemoveTagsFromResourceCommand } from '@aws-sdk/client-ssm';
import { isByFunction } from '#shared/aws/ours.ts';
import { partOf } from '#shared/aws/pages.ts';
import { kindOf } from '#shared/control/kind.ts';
import { at, stringAt } from '#shared/control/record.ts';
import { isTagCall } from '#shared/control/tag.ts';
import { cloudFormationTags, terraformTags } from '#shared/tags/iac.ts';
import { PARAMETER, targetOf } from './names.ts';
import { liveByName, metadataByName, pageOfParameters, underEitherName } from './parameters.ts';
import { STAGE } from './stage.ts';

const eventSource = 'ssm.amazonaws.com';
const anyParameter = 'arn:{partition}:ssm:{region}:{account}:parameter/*';
const ofParameters = { requestParameters: { resourceType: ['Parameter'] } };

/** Parameters of Parameter Store. A parameter's name is its id and shows in every finding, so it is not judged. */
export const parameters = kindOf({
  noun: 'parameter',
  plural: 'Parameters',
  type: PARAMETER,
  eventSource,
  arn: 'arn:{partition}:ssm:{region}:{account}:parameter/{id}',
  // the slash that a hierarchy's name begins with is not written twice
  arnId: (id) => id.replace(/^\//, ''),
  console: '/systems-manager/parameters/?region={region}&tab=Table#list_parameter_filters=Name:Equals:{id}',
  // it has a name for patches and associations of Systems Manager, and none for parameters
  securityHub: 'Other',
  // an overwrite makes nothing
  created: { PutParameter: { id: 'requestParameters.name', where: { responseElements: { version: [1] } } } },
  members: ['Name', 'Names[]', 'ResourceId', 'ResourceArn'],
  unwatched: {
    'A label names a version that was judged when it was written.': ['LabelParameterVersion', 'UnlabelParameterVersion'],
    'Most such calls are about sound parameters, and each would cost an invocation.': ['DeleteParameter', 'DeleteParameters'],
  },
  reads: [{ action: 'ssm:DescribeParameters' }, { action: 'ssm:ListTagsForResource', resource: anyParameter }],
  items: metadataByName,
  list: async (read, place, from) => {
    // copies that stand for a moment have the tags of their originals; anybody else's under that path have their own
    const isCopy = ({ Name = '', LastModifiedUser }: ParameterMetadata) =>
      Name.startsWith(`${STAGE}/`) && isByFunction(LastModifiedUser, 'parameters', place) === 'yes';
    const part = await pageOfParameters([], read, from);
    return partOf(part, (one) => (one.Name && !one.Name.startsWith('/aws/') && !isCopy(one) ? one.Name : []));
  },
  targets(record) {
    const isTagging = isTagCall(record);
    if (isTagging && stringAt(record, 'requestParameters', 'resourceType') !== 'Parameter') return [];
    const resources = at(record, 'resources');
    const arn = stringAt(Array.isArray(resources) ? resources[0] : undefined, 'ARN');
    const named = stringAt(record, 'requestParameters', isTagging ? 'resourceId' : 'name');
    const name = named ?? (arn?.includes(':parameter/') ? arn : undefined);
    return name ? [targetOf(name)] : [];
  },
  find: underEitherName,
  live: liveByName,
  tags: {
    retagged: [{ eventSource, eventNames: ['AddTagsToResource', 'RemoveTagsFromResource'], where: ofParameters }],
    written: [
      { eventSource, eventNames: ['PutParameter'] },
      { eventSource, eventNames: ['AddTagsToResource'], where: ofParameters },
    ],
    fields: async ({ Description, AllowedPattern }) => [
      { name: 'description', value: Description ?? '' },
      { name: 'allowed pattern', value: AllowedPattern ?? '' },
    ],
    set: (name, tags) => new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: name, Tags: [...tags] }),
    unset: (name, keys) => new RemoveTagsFromResourceCommand({ ResourceType: 'Parameter', ResourceId: name, TagKeys: [...keys] }),
    permissions: {
      set: { action: 'ssm:AddTagsToResource', resource: anyParameter, conditions: { Null: { 'aws:TagKeys': 'false' } } },
      // [U] whether IAM shows the keys of a removal is not certain, so that they may be absent; the API itself wants some
      unset: { action: 'ssm:RemoveTagsFromResource', resource: anyParameter },
    },
    references: ['https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-tagging.html'],
    code: {
      cloudFormation: {
        ...cloudFormationTags(PARAMETER, 'Description', 'AllowedPattern'),
        tag: (key, value) => `\`Tags: { "${key}": ${value} }\` on the ${PARAMETER}`,
      },
      terraform: terraformTags('aws_ssm_parameter', 'description', 'allowed_pattern'),
      cdk: { texts: '`description`, `allowedPattern`' },
    },
  },
});
