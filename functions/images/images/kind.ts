import { ec2Kind } from '#shared/aws/ec2-kind.ts';
import type { Trigger } from '#shared/control/types.ts';
import { terraformTags } from '#shared/tags/iac.ts';
import { ownImages } from './images.ts';
import { unwatched } from './unwatched.ts';

const EC2 = 'ec2.amazonaws.com';
const RESTORED = 'RestoreImageFromRecycleBin';

/** It brings an image back with its tags and, as far as AWS says, its launch permissions. */
export const restored: Trigger = { eventSource: EC2, eventNames: [RESTORED] };

// CloudFormation and the CDK make images through EC2 Image Builder only
const distribution = 'AWS::ImageBuilder::DistributionConfiguration';
const cdkDistribution = 'imagebuilder.CfnDistributionConfiguration';
const later = ', which reaches the images of later builds';

/** Amazon machine images of this account; those of others are not listed, whoever shares them. */
export const images = ec2Kind({
  noun: 'image',
  plural: 'AMIs',
  name: 'Image',
  idPrefix: 'ami-',
  arn: 'arn:{partition}:ec2:{region}::image/{id}',
  page: 'ImageDetails:imageId={id}',
  securityHub: 'Other',
  created: {
    CreateImage: 'responseElements.imageId',
    RegisterImage: 'responseElements.imageId',
    CopyImage: 'responseElements.imageId',
    // [U] no record of it is public; calls of its age are written in EC2's wrapped style
    CreateRestoreImageTask: 'responseElements.CreateRestoreImageTaskResponse.imageId',
  },
  named: [
    'responseElements.imageId',
    'requestParameters.imageId',
    // [U] as above
    `requestParameters.${RESTORED}Request.ImageId`,
  ],
  unwatched,
  // whoever shares an image, or brings one back, need not have made it
  isByMaker: ({ eventName }) => eventName !== 'ModifyImageAttribute' && eventName !== RESTORED,
  describe: ownImages,
  itemsOf: ({ Images }) => Images,
  idOf: ({ ImageId }) => ImageId,
  leave: ({ State }) =>
    State === 'failed' || State === 'error' || State === 'invalid' ? 'The image failed, so nothing is launched from it.' : undefined,
  tags: {
    terraform: 'aws_ami',
    returned: [restored],
    // [U] how a record names the attribute of a description; the daily sweep reads it anyway
    written: [
      { eventSource: EC2, eventNames: ['CreateImage', 'RegisterImage', 'CopyImage', 'CreateRestoreImageTask'] },
      { eventSource: EC2, eventNames: ['ModifyImageAttribute'], where: { requestParameters: { attributeType: ['description'] } } },
    ],
    // every account that an image is shared with reads both
    fields: async ({ Name = '', Description = '' }) => [
      { name: 'name', value: Name },
      { name: 'description', value: Description },
    ],
    madeAt: ({ CreationDate }) => (CreationDate ? new Date(CreationDate) : undefined),
    references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-copy-tags.html'],
    code: {
      cloudFormation: {
        tag: (key, value) => `\`AmiTags: { ${key}: ${value} }\` under \`AmiDistributionConfiguration\` of the ${distribution}${later}`,
        texts: `\`AmiTags\`, \`Name\`, \`Description\` under \`AmiDistributionConfiguration\` of the ${distribution}${later}`,
      },
      cdk: {
        tag: (key, value) => `\`amiTags: { '${key}': '${value}' }\` in \`amiDistributionConfiguration\` of the ${cdkDistribution}${later}`,
        texts: `\`amiTags\`, \`name\`, \`description\` in \`amiDistributionConfiguration\` of the ${cdkDistribution}${later}`,
      },
      terraform: terraformTags('aws_ami, aws_ami_copy or aws_ami_from_instance', 'name', 'description'),
    },
  },
});
