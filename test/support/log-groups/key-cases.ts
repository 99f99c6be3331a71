import { awsError } from '../harness.ts';
import type { InvalidCase } from '../tester.ts';
import { created, key, keyed, set, settings, world } from './setting.ts';
import { forLogs, groupArn, policy, service, usable } from './world.ts';

const own = 'CloudWatch Logs encrypts it with a key of its own';
const statement = (Sid: string, more: object) =>
  JSON.stringify({ Sid, Effect: 'Allow', Principal: { Service: service }, Resource: '*', ...more });
const uses = statement('CloudWatchLogsUsesTheKey', {
  Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
  Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': [groupArn('/shop/*'), groupArn('audit')] } },
});
const describes = statement('CloudWatchLogsDescribesTheKey', { Action: 'kms:DescribeKey' });
const both = `Add to the key policy: ${uses}\nAdd to the key policy: ${describes}\n`;
const literally = (text: string) => new RegExp(text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&'));
const refusal = { event: created, settings, sends: [], status: 'open' } as const;

/** What a key, or what Redress sees of it, holds against a log group under it. */
export const keyCases: readonly InvalidCase[] = [
  {
    // https://github.com/hashicorp/terraform-provider-aws/issues/8042
    name: 'a key with the policy that AWS gives each (terraform-provider-aws#8042)',
    world: world(undefined, keyed({})),
    ...refusal,
    says: `${own}. It does not get the key of the settings: the policy of ${key} does not allow ${service} kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey*, kms:DescribeKey for it.`,
    advice: literally(both),
  },
  {
    name: 'a key for the log groups of one name',
    world: world(undefined, keyed({})),
    ...refusal,
    settings: { ...settings, names: ['/shop/*'] },
    says: /does not allow/,
    advice: literally(JSON.stringify({ ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groupArn('/shop/*') } })),
  },
  {
    // https://github.com/aws/aws-cdk/issues/28304: the construct adds nothing to the policy of the key
    name: 'a key that the CDK made, whose policy names other log groups (aws-cdk#28304)',
    world: world(undefined, keyed({ policy: policy(forLogs(groupArn('PythonStack-logs00112233-AABBCCDDEEFF'))) })),
    ...refusal,
    says: /does not allow logs\.eu-west-1\.amazonaws\.com kms:Encrypt, kms:Decrypt/,
    advice: literally(both),
  },
  {
    // https://github.com/ministryofjustice/modernisation-platform/issues/7870
    name: 'a shared key of another account, whose policy nobody here sees (modernisation-platform#7870)',
    world: world(undefined, { 'arn:aws:kms:eu-west-1:444455556666:key/general': { owner: '444455556666' } }),
    event: created,
    settings: { ...settings, key: 'arn:aws:kms:eu-west-1:444455556666:key/general' },
    sends: [],
    status: 'awaiting-approval',
    says: /A person should look first: the policy of arn:aws:kms:eu-west-1:444455556666:key\S+ is not visible/,
    advice: literally(`has these statements. ${uses} ${describes}`),
  },
  {
    // https://github.com/hashicorp/terraform-provider-aws/issues/29282: the only statement that helped those who report
    name: 'a key that allows the service all, without a condition (terraform-provider-aws#29282)',
    world: world(
      undefined,
      keyed({ policy: policy({ Effect: 'Allow', Principal: { Service: service }, Action: ['kms:*'], Resource: '*' }) }),
    ),
    event: created,
    settings,
    sends: [set()],
    status: 'fixed',
    says: /Now: It is under/,
  },
  {
    name: 'a key whose policy denies the service one call',
    world: world(
      undefined,
      keyed({
        policy: policy(forLogs(groupArn('*'), 'ArnLike'), { Effect: 'Deny', Principal: '*', Action: 'kms:Decrypt', Resource: '*' }),
      }),
    ),
    ...refusal,
    says: /denies logs\.eu-west-1\.amazonaws\.com kms:Decrypt for it\./,
    advice: /Except logs\.eu-west-1\.amazonaws\.com in the policy of \S+ from the statement that denies kms:Decrypt\./,
  },
  {
    name: 'a key with a condition that only AWS can judge',
    world: world(
      undefined,
      keyed({ policy: policy({ ...forLogs(groupArn('*')), Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }) }),
    ),
    event: created,
    settings,
    isApproved: true,
    sends: [set()],
    status: 'fixed',
    says: /has conditions that Redress cannot judge \(aws:SourceAccount\)/,
  },
  {
    name: 'a key that is disabled',
    world: world(undefined, keyed({ KeyState: 'Disabled' })),
    ...refusal,
    says: /the key alias\/logs is Disabled/,
    advice: /Enable the key alias\/logs/,
  },
  {
    name: 'a key that is not symmetric',
    world: world(undefined, keyed({ KeySpec: 'RSA_2048' })),
    ...refusal,
    says: /is not a symmetric encryption key/,
  },
  {
    name: "one of AWS's own keys",
    world: world(undefined, keyed({ KeyManager: 'AWS' })),
    ...refusal,
    says: /is one of AWS's own, which no log group can be under/,
  },
  {
    // https://github.com/hashicorp/terraform/issues/24194
    name: 'a key that is not there (terraform#24194)',
    world: world(undefined, {}),
    ...refusal,
    says: /the key alias\/logs does not exist/,
    advice: /Set `key` to a symmetric customer managed key of this Region\./,
  },
  {
    name: 'a key of another Region',
    world: world(),
    ...refusal,
    settings: { ...settings, key: 'arn:aws:kms:us-east-1:111122223333:key/logs' },
    says: /is in another Region/,
  },
  {
    name: 'a key that KMS does not take',
    world: world(undefined, {}, { refuses: { 'kms:DescribeKey': awsError('InvalidArnException', 'Invalid arn') } }),
    ...refusal,
    says: /AWS KMS does not take the key alias\/logs: kms:DescribeKey: Invalid arn/,
  },
  {
    name: 'a key that Redress may not look at',
    world: world(undefined, {}, { refuses: { 'kms:DescribeKey': awsError('AccessDeniedException') } }),
    ...refusal,
    says: /A person should look first: Redress may not look at the key alias\/logs/,
    advice: /Allow Redress's role `kms:DescribeKey`/,
  },
  {
    name: 'a key whose policy Redress may not see',
    world: world(undefined, keyed(usable), { refuses: { 'kms:GetKeyPolicy': awsError('AccessDeniedException') } }),
    event: created,
    settings,
    sends: [],
    status: 'awaiting-approval',
    says: /is not visible, so whether CloudWatch Logs may use it is not known/,
  },
];
