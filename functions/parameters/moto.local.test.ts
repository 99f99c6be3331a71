import { randomUUID } from 'node:crypto';
import {
  AddTagsToResourceCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionOf, isReadVerb } from '#shared/aws/actions.ts';
import { sendWith } from '#shared/aws/clients.ts';
import type { AwsCommand } from '#shared/control/control.ts';
import type { ControlConfig } from '#shared/finding/config.ts';
import { levelPolicies } from '../../local/emulator/gaps/parameters.ts';
import { type Moto, startMoto } from '../../local/emulator/moto.ts';
import { listAt } from '../../local/json.ts';
import { messageFor, orderFor } from '../../test/fixtures/events.ts';
import { eightKilobytes, token } from '../../test/fixtures/secrets.ts';
import { Harness, place } from '../../test/support/harness.ts';
import { putParameter } from '../../test/support/parameters/events.ts';
import control from './parameter-secure.ts';

let moto: Moto;
let ssm: SSMClient;

beforeAll(async () => {
  moto = await startMoto();
  ssm = new SSMClient({ endpoint: moto.endpoint, region: place.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
});
afterAll(() => moto.stop());

/** What is put. */
interface Kind {
  readonly value: string;
  /** What stays as it is, as PutParameter takes it. */
  readonly kept: { readonly Tier: 'Standard' | 'Advanced'; readonly Description: string; readonly AllowedPattern?: string };
  readonly policies: readonly object[];
  readonly labels: readonly string[];
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

const plain: Kind = {
  value: token,
  kept: { Tier: 'Standard', Description: 'Deploys' },
  policies: [],
  labels: [],
  tags: [{ Key: 'team', Value: 'shop' }],
};
const advanced: Kind = {
  value: eightKilobytes,
  kept: { Tier: 'Advanced', Description: 'Ключ 鍵 🔑', AllowedPattern: '^ghp_' },
  policies: [
    { Type: 'Expiration', Version: '1.0', Attributes: { Timestamp: '2099-12-31T23:59:59.000Z' } },
    { Type: 'NoChangeNotification', Version: '1.0', Attributes: { After: '20', Unit: 'Days' } },
  ],
  labels: ['live', 'v7'],
  tags: [
    { Key: 'team', Value: 'shop' },
    { Key: 'Größe', Value: '8 KB' },
  ],
};
/** A read leaves nothing behind: to be killed after it is to be killed after the write before it, and `kills.test.ts` plays it. */
const leavesSomething = (call: string) => !isReadVerb(call) && call !== 'ledger.done' && call !== 'ledger.paused';
const kinds: readonly (readonly [string, Kind])[] = [
  ['a standard parameter', plain],
  ['an advanced one of 8 KB in many scripts, with policies, labels and tags', advanced],
];

async function start({ value, kept, policies, labels, tags }: Kind, config: ControlConfig): Promise<{ name: string; harness: Harness }> {
  const name = `/shop/${randomUUID()}/deploy`;
  const Policies = policies.length > 0 ? { Policies: JSON.stringify(policies) } : {};
  await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', ...kept, ...Policies, Tags: [...tags] }));
  if (labels.length > 0) await ssm.send(new LabelParameterVersionCommand({ Name: name, Labels: [...labels] }));
  // the harness's clock must be moto's: a new parameter has no readers to ask for
  const harness = new Harness({
    controls: [control],
    config: { controls: { 'parameter-secure': config } },
    world: { send },
    start: new Date().toISOString(),
  });
  harness.put(messageFor('parameter-secure', putParameter(name)));
  return { name, harness };
}

async function send(command: AwsCommand): Promise<unknown> {
  const action = actionOf(command);
  // moto knows neither an event history nor shared parameters
  if (action === 'cloudtrail:LookupEvents') return { Events: [] };
  if (action === 'ssm:GetResourcePolicies') return { Policies: [] };
  const answer = await sendWith({ ssm: () => ssm })(command);
  return action === 'ssm:DescribeParameters'
    ? { ...Object(answer), Parameters: listAt(answer, 'Parameters').map((one) => levelPolicies(Object(one))) }
    : answer;
}

/** Expects the same value and settings, and no copy; answers its versions' number. */
async function isConverted(
  name: string,
  { value, kept, policies, labels, tags }: Kind,
  where: string,
  extra: object[] = [],
): Promise<number> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  expect(Parameter, where).toMatchObject({ Type: 'SecureString', Value: value });
  const described = await ssm.send(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: [name] }] }));
  expect(described.Parameters, where).toMatchObject([{ ...kept, KeyId: 'alias/aws/ssm' }]);
  expect(listAt(described.Parameters?.[0], 'Policies'), where).toEqual(
    policies.map((PolicyText) => expect.objectContaining({ PolicyText })),
  );
  const { TagList } = await ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: name }));
  expect(TagList, where).toEqual([...tags, ...extra]);
  const stages = await ssm.send(
    new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Path', Option: 'Recursive', Values: ['/redress/stage'] }] }),
  );
  expect(stages.Parameters, where).toEqual([]);
  const { Parameters = [] } = await ssm.send(new GetParameterHistoryCommand({ Name: name }));
  // a label stays with its version, or comes back with the only one
  expect(Parameters[0]?.Labels, where).toEqual(labels);
  return Parameters.length;
}

describe.each(kinds)('%s', (_, kind) => {
  test('killed at every call of a conversion in place: the right value, once', async () => {
    const calm = await start(kind, { mode: 'fix' });
    await calm.harness.settle();
    await isConverted(calm.name, kind, JSON.stringify(calm.harness.logs));
    const { calls } = calm.harness;
    for (let at = 1; at <= calls.length; at += 1) {
      // to be killed before a call is to be killed after the one before it
      const { name, harness } = await start(kind, { mode: 'fix' });
      await harness.invoke({ at, when: 'after' });
      await harness.settle();
      const where = `killed after call ${at}, ${calls[at - 1]}`;
      expect(await isConverted(name, kind, where), where).toBe(2);
    }
  });

  test('killed at the calls of the staged way: the right value, once, and no copy left', async () => {
    const recreated = [{ Key: 'redress:recreated', Value: 'version 1' }];
    const begin = async () => {
      const started = await start(kind, { mode: 'approve', purgeHistory: true });
      await started.harness.settle();
      const [waiting] = await started.harness.findings();
      started.harness.put(orderFor('parameter-secure', 'fix', waiting?.id ?? ''));
      return started;
    };
    const calm = await begin();
    const invocations: string[][] = [];
    const step = async (harness: Harness, kill?: { at: number; when: 'before' | 'after' }) => {
      const before = harness.calls;
      while (!harness.isIdle && (harness.calls === before || harness.calls.length === 0)) {
        await harness.invoke(kill);
        if (harness.calls.length === 0) harness.now = new Date(harness.now.getTime() + 1000);
      }
    };
    while (!calm.harness.isIdle) {
      await step(calm.harness);
      invocations.push(calm.harness.calls);
    }
    expect(await isConverted(calm.name, kind, 'calm', recreated)).toBe(1);
    for (const [n, calls] of invocations.entries()) {
      for (const [before, call] of calls.entries()) {
        if (!leavesSomething(call)) continue;
        const { name, harness } = await begin();
        for (let done = 0; done < n; done += 1) await step(harness);
        await step(harness, { at: before + 1, when: 'after' });
        await harness.settle();
        const where = `killed after call ${before + 1} of invocation ${n + 1}, ${call}`;
        expect(await isConverted(name, kind, where, recreated), where).toBe(1);
      }
    }
  });
});

test('undone: plaintext again, with the value it has now', async () => {
  const { name, harness } = await start(plain, { mode: 'fix' });
  await harness.settle();
  const [fixed] = await harness.findings();
  await ssm.send(new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: name, Tags: [{ Key: 'x', Value: 'y' }] }));
  harness.put(orderFor('parameter-secure', 'undo', fixed?.id ?? ''));
  await harness.settle();
  expect((await harness.findings())[0]).toMatchObject({ status: 'undone' });
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
  expect(Parameter).toMatchObject({ Type: 'String', Value: token });
});
