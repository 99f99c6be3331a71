import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Finding } from '#shared/finding/finding.ts';
import type { CallEffect, ObservedCall } from '../../local/emulator/proxy.ts';
import { parseJson, stringAt } from '../../local/json.ts';
import { password } from '../fixtures/secrets.ts';
import { patience } from '../support/patience.ts';
import { Invocations } from './invocations.ts';
import { messageAbout } from './messages.ts';
import { expireLease, nextWindow } from './passing.ts';
import { VolumesWorld } from './volumes-world.ts';

const control = 'volume-encrypted';
const throttled = { code: 'RequestLimitExceeded', message: 'Request limit exceeded.', status: 503 };
const denied = { code: 'UnauthorizedOperation', message: 'You are not authorized to perform this operation.', status: 403 };
const refused = { code: 'VolumeLimitExceeded', message: 'You have reached your volume limit.', status: 400 };
let world: VolumesWorld;

beforeAll(async () => {
  const off = { mode: 'off' } as const;
  const config = {
    controls: { 'ebs-default-encryption': off, 'volume-owner-tag': off, [control]: { mode: 'fix', settleSeconds: 0 } },
  } as const;
  // what comes back after a crash does so within seconds, not after six minutes; three volumes are handled side by side, each by a process
  world = await VolumesWorld.start({ config, concurrency: 3, queue: { visibility: 2, window: 0, batch: 1 } });
});
afterAll(() => world?.stop());
beforeEach(async () => {
  world.watch();
  await world.calm();
  await nextWindow(world);
});

const isOurs = ({ when, function: name }: ObservedCall) => when === 'before' && name === world.function;
const deadLetters = () => world.depth(world.deadLetterUrl);
const told = (id: string): Finding[] => world.told(control, id);

/** What happens to the first `times` calls of an API, by volume. */
type Faults = Map<string, { readonly api: string; readonly effect: CallEffect; times: number }>;

/** Makes calls fail, or kills their function, as the faults of the volume say. */
function inject(faults: Faults): void {
  const invocations = new Invocations();
  world.watch(async (seen) => {
    if (!isOurs(seen)) return undefined;
    const volume = invocations.note(seen)?.resource ?? '';
    const fault = faults.get(volume);
    if (!fault || fault.api !== seen.api || fault.times <= 0) return undefined;
    fault.times -= 1;
    if (fault.effect === 'kill') await expireLease(world, control, 'AWS::EC2::Volume', volume);
    return fault.effect;
  });
}

/** Waits for the end, and expects that it is the right one: one copy, one mark, told once, nothing left behind. */
async function expectSuperseded(id: string, where = ''): Promise<Finding> {
  const finding = await world.finding(control, id, 'superseded');
  await world.calm();
  const copies = await world.copiesOf(id);
  expect(copies, where).toHaveLength(1);
  const mark = (await world.volume(id)).Tags?.find(({ Key }) => Key === 'redress:superseded-by')?.Value;
  expect(mark, where).toBe(copies[0]?.VolumeId);
  const announcements = told(id).filter(({ status }) => status === 'superseded');
  expect(new Set(announcements.map(({ announcement }) => announcement)).size, where).toBe(1);
  expect((await world.ledger.getFinding(finding.id))?.finding.announcement, where).toBe(finding.announcement);
  return finding;
}

describe('a kill', () => {
  test('between any two calls, then redelivery: nothing is lost, and nothing is written twice', async () => {
    const invocations = new Invocations();
    let calm: readonly string[] = [];
    const killAt = new Map<string, number>();
    const killed = new Map<string, string>();
    const counts = new Map<string, number>();
    world.watch(async (seen) => {
      if (!isOurs(seen)) return undefined;
      const { resource: volume, calls } = invocations.note(seen) ?? { resource: '', calls: [] };
      // a slow machine may see the message come back meanwhile, which finds little to do
      if (killAt.size === 0 && calls.length > calm.length) calm = [...calls];
      const count = `${volume} ${seen.api}`;
      counts.set(count, (counts.get(count) ?? 0) + 1);
      const at = killAt.get(volume);
      if (calls.length !== at || seen.api !== calm[at - 1] || killed.has(volume)) return undefined;
      killed.set(volume, seen.api);
      await nextWindow(world);
      await expireLease(world, control, 'AWS::EC2::Volume', volume);
      return 'kill';
    });
    await expectSuperseded(await world.openVolume(), 'calm');
    const sequence = [...calm];
    expect(sequence).toEqual(expect.arrayContaining(['ec2:CopyVolumes', 'ec2:CreateTags', 'events:PutEvents', 'dynamodb:BatchWriteItem']));
    expect(sequence.length).toBeGreaterThan(10);

    const ids: string[] = [];
    for (let at = 1; at <= sequence.length; at += 1) {
      const { VolumeId = '' } = await world.behindVolume();
      killAt.set(VolumeId, at);
      ids.push(VolumeId);
    }
    for (const id of ids) await world.put(messageAbout(world, id));
    for (const [at, id] of ids.entries()) {
      const where = `killed before call ${at + 1}, ${sequence[at]}`;
      await expectSuperseded(id, where);
      expect(killed.get(id), where).toBe(sequence[at]);
      expect(counts.get(`${id} ec2:CopyVolumes`), where).toBeLessThanOrEqual(2);
      expect(counts.get(`${id} ec2:CreateTags`), where).toBeLessThanOrEqual(2);
    }
    expect(await deadLetters()).toBe(0);
  });

  test('after the last call: the redelivered message finds that it is done', async () => {
    let releases = 0;
    world.watch((seen) => {
      if (seen.when !== 'after' || seen.function !== world.function) return undefined;
      const isRelease = seen.api === 'dynamodb:DeleteItem' || /REMOVE .*leaseOwner/.test(String(seen.call.json['UpdateExpression']));
      if (!isRelease) return undefined;
      releases += 1;
      return releases === 1 ? 'kill' : undefined;
    });
    const id = await world.openVolume();
    await expectSuperseded(id);
    await vi.waitFor(() => expect(releases).toBe(2), patience);
    expect(told(id)).toHaveLength(1);
  });
});

test('throttling five times, then success: whatever is throttled, the event is kept, and written once', async () => {
  const faults: Faults = new Map();
  inject(faults);
  const ids: string[] = [];
  for (const api of ['ec2:DescribeVolumes', 'ec2:CopyVolumes', 'ec2:CreateTags', 'dynamodb:UpdateItem', 'events:PutEvents']) {
    const { VolumeId = '' } = await world.behindVolume();
    faults.set(VolumeId, { api, effect: { error: throttled }, times: 5 });
    ids.push(VolumeId);
  }
  for (const id of ids) await world.put(messageAbout(world, id));
  for (const id of ids) {
    const finding = await expectSuperseded(id, faults.get(id)?.api);
    expect(faults.get(id)?.times).toBe(0);
    expect(finding.changes.map(({ api }) => api)).toEqual(['ec2:CopyVolumes', 'ec2:CreateTags']);
  }
  expect(await deadLetters()).toBe(0);
});

test('a denied write becomes a finding that names the action, and `redress fix` tries again', async () => {
  let isDenied = true;
  world.watch((seen) => (isOurs(seen) && seen.api === 'ec2:CopyVolumes' && isDenied ? { error: denied } : undefined));
  const id = await world.openVolume();
  const finding = await world.finding(control, id, 'failed');
  expect(finding.says).toContain('Redress may not ec2:CopyVolumes');
  expect(finding.advice.map(({ says }) => says).join()).toContain('Allow ec2:CopyVolumes');
  expect(finding.changes).toEqual([]);
  await world.calm();
  expect([await deadLetters(), (await world.copiesOf(id)).length]).toEqual([0, 0]);
  isDenied = false;
  const { code, out } = await world.redress('fix', finding.id, '--yes', '--json');
  expect(code).toBe(0);
  expect(parseJson(out)).toMatchObject({ outcome: 'done', finding: { id: finding.id, status: 'superseded' } });
  await expectSuperseded(id);
});

test('what cannot be used, is refused, or dies at every delivery reaches the dead-letter queue, and can be redriven', async () => {
  const faults: Faults = new Map();
  inject(faults);
  const [{ VolumeId: doomed = '' }, { VolumeId: unlucky = '' }] = [await world.behindVolume(), await world.behindVolume()];
  faults.set(doomed, { api: 'ec2:CreateTags', effect: 'kill', times: Number.POSITIVE_INFINITY });
  faults.set(unlucky, { api: 'ec2:CopyVolumes', effect: { error: refused }, times: Number.POSITIVE_INFINITY });
  await world.put(messageAbout(world, doomed), messageAbout(world, unlucky));
  await world.put('{"control":"volume-encr', JSON.stringify({ control: 'bucket-private', event: {}, password }));
  await vi.waitFor(async () => expect(await deadLetters()).toBe(4), patience);

  // a begun fix that will not end is a critical alert of its own
  expect(await world.copiesOf(doomed)).toHaveLength(1);
  expect(told(doomed).slice(0, 1)).toMatchObject([
    { severity: 'critical', status: 'open', reason: { code: 'last-try', says: expect.stringContaining('this is its last try') } },
  ]);
  expect(told(unlucky).slice(0, 1)).toMatchObject([
    { status: 'failed', reason: { code: 'refused', says: expect.stringContaining('VolumeLimitExceeded: You have reached') } },
  ]);
  expect(await world.copiesOf(unlucky)).toEqual([]);
  const errors = world.logs.map((line) => stringAt(parseJson(line.replace(`${world.function}: `, '')), 'error') ?? '');
  expect(errors).toContainEqual(expect.stringContaining('not JSON'));
  expect(world.logs.join()).not.toContain(password.slice(0, 7));

  faults.clear();
  expect(await world.redress('redrive', 'volumes', '--json')).toMatchObject({ code: 0, out: expect.stringContaining('"moved":4') });
  for (const id of [doomed, unlucky]) {
    const first = told(id)[0]?.id;
    expect((await world.finding(control, id, 'superseded')).id).toBe(first);
    expect(await world.copiesOf(id)).toHaveLength(1);
  }
  // the two that nothing can cure end there again
  await vi.waitFor(async () => expect(await deadLetters()).toBe(2), patience);
  await world.take(world.deadLetterUrl);
});

describe('the kill switch', () => {
  test('stops a fix that has not begun, which goes on after it', async () => {
    expect((await world.redress('pause', '--reason', 'a migration', '--json')).code).toBe(0);
    const from = world.delays.length;
    const id = await world.openVolume();
    const finding = await world.finding(control, id, 'open');
    expect(finding.says).toMatch(/Redress is paused by arn:aws:iam::\d+:user\/dana since .*: a migration/);
    await vi.waitFor(() => expect(world.delays.slice(from)).toContain(900), patience);
    expect(await world.copiesOf(id)).toEqual([]);
    expect((await world.redress('resume', '--json')).code).toBe(0);
    expect((await expectSuperseded(id)).id).toBe(finding.id);
  });

  test('thrown in the middle of a fix lets its completing steps run', async () => {
    let isPaused = false;
    world.watch(async (seen) => {
      if (seen.when === 'after' && seen.function === world.function && seen.api === 'ec2:CopyVolumes' && !isPaused) {
        isPaused = true;
        await world.redress('pause', '--reason', 'now', '--json');
      }
      return undefined;
    });
    const id = await world.openVolume();
    await expectSuperseded(id);
    expect(await world.ledger.paused()).toMatchObject({ reason: 'now' });
    const next = await world.openVolume();
    expect((await world.finding(control, next, 'open')).says).toContain('paused');
    await world.redress('resume');
    await expectSuperseded(next);
  });
});
