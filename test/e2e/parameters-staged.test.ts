import { createHash } from 'node:crypto';
import { LabelParameterVersionCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eightKilobytes } from '../fixtures/secrets.ts';
import { Invocations } from './invocations.ts';
import { ParametersWorld } from './parameters-world.ts';
import { expireLease, nextWindow } from './passing.ts';

const control = 'parameter-secure';
const STAGE = '/redress/stage';
/** What the staged way writes, in order. */
const writes = [
  'ssm:PutParameter',
  'ssm:AddTagsToResource',
  'ssm:DeleteParameter',
  'ssm:PutParameter',
  'ssm:LabelParameterVersion',
  'ssm:DeleteParameter',
];
/** Each parameter by how many of its writes are made when its function is killed; not after two, which waits 35 s twice. */
const kills = new Map([0, 1, 3, 4, 5, 6].map((kill) => [`/shop/killed-${kill}/deploy`, kill]));
const names = [...kills.keys()];
const kept = { Tier: 'Advanced', Description: 'Ключ 鍵 🔑', AllowedPattern: '^ghp_' } as const;
const policy = JSON.stringify({ Type: 'Expiration', Version: '1.0', Attributes: { Timestamp: '2099-12-31T23:59:59.000Z' } });
const tags = [{ Key: 'team', Value: 'shop' }];
let world: ParametersWorld;

beforeAll(async () => {
  const off = { mode: 'off' } as const;
  // cases of other controls would be killed among those that are looked at
  const others = { 'parameter-owner-tag': off, 'parameter-sensitive-tags': off };
  const config = { controls: { ...others, [control]: { mode: 'approve', purgeHistory: true } } } as const;
  // what comes back after a crash does so within seconds; three parameters are handled side by side, each by a process
  world = await ParametersWorld.start({ config, concurrency: 3, queue: { visibility: 2, window: 0, batch: 1 } });
});
afterAll(() => world?.stop());

async function isHeld(name: string): Promise<boolean> {
  const folder = createHash('sha256').update(name).digest('hex').slice(0, 24);
  const found = [...(await world.under('/shop')), ...(await world.under(`${STAGE}/${folder}`))];
  return found.some(({ Name = '', Value }) => (Name === name || Name.startsWith(STAGE)) && Value === eightKilobytes);
}

// the 35 s between a deletion and the same name's next use are real ones here
test('recreated without its history, killed after a write: the value is always there, right in the end, and no copy stays', async () => {
  const invocations = new Invocations();
  const written = new Map<string, string[]>();
  const lost: string[] = [];
  world.watch(async (seen) => {
    if (seen.function !== world.function) return undefined;
    if (seen.when === 'before') invocations.note(seen);
    const name = invocations.of(seen.call.accessKeyId)?.resource;
    if (seen.when === 'before' || name === undefined || !writes.includes(seen.api)) return undefined;
    const soFar = [...(written.get(name) ?? []), seen.api];
    written.set(name, soFar);
    if (!(await isHeld(name))) lost.push(`${name} after ${seen.api}`);
    if (soFar.length !== kills.get(name)) return undefined;
    await nextWindow(world);
    await expireLease(world, control, 'AWS::SSM::Parameter', name);
    return 'kill';
  });

  for (const name of names) {
    await world.plain(name, eightKilobytes, { ...kept, Policies: `[${policy}]`, Tags: tags });
    await world.ssm.send(new LabelParameterVersionCommand({ Name: name, Labels: ['live'] }));
  }
  for (const name of names) {
    const { id } = await world.finding(control, name, 'awaiting-approval');
    expect((await world.redress('fix', id, '--yes', '--no-wait')).code).toBe(0);
  }
  const statuses = () => names.map((name) => world.told(control, name).at(-1)?.status);
  await vi.waitFor(() => expect(statuses()).toEqual(names.map(() => 'fixed')), { timeout: 240_000, interval: 500 });
  await world.calm();

  expect(lost).toEqual([]);
  for (const name of names) {
    const live = await world.live(name);
    expect(live, name).toMatchObject({ Type: 'SecureString', Value: eightKilobytes, Version: 1, history: [{ Labels: ['live'] }] });
    expect(live?.metadata, name).toMatchObject({ ...kept, KeyId: 'alias/aws/ssm', Policies: [{ PolicyText: policy }] });
    expect(live?.tags, name).toEqual([...tags, { Key: 'redress:recreated', Value: 'version 1' }]);
    // a kill after a write lets it happen once; nothing is written twice
    expect(written.get(name), name).toEqual(writes);
  }
  expect(await world.under(STAGE)).toEqual([]);
  expect(await world.depth(world.deadLetterUrl)).toBe(0);
});
