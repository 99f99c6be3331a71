import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { bytesOf, partsOf } from '#shared/aws/batches.ts';
import { functionEnvironment, type Handled, startWarm } from './environment.ts';
import { batch } from './scenarios.ts';
import { startStub } from './stub.ts';
import { makeVariants } from './variants.ts';

const options = new Command('npm run bench:sweep --')
  .description('Sweeps an account full of unencrypted volumes with the deployed bundle; a stand-in for AWS answers at once.')
  .option('--resources <count>', 'how many volumes there are', '100000')
  .parse()
  .opts<{ resources: string }>();
const resources = Number(options.resources);

/** The function's memory, and what V8 may take of it: the rest is its own code, buffers and sockets. */
const MEMORY_MB = 512;
const HEAP_MB = 384;
/** So much memory comes with one whole CPU. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MB_PER_CPU = 1769;
/** A mapping of Redress takes so many messages, and Lambda so many bytes. */
const MOST = { count: 100, bytes: 6 * 1024 * 1024 };

interface Waiting {
  readonly body: string;
  /** In seconds since the start. */
  readonly at: number;
}

const folder = await mkdtemp(join(tmpdir(), 'redress-sweep-'));
const stub = await startStub();
try {
  const variant = (await makeVariants(folder)).find(({ name, function: of }) => name === 'redress' && of === 'volumes');
  if (!variant) throw new Error('there is no bundle of volumes');
  const config = { controls: { 'volume-encrypted': { mode: 'observe' } } };
  const env = await functionEnvironment(join(folder, 'sweep'), config, stub.endpoint);
  const lambda = await startWarm(variant.file, env, [`--max-old-space-size=${HEAP_MB}`]);

  let now = 0;
  let messages = 0;
  let queue: Waiting[] = [];
  const put = (body: string, delaySeconds: number): void => {
    messages += 1;
    queue.push({ body, at: now + delaySeconds });
  };
  stub.listed = resources;
  stub.onMessage = put;
  put(JSON.stringify({ control: 'volume-encrypted', event: scheduled() }), 0);

  const runs: Handled[] = [];
  let longestQueue = 0;
  while (queue.length > 0) {
    now = Math.max(now, Math.min(...queue.map(({ at }) => at)));
    const taken = takeVisible();
    queue = queue.filter((one) => !taken.includes(one));
    const run = await lambda.invoke(batch(taken.map(({ body }) => JSON.parse(body))));
    runs.push(run);
    now += run.ms / 1000;
    longestQueue = Math.max(longestQueue, queue.length);
    if (runs.length % 50 === 0) process.stderr.write(`· ${runs.length} invocations, ${queue.length} messages wait\n`);
  }
  await lambda.stop();
  const cpuSeconds = runs.map(({ cpuMs }) => cpuMs / 1000);
  process.stdout.write(
    `${JSON.stringify(
      {
        resources,
        messages,
        longestQueue,
        invocations: runs.length,
        longestSeconds: rounded(Math.max(...runs.map(({ ms }) => ms / 1000))),
        mostCpuSeconds: rounded(Math.max(...cpuSeconds)),
        // were the CPU all that counts, and this machine's as fast as Lambda's
        longestSecondsAt512Mb: rounded((Math.max(...cpuSeconds) * MB_PER_CPU) / MEMORY_MB),
        cpuSeconds: rounded(cpuSeconds.reduce((sum, one) => sum + one, 0)),
        peakMb: Math.round(Math.max(...runs.map(({ peakMb }) => peakMb))),
        minutes: rounded(now / 60),
        calls: stub.takeCalls(),
      },
      undefined,
      2,
    )}\n`,
  );

  function takeVisible(): readonly Waiting[] {
    const visible = queue.filter(({ at }) => at <= now);
    return partsOf(visible, MOST, ({ body }) => bytesOf(body))[0] ?? [];
  }
} finally {
  await stub.stop();
  await rm(folder, { recursive: true, force: true });
}

function scheduled(): object {
  return {
    id: randomUUID(),
    account: '123456789012',
    region: 'us-east-1',
    time: new Date().toISOString(),
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    resources: [],
    detail: {},
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(1));
}
