import { UpdateInfrastructureConfigurationCommand } from '@aws-sdk/client-imagebuilder';
import { scheduled } from '../../../test/fixtures/events.ts';
import { awsError } from '../../../test/support/harness.ts';
import { made, updated } from '../../../test/support/image-builder/events.ts';
import { arnOf, builderWorld } from '../../../test/support/image-builder/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './infrastructure-imds-v2.ts';

const arn = arnOf('InfrastructureConfiguration', 'build');
const create = made('CreateInfrastructureConfiguration', 'infrastructureConfigurationArn', arn);
const update = updated('UpdateInfrastructureConfiguration', 'infrastructureConfigurationArn', arn);
const whole = {
  description: 'builders',
  instanceTypes: ['m7g.large'],
  instanceProfileName: 'builder',
  securityGroupIds: ['sg-1'],
  subnetId: 'subnet-1',
  terminateInstanceOnFailure: true,
  resourceTags: { Team: 'shop' },
  placement: { tenancy: 'default', novel: true },
} as const;
const demanding = (more: object = {}) => ({ ...whole, instanceMetadataOptions: { httpTokens: 'required' }, ...more });
const writes = (instanceMetadataOptions: object | undefined, more: object = {}) =>
  new UpdateInfrastructureConfigurationCommand({
    infrastructureConfigurationArn: arn,
    ...whole,
    ...more,
    ...(instanceMetadataOptions && { instanceMetadataOptions }),
  } as never);
const logging = { s3Logs: { s3BucketName: 'build-logs' } };
const refusing =
  (code: string, status = 400) =>
  () => {
    throw awsError(code, code, status);
  };
const encrypted = () => ({
  ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
});
const bucket = (encryption: () => object, policy: () => object = refusing('NoSuchBucketPolicy', 404)) => ({
  others: { 's3:GetEncryptionConfiguration': encryption, 's3:GetBucketPolicyStatus': policy },
});
const world =
  (build: object, more: object = {}) =>
  () =>
    builderWorld({ infrastructures: { build }, ...more });
const says = 'Found: Its build instances answer without session tokens. Now: Its build instances demand session tokens.';
const besides = (name: string, build: object, text: RegExp, more: object = {}) => ({
  name,
  world: world(demanding(build), more),
  event: create,
  sends: [],
  status: 'open' as const,
  says: text,
});

testControl(control, {
  valid: [
    { name: 'one that demands tokens', world: world(demanding({ keyPair: '', terminateInstanceOnFailure: null })), event: create },
    {
      name: 'one that logs to a bucket of the account and notifies a topic of it',
      world: world(demanding({ logging, snsTopicArn: 'arn:aws:sns:eu-west-1:111122223333:builds' }), bucket(encrypted)),
      event: update,
    },
    {
      name: 'one that logs to another Region',
      world: world(demanding({ logging }), bucket(refusing('PermanentRedirect', 301))),
      event: update,
    },
  ],
  invalid: [
    {
      // https://github.com/hashicorp/terraform-provider-aws/issues/24006: there was no way to say it
      name: 'one that says nothing of tokens (terraform-provider-aws#24006)',
      world: world(whole),
      event: create,
      sends: [writes({ httpTokens: 'required' })],
      status: 'fixed',
      says,
    },
    {
      name: 'one that leaves them open, with a hop limit',
      world: world({ ...whole, instanceMetadataOptions: { httpTokens: 'optional', httpPutResponseHopLimit: 2 } }),
      event: update,
      sends: [writes({ httpTokens: 'required', httpPutResponseHopLimit: 2 })],
      status: 'fixed',
      says,
    },
    {
      name: 'one that the sweep finds, of which nobody knows who made it',
      world: world(whole),
      event: scheduled(),
      isApproved: true,
      sends: [writes({ httpTokens: 'required' })],
      status: 'fixed',
      says,
    },
    {
      name: 'one with a member that no request takes: to leave it out may remove it',
      world: world({ ...whole, hibernation: { isOn: true } }),
      event: create,
      sends: [],
      status: 'open',
      says: /answer without session tokens/,
      advice: /AWS shows `hibernation`, which this version of Redress cannot write back/,
    },
    {
      name: 'one with a key pair beside: the rest is a person’s',
      world: world({ ...whole, keyPair: 'ops' }),
      event: create,
      sends: [writes({ httpTokens: 'required' }, { keyPair: 'ops' })],
      leavesRest: true,
      status: 'open',
      says: /take a key pair/,
      advice: /Remove the key pair/,
    },
    {
      name: 'what that says before anything is sent: the role that AWS may ask for, and who might fail',
      mode: 'approve',
      world: world(whole),
      event: create,
      sends: [],
      status: 'awaiting-approval',
      says: /answer without session tokens/,
      advice: /name the role of its instance profile in the setting `instanceRoles`[\s\S]*Components that ask the metadata service/,
    },
    besides('instances that stay after a failure', { terminateInstanceOnFailure: false }, /keeps the instance of a build that fails/),
    besides(
      'a topic of another account',
      { snsTopicArn: 'arn:aws:sns:eu-west-1:444455556666:builds' },
      /notifies a topic of the account 444455556666/,
    ),
    besides(
      'a public log bucket',
      { logging },
      /which is public/,
      bucket(encrypted, () => ({ PolicyStatus: { IsPublic: true } })),
    ),
    besides(
      'a log bucket without encryption',
      { logging },
      /does not encrypt/,
      bucket(refusing('ServerSideEncryptionConfigurationNotFoundError', 404)),
    ),
    besides('a log bucket of another account', { logging }, /belongs to another account/, bucket(refusing('AccessDenied', 403))),
    besides('a log bucket that is not there', { logging }, /does not exist/, bucket(refusing('NoSuchBucket', 404))),
  ],
  skipped: [
    { name: 'one that is gone by now', world: () => builderWorld(), event: update, says: 'The resource is gone.' },
    {
      name: 'one of a stack',
      world: world({ ...whole, tags: { 'aws:cloudformation:stack-name': 'shop' } }),
      event: scheduled(),
      says: /The CloudFormation stack shop manages it/,
    },
  ],
  undo: [
    { name: 'without a word on tokens, as it was', world: world(whole), event: create, sends: [writes(undefined)] },
    {
      name: 'optional tokens, with the hop limit',
      world: world({ ...whole, instanceMetadataOptions: { httpTokens: 'optional', httpPutResponseHopLimit: 2 } }),
      event: create,
      sends: [writes({ httpTokens: 'optional', httpPutResponseHopLimit: 2 })],
    },
  ],
});
