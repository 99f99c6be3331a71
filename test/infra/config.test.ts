import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Stack } from 'aws-cdk-lib/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blank } from '#shared/control/blank.ts';
import type { ControlFunction } from '#shared/control/control.ts';
import { modeIn, withDefaultModes } from '#shared/finding/config.ts';
import { ConfigError } from '#shared/finding/config-schema.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { acknowledge } from '../../infra/nag.ts';
import { checkWithNag } from '../../infra/nag-check.ts';
import { loadConfig } from '../../infra/synth.ts';
import { arnOf, type Template, templateOf } from './template.ts';

type Statement = { Action: string | string[]; Resource: unknown; Condition?: unknown };
const list = (value: string | string[]) => [value].flat();

describe('a config that asks for everything', () => {
  let template: Template;
  beforeAll(async () => {
    template = await templateOf({
      controls: { 'volume-encrypted': { mode: 'fix' }, 'ebs-default-encryption': { mode: 'off' } },
      alerts: { emails: ['ada@example.com', 'ada@example.com', 'bob@example.com'] },
      trail: true,
    });
  });
  afterAll(() => template.remove());

  const role = (name: string) => template.the('AWS::IAM::Role', 'RoleName', { 'Fn::Join': ['', [`${name}-`, { Ref: 'AWS::Region' }]] })[1];
  const statements = (name: string): Statement[] =>
    role(name).Properties.Policies.flatMap(
      ({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) => PolicyDocument.Statement,
    );
  const volume = {
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':volume/*']],
  };

  test('gives the role the writes, on the resources that the control declares', () => {
    const writes = statements('redress-volumes').filter(({ Action }) => list(Action).some((action) => /ec2:(Copy|Create)/.test(action)));
    expect(writes.map(({ Resource }) => Resource)).toEqual(writes.map(() => volume));
    expect(writes.flatMap(({ Action }) => list(Action))).toContain('ec2:CopyVolumes');
    for (const { Action, Condition } of writes) if (list(Action).includes('ec2:CreateTags')) expect(Condition).toBeTypeOf('object');
  });

  test('takes rules and permissions from the control that is off everywhere', () => {
    expect(template.text).not.toContain('redress-ebs-default-encryption');
    expect(statements('redress-volumes').flatMap(({ Action }) => list(Action))).not.toContain('ec2:EnableEbsEncryptionByDefault');
  });

  test('gives each role its own queue, table, bus and log, and no managed policy', () => {
    const [queue] = template.the('AWS::SQS::Queue', 'QueueName', 'redress-volumes');
    const [table] = template.the('AWS::DynamoDB::Table', 'TableName', 'redress-ledger');
    const [bus] = template.the('AWS::Events::EventBus', 'Name', 'redress');
    const mayWrite = (action: string) =>
      statements('redress-volumes')
        .filter(({ Action }) => list(Action).includes(action))
        .map(({ Resource }) => Resource);
    const [heartbeats] = template.the('AWS::SQS::Queue', 'QueueName', 'redress-heartbeats');
    expect(new Set(mayWrite('sqs:SendMessage'))).toEqual(new Set([arnOf(heartbeats), arnOf(queue)]));
    expect(mayWrite('dynamodb:BatchWriteItem')).toEqual([arnOf(table)]);
    expect(mayWrite('events:PutEvents')).toEqual([arnOf(bus)]);
    for (const [, { Properties }] of template.all('AWS::IAM::Role')) expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(template.all('AWS::IAM::Policy')).toEqual([]);
  });

  test('lets the notifier publish, note what it told and answer its heartbeat, and nothing else', () => {
    const actions = statements('redress-alerts')
      .flatMap(({ Action }) => list(Action))
      .sort();
    expect(actions).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sns:Publish',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
  });

  test('subscribes each address once', () => {
    expect(template.all('AWS::SNS::Subscription').map(([, { Properties }]) => Properties.Endpoint)).toEqual([
      'ada@example.com',
      'bob@example.com',
    ]);
  });

  test('makes a trail whose bucket is private, encrypted and versioned', () => {
    const [[, trail] = []] = template.all('AWS::CloudTrail::Trail');
    expect(trail?.Properties).toMatchObject({ IsLogging: true, EnableLogFileValidation: true });
    const bucket = template.resources.get(trail?.Properties.S3BucketName.Ref);
    expect(bucket?.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
    });
    expect(bucket?.Properties.BucketEncryption).toBeDefined();
  });
});

describe('a config that cannot be used', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'redress-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function write(name: string, text: string): Promise<string> {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  }

  test.each([
    ['a wrong key', 'key.json', '{"control":{}}', 'control: there is no such key here'],
    ['an unknown control', 'unknown.json', '{"controls":{"volume-encrypte":{}}}', 'controls.volume-encrypte: there is no such key here'],
    ['a wrong mode', 'mode.json', '{"controls":{"volume-encrypted":{"mode":"fixed"}}}', 'controls.volume-encrypted.mode: must be one of'],
    [
      'a wrong setting',
      'setting.json',
      '{"controls":{"volume-encrypted":{"settleSeconds":"1"}}}',
      'controls.volume-encrypted.settleSeconds: must be number, is "1"',
    ],
    [
      'a principal of a tool that is none',
      'principal.json',
      '{"managedBy":{"terraform":["deploy-*"]}}',
      'managedBy.terraform.0: is not the ARN of a role or user, such as arn:aws:iam::111122223333:role/deploy-*',
    ],
    ['a tool that has no principals', 'tool.json', '{"managedBy":{"ansible":[]}}', 'managedBy.ansible: there is no such key here'],
    ['a wrong word on claims', 'claims.json', '{"claims":"believe"}', 'claims: must be one of ("skip" | "ask" | "fix"), is "believe"'],
    ['a wrong account', 'account.json', '{"accounts":{"123":{}}}', 'is not an account id of 12 digits'],
    ['no JSON', 'broken.json', '{"controls":', 'cannot be read'],
    ['no default export', 'empty.ts', 'export {};', 'must be Object, is undefined'],
  ])('names the file and what is wrong: %s', async (_name, name, text, message) => {
    const file = await write(name, text);
    const failure = await loadConfig(file, await discoverFunctions()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect(String(failure)).toContain(file);
    expect(String(failure)).toContain(message);
  });

  describe('of a control with a blank', () => {
    const kinds = async (defaultMode: 'off' | 'observe' = 'off'): Promise<readonly ControlFunction[]> => {
      const unfinished = { ...volumeEncrypted, why: blank('what happens to people'), defaultMode };
      return [{ id: 'volumes', kinds: [volumeEncrypted.kind], controls: [unfinished] }];
    };
    const of = (mode: string) => `{"controls":{"volume-encrypted":{"mode":"${mode}"}}}`;

    test.each(['observe', 'approve', 'fix'])('refuses the mode %s, and names the blank, its file and what to do', async (mode) => {
      const failure = await loadConfig(await write('blank.json', of(mode)), await kinds()).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ConfigError);
      expect(String(failure)).toContain(
        'controls.volume-encrypted.mode: is not possible yet: volume-encrypted has blanks: "what happens to people" in volume-encrypted.ts. Fill them in and run npm run generate; until then it stays off.',
      );
    });

    test('refuses it in one Region too', async () => {
      const regions = { 'eu-west-1': { controls: { 'volume-encrypted': { mode: 'observe' } } } };
      const file = await write('blank-region.json', JSON.stringify({ accounts: { '123456789012': { regions } } }));
      await expect(loadConfig(file, await kinds())).rejects.toThrow(/eu-west-1\.controls\.volume-encrypted\.mode: is not possible yet/);
    });

    test('takes off, and no mode at all', async () => {
      for (const text of [of('off'), '{}'])
        await expect(loadConfig(await write('blank-off.json', text), await kinds())).resolves.toBeDefined();
    });

    test('refuses a default mode other than off, whatever the config says', async () => {
      const failing = loadConfig(await write('blank-default.json', of('off')), await kinds('observe'));
      await expect(failing).rejects.toThrow(/volume-encrypted: its defaultMode must be off, is observe: volume-encrypted has blanks/);
    });
  });

  test('TypeScript and JSON of one shape are one config', async () => {
    const kinds = await discoverFunctions();
    const json = '{"controls":{"volume-encrypted":{"mode":"approve"}}}';
    const fromTypeScript = await loadConfig(await write('good.ts', `export default ${json};`), kinds);
    expect(fromTypeScript).toEqual(await loadConfig(await write('good.json', json), kinds));
  });

  test('ends `cdk synth` with code 1 and without a stack trace', async () => {
    const env = { ...process.env, REDRESS_CONFIG: await write('bad.json', '{"control":{}}'), CDK_OUTDIR: join(folder, 'cdk.out') };
    const { code, said } = await new Promise<{ code: unknown; said: string }>((done) => {
      execFile(process.execPath, ['infra/app.ts'], { env }, (error, stdout, stderr) =>
        done({ code: error?.code ?? 0, said: stdout + stderr }),
      );
    });
    expect(said).toContain('control: there is no such key here');
    expect(said).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });
});

describe('cdk-nag', () => {
  const stackOf = (prepare: (queue: Queue) => void): Stack => {
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Test');
    prepare(new Queue(stack, 'Queue', { enforceSSL: true }));
    return stack;
  };

  test('refuses what no reason is given for', () => {
    expect(() => checkWithNag(stackOf(() => {}))).toThrow('Test/Queue/Resource: AwsSolutions-SQS3');
  });

  test('accepts what one is given for', () => {
    expect(() => checkWithNag(stackOf((queue) => acknowledge(queue, 'AwsSolutions-SQS3', 'A test.')))).not.toThrow();
  });
});

describe('the mode of a control of another kind', () => {
  const controls = [volumeEncrypted];

  test('is the one of its place, or its default', () => {
    const config = withDefaultModes({ accounts: { '123456789012': { controls: { 'volume-encrypted': { mode: 'fix' } } } } }, controls);
    expect(modeIn(config, 'volume-encrypted', '123456789012', 'eu-west-1')).toBe('fix');
    expect(modeIn(config, 'volume-encrypted', '999999999999', 'eu-west-1')).toBe('observe');
  });

  test('is off, if the config knows no such control', () => {
    expect(modeIn({}, 'volume-encrypted', '123456789012', 'eu-west-1')).toBe('off');
  });
});
