import { createHash } from 'node:crypto';
import { AddTagsToResourceCommand, DeleteParameterCommand, LabelParameterVersionCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { vi } from 'vitest';
import control from '../../../functions/parameters/controls/parameter-secure.ts';
import { scheduled } from '../../fixtures/events.ts';
import { token } from '../../fixtures/secrets.ts';
import { awsError, place } from '../../harness.ts';
import { testControl } from '../../tester.ts';
import { arn, putParameter, readBy } from './events.ts';
import { type Account, dana, parametersWorld, redress } from './world.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

/** 8,192 bytes, the most that an advanced parameter holds. */
const eightKilobytes = `${token} ${'ключ鍵🔑'.repeat(543)}xxxxxx`;
const name = '/shop/prod/deploy';
const stageFolder = `/redress/stage/${createHash('sha256').update(name).digest('hex').slice(0, 24)}`;
const old = { LastModifiedDate: new Date('2026-10-01T00:00:00Z') };

const world =
  (parameter: NonNullable<Account['parameters']>[string] = {}, account: Account = {}) =>
  () =>
    parametersWorld({ parameters: { [name]: { Value: token, ...parameter } }, ...account });

/** The same after a second version, so that it may have readers. */
const written =
  (account: Account = {}, parameter: NonNullable<Account['parameters']>[string] = {}) =>
  () => {
    const made = world(parameter, account)();
    made.put({ Name: name, Value: token, Type: 'String', ...parameter, Overwrite: true });
    return made;
  };

const convert = (more: object = {}) =>
  new PutParameterCommand({
    Tier: 'Standard',
    DataType: 'text',
    Name: name,
    Value: token,
    Type: 'SecureString',
    KeyId: 'alias/aws/ssm',
    Overwrite: true,
    ...more,
  });
const found = 'It is a String, and sensitive by its value (github-token).';
const converted =
  'It is a SecureString under alias/aws/ssm. Old versions remain readable in its history, those in plain too: rotate the secret.';
const fixed = `Found: ${found} Now: ${converted}`;
const event = putParameter(name);
const customer = { kmsKey: 'alias/shop' };
const plainRead = (role: string) => readBy(role, 'GetParameter', { name });

testControl(control, {
  valid: [
    { name: 'a parameter made as a SecureString', world: world({ Type: 'SecureString' }), event: putParameter(name, { type: null }) },
    { name: 'a String that holds nothing sensitive', world: world({ Value: 'eu-west-1' }), event },
    {
      name: 'a switch whose name sounds sensitive',
      world: () => parametersWorld({ parameters: { '/shop/use-password': { Value: 'true' } } }),
      event: putParameter('/shop/use-password'),
    },
    { name: 'a sweep of an account without parameters', world: () => parametersWorld(), event: scheduled() },
    {
      name: 'the version of the CDK toolkit',
      world: () => parametersWorld({ parameters: { '/cdk-bootstrap/hnb659fds/version': { Value: '28' } } }),
      event: scheduled(),
    },
  ],
  invalid: [
    {
      name: 'a key just stored as a String',
      world: world(),
      event,
      sends: [convert()],
      status: 'fixed',
      says: fixed,
      advice: '',
      secret: token,
    },
    {
      name: 'an overwrite whose record does not tell the type',
      world: world(),
      event: putParameter(name, { type: null, overwrite: true }),
      sends: [convert()],
      status: 'fixed',
      says: fixed,
      secret: token,
    },
    { name: 'a name that is an ARN', world: world(), event: putParameter(arn(name)), sends: [convert()], status: 'fixed', says: fixed },
    {
      name: 'an ARN that two names may have',
      world: () => parametersWorld({ parameters: { '/deploy': { Value: token } } }),
      event: putParameter(arn('/deploy')),
      sends: [convert({ Name: '/deploy' })],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'a record whose request names nothing',
      world: world(),
      event: putParameter(name, {}, { requestParameters: null }),
      sends: [convert()],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'a parameter that only its name gives away',
      world: () => parametersWorld({ parameters: { '/shop/db-password': { Value: 'hunter2' } } }),
      event: putParameter('/shop/db-password'),
      sends: [convert({ Name: '/shop/db-password', Value: 'hunter2' })],
      status: 'fixed',
      says: /sensitive by its name \(password\)/,
      secret: 'hunter2',
    },
    {
      name: 'a name that the configuration calls sensitive',
      world: () => parametersWorld({ parameters: { '/shop/licence-code': { Value: 'abc' } } }),
      event: putParameter('/shop/licence-code'),
      settings: { patterns: ['licence-code'] },
      sends: [convert({ Name: '/shop/licence-code', Value: 'abc' })],
      status: 'fixed',
      says: /its name \(configured\)/,
    },
    {
      name: 'an advanced parameter with a description, a pattern, policies and tags',
      world: world(
        {
          Tier: 'Advanced',
          Description: 'Deploys the shop',
          AllowedPattern: '^ghp_',
          Policies: JSON.stringify([{ Type: 'NoChangeNotification', Version: '1.0', Attributes: { After: '20', Unit: 'Days' } }]),
          Tags: [{ Key: 'team', Value: 'shop' }],
        },
        {},
      ),
      event,
      sends: [convert({ Tier: 'Advanced', Description: 'Deploys the shop', AllowedPattern: '^ghp_' })],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'a value of 8 KB with letters of many scripts',
      world: world({ Tier: 'Advanced', Value: eightKilobytes }),
      event,
      sends: [convert({ Tier: 'Advanced', Value: eightKilobytes })],
      status: 'fixed',
      says: /^Found: /,
    },
    {
      name: 'a configured key',
      world: world({}, { keys: { 'alias/shop': { KeyState: 'Enabled' } } }),
      event,
      settings: customer,
      sends: [convert({ KeyId: 'alias/shop' })],
      status: 'fixed',
      says: /under alias\/shop/,
    },
    {
      name: 'a configured key that is disabled',
      world: world({}, { keys: { 'alias/shop': { KeyState: 'Disabled' } } }),
      event,
      settings: customer,
      sends: [],
      status: 'open',
      says: found,
      advice: /the key alias\/shop is Disabled/,
    },
    {
      name: 'a configured key that signs',
      world: world({}, { keys: { 'alias/shop': { KeyState: 'Enabled', KeyUsage: 'SIGN_VERIFY' } } }),
      event,
      settings: customer,
      sends: [],
      status: 'open',
      says: found,
      advice: /not a symmetric encryption key/,
    },
    {
      name: 'a configured key that does not exist',
      world: world(),
      event,
      settings: customer,
      sends: [],
      status: 'open',
      says: found,
      advice: /does not exist/,
    },
    {
      name: 'a configured key that Redress may not look at',
      world: world({}, { refuses: { 'kms:DescribeKey': awsError('AccessDeniedException', 'no kms:DescribeKey') } }),
      event,
      settings: customer,
      sends: [],
      status: 'awaiting-approval',
      says: /may not look at the key alias\/shop/,
    },
    {
      name: 'a hundred versions of which the oldest is labelled',
      world: () => {
        const made = world()();
        for (let n = 2; n <= 100; n += 1) made.put({ Name: name, Value: token, Type: 'String', Overwrite: true });
        const [oldest] = made.parameters.get(name)?.versions ?? [];
        if (oldest) oldest.Labels = ['release'];
        return made;
      },
      event,
      sends: [],
      status: 'open',
      says: found,
      advice: /oldest, 1, carries the label release.*ParameterMaxVersionLimitExceeded/,
    },
    {
      name: 'a list',
      world: world({ Type: 'StringList', Value: `${token},other` }),
      event: putParameter(name, { type: 'StringList' }),
      sends: [],
      status: 'awaiting-approval',
      says: /a StringList loses its meaning as a list/,
    },
    {
      name: 'a later version that nobody reads in plain',
      world: written({
        reads: [
          readBy('app', 'GetParameter', { name, withDecryption: true }),
          readBy('app', 'GetParameters', { names: ['/shop/other'] }),
          readBy('app', 'GetParameter', { name }, { errorCode: 'AccessDenied' }),
          readBy('app', 'GetParametersByPath', { path: '/bakery', recursive: true }),
          readBy(`redress-parameters-${place.region}`, 'GetParameters', { names: [name], withDecryption: false }),
        ],
      }),
      event,
      sends: [convert()],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'a later version that three roles read in plain',
      world: written({
        reads: [
          plainRead('app'),
          plainRead('app'),
          readBy('batch', 'GetParameters', { names: ['/x', `${arn(name)}:1`], withDecryption: false }),
          readBy('deploy', 'GetParametersByPath', { path: '/shop/', recursive: true }),
        ],
      }),
      event,
      sends: [],
      status: 'awaiting-approval',
      says: `${found} 3 roles read this without decryption in the last 14 days; converting would give them ciphertext. It waits for a person: readers may break.`,
      advice: new RegExp(`role/app, arn:aws:iam::${place.account}:role/batch, .*role/deploy`),
    },
    {
      name: 'a later version that somebody reads, while only observing',
      mode: 'approve',
      world: written({ reads: [plainRead('app')] }),
      event,
      settings: { readerDays: 3 },
      sends: [],
      status: 'awaiting-approval',
      says: `${found} 1 role read this without decryption in the last 3 days; converting would give them ciphertext.`,
    },
    {
      name: 'a later version in an account with more reads than are looked at',
      world: written({ isEndless: true }),
      event,
      settings: { readerPages: 2 },
      sends: [],
      status: 'awaiting-approval',
      says: /is unknown: there are more than 100 events of GetParameter\b/,
    },
    {
      name: 'a later version where Redress may not look up events',
      world: written({ refuses: { 'cloudtrail:LookupEvents': awsError('AccessDeniedException', 'no cloudtrail:LookupEvents') } }),
      event,
      sends: [],
      status: 'awaiting-approval',
      says: /is unknown: Redress may not look it up/,
    },
    {
      name: 'a first version that has been there for weeks',
      world: () => {
        const made = world({}, { reads: [plainRead('app')] })();
        Object.assign(made.parameters.get(name)?.versions[0] ?? {}, old);
        return made;
      },
      event: scheduled(),
      sends: [],
      status: 'awaiting-approval',
      says: /1 role read this/,
    },
    {
      name: 'an AMI id that no launch template resolves, under a sensitive name',
      world: () => parametersWorld({ parameters: { '/shop/secret': { Value: 'ami-0123456789abcdef0' } }, templates: ['ami-1'] }),
      event: putParameter('/shop/secret'),
      sends: [convert({ Name: '/shop/secret', Value: 'ami-0123456789abcdef0' })],
      status: 'fixed',
      says: /sensitive by its name/,
    },
    {
      name: 'a value written by somebody else while it was converted',
      world: () => {
        const made = world()();
        let isFirst = true;
        made.meanwhile = (action) => {
          if (action !== 'ssm:PutParameter' || !isFirst) return;
          isFirst = false;
          made.put({ Name: name, Value: `${token}-newer`, Type: 'String', Overwrite: true }, dana);
        };
        return made;
      },
      event,
      sends: [convert(), convert({ Value: `${token}-newer` })],
      status: 'fixed',
      says: fixed,
      secret: token,
    },
    {
      name: 'a conversion that lost a newer value in a run that ended long ago',
      world: () => {
        const made = world()();
        made.put({ Name: name, Value: 'newer', Type: 'String', Overwrite: true }, dana);
        made.put({ Name: name, Value: token, Type: 'SecureString', Overwrite: true }, redress);
        return made;
      },
      event,
      sends: [convert({ Value: 'newer' })],
      status: 'fixed',
      says: /^Found: Version 2 was written while Redress converted the one before, and its value is not the current one/,
    },
    {
      name: 'a parameter whose history must go, before anybody approves',
      world: world(),
      event,
      settings: { purgeHistory: true },
      sends: [],
      status: 'awaiting-approval',
      says: /It waits for a person: it is deleted and recreated/,
    },
    {
      name: 'a parameter whose history must go, once a person approves',
      world: world({ Description: 'Deploys', Tags: [{ Key: 'team', Value: 'shop' }], labels: ['live', 'v7'] }),
      event,
      settings: { purgeHistory: true },
      isApproved: true,
      sends: [
        new PutParameterCommand({
          Tier: 'Standard',
          Description: 'Deploys',
          DataType: 'text',
          Name: `${stageFolder}/1`,
          Value: token,
          Type: 'SecureString',
          KeyId: 'alias/aws/ssm',
          Tags: [
            { Key: 'team', Value: 'shop' },
            { Key: 'redress:stage-of', Value: name },
            { Key: 'redress:type', Value: 'String' },
            { Key: 'redress:labels-1', Value: 'live v7' },
          ],
        }),
        new AddTagsToResourceCommand({
          ResourceType: 'Parameter',
          ResourceId: `${stageFolder}/1`,
          Tags: [{ Key: 'redress:deleting', Value: '2026-11-21T09:00:05.000Z' }],
        }),
        new DeleteParameterCommand({ Name: name }),
        new PutParameterCommand({
          Tier: 'Standard',
          Description: 'Deploys',
          DataType: 'text',
          Name: name,
          Value: token,
          Type: 'SecureString',
          KeyId: 'alias/aws/ssm',
          Tags: [
            { Key: 'team', Value: 'shop' },
            { Key: 'redress:recreated', Value: 'version 1' },
          ],
        }),
        new LabelParameterVersionCommand({ Name: name, ParameterVersion: 1, Labels: ['live', 'v7'] }),
        new DeleteParameterCommand({ Name: `${stageFolder}/1` }),
      ],
      status: 'fixed',
      says: `Found: ${found} Now: It is a SecureString under alias/aws/ssm. Rotate the secret: whoever could read it in plain may have it.`,
      secret: token,
    },
    {
      name: 'a parameter with too many tags to be staged',
      world: world({ Tags: Array.from({ length: 45 }, (_, n) => ({ Key: `k${n}`, Value: 'v' })) }),
      event,
      settings: { purgeHistory: true },
      sends: [],
      status: 'open',
      says: found,
      advice: /too many tags/,
    },
  ],
  skipped: [
    {
      name: 'a parameter of a CloudFormation stack',
      world: world({ Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }] }),
      event,
      says: `${found} The CloudFormation stack shop owns it, so it is left alone: fix it there.`,
      advice: /AWS::SecretsManager::Secret[\s\S]*new StringParameter[\s\S]*type = "SecureString"/,
    },
    {
      name: 'a parameter that Terraform made',
      world: world(),
      event: putParameter(name, {}, { userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.13.4' }),
      says: /Terraform owns it/,
      advice: /value_wo/,
    },
    {
      name: 'a parameter of the CDK toolkit',
      world: () => parametersWorld({ parameters: { '/cdk-bootstrap/x/token': { Value: token } } }),
      event: putParameter('/cdk-bootstrap/x/token'),
      says: /left alone: The CDK toolkit owns it/,
    },
    {
      name: 'a parameter of AWS',
      world: () => parametersWorld({ parameters: { '/aws/service/x': { Value: token } } }),
      event: putParameter('/aws/service/x'),
      says: /AWS’s own/,
    },
    {
      name: 'a String under the path of staged copies',
      world: () => parametersWorld({ parameters: { '/redress/stage/x': { Value: token } } }),
      event: putParameter('/redress/stage/x'),
      says: /reserved for copies/,
    },
    {
      name: 'an AMI alias',
      world: () => parametersWorld({ parameters: { '/shop/secret': { Value: 'ami-0123456789abcdef0', DataType: 'aws:ec2:image' } } }),
      event: putParameter('/shop/secret'),
      says: /aws:ec2:image, which only a String can have/,
    },
    {
      name: 'an AMI id that a launch template resolves',
      world: () =>
        parametersWorld({ parameters: { '/shop/secret': { Value: 'ami-0123456789abcdef0' } }, templates: ['resolve:ssm:/shop/secret:3'] }),
      event: putParameter('/shop/secret'),
      says: /A launch template resolves it/,
    },
    {
      name: 'a shared parameter',
      world: world({ Tier: 'Advanced' }, { shared: [name] }),
      event,
      says: /It is shared with other accounts/,
    },
    {
      name: 'a parameter that was deleted since',
      world: () => parametersWorld(),
      event,
      says: 'The resource is gone.',
    },
  ],
  undo: [
    {
      name: 'a conversion',
      world: world({ Description: 'Deploys' }),
      event,
      sends: [
        new PutParameterCommand({
          Tier: 'Standard',
          Description: 'Deploys',
          DataType: 'text',
          Name: name,
          Value: token,
          Type: 'String',
          Overwrite: true,
        }),
      ],
    },
  ],
});
