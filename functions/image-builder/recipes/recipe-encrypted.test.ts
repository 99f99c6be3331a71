import { CreateImageRecipeCommand, UpdateImagePipelineCommand } from '@aws-sdk/client-imagebuilder';
import { scheduled } from '../../../test/fixtures/events.ts';
import { token } from '../../../test/fixtures/secrets.ts';
import { awsError } from '../../../test/support/harness.ts';
import { builderCall, made } from '../../../test/support/image-builder/events.ts';
import { account, around, pipeline, recipe } from '../../../test/support/image-builder/recipes.ts';
import { type Account, arnOf, builderWorld } from '../../../test/support/image-builder/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './recipe-encrypted.ts';

const arn = arnOf('ImageRecipe', 'web/1.0.0');
const next = arnOf('ImageRecipe', 'web/1.0.1');
const night = arnOf('ImagePipeline', 'night');
const create = made('CreateImageRecipe', 'imageRecipeArn', arn);
const onIt = (imageRecipeArn = arn) => builderCall('CreateImagePipeline', { name: 'night', imageRecipeArn }, { imagePipelineArn: night });
const world =
  (more: Account = {}, its: Parameters<typeof around>[0] = {}) =>
  () =>
    builderWorld(account(more, its));

const { tags, ...members } = recipe();
const encrypted = (ebs: object = {}) => [
  { deviceName: '/dev/xvda', ebs: { volumeSize: 20, volumeType: 'gp3', novel: 'kept', encrypted: true, ...ebs } },
];
const second = (ebs: object = {}) => ({ deviceName: '/dev/sdf', ebs: { volumeSize: 50, volumeType: 'gp3', ...ebs } });
const version = (more: object = {}, semanticVersion = '1.0.1') => {
  const { platform: _, type: __, owner: ___, ...written } = members;
  return new CreateImageRecipeCommand({ ...written, semanticVersion, blockDeviceMappings: encrypted(), tags, ...more } as never);
};
const move = (to: string, imagePipelineArn = night) => {
  const { platform: _, dateLastRun: __, ...written } = pipeline();
  return new UpdateImagePipelineCommand({ imagePipelineArn, ...written, imageRecipeArn: to } as never);
};
const fixed = {
  sends: [version(), move(next)],
  isApproved: true,
  status: 'superseded' as const,
  says: /The version 1\.0\.1 is the same, with encryption/,
};
const only = (name: string, more: Account, says: string | RegExp, advice: RegExp | string = /./, its: object = {}) => ({
  name,
  world: world(more, its),
  event: create,
  sends: [],
  status: 'open' as const,
  says,
  advice,
});

testControl(control, {
  valid: [
    {
      name: 'a recipe that encrypts',
      world: world({ recipes: { 'web/1.0.0': recipe({ blockDeviceMappings: encrypted() }) } }),
      event: create,
    },
    {
      name: 'one without mappings, whose parent is encrypted',
      world: world({ recipes: { 'web/1.0.0': recipe({ blockDeviceMappings: [] }) } }, { isParentEncrypted: true }),
      event: create,
    },
    { name: 'any, where encryption by default is on', world: world({}, { isDefaultOn: true }), event: create },
    { name: 'a pipeline on a recipe of another account', world: world(), event: onIt(arnOf('ImageRecipe', 'web/1.0.0', '444455556666')) },
    {
      name: 'a pipeline of containers',
      world: world(),
      event: builderCall('CreateImagePipeline', { containerRecipeArn: 'x' }, { imagePipelineArn: night }),
    },
    {
      name: 'a pipeline that names a version with an x, which the sweep looks at',
      world: world(),
      event: onIt(arnOf('ImageRecipe', 'web/1.0.x')),
    },
  ],
  invalid: [
    { name: 'a recipe that a pipeline uses', world: world(), event: create, ...fixed },
    { name: 'one that the sweep finds', world: world(), event: scheduled(), ...fixed },
    {
      name: 'one that a pipeline names which the list does not show yet',
      world: () => {
        const found = builderWorld(account());
        const { send } = found;
        found.send = async (command) => (String(Reflect.get(command, 'schema')).includes('ListImagePipelines') ? {} : await send(command));
        return found;
      },
      event: onIt(),
      ...fixed,
    },
    {
      // https://github.com/aquasecurity/cloudsploit/pull/1191: a check of every mapping passes where there is none
      name: 'one whose parent is an image of Image Builder, and that has no mapping (cloudsploit#1191)',
      world: world({
        recipes: {
          'web/1.0.0': recipe({
            parentImage: arnOf('Component', 'al/x.x.x', 'aws').replace('component', 'image'),
            blockDeviceMappings: [],
          }),
        },
      }),
      event: create,
      ...fixed,
      sends: [
        version({
          parentImage: arnOf('Component', 'al/x.x.x', 'aws').replace('component', 'image'),
          blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { encrypted: true } }],
        }),
        move(next),
      ],
    },
    {
      // https://github.com/bridgecrewio/checkov/pull/2291
      name: 'one of which the first device alone is encrypted (checkov#2291)',
      world: world({ recipes: { 'web/1.0.0': recipe({ blockDeviceMappings: [...encrypted(), second()] }) } }),
      event: create,
      ...fixed,
      sends: [version({ blockDeviceMappings: [...encrypted(), second({ encrypted: true })] }), move(next)],
    },
    {
      // https://github.com/hashicorp/terraform-provider-aws/issues/25786
      name: 'one whose volumes have a throughput, which the new version keeps (terraform-provider-aws#25786)',
      world: world(
        { recipes: { 'web/1.0.0': recipe({ blockDeviceMappings: [second({ throughput: 250 })] }) } },
        { isParentEncrypted: true },
      ),
      event: create,
      ...fixed,
      sends: [version({ blockDeviceMappings: [second({ throughput: 250, encrypted: true })] }), move(next)],
    },
    {
      name: 'one whose parent is a public parameter, under a key of the settings',
      world: world({ recipes: { 'web/1.0.0': recipe({ parentImage: 'ssm:/aws/service/ami-amazon-linux-latest/al2023' }) } }),
      event: create,
      settings: { kmsKey: 'alias/builds' },
      ...fixed,
      sends: [
        version({
          parentImage: 'ssm:/aws/service/ami-amazon-linux-latest/al2023',
          blockDeviceMappings: encrypted({ kmsKeyId: 'alias/builds' }),
        }),
        move(next),
      ],
    },
    {
      name: 'one whose next patch version is something else',
      world: world({ recipes: { 'web/1.0.0': recipe(), 'web/1.0.1': recipe({ description: 'other' }) } }),
      event: create,
      ...fixed,
      sends: [version({}, '1.0.2'), move(arnOf('ImageRecipe', 'web/1.0.2'))],
      says: /The version 1\.0\.2 is the same/,
    },
    {
      name: 'one whose encrypted version is there already',
      world: world({ recipes: { 'web/1.0.0': recipe(), 'web/1.0.1': recipe({ blockDeviceMappings: encrypted(), tags: {} }) } }),
      event: create,
      ...fixed,
      sends: [move(next)],
    },
    {
      name: 'one with a secret in its user data, which stays in AWS',
      world: world({
        recipes: { 'web/1.0.0': recipe({ additionalInstanceConfiguration: { userDataOverride: token } }) },
      }),
      event: create,
      secret: token,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /launches unencrypted volumes: \/dev\/xvda/,
    },
    {
      name: 'one that a pipeline follows with an x: the new version reaches it by itself',
      world: world({ pipelines: { night: pipeline('1.0.x') } }),
      event: create,
      ...fixed,
      sends: [version()],
    },
    {
      ...only(
        'one that no pipeline uses',
        { pipelines: {} },
        'A build of it launches unencrypted volumes: /dev/xvda, since the snapshot of ami-parent is not encrypted. No pipeline builds from it.',
        /Redress makes no version of a recipe that no pipeline uses/,
      ),
    },
    only(
      'one whose pipeline a stack manages',
      { pipelines: { night: pipeline('1.0.0', { tags: { 'aws:cloudformation:stack-name': 'shop' } }) } },
      /unencrypted/,
      /The pipeline night stays on this version, for .*CloudFormation.* manages it: name the new version there/,
    ),
    only(
      'one whose pipeline holds what Redress cannot write back',
      { pipelines: { night: pipeline('1.0.0', { novel: { a: 1 } }) } },
      /unencrypted/,
      /move it by hand/,
    ),
    only(
      'one with a member that no request takes',
      { recipes: { 'web/1.0.0': recipe({ novel: 1 }) } },
      /unencrypted/,
      /No version is made: AWS shows `novel`/,
    ),
    {
      ...only('one where the key of the settings is disabled', {}, /unencrypted/, /No version is made: the key alias\/builds is Disabled/, {
        keyState: 'Disabled',
      }),
      settings: { kmsKey: 'alias/builds' },
    },
    only(
      'one pinned to a snapshot, which has to be copied first',
      {
        recipes: { 'web/1.0.0': recipe({ blockDeviceMappings: [{ deviceName: '/dev/sdf', ebs: { snapshotId: 'snap-1' } }] }) },
        others: {
          ...around(),
          'ec2:DescribeSnapshots': () => ({ Snapshots: [{ SnapshotId: 'snap-1', Encrypted: false, OwnerId: '111122223333' }] }),
        },
      },
      /the snapshot snap-1 is not encrypted/,
      /make an encrypted copy of snap-1/,
    ),
    only(
      'one behind which ten patch versions are taken',
      {
        recipes: Object.fromEntries(
          Array.from({ length: 11 }, (_, n) => [`web/1.0.${n}`, recipe({ description: n === 0 ? 'the web servers' : `other ${n}` })]),
        ),
      },
      /unencrypted/,
      /the patch versions behind it are taken/,
    ),
  ],
  skipped: [
    {
      name: 'one whose parent nobody can see',
      world: world({ recipes: { 'web/1.0.0': recipe({ parentImage: 'prod-marketplace', blockDeviceMappings: [] }) } }),
      event: create,
      says: /^Whether a build of it launches encrypted volumes is not known: the devices of prod-marketplace/,
    },
    {
      name: 'one whose parent is gone',
      world: world({
        recipes: {
          'web/1.0.0': recipe({ parentImage: arnOf('Component', 'gone/x.x.x').replace('component', 'image'), blockDeviceMappings: [] }),
        },
      }),
      event: create,
      says: /is not known/,
    },
    {
      name: 'one whose parent is a parameter of the account, which Redress does not read',
      world: world({
        recipes: { 'web/1.0.0': recipe({ parentImage: 'ssm:/golden', blockDeviceMappings: [] }) },
        others: {
          ...around(),
          'ssm:GetParameter': () => {
            throw awsError('AccessDeniedException');
          },
        },
      }),
      event: create,
      says: /is not known/,
    },
    { name: 'one that is gone by now', world: world({ recipes: {} }), event: create, says: 'The resource is gone.' },
  ],
  undo: [
    { name: 'the pipeline back on its version; the new one is kept', world: world(), event: create, isApproved: true, sends: [move(arn)] },
    {
      name: 'not a pipeline that was on the new version before',
      world: world({
        recipes: { 'web/1.0.0': recipe(), 'web/1.0.1': recipe({ blockDeviceMappings: encrypted() }) },
        pipelines: { night: pipeline(), day: pipeline('1.0.1') },
      }),
      event: create,
      isApproved: true,
      sends: [move(arn)],
    },
  ],
});
