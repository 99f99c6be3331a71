import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withDefaultModes } from '#shared/finding/config.ts';
import { DEAD_LETTERS, FINDING_DETAIL_TYPE, FINDING_SOURCE, HEARTBEATS, MAX_RECEIVES, TIMEOUT_SECONDS } from '#shared/finding/names.ts';
import { controlsOf } from '../../infra/catalog.ts';
import { pascal } from '../../infra/ids.ts';
import { isOn } from '../../infra/permissions.ts';
import { sweepsHere } from '../../infra/sweep-rules.ts';
import { arnOf, type Resource, type Template, templateOf } from './template.ts';

let template: Template;
beforeAll(async () => {
  template = await templateOf();
});
afterAll(() => template.remove());

const workers = () => [...template.functions.map(({ id }) => `redress-${id}`), 'redress-alerts'];
/** Those that do anything: what has no schema of required tags yet has no rule either. */
const enabled = () => controlsOf(template.functions).filter((control) => isOn(template.config, control));
const functions = () => template.all('AWS::Lambda::Function');
const rules = () => template.all('AWS::Events::Rule');
const folderOf = (resource: Resource) => join(template.outdir, resource.Metadata['aws:asset:path']);
const inRegion = (name: string) => ({ 'Fn::Join': ['', [`${name}-`, { Ref: 'AWS::Region' }]] });
const policyOf = (queue: string) =>
  template.the('AWS::SQS::QueuePolicy', 'Queues', [{ Ref: queue }])[1].Properties.PolicyDocument.Statement;
const allowedBy = (queue: string) => policyOf(queue).filter(({ Effect }: { Effect: string }) => Effect === 'Allow');

describe('queues', () => {
  test('each function has its own, which gives up after as many tries as the engine counts, into one dead-letter queue', () => {
    const [dlq, deadLetters] = template.the('AWS::SQS::Queue', 'QueueName', DEAD_LETTERS);
    for (const name of workers()) {
      const [, queue] = template.the('AWS::SQS::Queue', 'QueueName', name);
      expect(queue.Properties.RedrivePolicy).toEqual({ deadLetterTargetArn: arnOf(dlq), maxReceiveCount: MAX_RECEIVES });
      expect(queue.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * TIMEOUT_SECONDS);
      expect(deadLetters.Properties.MessageRetentionPeriod).toBeGreaterThan(queue.Properties.MessageRetentionPeriod);
    }
  });

  test('are encrypted, and refuse what comes without TLS', () => {
    for (const [id, queue] of template.all('AWS::SQS::Queue')) {
      expect(queue.Properties.SqsManagedSseEnabled).toBe(true);
      expect(policyOf(id)).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });
});

describe('functions', () => {
  test('run Node 24 on arm64, with a log group of their own that forgets', () => {
    expect(
      functions()
        .map(([, { Properties }]) => Properties.FunctionName)
        .sort(),
    ).toEqual(workers().sort());
    for (const [, { Properties }] of functions()) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        Timeout: TIMEOUT_SECONDS,
        RecursiveLoop: 'Allow',
      });
      const log = template.resources.get(Properties.LoggingConfig.LogGroup.Ref);
      expect(log?.Properties).toMatchObject({ LogGroupName: `/aws/lambda/${Properties.FunctionName}`, RetentionInDays: 90 });
      expect(Properties.LoggingConfig.LogFormat).toBe('JSON');
    }
  });

  test('work through their queue in batches, and report single failures', () => {
    for (const [id, { Properties }] of functions()) {
      const [queue] = template.the('AWS::SQS::Queue', 'QueueName', Properties.FunctionName);
      const [, mapping] = template.the('AWS::Lambda::EventSourceMapping', 'FunctionName', { Ref: id });
      expect(mapping.Properties).toMatchObject({
        EventSourceArn: arnOf(queue),
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 5 },
      });
    }
  });

  test('come as small bundles, with the validated config', async () => {
    for (const [, resource] of functions()) {
      const folder = folderOf(resource);
      const files = await readdir(folder);
      expect(files).toContain('index.mjs');
      expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toEqual(
        withDefaultModes(template.config, controlsOf(template.functions)),
      );
    }
    // in KB; of them 40 each are clients that few events load, and these three work with several services
    const most: { readonly [id: string]: number } = { account: 900, 'image-builder': 800, 'systems-manager': 800 };
    // what only a hub loads
    const hub = 34;
    for (const { name, bytes } of template.bundles) expect(bytes, name).toBeLessThan(((most[name] ?? 750) + hub) * 1024);
  });

  test('load on Lambda, and export a handler that Node 24 takes', async () => {
    for (const [, resource] of functions()) {
      const folder = folderOf(resource);
      const names = Object.keys(resource.Properties.Environment.Variables);
      Object.assign(process.env, Object.fromEntries(names.map((name) => [name, 'x'])), {
        LAMBDA_TASK_ROOT: folder,
        POWERTOOLS_LOG_LEVEL: 'ERROR',
        AWS_REGION: 'eu-west-1',
      });
      const { handler } = await import(/* @vite-ignore */ join(folder, 'index.mjs'));
      expect(handler).toBeTypeOf('function');
      expect(handler.length).toBeLessThan(3);
    }
  });
});

describe('rules', () => {
  test('each enabled control has one for calls, each function one for each period of its sweeps, some for deployments, and one that wakes it', () => {
    const sweeping = template.functions.flatMap(({ id, controls }) => {
      const on = controls.filter((control) => enabled().includes(control));
      return [
        ...[...new Set(on.map(({ sweep }) => sweep.every))].map((every) => `redress-${id}-sweep-${every.replace(' ', '-')}`),
        ...(on.some(({ sweep }) => sweep.atDeployment) ? [`redress-${id}-deployed`] : []),
      ];
    });
    const expected = [...enabled().map(({ id }) => `redress-${id}`), ...sweeping];
    expect(
      rules()
        .map(([, { Properties }]) => Properties.Name)
        .sort(),
    ).toEqual([...expected, 'redress-alerts', ...workers().map((name) => `${name}-wake`)].sort());
    // AWS's quota for a bus is 300
    expect(expected.length).toBeLessThan(200);
  });

  test('of sweeps name each enabled control once, by its period, and again if it asks for a look at deployments', () => {
    const heads = rules().flatMap(([, { Properties }]) => {
      const text = String(Properties.Targets[0].InputTransformer?.InputTemplate ?? '');
      if (!text.startsWith('{"controls":')) return [];
      const { controls }: { controls: string[] } = JSON.parse(text.replace('<aws.events.event.json>', '0'));
      return controls.map((id) => `${id} ${Properties.ScheduleExpression ?? 'deployed'}`);
    });
    expect(heads.sort()).toEqual(
      enabled()
        .flatMap(({ id, sweep }) => [`${id} rate(${sweep.every})`, ...(sweep.atDeployment ? [`${id} deployed`] : [])])
        .sort(),
    );
  });

  test('of sweeps are none where no control of a function is on', () => {
    expect(sweepsHere({ id: 'volumes', controls: [] })).toEqual([]);
  });

  test('send to the queue of the kind, which lets exactly them in, and keep what cannot be sent', () => {
    const [dlq] = template.the('AWS::SQS::Queue', 'QueueName', DEAD_LETTERS);
    for (const name of workers()) {
      const [queue] = template.the('AWS::SQS::Queue', 'QueueName', name);
      const ours = rules().filter(([, { Properties }]) => JSON.stringify(Properties.Targets[0].Arn) === JSON.stringify(arnOf(queue)));
      expect(ours).not.toEqual([]);
      for (const [, { Properties }] of ours) {
        expect(Properties.Targets).toHaveLength(1);
        expect(Properties.Targets[0].DeadLetterConfig).toEqual({ Arn: arnOf(dlq) });
      }
      const allowed = allowedBy(queue);
      expect(allowed).toHaveLength(1);
      expect(allowed[0]).toMatchObject({ Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage' });
      const arns: unknown[] = [allowed[0].Condition.ArnEquals['aws:SourceArn']].flat();
      expect(arns).toHaveLength(ours.length);
      expect(arns).toEqual(expect.arrayContaining(ours.map(([rule]) => arnOf(rule))));
    }
  });

  test('are let into the dead-letter queue by their names, in this account only', () => {
    const allowed = allowedBy(template.the('AWS::SQS::Queue', 'QueueName', DEAD_LETTERS)[0]);
    expect(allowed).toHaveLength(1);
    expect(allowed[0]).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    const patterns: readonly unknown[] = allowed[0].Condition.ArnLike['aws:SourceArn'];
    expect(
      patterns.map((one) =>
        JSON.stringify(one)
          .replace(/.*:rule\//, 'rule/')
          .replace(/"\]\]\}$/, ''),
      ),
    ).toEqual(['rule/redress-*', 'rule/redress/redress-*']);
    for (const [, { Properties }] of rules()) expect(Properties.Name).toMatch(/^redress-/);
  });

  test('wake each function every hour, at the same minute, and after a deployment; it may answer', () => {
    for (const name of workers()) {
      const [, { Properties }] = template.the('AWS::Events::Rule', 'Name', `${name}-wake`);
      expect(Properties.ScheduleExpression).toBe('cron(0 0/1 * * ? *)');
      expect(JSON.stringify(Properties.EventPattern)).toContain('UPDATE_COMPLETE');
      expect(Properties.Targets[0].InputTransformer).toEqual({ InputTemplate: '{"wake":true,"event":<aws.events.event.json>}' });
      const [heartbeats] = template.the('AWS::SQS::Queue', 'QueueName', HEARTBEATS);
      const [, role] = template.the('AWS::IAM::Role', 'RoleName', inRegion(name));
      expect(role.Properties.Policies[0].PolicyDocument.Statement).toContainEqual({
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Resource: arnOf(heartbeats),
      });
    }
  });

  test('wrap the event with the control that it is for', () => {
    for (const { id } of enabled()) {
      const [, rule] = template.the('AWS::Events::Rule', 'Name', `redress-${id}`);
      expect(rule.Properties.Targets[0].InputTransformer).toEqual({ InputTemplate: `{"control":"${id}","event":<aws.events.event.json>}` });
    }
  });

  test("of calls leave out every kind's role", () => {
    const roles = template.functions.map(({ id }) => arnOf(template.the('AWS::IAM::Role', 'RoleName', inRegion(`redress-${id}`))[0]));
    for (const { id, triggers } of enabled()) {
      const [, rule] = template.the('AWS::Events::Rule', 'Name', `redress-${id}`);
      // beside notices, which name no caller, the pattern of calls is the first of several
      const { EventPattern } = rule.Properties;
      const { detail } = EventPattern.$or?.[0] ?? EventPattern;
      if (triggers.some(({ isOwn }) => isOwn)) expect(detail.userIdentity.sessionContext.sessionIssuer.arn).toEqual(roles);
      else expect(detail.userIdentity.$or[0].sessionContext.sessionIssuer.arn).toEqual([{ 'anything-but': roles }]);
    }
  });

  test('of findings listen on our bus for what the engine sends', () => {
    const [bus] = template.the('AWS::Events::EventBus', 'Name', 'redress');
    const [, rule] = template.the('AWS::Events::Rule', 'Name', 'redress-alerts');
    expect(rule.Properties).toMatchObject({
      EventBusName: arnOf(bus),
      EventPattern: { source: [FINDING_SOURCE], 'detail-type': [FINDING_DETAIL_TYPE] },
    });
  });
});

describe('the rest', () => {
  test('the ledger is kept, can be restored, and forgets what has expired', () => {
    const [, ledger] = template.the('AWS::DynamoDB::Table', 'TableName', 'redress-ledger');
    expect(ledger.DeletionPolicy).toBe('Retain');
    expect(ledger.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
  });

  test('the outputs say where everything is', () => {
    const queues = [...template.functions.map(({ id }) => pascal(id)), 'Alerts'].map((name) => `${name}QueueUrl`);
    const outputs = Object.keys(template.outputs).filter((name) => !/\wDeadLetterQueueUrl$/.test(name));
    expect(outputs.sort()).toEqual(
      ['BusName', 'CodeDigest', 'ConfigDigest', 'DeadLetterQueueUrl', 'LedgerTable', 'TopicArn', ...queues].sort(),
    );
  });

  test('the template names no account, no Region and no path of the machine that made it', () => {
    expect(template.text).not.toMatch(/\b\d{12}\b/);
    expect(template.text).not.toMatch(/\b(us|eu|ap)-[a-z]+-\d\b/);
    expect(template.text).not.toContain(process.cwd());
  });

  test('there is no trail unless the config asks for one', () => {
    expect(template.all('AWS::CloudTrail::Trail')).toEqual([]);
  });
});
