import { DescribeLaunchTemplatesCommand } from '@aws-sdk/client-ec2';
import { ec2Kind } from '#shared/aws/ec2-kind.ts';
import { allTags } from '#shared/control/tag.ts';
import { templateReads, templatesById, versionsOf } from '#shared/launch/reads.ts';
import { LAUNCH_TEMPLATE, type TemplateVersion, templateOf } from '#shared/launch/template.ts';
import { terraformTags } from '#shared/tags/iac.ts';
import type { Tagged } from '#shared/tags/taggable.ts';

const EC2 = 'ec2.amazonaws.com';
// "the tags to apply on creation"; https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1873
const byHand = '. On an existing template, change the tags by hand too: CloudFormation sets them only when it makes one';

/** Launch templates; the tags that a version gives to what it launches cannot be changed. */
export const launchTemplates = ec2Kind({
  noun: 'launch-template',
  plural: 'Launch templates',
  name: 'LaunchTemplate',
  idPrefix: 'lt-',
  page: 'LaunchTemplateDetails:launchTemplateId={id}',
  securityHub: 'AwsEc2LaunchTemplate',
  created: { CreateLaunchTemplate: 'responseElements.CreateLaunchTemplateResponse.launchTemplate.launchTemplateId' },
  unwatched: {
    'It launches from a template and changes none.': ['CreateFleet', 'ModifyFleet', 'ModifySpotFleetRequest', 'RunInstances'],
    'It lets Windows images start faster, and changes no template.': ['DisableFastLaunch', 'EnableFastLaunch'],
    'Most such calls are about sound templates, and each would cost an invocation.': [
      'DeleteLaunchTemplate',
      'DeleteLaunchTemplateVersions',
    ],
  },
  // who moves the default need not have made the version, nor the template
  isByMaker: ({ eventName }) => eventName !== 'ModifyLaunchTemplate',
  describe: (input) => new DescribeLaunchTemplatesCommand(input),
  itemsOf: ({ LaunchTemplates }) => LaunchTemplates,
  idOf: ({ LaunchTemplateId }) => LaunchTemplateId,
  items: templatesById,
  pageSize: 200,
  targets(record) {
    const id = templateOf(record);
    return id ? [{ type: LAUNCH_TEMPLATE, id }] : [];
  },
  tags: {
    terraform: 'aws_launch_template',
    written: [{ eventSource: EC2, eventNames: ['CreateLaunchTemplate', 'CreateLaunchTemplateVersion'] }],
    reads: templateReads,
    async fields({ LaunchTemplateName }, id, read) {
      const versions = await versionsOf(id, { Versions: ['$Latest', '$Default'] }, read);
      return [{ name: 'name', value: LaunchTemplateName ?? '' }, ...versions.flatMap(textsOf)];
    },
    madeAt: ({ CreateTime }) => CreateTime,
    madeBy: ({ CreatedBy }) => CreatedBy,
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
  },
});

function textsOf({ number, description, data }: TemplateVersion): Tagged['fields'] {
  const tags = (data.TagSpecifications ?? []).flatMap(({ Tags }) => allTags(Tags));
  return [
    { name: `description of version ${number}`, value: description ?? '' },
    ...tags.map(({ Key, Value }) => ({ name: `tags that version ${number} gives`, value: `${Key}=${Value}` })),
  ];
}
