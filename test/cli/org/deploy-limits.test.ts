import { HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, test } from 'vitest';
import { commandsOn, hubOf, inAnOrganization, otherTemplates, ous, REGIONS } from './run.ts';
import { A, ADMIN, C, failure, HUB, SANDBOX } from './world.ts';

const at = inAnOrganization();
const { deploy, first, again } = commandsOn(at);

describe('org deploy', () => {
  test('finds out as whom it is called', async () => {
    at.cloud.access = (callAs) =>
      callAs === 'DELEGATED_ADMIN' ? failure('ValidationError', 'Account used is not a delegated administrator') : 'ENABLED';
    await first();
    expect(at.cloud.inputs[0]).toMatchObject({ CallAs: 'SELF' });
    at.cloud.access = () => failure('ValidationError', 'Account used is not a delegated administrator');
    const neither = await again();
    expect(neither.code).toBe(1);
    expect(neither.err).toContain('register-delegated-administrator');
    at.cloud.access = () => 'DISABLED';
    expect((await again()).err).toContain('aws cloudformation activate-organizations-access');
    expect((await again(hubOf(), '--call-as', 'SELF')).code).toBe(0);
    expect((await again(hubOf(), '--call-as', 'me')).code).toBe(2);
  });

  test('leaves the hub out in its own Region alone, and only where the config has its account', async () => {
    const { out } = await first(hubOf({ ous: { ...ous, sandbox: { id: SANDBOX, accounts: [C, HUB] } } }), '--dry-run');
    expect(out.split('\n').slice(3)).toEqual([
      '+ create stacks of redress-member-rules in workloads: eu-west-1, us-east-1',
      '+ create stacks of redress-member-rules in sandbox: us-east-1',
      `+ create stacks of redress-member-rules in sandbox, without ${HUB}: eu-west-1`,
    ]);
  });

  test('shows on a terminal how far an operation is', async () => {
    at.cloud.looks = 1;
    const { progress } = await first();
    expect(progress).toContain('redress-member-roles: 3 of 3 done …');
    expect(progress).toContain('redress-member-rules: 3 of 3 done …');
  });

  test('asks for a bucket where a template is too long for a request', async () => {
    const calls = { iam: Array.from({ length: 25 }, (_, n) => `CreateSomethingWithALongName${n}`) };
    const { code, err } = await first({ ...hubOf(), controls: { 'calls-with-mfa': { calls } } });
    expect({ code, sent: at.cloud.sent }).toEqual({ code: 2, sent: [] });
    expect(err).toMatch(/redress-member-rules has \d+ bytes, more than the 51200 .*\nName a bucket of this account with --bucket/);
  });

  test('puts a long template into a bucket of this account', async () => {
    const s3 = mockClient(S3Client);
    s3.on(HeadBucketCommand).resolves({ BucketRegion: 'eu-central-1' });
    s3.on(PutObjectCommand).resolves({});
    const calls = { iam: Array.from({ length: 25 }, (_, n) => `CreateSomethingWithALongName${n}`) };
    const { code } = await first({ ...hubOf(), controls: { 'calls-with-mfa': { calls } } }, '--bucket', 'ours');
    expect(code).toBe(0);
    const input = s3.commandCalls(PutObjectCommand)[0]?.args[0].input;
    expect(input).toMatchObject({
      Bucket: 'ours',
      ExpectedBucketOwner: ADMIN,
      Key: expect.stringMatching(/^redress\/redress-member-rules-\w{16}\.json$/),
    });
    expect(at.cloud.inputs.map(({ TemplateURL }) => TemplateURL ?? '').filter(Boolean)).toEqual([
      `https://s3.eu-central-1.amazonaws.com/ours/${input?.Key}`,
    ]);
    s3.restore();
  });

  test('stops looking at Ctrl-C, and leaves AWS what was begun', async () => {
    at.cloud.looks = 2;
    const others = process.listeners('SIGINT');
    for (const one of others) process.off('SIGINT', one);
    at.cloud.refuses = (call) => {
      if (call === 'ListStackSetOperationResults') process.emit('SIGINT');
      return undefined;
    };
    const { code, err } = await first();
    for (const one of others) process.on('SIGINT', one);
    expect({ code, sent: at.cloud.sent }).toEqual({
      code: 1,
      sent: ['CreateStackSet redress-member-roles', 'CreateStackInstances redress-member-roles'],
    });
    expect(err).toContain('error: You stopped looking. What was begun goes on in AWS.\nRun it again');
  });

  test('says that somebody stopped an operation, that one failed as a whole, and that a set is busy with nothing that it lists', async () => {
    await first();
    at.cloud.ends = 'STOPPED';
    expect((await again(otherTemplates)).err).toContain('Somebody stopped the operation redress-');
    at.cloud.ends = 'FAILED';
    at.cloud.sets.get('redress-member-rules')?.instances.delete(`${C} us-east-1`);
    at.accounts[SANDBOX] = [];
    const { code, err } = await again();
    expect(code).toBe(1);
    expect(err).toContain(`Could not retry stacks of redress-member-rules in ${SANDBOX}: AWS does not say why (operation redress-`);
    at.cloud.refuses = (call) => (call === 'UpdateStackSet' ? failure('OperationInProgressException', 'Another Operation') : undefined);
    expect((await again(otherTemplates)).err).toContain('goes on, and lists none');
  });

  test.each([
    ['a config of no hub', {}, 'The config makes this deployment no hub'],
    ['an OU without an id', hubOf({ ous: { workloads: { accounts: [A] } } }), 'The config does not say which OU of AWS workloads is.'],
    [
      'an inner OU with fewer Regions',
      hubOf({ ous: { workloads: { ...ous.workloads, ous: { inner: { id: SANDBOX, accounts: [C], regions: ['eu-west-1'] } } } } }),
      'The OU workloads/inner leaves out us-east-1',
    ],
    ['no OU at all', hubOf({ ous: {}, accounts: [A] }), 'No OU of the config lists accounts and has Regions'],
  ])('refuses %s', async (_name, config, says) => {
    const { code, err } = await first(config);
    expect({ code, sent: at.cloud.sent }).toEqual({ code: 2, sent: [] });
    expect(err).toContain(says);
  });

  test('refuses a hub, a tolerance and a StackSet that it cannot use', async () => {
    expect((await deploy(hubOf())).err).toContain('Name it as ACCOUNT/REGION');
    expect((await deploy(hubOf(), '--hub', 'eu-west-1')).code).toBe(2);
    expect((await first(hubOf(), '--failure-tolerance', '101%')).code).toBe(2);
    expect((await first(hubOf(), '--failure-tolerance', '2')).code).toBe(0);
    expect(at.cloud.inputs[1]).toMatchObject({ OperationPreferences: { FailureToleranceCount: 2 } });
    Object.assign(at.cloud.sets.get('redress-member-roles')?.set ?? {}, { PermissionModel: 'SELF_MANAGED' });
    expect((await again()).err).toContain('has permissions of its own');
  });

  test('gives no members to another hub unasked, and takes no side where a move ended half way', async () => {
    await first();
    const moved = await again(hubOf(), '--hub', '111122223333/eu-west-1');
    expect(moved).toMatchObject({ code: 2, err: expect.stringContaining('another hub, and nobody can be asked') });
    expect(at.cloud.sent.filter((one) => /^(Create|Update|Delete)/.test(one))).toEqual([]);
    expect((await again(hubOf(), '--hub', '111122223333/eu-west-1', '--yes')).code).toBe(0);
    Object.assign(at.cloud.sets.get('redress-member-rules')?.set.Parameters?.[0] ?? {}, { ParameterValue: HUB });
    const torn = await again();
    expect(torn).toMatchObject({ code: 2, err: expect.stringContaining(`111122223333/eu-west-1 and ${HUB}/eu-west-1`) });
    expect((await again(hubOf(), '--hub', '111122223333/eu-west-1', '--yes')).code).toBe(0);
  });

  test('deploys an inner OU to the Regions that the OU around it has not, and gives it its roles once', async () => {
    const inner = { id: SANDBOX, accounts: [C], regions: [...REGIONS, 'eu-central-1'] };
    await first(hubOf({ ous: { workloads: { ...ous.workloads, ous: { inner } } } }), '--dry-run').then(({ out }) =>
      expect(out.split('\n').slice(2)).toEqual([
        '+ create stacks of redress-member-roles in workloads: eu-west-1',
        '+ create stacks of redress-member-rules in workloads: us-east-1',
        '+ create stacks of redress-member-rules in workloads/inner: eu-central-1',
        `+ create stacks of redress-member-rules in workloads, without ${HUB}: eu-west-1`,
      ]),
    );
  });
});
