import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { checks } from '../../../cli/doctor/checks/all.ts';
import { discoverFunctions } from '../../../infra/catalog.ts';
import { resolvedResources } from '../../../infra/resolve.ts';
import * as synth from '../../../infra/synth.ts';
import { redress } from '../world.ts';
import { type Cloud, sound } from './sound.ts';
import { answerFor } from './world.ts';

vi.mock('../../../infra/synth.ts', async (original) => {
  const { withOneTemplate } = await import('../../support/one-template.ts');
  return withOneTemplate(await original());
});

const config = { alerts: { emails: ['ops@example.com'] } };
const denied = Object.assign(new Error('not authorized'), { name: 'AccessDenied' });
const place = {
  account: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  stackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Redress/0f00',
};

let folder: string;
let file: string;
let made: Parameters<typeof sound>[0];
let cloud: Cloud;
let mocks: ReturnType<typeof answerFor>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-doctor-'));
  file = join(folder, 'redress.json');
  await writeFile(file, JSON.stringify(config));
  const functions = await discoverFunctions();
  made = { functions, config, resources: resolvedResources(await synth.templateOf(config, functions), place) };
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  cloud = sound(made);
  mocks = answerFor(cloud);
});
afterEach(() => {
  mocks.restore();
  vi.unstubAllEnvs();
});

test('is 0 where all is well, and says so', async () => {
  const { code, out, err } = await redress(['doctor', '--config', file, '--details']);
  // there is nothing to look at in Slack, and there are no members
  expect({ code, err }).toEqual({ code: 0, err: `Redress is healthy: ${checks.length - 2} checks are ok.` });
  expect(out).toMatch(/^ok {9}stack {10}The stack Redress is complete\.$/m);
  expect(out).toMatch(/^- {10}slack {10}The configuration names no channel of Slack\.$/m);
  expect(out).toContain('redress-volume-encrypted: 60m ago');
  expect(out).not.toContain('\u001b');
});

test('is 1 where something is wrong or not known, and names the next steps; what is skipped on purpose does not count', async () => {
  mocks.iam.on(SimulatePrincipalPolicyCommand).rejects(denied);
  cloud.mappings.set('redress-volumes', { UUID: 'id-1', State: 'Disabled', FunctionResponseTypes: ['ReportBatchItemFailures'] });
  const { code, out, err } = await redress(['doctor', '--config', file]);
  expect(code).toBe(1);
  expect(out).toMatch(
    /^wrong {6}mappings {7}One thing is wrong\.\n {11}- The event source mapping of redress-volumes is Disabled.*\n {13}Next: Enable it: `aws lambda/m,
  );
  expect(out).toMatch(/^not known {2}permissions {4}Could not have AWS simulate .*\n {13}Next: Ask for that permission/m);
  expect(err).toMatch(/^Of \d+ checks 1 found something wrong, and 1 could not be made\./);

  cloud.mappings.set('redress-volumes', { UUID: 'id-1', State: 'Enabled', FunctionResponseTypes: ['ReportBatchItemFailures'] });
  const said = await redress(['doctor', '--config', file, '--skip', 'permissions,slack', '--json']);
  const lines = said.out.split('\n').map((line) => JSON.parse(line));
  expect(said.code).toBe(0);
  expect(lines.slice(0, -1).map(({ id }) => id)).toEqual(checks.map(({ id }) => id).filter((id) => id !== 'permissions' && id !== 'slack'));
  expect(lines.at(-1)).toEqual({
    type: 'summary',
    stack: 'Redress',
    ok: checks.length - 3,
    note: 0,
    wrong: 0,
    unknown: 0,
    isHealthy: true,
  });
});

test('refuses to skip what is no check', async () => {
  expect(await redress(['doctor', '--skip', 'rule'])).toMatchObject({ code: 2, err: expect.stringContaining('There is no check rule.') });
});

test('prints the policy that it needs, which its page has too', async () => {
  const withCanary = await redress(['doctor', '--policy', '--canary']);
  const statements: { Sid: string; Action: string[]; Resource: string | string[] }[] = JSON.parse(withCanary.out).Statement;
  expect(statements.map(({ Sid }) => Sid)).toEqual(['Look', 'Ledger', 'Logs', 'Canary']);
  expect(statements.at(-1)).toEqual({
    Sid: 'Canary',
    Effect: 'Allow',
    Action: ['ssm:DeleteParameter', 'ssm:PutParameter'],
    Resource: ['arn:aws:ssm:*:*:parameter/redress-canary-*'],
  });
  expect(statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action)).not.toContainEqual(
    expect.not.stringMatching(/^(cloudformation|cloudtrail|cloudwatch|events|iam|lambda|sns|sqs):(Get|List|Describe|Simulate)/),
  );
  await writeFile(file, JSON.stringify({ alerts: { slack: { channels: { web: { webhookParameter: '/redress/slack/webhook' } } } } }));
  const plain = await redress(['doctor', '--policy', '--config', file]);
  await writeFile(file, JSON.stringify(config));
  expect(JSON.parse(plain.out).Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual(['Look', 'Ledger', 'Logs', 'Slack', 'SlackKey']);
  const page = await readFile(join(import.meta.dirname, '../../../docs/doctor.md'), 'utf8');
  expect(page).toContain(withCanary.out);
  for (const { id, asks } of checks) expect(page).toContain(`| \`${id}\` | ${asks} |`);
});
