import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dueRows } from '#shared/ledger/due.ts';
import { bodyOf, withBody } from '#shared/ledger/dynamo.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import { adoptedKey, keyOf, keysOf } from '#shared/ledger/items.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { MemoryTable } from '../../support/table.ts';
import { finding, NOW } from '../world.ts';
import { adoption, from, hubPlace } from './adoption.ts';

const control = 'volume-encrypted';
const functions = ['redress-volumes'];
const volume = (id: string) => ({ type: 'AWS::EC2::Volume', id });
const now = NOW;
const until = new Date(now.getTime() + 30 * 86_400_000).toISOString();
const id = 'f-20270131-0123456789ab';
const row = { finding: finding({ ...from, id }), before: { encrypted: false }, plan: [{ api: 'ec2:CopyVolumes', members: {} }] };
const opened: CaseState = {
  control,
  resource: volume('vol-open'),
  fixes: [],
  finding: {
    id,
    openedBy: row.finding.event,
    receivedAt: now.toISOString(),
    actor: row.finding.actor,
    events: ['e-1'],
    count: 1,
    announced: { status: 'awaiting-approval', number: 1 },
  },
};
const exempted: CaseState = {
  control,
  resource: volume('vol-exempt'),
  fixes: [],
  exemption: { until, reason: 'a lab', owner: 'sam', at: now.toISOString() },
};
const waiting = {
  control,
  event: {
    id: 'e-9',
    account: from.account,
    region: from.region,
    time: now.toISOString(),
    source: 'aws.ec2',
    'detail-type': 'Scheduled Event',
  },
  targets: [volume('vol-late')],
};

/** What a stack alone has written. */
async function written(): Promise<MemoryTable> {
  const table = new MemoryTable();
  const ledger = dynamoLedger('t', table.client, { place: from, functions });
  await ledger.lease(control, opened.resource, 'me', now, 60);
  await ledger.open(opened, row, 'me', now);
  await ledger.release(control, opened.resource, 'me', opened, now);
  await ledger.lease(control, exempted.resource, 'me', now, 60);
  await ledger.release(control, exempted.resource, 'me', exempted, now);
  await ledger.keepExempt(control, exempted.resource, until);
  await ledger.setPause({ by: 'sam', at: now.toISOString(), reason: 'a release' });
  await dueRows('t', table.client, from, 'redress-volumes').put([{ at: until, message: { ...waiting, waits: {} } }]);
  await ledger.claim('slack#x', 60, now);
  await ledger.reserve(`${control}#1`, 1, 25, now);
  return table;
}

let world: ReturnType<typeof adoption>;
beforeEach(async () => {
  world = adoption([...(await written()).items.values()]);
});
afterEach(async () => await world.restore());

/** How a function of the hub sees the place, and how people do. */
const atHub = () => dynamoLedger('t', world.hub.client, { place: from, own: hubPlace, functions, isHub: true });
const ofPeople = () => dynamoLedger('t', world.hub.client, { place: hubPlace, functions, isHub: true, readsAll: true });
const isRunning = () => ({ rules: [...world.rules.values()], mapping: world.mapping });
const running = { rules: ['ENABLED', 'ENABLED', 'ENABLED'], mapping: 'Enabled' };

describe('redress org adopt', () => {
  test('moves cases, exemptions, findings with what an undo needs, pauses and waiting messages, each once', async () => {
    const said = await world.adopt();
    expect(said.err).toContain('npx cdk destroy');
    expect(said.code).toBe(0);
    const ledger = atHub();
    expect(await ledger.lease(control, opened.resource, 'a', now, 60)).toEqual(opened);
    expect(await ledger.lease(control, exempted.resource, 'a', now, 60)).toEqual(exempted);
    expect(await ledger.exempt(control)).toEqual([exempted.resource]);
    expect(await ledger.getFinding(id)).toEqual(row);
    expect(await ofPeople().findingsOf('2027-01-31')).toEqual([row]);
    expect((await ledger.openTargets(control, new Date(now.getTime() + 60_000))).targets).toEqual([opened.resource]);
    expect(await ledger.paused([`account#${from.account}#region#${from.region}`])).toMatchObject({ by: 'sam', reason: 'a release' });
    expect(await ledger.paused()).toBeUndefined();
    const due = await dueRows('t', world.hub.client, hubPlace, 'redress-volumes').until(new Date(until), 10);
    expect(due.map(({ message }) => message)).toEqual([{ ...waiting, waits: {} }]);
    // nothing beside: no claim, no window, no switch of everything
    expect([...world.hub.items.keys()].filter((key) => /^(CLAIM|WINDOW|DONE)/.test(key))).toEqual([]);
  });

  test('moves what waits last, when the hub knows of every exemption and of the pause', async () => {
    const order: string[] = [];
    // what waits is the first that the ledger shows
    world.alone.items = new Map([...world.alone.items].sort(([one]) => (one.startsWith('DUE') ? -1 : 1)));
    world.queue = [JSON.stringify(waiting)];
    const { around } = world.hub;
    world.hub.around = async (name, call, command) => {
      const before = new Set(world.hub.items.keys());
      const answer = await around(name, call, command);
      order.push(...[...world.hub.items.keys()].flatMap((key) => (before.has(key) ? [] : [key.split('#')[0] ?? ''])));
      return answer;
    };
    expect((await world.adopt()).code).toBe(0);
    expect(order[0]).toMatch(/^SWITCH/);
    expect(order.slice(-3)).toEqual(['DUE', 'DUE', 'ADOPTED']);
    expect(order.slice(1, -3)).not.toContain('DUE');
  });

  test('leaves the stack at a standstill, but for the rules of a member, and its ledger as it was', async () => {
    const before = world.alone.dump();
    await world.adopt();
    expect(isRunning()).toEqual({ rules: ['DISABLED', 'DISABLED', 'ENABLED'], mapping: 'Disabled' });
    expect(world.alone.dump()).toBe(before);
  });

  test('pauses a stack that is not paused, which is no pause of the hub', async () => {
    world.alone.items.delete('SWITCH PAUSE');
    expect((await world.adopt()).code).toBe(0);
    expect(bodyOf(world.alone.items.get('SWITCH PAUSE'))).toMatchObject({ reason: expect.stringContaining('being moved to the hub') });
    expect(await atHub().pauses()).toEqual([]);
  });

  test('moves nothing twice: another run says when it was, and one that was cut off is completed', async () => {
    await world.adopt();
    world.hub.items.delete(`ADOPTED#${from.account}#${from.region} ADOPTED`);
    const cut = [...world.hub.items.keys()].find((key) => key.startsWith('EXEMPT')) ?? '';
    world.hub.items.delete(cut);
    const all = world.hub.items.size + 2;
    const second = await world.adopt('--json');
    expect(second.out).toContain('"items":1,');
    expect([world.hub.items.size, world.hub.items.has(cut)]).toEqual([all, true]);
    // what the hub has made of a case since is not overwritten
    await atHub().lease(control, exempted.resource, 'a', now, 60);
    await atHub().release(control, exempted.resource, 'a', undefined, now);
    const third = await world.adopt();
    expect([third.code, third.out]).toEqual([0, expect.stringContaining('was adopted already, by arn:aws:iam::')]);
    expect(await atHub().lease(control, exempted.resource, 'b', now, 60)).toMatchObject({ fixes: [] });
  });

  test('says that the stack stands still where it cannot go on, and another run completes it', async () => {
    const { around } = world.hub;
    world.hub.around = async (name, call, command) => {
      if (name === 'PutItemCommand' && world.hub.items.size > 2) throw Object.assign(new Error('no'), { name: 'AccessDenied' });
      return await around(name, call, command);
    };
    const broken = await world.adopt();
    expect([broken.code, broken.err]).toEqual([1, expect.stringContaining('The stack Redress stands still now. Run the same again')]);
    expect(broken.err).toContain('Could not copy the ledger');
    world.hub.around = around;
    expect((await world.adopt()).code).toBe(0);
    expect(await atHub().lease(control, opened.resource, 'a', now, 60)).toEqual(opened);
    expect(await atHub().lease(control, exempted.resource, 'a', now, 60)).toEqual(exempted);
  });

  test('takes along what is on the queues, with its place; sweeps, which the hub has itself, are left out', async () => {
    const order = { kind: 'fix', id: 'o1', finding: id, by: 'sam', at: now.toISOString() };
    const { targets: _all, ...sweep } = waiting;
    world.queue = [{ control, order }, waiting, sweep, { wake: true }, { controls: [control], event: waiting.event }].map((body) =>
      JSON.stringify(body),
    );
    const said = await world.adopt('--json');
    expect(JSON.parse(said.out.split('\n').at(-1) ?? '')).toMatchObject({ messages: 2, unreadable: 0 });
    expect(world.queue).toEqual([]);
    const due = await dueRows('t', world.hub.client, hubPlace, 'redress-volumes').until(NOW, 10);
    expect(due.map(({ message }) => message.order ?? message.targets)).toEqual([{ ...order, place: from }, waiting.targets]);
  });

  test('leaves what nobody can read where it is, and says so', async () => {
    world.queue = ['no JSON'];
    const said = await world.adopt();
    expect([said.code, world.queue, said.err]).toEqual([0, ['no JSON'], expect.stringContaining('cannot be read')]);
  });

  test.each<[string, (state: CaseState) => object, string]>([
    ['a fix is in progress', (state) => ({ ...withBody({ ...state, fix: { kind: 'fix' } }) }), 'A fix is in progress'],
    ['a lease is held', () => ({ leaseOwner: { S: 'x' }, leaseUntil: { N: String(NOW.getTime() + 600_000) } }), 'or a case is held'],
  ])('moves nothing while %s, and lets the stack go on', async (_name, change, says) => {
    const key = `${keysOf(from, '').case(control, opened.resource)['pk']?.S} CASE`;
    const item = world.alone.items.get(key) ?? {};
    world.alone.items.set(key, { ...item, ...change(opened) });
    const said = await world.adopt();
    expect([said.code, said.err]).toEqual([1, expect.stringContaining(says)]);
    expect(said.err).toContain('volume-encrypted vol-open');
    expect(world.hub.items.size).toBe(0);
    expect(isRunning()).toEqual(running);
  });

  test('moves nothing while a message is in flight', async () => {
    world.inFlight = 1;
    const said = await world.adopt();
    expect([said.code, said.err]).toEqual([1, expect.stringContaining('still in flight')]);
    expect([world.hub.items.size, isRunning()]).toEqual([0, running]);
  });

  test('refuses dead letters before anything is stopped', async () => {
    world.deadLetters = 2;
    const said = await world.adopt();
    expect([said.code, said.err]).toEqual([1, expect.stringContaining('2 dead letters')]);
    expect(said.err).toContain('redress redrive');
    expect([world.hub.items.size, isRunning()]).toEqual([0, running]);
  });

  test('shows what it would move and changes nothing with --dry-run', async () => {
    const said = await world.adopt('--dry-run');
    expect(said.err).toContain('2 cases, 1 of them with an open finding, 1 exempted by a person');
    expect(said.err).toContain('Nothing was changed.');
    expect([said.code, world.hub.items.size, isRunning()]).toEqual([0, 0, running]);
  });

  test('moves the ledger that a stack left, also what it had begun', async () => {
    world.hasStack = false;
    const key = `${keysOf(from, '').case(control, opened.resource)['pk']?.S} CASE`;
    const begun = { ...opened, fix: { kind: 'fix' } };
    world.alone.items.set(key, { ...world.alone.items.get(key), ...withBody(begun) });
    const said = await world.adopt();
    expect([said.code, said.err.includes('cdk destroy')]).toEqual([0, false]);
    expect(await atHub().lease(control, opened.resource, 'a', now, 60)).toEqual(begun);
    expect(bodyOf(world.hub.items.get(`${adoptedKey(from)['pk']?.S} ADOPTED`))).toMatchObject({ from: expect.stringContaining('table/') });
  });

  describe('where the hub has a case already, and otherwise', () => {
    const others = { ...opened, finding: { ...opened.finding, id: 'f-20260101-0123456789ab' } } as CaseState;
    beforeEach(async () => {
      const ledger = atHub();
      await ledger.lease(control, opened.resource, 'a', now, 60);
      await ledger.release(control, opened.resource, 'a', others, now);
    });
    const held = async () => await atHub().lease(control, opened.resource, 'b', now, 60);

    test('refuses, before anything is stopped', async () => {
      const said = await world.adopt();
      expect([said.code, said.err]).toEqual([1, expect.stringContaining('volume-encrypted vol-open')]);
      expect(said.err).toContain('--keep');
      expect(isRunning()).toEqual(running);
      expect(await held()).toEqual(others);
    });

    test.each([
      ['hub', others],
      ['stack', opened],
    ] as const)('does as --keep %s says', async (keep, expected) => {
      expect((await world.adopt('--keep', keep)).code).toBe(0);
      expect(await held()).toEqual(expected);
    });
  });

  test('takes the place of what the hub remembers of nothing but repeats, and of a sweep that found nothing', async () => {
    const ledger = atHub();
    await ledger.foundNothing(control, now);
    await ledger.lease(control, opened.resource, 'a', now, 60);
    await ledger.release(control, opened.resource, 'a', { control, resource: opened.resource, fixes: [] }, now);
    expect((await world.adopt()).code).toBe(0);
    expect(await ledger.lease(control, opened.resource, 'b', now, 60)).toEqual(opened);
    expect([...(await ledger.sweepNotes([control], now)).nothing]).toEqual([]);
  });

  test.each([
    ['that is no place', ['here'], 'ACCOUNT/REGION'],
    ['that the config does not list', ['121212121212/eu-west-1'], 'does not list'],
    ['of another account than the credentials', [`${'2'.repeat(12)}/us-east-1`], '--from-profile'],
  ])('refuses a place %s', async (_name, argv, says) => {
    const said = await world.run(...argv, '--yes');
    expect([said.code, said.err]).toEqual([2, expect.stringContaining(says)]);
  });

  test('needs a yes where nobody can be asked', async () => {
    const said = await world.run(`${from.account}/${from.region}`);
    expect([said.code, said.err]).toEqual([2, expect.stringContaining('--yes')]);
    expect(isRunning()).toEqual(running);
  });
});

test('a note of what is done names the stack, so that another one there is adopted again', () => {
  expect(adoptedKey(from)).toEqual(keyOf(`ADOPTED#${from.account}#${from.region}`, 'ADOPTED'));
});
