import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import { messageFor, orderFor, scheduled } from '../fixtures/events.ts';
import type { Harness } from '../support/harness.ts';
import { copiesOf, pass, pause, start, statuses } from '../support/setting.ts';
import { MemoryTable } from '../support/table.ts';

/*
 * A ledger and a queue of the version before must go on to hold. Every change of the ledger's keys or bodies, or of the messages,
 * adds a fixture that the code before it wrote, and a test like this one.
 */
const control = 'volume-encrypted';
const config: RedressConfig = { controls: { [control]: { mode: 'approve', settleSeconds: 0 } } };
/** The latest last. */
const versions = ['v0', 'v1'] as const;
const read = (version: string) => readFile(new URL(`../fixtures/ledger-${version}.json`, import.meta.url), 'utf8');
const fixtures = new Map(await Promise.all(versions.map(async (version) => [version, JSON.parse(await read(version))] as const)));

/** The stack of a version before, with this version of the functions. */
function updated(version: (typeof versions)[number], { queue = [] as number[] } = {}) {
  const fixture = fixtures.get(version);
  const table = new MemoryTable(fixture.items);
  const setting = start({ volumes: fixture.volumes, encryptionByDefault: true }, config, undefined, { table, start: fixture.now });
  for (const n of queue) {
    const { body, visibleAt } = fixture.queue[n];
    setting.harness.put(body, (Date.parse(visibleAt) - Date.parse(fixture.now)) / 1000);
  }
  return { ...setting, table };
}

/** The messages in flight. */
const [BEGUN, CREATING, ORDERED, DONE] = [0, 1, 2, 3] as const;

const findingOf = async (harness: Harness, id: string) =>
  (await harness.findings()).find(({ resource }) => resource.id === id) ?? expect.fail(`no finding of ${id}`);

/** The keys in the table that name no place though what they are of has one. */
const withoutPlace = ({ items }: MemoryTable, id: string) =>
  [...items.keys()].filter((key) => /^(CASE|EXEMPT)#[a-z]/.test(key) && key.includes(id));

describe.each(versions)('of the version before with %s, there still holds', (version) => {
  test('an open case: an order fixes it, and it stays the same finding', async () => {
    const { harness, volumes, table } = updated(version);
    await harness.ledger.setPause(undefined);
    const before = await findingOf(harness, 'vol-open');
    harness.put(orderFor(control, 'fix', before.id));
    await harness.settle();
    expect(await findingOf(harness, 'vol-open')).toMatchObject({ id: before.id, status: 'superseded', event: before.event, count: 1 });
    expect(copiesOf(volumes, 'vol-open')).toHaveLength(1);
    expect(withoutPlace(table, 'vol-open')).toEqual([]);
  });

  test('an announced finding, of which it is not known what it meant: it is announced again for what changes after that', async () => {
    const { harness, volumes } = updated(version);
    const sweep = async () => {
      harness.put(messageFor(control, { ...scheduled(), id: `sweep-${harness.now.toISOString()}`, time: harness.now.toISOString() }));
      await harness.settle(1);
      pass(harness, 60);
      const told = harness.announced.splice(0).filter(({ resource }) => resource.id === 'vol-open');
      return told.map(({ status, changed }) => [status, changed]);
    };
    expect(await sweep()).toEqual([]);
    const open = volumes.find(({ VolumeId }) => VolumeId === 'vol-open');
    Object.assign(open ?? {}, { Tags: [{ Key: 'redress:superseded-by', Value: 'vol-elsewhere' }] });
    expect(await sweep()).toEqual([['awaiting-approval', ['risk']]]);
    expect(await sweep()).toEqual([]);
  });

  test('a pause, and an order in flight that waits for its end', async () => {
    const { harness, volumes } = updated(version, { queue: [ORDERED] });
    expect(await harness.ledger.paused()).toEqual(pause);
    await harness.settle(2);
    expect(copiesOf(volumes, 'vol-ordered')).toEqual([]);
    await harness.ledger.setPause(undefined);
    await harness.settle(2);
    expect(copiesOf(volumes, 'vol-ordered')).toHaveLength(1);
    expect(await findingOf(harness, 'vol-ordered')).toMatchObject({ status: 'superseded', order: { by: expect.stringContaining('dana') } });
  });

  test('a fix that had begun: it is finished with the copy that it made', async () => {
    const { harness, volumes, table } = updated(version, { queue: [BEGUN] });
    await harness.settle();
    expect(await findingOf(harness, 'vol-begun')).toMatchObject({ status: 'superseded', doneBy: expect.stringContaining('dana') });
    expect(copiesOf(volumes, 'vol-begun').map(({ VolumeId }) => VolumeId)).toEqual(['vol-copy1']);
    expect(harness.writes.map(({ api }) => api)).toEqual(['ec2:CreateTags']);
    expect(withoutPlace(table, 'vol-begun')).toEqual([]);
  });

  test('a lease: what holds a case finishes it, and then it is taken', async () => {
    const { harness } = updated(version);
    const target = { type: 'AWS::EC2::Volume', id: 'vol-begun' };
    expect(await harness.ledger.lease(control, target, 'me', harness.now, 65)).toBeUndefined();
    pass(harness, 120);
    expect(await harness.ledger.lease(control, target, 'me', harness.now, 65)).toMatchObject({ fix: { kind: 'fix' } });
  });

  test('an exemption, until its end and with its reminder', async () => {
    const { harness } = updated(version);
    const news: string[] = [];
    for (let day = 0; day < 32; day += 1) {
      harness.put(messageFor(control, { ...scheduled(), time: harness.now.toISOString() }));
      await harness.settle(1);
      news.push(
        ...harness.announced
          .splice(0)
          .filter(({ resource }) => resource.id === 'vol-exempt')
          .map(({ status, exemption }) => `${harness.now.toISOString().slice(0, 10)} ${status} ${exemption?.isEnding ?? ''}`.trim()),
      );
      pass(harness, 86_400);
    }
    expect(news).toEqual(['2026-12-14 exempt true', '2026-12-21 awaiting-approval']);
    expect(await harness.ledger.exempt(control)).toEqual([]);
  });

  test('an exemption of what was set right meanwhile, though no list names it any more', async () => {
    const { harness, volumes, table } = updated(version);
    for (const volume of volumes) volume.Encrypted = true;
    expect(await harness.ledger.exempt(control)).toEqual([{ type: 'AWS::EC2::Volume', id: 'vol-exempt' }]);
    harness.put(messageFor(control, scheduled()));
    await harness.settle();
    expect((await findingOf(harness, 'vol-exempt')).status).toBe('fixed');
    expect(withoutPlace(table, 'vol-exempt')).toEqual([]);
  });

  test('what was done: its message does not run again, whether it was received before or is a late copy', async () => {
    for (const [receives, hours] of [
      [1, 0],
      [0, 1],
    ] as const) {
      const { harness } = updated(version);
      pass(harness, hours * 3600);
      harness.put(fixtures.get(version).queue[DONE].body, 0, receives);
      await harness.settle();
      expect(harness.reads).toEqual([]);
      expect(harness.announced).toEqual([]);
    }
  });

  test('a message in flight that looks again', async () => {
    const { harness, volumes } = updated(version, { queue: [CREATING] });
    for (const volume of volumes) volume.State = 'available';
    await harness.settle();
    expect((await findingOf(harness, 'vol-creating')).status).toBe('awaiting-approval');
  });

  test('a message in flight that counted all its waits as one: it waits anew for what is missing now', async () => {
    const { harness, volumes } = updated(version);
    for (const volume of volumes) volume.State = 'available';
    const missing = volumes.splice(0);
    harness.put({ ...fixtures.get(version).queue[CREATING].body, round: 40 });
    await harness.invoke();
    expect(harness.announced).toEqual([]);
    volumes.push(...missing);
    await harness.settle();
    expect((await findingOf(harness, 'vol-creating')).status).toBe('awaiting-approval');
    expect(harness.enqueued.filter((body) => body.includes('"round"'))).toEqual([]);
  });

  test('a fix that can be undone', async () => {
    const { harness } = updated(version);
    await harness.ledger.setPause(undefined);
    const { id } = await findingOf(harness, '111122223333');
    harness.put(orderFor('ebs-default-encryption', 'undo', id));
    await harness.settle();
    expect(await findingOf(harness, '111122223333')).toMatchObject({ id, status: 'undone' });
    expect(harness.writes.map(({ api }) => api)).toEqual(['ec2:DisableEbsEncryptionByDefault']);
  });

  test('every finding, once', async () => {
    const { harness } = updated(version, { queue: [BEGUN] });
    const before = (await harness.findings()).map(({ id }) => id).sort();
    await harness.settle();
    expect((await harness.findings()).map(({ id }) => id).sort()).toEqual(before);
  });
});

const failures = versions.flatMap((version) => (['before', 'after'] as const).map((when) => [version, when] as const));
test.each(failures)('of %s, a call to the table that fails %s it was made, whichever it is, loses nothing', async (version, when) => {
  for (let at = 1; ; at += 1) {
    const { harness, volumes, table } = updated(version);
    await harness.ledger.setPause(undefined);
    const { id } = await findingOf(harness, 'vol-open');
    let calls = 0;
    table.around = async (_name, call) => {
      calls += 1;
      if (calls !== at) return call();
      if (when === 'after') call();
      throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    };
    harness.put(orderFor(control, 'fix', id));
    await harness.settle();
    const isThrough = calls < at;
    table.around = async (_name, call) => call();
    expect(await statuses(harness), `call ${at}`).toContain('vol-open superseded');
    expect((await findingOf(harness, 'vol-open')).id).toBe(id);
    expect(copiesOf(volumes, 'vol-open')).toHaveLength(1);
    expect(withoutPlace(table, 'vol-open')).toEqual([]);
    expect(harness.dead).toEqual([]);
    if (isThrough) return;
  }
});

test.each(versions)('another place takes nothing of %s: those items are of the deployment’s own', async (version) => {
  const { harness } = updated(version);
  const ledger = harness.ledgerOf({ account: '444455556666', region: 'eu-west-1', partition: 'aws' });
  const target = { type: 'AWS::EC2::Volume', id: 'vol-open' };
  expect(await ledger.lease(control, target, 'me', harness.now, 65)).toEqual({ control, resource: target, fixes: [] });
  expect(await ledger.exempt(control)).toEqual([]);
  expect(await ledger.findingsOf('2026-11-21')).toEqual([]);
  expect(await ledger.done(['event-vol-open#volume-encrypted#AWS::EC2::Volume#vol-open'])).toEqual(new Set());
});

describe('an item of a later version', () => {
  test.each([
    ['case', 'CASE#'],
    ['finding', 'FINDINGS#'],
    ['pause', 'SWITCH'],
  ])('that is a %s stops what needs it, with an error that says so', async (_name, prefix) => {
    const { harness, table } = updated('v1');
    await harness.ledger.setPause(undefined);
    const { id } = await findingOf(harness, 'vol-open');
    harness.put(orderFor(control, 'fix', id));
    if (prefix === 'SWITCH') await harness.ledger.setPause(pause);
    for (const item of table.items.values()) if (item['pk']?.S?.startsWith(prefix)) item['v'] = { N: '2' };
    await harness.settle(12);
    expect(harness.writes).toEqual([]);
    expect(harness.dead).toHaveLength(1);
    expect(harness.logs.map(({ error }) => error).join()).toContain('has the version 2, and this version of Redress knows 1 at most');
  });
});
