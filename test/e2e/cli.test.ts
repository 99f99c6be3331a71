import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateVolumeCommand, DescribeVolumesCommand, EC2Client, GetEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Finding } from '#shared/finding/finding.ts';
import { run } from '../../cli/program.ts';
import type { LocalCloud } from '../../local/cloud.ts';
import { keepingTerminal } from '../cli/world.ts';
import { patience } from '../support/patience.ts';
import { offBut, synthesised } from '../support/synthesised.ts';
import { startWatchedCloud } from '../support/watched-cloud.ts';

let cloud: LocalCloud;
let folder: string;
let ec2: EC2Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-cli-'));
  const { templateFile: template } = await synthesised(folder, false, {
    controls: {
      ...(await offBut('volumes')),
      'volume-encrypted': { mode: 'approve', settleSeconds: 0 },
      'volume-owner-tag': { mode: 'off' },
    },
  });
  cloud = await startWatchedCloud({ template });
  for (const [name, value] of Object.entries(cloud.env)) vi.stubEnv(name, value);
  ec2 = new EC2Client({});
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function redress(...argv: string[]) {
  const { terminal, out, err } = keepingTerminal();
  const code = await run(argv, terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const openVolume = async () => (await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${cloud.region}a`, Size: 1 }))).VolumeId ?? '';

async function findingOn(resource: string): Promise<Finding> {
  return await vi.waitFor(
    async () => {
      const { out } = await redress('findings', '--json');
      const all: Finding[] = out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      const found = all.find((one) => one.resource.id === resource && one.status !== 'open');
      if (!found) throw new Error(`no finding on ${resource} yet: ${out}`);
      return found;
    },
    { ...patience, interval: 300 },
  );
}

test('an operator works with a deployed Redress over HTTP', async () => {
  const [first, second] = [await openVolume(), await openVolume()];
  const isOnByDefault = async () => (await ec2.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault;

  const account = await findingOn(cloud.account);
  expect(account).toMatchObject({ control: 'ebs-default-encryption', status: 'fixed' });
  expect(await isOnByDefault()).toBe(true);
  expect(await redress('undo', account.id)).toMatchObject({ code: 0, out: expect.stringMatching(/^undone /) });
  expect(await isOnByDefault()).toBe(false);
  expect(await redress('undo', account.id)).toMatchObject({ code: 1, out: expect.stringMatching(/^not undone /) });

  const one = await findingOn(first);
  expect(one.status).toBe('awaiting-approval');
  expect(await redress('fix', one.id)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^superseded .*\n.*ec2:CopyVolumes.*\n.*ec2:CreateTags/),
  });
  const copies = (await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: 'encrypted', Values: ['true'] }] }))).Volumes ?? [];
  expect(copies).toHaveLength(1);
  expect(await redress('fix', one.id)).toMatchObject({ code: 1, out: expect.stringContaining('no longer applies') });

  const two = await findingOn(second);
  expect((await redress('pause', '--reason', 'release')).code).toBe(0);
  expect(await redress('fix', two.id)).toMatchObject({ code: 0, out: expect.stringMatching(/^not fixed yet .*paused.*release/) });
  expect((await redress('resume')).code).toBe(0);
  expect(await redress('exempt', two.id, '--until', '9d', '--reason', 'being migrated')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^exempt .*being migrated/),
  });
  expect((await redress('show', two.id)).out).toMatch(/Order +exempt by .*\n[\s\S]*Order .*\(done\) by arn:aws:iam::/);

  const { DeadLetterQueueUrl: QueueUrl } = cloud.stack.outputs;
  const sqs = new SQSClient({});
  const TARGET_ARN = { DataType: 'String', StringValue: `arn:aws:sqs:${cloud.region}:${cloud.account}:redress-volumes` };
  const bodies = ['a', 'b', 'c'];
  for (const MessageBody of bodies)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...(MessageBody !== 'c' && { MessageAttributes: { TARGET_ARN } }) }));
  expect(JSON.parse((await redress('status', '--json')).out)).toMatchObject({
    deadLetters: { total: 3, from: { volumes: 2, unknown: 1 } },
  });
  expect((await redress('status')).err).toContain('The local cloud measures nothing');
  expect(await redress('redrive', 'volumes')).toMatchObject({ code: 0, out: expect.stringMatching(/volumes +2$/) });
  expect(await redress('redrive')).toMatchObject({ code: 1, err: expect.stringContaining('1 left') });
});
