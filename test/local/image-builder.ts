import { EC2 } from '@aws-sdk/client-ec2';
import { Imagebuilder } from '@aws-sdk/client-imagebuilder';
import { describe, expect, test, vi } from 'vitest';
import type { LocalCloud } from '../../local/cloud.ts';
import { isObject, listAt, parseJson, stringAt } from '../../local/json.ts';
import type { AwsShell } from '../support/aws-cli/aws-cli.ts';
import { patience } from '../support/patience.ts';
import { client } from './calls.ts';

const own = 'arn:aws:imagebuilder:us-east-1:123456789012';
const amazons = 'arn:aws:imagebuilder:us-east-1:aws';
const policy = (action: string, resource: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: `imagebuilder:${action}`, Resource: resource }],
  });
const shared = (kmsKeyId?: string) =>
  JSON.stringify([{ region: 'us-east-1', amiDistributionConfiguration: { kmsKeyId, launchPermission: { userIds: ['111122223333'] } } }]);

/** What a person does with each resource, one command a line: all of them have to succeed. */
const walk = `
ib() { aws imagebuilder "$@"; }
component=${own}:component/cli-agent/1.0.0/1
ib create-component --name cli-agent --semantic-version 1.0.0 --platform Linux --data '{"name":"a","schemaVersion":1.0,"phases":[]}'
ib list-components --owner Self
ib list-component-build-versions --component-version-arn ${own}:component/cli-agent/1.0.0
ib get-component --component-build-version-arn $component
ib put-component-policy --component-arn $component --policy '${policy('GetComponent', `${own}:component/cli-agent/1.0.0/1`)}'
ib get-component-policy --component-arn $component
recipe=${own}:image-recipe/cli-web/1.0.0
ib create-image-recipe --name cli-web --semantic-version 1.0.0 --parent-image ${amazons}:image/amazon-linux-2023-x86/x.x.x \\
  --components componentArn=${own}:component/cli-agent/x.x.x componentArn=${amazons}:component/update-linux/x.x.x \\
  --block-device-mappings '[{"deviceName":"/dev/xvda","ebs":{"encrypted":true,"volumeSize":9,"volumeType":"gp3"}}]'
ib create-image-recipe --name cli-web --semantic-version 1.0.x --parent-image ami-12c6146b
ib list-image-recipes
ib get-image-recipe --image-recipe-arn ${own}:image-recipe/cli-web/1.x.x
ib put-image-recipe-policy --image-recipe-arn $recipe --policy '${policy('GetImageRecipe', `${own}:image-recipe/cli-web/1.0.0`)}'
ib get-image-recipe-policy --image-recipe-arn $recipe
box=${own}:container-recipe/cli-box/1.0.0
ib create-container-recipe --name cli-box --semantic-version 1.0.0 --container-type DOCKER --parent-image amazonlinux:latest \\
  --components componentArn=$component --target-repository service=ECR,repositoryName=box --dockerfile-template-data 'FROM {{{ imagebuilder:parentImage }}}'
ib list-container-recipes
ib get-container-recipe --container-recipe-arn $box
ib put-container-recipe-policy --container-recipe-arn $box --policy '${policy('GetContainerRecipe', `${own}:container-recipe/cli-box/1.0.0`)}'
ib get-container-recipe-policy --container-recipe-arn $box
small=${own}:infrastructure-configuration/cli-small
ib create-infrastructure-configuration --name cli-small --instance-profile-name builder --instance-metadata-options httpTokens=optional
ib list-infrastructure-configurations
ib update-infrastructure-configuration --infrastructure-configuration-arn $small --instance-profile-name builder --instance-metadata-options httpTokens=required
ib get-infrastructure-configuration --infrastructure-configuration-arn $small
shares=${own}:distribution-configuration/cli-shares
ib create-distribution-configuration --name cli-shares --distributions '${shared()}'
ib list-distribution-configurations --filters name=name,values=cli-shares
ib update-distribution-configuration --distribution-configuration-arn $shares --description shared --distributions '${shared()}'
ib get-distribution-configuration --distribution-configuration-arn $shares
nightly=${own}:image-pipeline/cli-nightly
ib create-image-pipeline --name cli-nightly --image-recipe-arn $recipe --infrastructure-configuration-arn $small
ib list-image-pipelines
ib update-image-pipeline --image-pipeline-arn $nightly --image-recipe-arn $recipe --infrastructure-configuration-arn $small \\
  --distribution-configuration-arn $shares --schedule 'scheduleExpression=rate(1 day)'
ib get-image-pipeline --image-pipeline-arn $nightly
ib tag-resource --resource-arn $nightly --tags team=shop,a=b
ib untag-resource --resource-arn $nightly --tag-keys a
ib list-tags-for-resource --resource-arn $nightly
`;

const built = `
ib() { aws imagebuilder "$@"; }
image=${own}:image/cli-web/1.0.0/1
ib list-images --owner Self
ib list-image-build-versions --image-version-arn ${own}:image/cli-web/1.0.0
ib list-image-pipeline-images --image-pipeline-arn ${own}:image-pipeline/cli-nightly
ib put-image-policy --image-arn $image --policy '${policy('GetImage', `${own}:image/cli-web/1.0.0/1`)}'
ib get-image-policy --image-arn $image
ib create-image --container-recipe-arn ${own}:container-recipe/cli-box/1.0.0 --infrastructure-configuration-arn ${own}:infrastructure-configuration/cli-small
ib cancel-image-creation --image-build-version-arn ${own}:image/cli-box/1.0.0/1
ib delete-image --image-build-version-arn $image
ib delete-image-pipeline --image-pipeline-arn ${own}:image-pipeline/cli-nightly
ib delete-image-recipe --image-recipe-arn ${own}:image-recipe/cli-web/1.0.0
ib delete-image-recipe --image-recipe-arn ${own}:image-recipe/cli-web/1.0.1
ib delete-container-recipe --container-recipe-arn ${own}:container-recipe/cli-box/1.0.0
ib delete-component --component-build-version-arn ${own}:component/cli-agent/1.0.0/1
ib delete-infrastructure-configuration --infrastructure-configuration-arn ${own}:infrastructure-configuration/cli-small
ib delete-distribution-configuration --distribution-configuration-arn ${own}:distribution-configuration/cli-shares
`;

/** What the AWS CLI and EC2 show of the Image Builder of a running cloud. */
export function describeImageBuilder(running: () => { readonly cloud: LocalCloud; readonly shell: AwsShell }): void {
  describe('Image Builder', () => {
    test('each resource is made, listed, read, changed and deleted by the AWS CLI, and a pipeline makes an image in EC2', async () => {
      const { cloud, shell } = running();
      const ec2 = new EC2(client(cloud.endpoint));
      const builder = new Imagebuilder(client(cloud.endpoint));
      const first = answers((await shell.run(walk, cloud.endpoint)).output);
      expect(first.filter((answer) => stringAt(answer, 'requestId') === undefined)).toEqual([{ tags: { team: 'shop' } }]);
      expect(first.find((answer) => isObject(answer['imagePipeline']))).toMatchObject({
        imagePipeline: { name: 'cli-nightly', distributionConfigurationArn: `${own}:distribution-configuration/cli-shares` },
      });
      const pipeline = `${own}:image-pipeline/cli-nightly`;
      const { imageBuildVersionArn } = await builder.startImagePipelineExecution({ imagePipelineArn: pipeline });
      const ami = await vi.waitFor(async () => {
        const { image } = await builder.getImage({ imageBuildVersionArn });
        expect(image?.state).toEqual({ status: 'AVAILABLE' });
        return image?.outputResources?.amis?.[0]?.image ?? expect.fail('no AMI');
      }, patience);
      const { Images } = await ec2.describeImages({ ImageIds: [ami] });
      expect(Images).toMatchObject([
        {
          State: 'available',
          BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeSize: 9, VolumeType: 'gp3' } }],
          Tags: expect.arrayContaining([{ Key: 'Ec2ImageBuilderArn', Value: imageBuildVersionArn }]),
        },
      ]);
      const snapshot = Images?.[0]?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
      expect((await ec2.describeSnapshots({ SnapshotIds: [snapshot] })).Snapshots).toMatchObject([{ Encrypted: true, VolumeSize: 9 }]);
      const { LaunchPermissions } = await ec2.describeImageAttribute({ ImageId: ami, Attribute: 'launchPermission' });
      expect(LaunchPermissions).toEqual([{ UserId: '111122223333' }]);
      const second = answers((await shell.run(built, cloud.endpoint)).output);
      expect(second.filter((answer) => stringAt(answer, 'requestId') === undefined)).toEqual([]);
      expect(listAt(second[0], 'imageVersionList')).toMatchObject([{ arn: `${own}:image/cli-web/1.0.0` }]);
    });
  });
}

/** The JSON that a shell wrote, one object after another. */
function answers(output: string) {
  return output
    .split(/(?<=^\})\n/m)
    .map((text) => parseJson(text))
    .filter(isObject);
}
