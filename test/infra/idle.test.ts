import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assemble, STACK } from '../../infra/assembly.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { STACK as COUNTED, shapeOf, sweepsOf } from '../../scripts/cost/shape.ts';
import type { Resource } from './template.ts';

const actions = { signingSecretParameter: '/redress/slack/signing-secret', workspaces: ['T1'], allow: [{ account: '*', users: ['U1'] }] };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-idle-'));
  await mkdir(join(folder, 'code'));
  await writeFile(join(folder, 'code', 'index.mjs'), 'export const handler = () => undefined;');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The stack of so many functions with queues: those there are, and others that are imagined. */
async function stackOf(functions: number | undefined): Promise<readonly Resource[]> {
  const present = await discoverFunctions();
  const wanted = functions === undefined ? 0 : functions - 1 - present.length;
  const imagined = Array.from({ length: Math.max(0, wanted) }, (_, n) => ({ id: `imagined-${n}`, kinds: [], controls: [] }));
  const outdir = join(folder, `out-${functions}`);
  const config = { alerts: { slack: { channels: {}, actions } } };
  const kinds = [...present, ...imagined];
  await assemble({ functions: kinds, config, codeOf: () => join(folder, 'code') }, outdir, false);
  const { Resources } = JSON.parse(await readFile(join(outdir, `${STACK}.template.json`), 'utf8'));
  return Object.values(Resources);
}

describe.each([
  ['the functions there are', undefined],
  ['twelve functions', 12],
])('with %s', (_name, functions) => {
  let resources: readonly Resource[];
  const all = (type: string) => resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
  beforeAll(async () => {
    resources = await stackOf(functions);
  });

  test('there are at most ten alarms, each on one metric, as the cost is computed', () => {
    const alarms = all('AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeLessThanOrEqual(10);
    for (const { MetricName, Metrics } of alarms) expect([typeof MetricName, Metrics]).toEqual(['string', undefined]);
    expect(alarms.filter(({ AlarmName }) => !/slack-actions/.test(AlarmName))).toHaveLength(COUNTED.alarms);
    expect(resources.filter(({ Type }) => Type === 'AWS::CloudWatch::CompositeAlarm')).toEqual([]);
  });

  test('what costs while nothing happens is what the cost is computed of, and one alarm for actions in Slack', () => {
    const limited = all('AWS::Lambda::EventSourceMapping').length;
    const shape = shapeOf({ Resources: Object.fromEntries(resources.entries()) }, []);
    expect(shape).toEqual({ ...COUNTED, alarms: COUNTED.alarms + 1, limited, ...sweepsOf([]) });
  });

  test('each function polls one queue, and all share a dead-letter queue', () => {
    const mappings = all('AWS::Lambda::EventSourceMapping');
    // one that somebody begins comes on top
    expect(mappings.length).toBeGreaterThanOrEqual(functions ?? 1);
    const polled = new Set(mappings.map(({ EventSourceArn }) => EventSourceArn['Fn::GetAtt'][0]));
    expect(polled.size).toBe(mappings.length);
    const queues = all('AWS::SQS::Queue');
    const targets = queues.flatMap(({ RedrivePolicy }) => (RedrivePolicy ? [JSON.stringify(RedrivePolicy.deadLetterTargetArn)] : []));
    expect(targets).toHaveLength(mappings.length);
    expect(new Set(targets).size).toBe(1);
    const names = queues.map(({ QueueName }) => String(QueueName)).filter((name) => !name.endsWith('-dlq'));
    expect(names).toHaveLength(mappings.length + 2);
  });

  test('there is one key, which is not rotated while a rotation costs as much as it', () => {
    expect(all('AWS::KMS::Key')).toMatchObject([{ EnableKeyRotation: true, RotationPeriodInDays: 2560 }]);
  });

  test('the dashboard is a free one: at most 50 metrics', () => {
    const [dashboard] = all('AWS::CloudWatch::Dashboard');
    const body = JSON.stringify(dashboard.DashboardBody).replaceAll('\\', '');
    const listed = body.match(/\["AWS\/SQS"|\["Redress"/g) ?? [];
    const queried = [...body.matchAll(/LIMIT (\d+)/g)].reduce((sum, [, limit]) => sum + Number(limit), 0);
    expect(queried).toBeGreaterThan(0);
    expect(listed.length + queried).toBeLessThanOrEqual(50);
  });
});

test('the config can leave the dashboard out', async () => {
  const outdir = join(folder, 'bare');
  await assemble({ functions: [], config: { dashboard: false }, codeOf: () => join(folder, 'code') }, outdir, false);
  expect(await readFile(join(outdir, `${STACK}.template.json`), 'utf8')).not.toContain('AWS::CloudWatch::Dashboard');
});
