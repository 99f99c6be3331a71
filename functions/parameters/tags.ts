import { AddTagsToResourceCommand, RemoveTagsFromResourceCommand } from '@aws-sdk/client-ssm';
import type { Reader } from '#shared/control/control.ts';
import { stringAt } from '#shared/control/record.ts';
import { cloudFormationTags, terraformTags } from '#shared/tags/iac.ts';
import { allTags, isTagCall, type Tag, type Taggable, type Tagged } from '#shared/tags/taggable.ts';
import { PARAMETER, targetOf } from './names.ts';
import { isGone, metadataByName, parametersWhere, tagsOf, underEitherName } from './parameters.ts';
import { STAGE } from './stage.ts';

const ssm = 'ssm.amazonaws.com';
const anyParameter = 'arn:{partition}:ssm:{region}:{account}:parameter/*';
const ofParameters = { requestParameters: { resourceType: ['Parameter'] } };

/** Parameters, for the three tag controls. A parameter's name is its id and shows in every finding, so it is not judged. */
export const taggable: Taggable = {
  noun: 'parameter',
  plural: 'Parameters',
  resourceType: PARAMETER,
  // an overwrite makes nothing
  makers: [{ eventSource: ssm, eventNames: ['PutParameter'], where: { responseElements: { version: [1] } } }],
  retaggers: [{ eventSource: ssm, eventNames: ['AddTagsToResource', 'RemoveTagsFromResource'], where: ofParameters }],
  writers: [
    { eventSource: ssm, eventNames: ['PutParameter'] },
    { eventSource: ssm, eventNames: ['AddTagsToResource'], where: ofParameters },
  ],
  references: ['https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-tagging.html'],
  code: {
    cloudFormation: {
      ...cloudFormationTags(PARAMETER, 'Description', 'AllowedPattern'),
      tag: (key, value) => `\`Tags: { "${key}": ${value} }\` on the ${PARAMETER}`,
    },
    terraform: terraformTags('aws_ssm_parameter', 'description', 'allowed_pattern'),
    cdk: { texts: '`description`, `allowedPattern`' },
  },

  targets(record) {
    const isTagging = isTagCall(record);
    const name = stringAt(record, 'requestParameters', isTagging ? 'resourceId' : 'name');
    if (!name || (isTagging && stringAt(record, 'requestParameters', 'resourceType') !== 'Parameter')) return [];
    return [targetOf(name)];
  },
  find: underEitherName,
  list: async (read) =>
    (await parametersWhere([], read)).flatMap(({ Name = '' }) => (/^\/aws\//.test(Name) || Name.startsWith(`${STAGE}/`) ? [] : Name)),

  async inspect(names, read) {
    const metadata = await read.many(metadataByName, names);
    const found = await Promise.all(
      [...metadata].map(async ([name, { Description, AllowedPattern }]): Promise<[string, Tagged][]> => {
        const tags = await tagsIfThere(name, read);
        if (!tags) return [];
        const fields = [
          { name: 'description', value: Description ?? '' },
          { name: 'allowed pattern', value: AllowedPattern ?? '' },
        ];
        return [[name, { tags, fields, parents: [] }]];
      }),
    );
    return new Map(found.flat());
  },

  set: (name, tags) => new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: name, Tags: [...tags] }),
  unset: (name, keys) => new RemoveTagsFromResourceCommand({ ResourceType: 'Parameter', ResourceId: name, TagKeys: [...keys] }),
  permissions: {
    reads: [{ action: 'ssm:DescribeParameters' }, { action: 'ssm:ListTagsForResource', resource: anyParameter }],
    set: { action: 'ssm:AddTagsToResource', resource: anyParameter, conditions: { Null: { 'aws:TagKeys': 'false' } } },
    // [U] whether IAM shows the keys of a removal is not certain, so that they may be absent; the API itself wants some
    unset: { action: 'ssm:RemoveTagsFromResource', resource: anyParameter },
  },
};

/** A parameter's tags; undefined if it was deleted since it was listed. */
async function tagsIfThere(name: string, read: Reader): Promise<Tag[] | undefined> {
  try {
    return allTags(await tagsOf(name, read));
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
