import type { ImagePipeline, ImageRecipe } from '@aws-sdk/client-imagebuilder';
import type { Answers } from '../answers.ts';
import { awsError, place } from '../harness.ts';
import { type Account, arnOf } from './world.ts';

/** The AMI that recipes build from: one device, not encrypted unless a test says so. */
const PARENT = 'ami-parent';

/** What EC2, Parameter Store, KMS and Image Builder itself answer about what a recipe builds from. */
export function around({ isDefaultOn = false, isParentEncrypted = false, keyState = 'Enabled' } = {}): Answers {
  const image = {
    ImageId: PARENT,
    OwnerId: place.account,
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-parent', Encrypted: isParentEncrypted, VolumeSize: 8 } }],
  };
  return {
    'ec2:GetEbsEncryptionByDefault': () => ({ EbsEncryptionByDefault: isDefaultOn }),
    'ec2:GetEbsDefaultKmsKeyId': () => ({ KmsKeyId: 'alias/aws/ebs' }),
    'ec2:DescribeImages': ({ Filters: [filter] }: { Filters: { Values: string[] }[] }) => ({
      Images: filter?.Values.includes(PARENT) ? [image] : [],
    }),
    'ec2:DescribeSnapshots': () => ({ Snapshots: [] }),
    'kms:DescribeKey': () => ({ KeyMetadata: { KeyState: keyState } }),
    'ssm:GetParameter': () => ({ Parameter: { Value: PARENT } }),
    'imagebuilder:GetImage': ({ imageBuildVersionArn }: { imageBuildVersionArn: string }) => {
      if (imageBuildVersionArn.includes('gone')) throw awsError('ResourceNotFoundException', 'gone', 404);
      return {
        image: {
          outputResources: {
            amis: [
              { region: 'us-east-1', image: 'ami-other' },
              { region: place.region, image: PARENT },
            ],
          },
        },
      };
    },
  };
}

/** A recipe as AWS shows it, with a member in a mapping that no SDK knows. */
export function recipe(more: object = {}): Partial<ImageRecipe> {
  const ebs = { volumeSize: 20, volumeType: 'gp3' as const, novel: 'kept' };
  return {
    name: 'Web',
    description: 'the web servers',
    platform: 'Linux',
    type: 'AMI',
    owner: place.account,
    parentImage: PARENT,
    components: [{ componentArn: arnOf('Component', 'tools/x.x.x', 'aws'), parameters: [{ name: 'Size', value: ['big'] }] }],
    blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs }],
    workingDirectory: '/tmp',
    tags: { Team: 'shop' },
    ...more,
  };
}

/** A pipeline on a version of the recipe, with what an update has to say again. */
export function pipeline(version = '1.0.0', more: object = {}): Partial<ImagePipeline> {
  return {
    description: 'nightly',
    platform: 'Linux',
    imageRecipeArn: arnOf('ImageRecipe', `web/${version}`),
    infrastructureConfigurationArn: arnOf('InfrastructureConfiguration', 'build'),
    distributionConfigurationArn: arnOf('DistributionConfiguration', 'web'),
    enhancedImageMetadataEnabled: true,
    status: 'ENABLED',
    schedule: { scheduleExpression: 'cron(0 3 * * ? *)', timezone: 'Etc/UTC' },
    dateLastRun: '2026-11-20T03:00:00Z',
    ...more,
  };
}

/** An account with a recipe and a pipeline on it. */
export function account(more: Account = {}, its: Parameters<typeof around>[0] = {}): Account {
  return { recipes: { 'web/1.0.0': recipe() }, pipelines: { night: pipeline() }, others: around(its), ...more };
}
