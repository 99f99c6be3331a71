import { scheduled } from '../../../test/fixtures/events.ts';
import { token } from '../../../test/fixtures/secrets.ts';
import { aboutAssociation, aboutSetting, registerTask, sendCommand } from '../../../test/support/commands/events.ts';
import { type Account, runsWorld } from '../../../test/support/commands/world.ts';
import { awsError } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './command-output-known.ts';
import { SCRIPT_LOG, SCRIPT_LOG_GROUP } from './ids.ts';

const key = 'arn:aws:kms:eu-west-1:111122223333:key/0f';
const fine = { algorithm: 'aws:kms', key } as const;
const bucket = 'shop-output';
const group = '/ssm/output';
const world = (account: Account) => () => runsWorld(account);
const toBucket = (of: Account['buckets']) =>
  world({ commands: { 'c-1': { DocumentName: 'AWS-RunShellScript', OutputS3BucketName: bucket } }, ...(of && { buckets: of }) });
const toGroup = (CloudWatchLogGroupName: string | undefined, groups: NonNullable<Account['groups']>) =>
  world({
    commands: {
      'c-1': {
        DocumentName: 'arn:aws:ssm:eu-west-1:444455556666:document/Deploy',
        CloudWatchOutputConfig: { CloudWatchOutputEnabled: true, ...(CloudWatchLogGroupName && { CloudWatchLogGroupName }) },
      },
    },
    groups,
  });
const written = sendCommand('c-1', { outputS3BucketName: bucket });
const logged = sendCommand('c-1', { cloudWatchOutputConfig: { cloudWatchLogGroupName: '', cloudWatchOutputEnabled: true } });
const found = { sends: [], status: 'open' } as const;

testControl(control, {
  valid: [
    { name: 'a private bucket under a customer key', world: toBucket({ [bucket]: fine }), event: written },
    { name: 'a log group under a customer key', world: toGroup(group, { [group]: key }), event: logged },
    { name: 'a command without output', world: world({ commands: { 'c-1': {} } }), event: written },
    {
      // https://github.com/hashicorp/terraform-provider-aws/issues/27117
      name: 'an association, which has no log group (terraform-provider-aws#27117)',
      world: world({ associations: { '0a1b2c3d': { Name: 'AWS-RunShellScript' } } }),
      event: aboutAssociation('0a1b2c3d'),
    },
    {
      name: "another account's bucket whose owner was asked",
      world: toBucket({ [bucket]: { owner: '444455556666' } }),
      common: { knownBuckets: [bucket] },
      event: written,
    },
    {
      name: 'what the sweep lists, of which nothing has output',
      world: world({
        commands: { 'c-1': {} },
        associations: { '0a1b2c3d': {} },
        tasks: { 'mw-1/task-1': { TaskInvocationParameters: { Lambda: {} } } },
        executions: { 'e-1': {} },
      }),
      event: scheduled(),
    },
    { name: 'scripts of runbooks that log nowhere', world: world({}), event: aboutSetting(SCRIPT_LOG) },
  ],
  invalid: [
    {
      ...found,
      name: 'a public bucket',
      world: toBucket({ [bucket]: { ...fine, isPublic: true } }),
      event: written,
      says: 'Its output goes to the bucket shop-output, whose policy makes it public.',
      advice: 'Block public access to shop-output.',
    },
    {
      ...found,
      name: 'a bucket that encrypts with keys of S3',
      world: toBucket({ [bucket]: {} }),
      event: written,
      says: 'Its output goes to the bucket shop-output, which has no customer key.',
    },
    {
      ...found,
      name: 'one that encrypts with the key of AWS',
      world: toBucket({ [bucket]: { algorithm: 'aws:kms' } }),
      event: written,
      says: /no customer key\.$/,
    },
    {
      ...found,
      // https://github.com/aws/amazon-ssm-agent/issues/164
      name: 'a bucket that does not exist, as a name with a slip does not (amazon-ssm-agent#164)',
      world: toBucket({}),
      event: written,
      says: /which does not exist\.$/,
      advice: /whoever makes a bucket of that name first gets what is written there/,
    },
    {
      ...found,
      name: "another account's bucket",
      world: toBucket({ [bucket]: { owner: '444455556666' } }),
      event: written,
      says: /is of another account, or Redress may not look at it\.$/,
      advice: /add it to `knownBuckets`/,
    },
    {
      ...found,
      name: 'a bucket in another Region',
      world: toBucket({ [bucket]: { region: 'us-east-1' } }),
      event: written,
      says: /is in another Region, where Redress does not look\.$/,
    },
    {
      ...found,
      name: 'a bucket whose policy Redress may not see',
      world: world({
        commands: { 'c-1': { OutputS3BucketName: bucket } },
        buckets: { [bucket]: fine },
        refuses: { 's3:GetBucketPolicyStatus': awsError('AccessDenied', 'Access Denied', 403) },
      }),
      event: written,
      says: /and Redress may not see whether that is public\.$/,
    },
    {
      ...found,
      name: 'what is no name, and any text',
      world: world({
        commands: {
          'c-1': {
            OutputS3BucketName: `s3://${token}`,
            CloudWatchOutputConfig: { CloudWatchOutputEnabled: true, CloudWatchLogGroupName: `arn:${token}` },
          },
        },
      }),
      event: written,
      secret: token,
      says: 'Its output names a bucket as no bucket can be called. Its output names a log group as none can be called.',
    },
    {
      ...found,
      name: 'the log group of the document, which is made without a key',
      world: toGroup(undefined, {}),
      event: logged,
      says: 'Its output goes to the log group /aws/ssm/Deploy, which does not exist: Systems Manager makes it without a customer key.',
    },
    {
      ...found,
      name: 'a log group without a key',
      world: toGroup(group, { [group]: undefined }),
      event: logged,
      says: 'Its output goes to the log group /ssm/output, which has no customer key.',
      advice: /`aws logs associate-kms-key --log-group-name \/ssm\/output --kms-key-id KEY_ARN`/,
    },
    {
      ...found,
      name: 'a log group that Redress may not look at',
      world: world({
        commands: { 'c-1': { CloudWatchOutputConfig: { CloudWatchOutputEnabled: true, CloudWatchLogGroupName: group } } },
        refuses: { 'logs:DescribeLogGroups': awsError('AccessDeniedException') },
      }),
      event: logged,
      says: /and Redress may not look at it\.$/,
    },
    {
      ...found,
      name: 'the bucket of an association',
      world: world({ associations: { '0a1b2c3d': { OutputLocation: { S3Location: { OutputS3BucketName: bucket } } } } }),
      event: aboutAssociation('0a1b2c3d', 'UpdateAssociation'),
      says: /shop-output, which does not exist/,
    },
    {
      ...found,
      // https://github.com/hashicorp/terraform-provider-aws/issues/17554
      name: 'a task of a maintenance window with both, and the older way (terraform-provider-aws#17554)',
      world: world({
        tasks: {
          'mw-1/task-1': {
            TaskArn: 'AWS-RunShellScript',
            LoggingInfo: { S3BucketName: 'shop-older', S3Region: 'eu-west-1' },
            TaskInvocationParameters: {
              RunCommand: { OutputS3BucketName: bucket, CloudWatchOutputConfig: { CloudWatchOutputEnabled: true } },
            },
          },
        },
        buckets: { [bucket]: fine, 'shop-older': {} },
        groups: { '/aws/ssm/AWS-RunShellScript': undefined },
      }),
      event: registerTask('mw-1', 'task-1'),
      says: 'Its output goes to the bucket shop-older, which has no customer key. Its output goes to the log group /aws/ssm/AWS-RunShellScript, which has no customer key.',
    },
    {
      ...found,
      name: 'scripts of runbooks, by the group that AWS makes',
      world: world({ settings: { [SCRIPT_LOG]: 'CloudWatch' } }),
      event: aboutSetting(SCRIPT_LOG),
      says: /the log group \/aws\/ssm\/automation\/executeScript, which does not exist/,
    },
    {
      ...found,
      name: 'scripts of runbooks, by the group that somebody names, which only the sweep sees',
      world: world({
        settings: { [SCRIPT_LOG]: 'CloudWatch', [SCRIPT_LOG_GROUP]: group },
        groups: { [group]: undefined },
      }),
      event: scheduled(),
      says: /the log group \/ssm\/output, which has no customer key/,
    },
    {
      ...found,
      name: 'an association that only the sweep sees',
      world: world({ associations: { '0a1b2c3d': { OutputLocation: { S3Location: { OutputS3BucketName: bucket } } } } }),
      event: scheduled(),
      says: /which does not exist/,
    },
  ],
  skipped: [],
});
