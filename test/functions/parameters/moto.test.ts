import { randomUUID } from 'node:crypto';
import {
  AddTagsToResourceCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import control from '../../../functions/parameters/controls/parameter-secure.ts';
import { type Moto, startMoto } from '../../../local/moto.ts';
import { actionOf } from '../../../shared/actions.ts';
import { sendWith } from '../../../shared/aws.ts';
import type { ControlConfig } from '../../../shared/config.ts';
import { messageFor, orderFor } from '../../fixtures/events.ts';
import { token } from '../../fixtures/secrets.ts';
import { Harness, place } from '../../harness.ts';
import { putParameter } from './events.ts';

let moto: Moto;
let ssm: SSMClient;

beforeAll(async () => {
  moto = await startMoto();
  ssm = new SSMClient({ endpoint: moto.endpoint, region: place.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
});
afterAll(() => moto.stop());

async function start(config: ControlConfig): Promise<{ name: string; harness: Harness }> {
  const name = `/shop/${randomUUID()}/deploy`;
  const Tags = [{ Key: 'team', Value: 'shop' }];
  await ssm.send(new PutParameterCommand({ Name: name, Value: token, Type: 'String', Tier: 'Standard', Description: 'Deploys', Tags }));
  const send = sendWith({ ssm: () => ssm });
  // the harness's clock must be moto's: a new parameter has no readers to ask for
  const harness = new Harness({
    controls: [control],
    config: { controls: { 'parameter-secure': config } },
    // moto knows no event history
    world: { send: async (command) => (actionOf(command) === 'cloudtrail:LookupEvents' ? { Events: [] } : await send(command)) },
    start: new Date().toISOString(),
  });
  harness.put(messageFor('parameter-secure', putParameter(name)));
  return { name, harness };
}

async function isConverted(name: string, where: string, extra: object[] = []): Promise<number> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  expect(Parameter, where).toMatchObject({ Type: 'SecureString', Value: token });
  const described = await ssm.send(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: [name] }] }));
  expect(described.Parameters, where).toMatchObject([{ Tier: 'Standard', Description: 'Deploys', KeyId: 'alias/aws/ssm' }]);
  const { TagList } = await ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: name }));
  expect(TagList, where).toEqual([{ Key: 'team', Value: 'shop' }, ...extra]);
  const stages = await ssm.send(
    new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Path', Option: 'Recursive', Values: ['/redress/stage'] }] }),
  );
  expect(stages.Parameters, where).toEqual([]);
  const { Parameters = [] } = await ssm.send(new GetParameterHistoryCommand({ Name: name }));
  return Parameters.length;
}

test('killed at every call of a conversion in place: the right value, once', async () => {
  const calm = await start({ mode: 'fix' });
  await calm.harness.settle();
  await isConverted(calm.name, JSON.stringify(calm.harness.logs));
  const { calls } = calm.harness;
  for (let at = 1; at <= calls.length; at += 1) {
    // to be killed before a call is to be killed after the one before it
    const { name, harness } = await start({ mode: 'fix' });
    await harness.invoke({ at, when: 'after' });
    await harness.settle();
    const where = `killed after call ${at}, ${calls[at - 1]}`;
    expect(await isConverted(name, where), where).toBe(2);
    expect(await harness.output()).not.toContain(token);
  }
}, 120_000);

test('killed at every call of the staged way: the right value, once, and no copy left', async () => {
  const recreated = [{ Key: 'redress:recreated', Value: 'version 1' }];
  const begin = async () => {
    const started = await start({ mode: 'approve', purgeHistory: true });
    await started.harness.settle();
    const [waiting] = await started.harness.findings();
    started.harness.put(orderFor('parameter-secure', 'fix', waiting?.id ?? ''));
    return started;
  };
  const calm = await begin();
  const invocations: number[] = [];
  const step = async (harness: Harness, kill?: { at: number; when: 'before' | 'after' }) => {
    const before = harness.calls;
    while (!harness.isIdle && (harness.calls === before || harness.calls.length === 0)) {
      await harness.invoke(kill);
      if (harness.calls.length === 0) harness.now = new Date(harness.now.getTime() + 1000);
    }
  };
  while (!calm.harness.isIdle) {
    await step(calm.harness);
    invocations.push(calm.harness.calls.length);
  }
  expect(await isConverted(calm.name, 'calm', recreated)).toBe(1);
  for (const [n, length] of invocations.entries()) {
    for (let at = 1; at <= length; at += 1) {
      const { name, harness } = await begin();
      for (let done = 0; done < n; done += 1) await step(harness);
      await step(harness, { at, when: 'after' });
      await harness.settle();
      const where = `killed after call ${at} of invocation ${n + 1}`;
      expect(await isConverted(name, where, recreated), where).toBe(1);
      expect(await harness.output()).not.toContain(token);
    }
  }
}, 240_000);

test('undone: in plain again, with the value it has now', async () => {
  const { name, harness } = await start({ mode: 'fix' });
  await harness.settle();
  const [fixed] = await harness.findings();
  await ssm.send(new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: name, Tags: [{ Key: 'x', Value: 'y' }] }));
  harness.put(orderFor('parameter-secure', 'undo', fixed?.id ?? ''));
  await harness.settle();
  expect((await harness.findings())[0]).toMatchObject({ status: 'undone' });
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
  expect(Parameter).toMatchObject({ Type: 'String', Value: token });
});
