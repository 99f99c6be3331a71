import { templateReads, templatesById, templatesWhere, versionsOf } from '#shared/launch/reads.ts';
import { LAUNCH_TEMPLATE, type TemplateVersion, templateOf } from '#shared/launch/template.ts';
import { ec2TagCommands } from '#shared/tags/ec2.ts';
import { terraformTags } from '#shared/tags/iac.ts';
import { stacks } from '#shared/tags/stack.ts';
import { allTags, ec2TagCalls, ec2TagTargets, isTagCall, type Taggable, type Tagged } from '#shared/tags/taggable.ts';

const { permissions, ...commands } = ec2TagCommands('launch-template');
const ec2 = 'ec2.amazonaws.com';
// "the tags to apply on creation"; https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1873
const byHand = '; on a template that is there, change the tags by hand too: CloudFormation sets them only when it makes it';

/** Launch templates, for the three tag controls; the tags that a version gives to what it launches cannot be changed. */
export const taggable: Taggable = {
  noun: 'launch-template',
  plural: 'Launch templates',
  resourceType: LAUNCH_TEMPLATE,
  makers: [{ eventSource: ec2, eventNames: ['CreateLaunchTemplate'] }],
  retaggers: [ec2TagCalls('lt-', 'CreateTags', 'DeleteTags')],
  writers: [{ eventSource: ec2, eventNames: ['CreateLaunchTemplate', 'CreateLaunchTemplateVersion'] }, ec2TagCalls('lt-', 'CreateTags')],
  stacks,
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html'],
  code: {
    cloudFormation: {
      tag: (key, value) =>
        `\`TagSpecifications: [{ ResourceType: launch-template, Tags: [{ Key: ${key}, Value: ${value} }] }]\` on the ${LAUNCH_TEMPLATE}${byHand}`,
      texts: `\`TagSpecifications\`, \`LaunchTemplateData.TagSpecifications\`, \`VersionDescription\` of the ${LAUNCH_TEMPLATE}${byHand}`,
    },
    terraform: terraformTags('aws_launch_template', 'tag_specifications', 'description'),
    cdk: { besides: byHand, texts: `\`versionDescription\`${byHand}` },
  },

  targets(record) {
    if (isTagCall(record)) return ec2TagTargets(record, LAUNCH_TEMPLATE, 'lt-');
    const id = templateOf(record);
    return id ? [{ type: LAUNCH_TEMPLATE, id }] : [];
  },
  list: async (read) => (await templatesWhere({}, read)).flatMap(({ LaunchTemplateId }) => LaunchTemplateId ?? []),

  async inspect(ids, read) {
    const templates = await read.many(templatesById, ids);
    const found = [...templates].map(async ([id, template]): Promise<[string, Tagged]> => {
      const versions = await versionsOf(id, { Versions: ['$Latest', '$Default'] }, read);
      const { Managed, Principal = 'An AWS service' } = template.Operator ?? {};
      return [
        id,
        {
          tags: allTags(template.Tags),
          fields: [{ name: 'name', value: template.LaunchTemplateName ?? '' }, ...versions.flatMap(fieldsOf)],
          parents: [],
          ...(template.CreateTime && { day: template.CreateTime.toISOString().slice(0, 10) }),
          ...(template.CreatedBy && { createdBy: template.CreatedBy }),
          ...(Managed && { leave: `${Principal} manages it, so it is left alone.` }),
        },
      ];
    });
    return new Map(await Promise.all(found));
  },

  ...commands,
  permissions: { reads: templateReads, ...permissions },
};

function fieldsOf({ number, description, data }: TemplateVersion): Tagged['fields'] {
  const tags = (data.TagSpecifications ?? []).flatMap(({ Tags }) => allTags(Tags));
  return [
    { name: `description of version ${number}`, value: description ?? '' },
    ...tags.map(({ Key, Value }) => ({ name: `tags that version ${number} gives`, value: `${Key}=${Value}` })),
  ];
}
