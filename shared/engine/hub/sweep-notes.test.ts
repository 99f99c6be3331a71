import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import { MemoryTable } from '../../../test/support/table.ts';
import { unpacked } from './sweeps.ts';

const own = { account: '111122223333', region: 'eu-west-1' };
const functions = ['redress-account'];
const controls = ['trail-logging', 'bucket-public-access-blocked'];
const now = new Date('2026-11-21T09:00:05.000Z');
const members = Array.from({ length: 250 }, (_, n) => ({ account: String(200_000_000_000 + n), regions: ['eu-west-1', 'us-east-1'] }));
const places = members.flatMap(({ account, regions }) => regions.map((region) => ({ account, region })));

/** A hub's table in which the rules of all places are and every control found nothing, but for one of one place; and what reads it asked for. */
async function passedBy() {
  const table = new MemoryTable();
  for (const [n, place] of places.entries()) {
    const ledger = dynamoLedger('ledger', table.client, { place, own, functions, isHub: true });
    await ledger.noteServed();
    for (const control of controls) if (n !== 77 || control !== 'trail-logging') await ledger.foundNothing(control, now);
  }
  const asked: { keys: number; isConsistent: boolean | undefined }[] = [];
  let [open, most] = [0, 0];
  table.around = async (name, call, command) => {
    if (!(command instanceof BatchGetItemCommand)) throw new Error(`a sweep of members asks by ${name}`);
    const { Keys = [], ConsistentRead } = command.input.RequestItems?.['ledger'] ?? {};
    asked.push({ keys: Keys.length, isConsistent: ConsistentRead });
    open += 1;
    most = Math.max(most, open);
    await sleep(1);
    open -= 1;
    return call();
  };
  return { hub: dynamoLedger('ledger', table.client, { place: own, own, functions, isHub: true }), asked, atOnce: () => most };
}

test('an hourly schedule over 500 places of which all but one are passed by puts one message on the queue, after eleven calls', async () => {
  const { hub, asked, atOnce } = await passedBy();
  const sent: object[] = [];
  const event = {
    id: 'e-1',
    ...own,
    time: now.toISOString(),
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    resources: [],
    detail: {},
  };
  const unused = () => expect.fail('this is not asked for');
  await unpacked(
    { id: 'm-1', body: JSON.stringify({ controls, event, isOfMembers: true }), receiveCount: 1 },
    {
      members,
      own,
      enqueue: async (messages) => void sent.push(...messages),
      joined: async () => [],
      judges: () => true,
      nothingIn: (looks) => hub.nothingIn(looks, now),
      areServed: hub.areServed,
      hasLeft: unused,
      notesOf: unused,
      served: unused,
      log: unused,
    },
  );
  expect(sent).toEqual([{ body: { controls: ['trail-logging'], event: { ...event, ...places[77] }, isChosen: true }, delaySeconds: 0 }]);
  // two notes of each place, and of the one that is left whether its rules are there
  expect(asked.map(({ keys }) => keys)).toEqual([...Array.from({ length: 10 }, () => 100), 1]);
  expect(asked.some(({ isConsistent }) => isConsistent !== false)).toBe(false);
  expect(atOnce()).toBe(4);
});

test('notes that DynamoDB leaves out of an answer are asked for again', async () => {
  const table = new MemoryTable();
  const [place = own] = places;
  const ledgerOf = (at: typeof own) => dynamoLedger('ledger', table.client, { place: at, own, functions, isHub: true });
  await ledgerOf(place).noteServed();
  const Keys = [...table.items.values()];
  let calls = 0;
  table.around = async (_name, call) => {
    calls += 1;
    return calls === 1 ? { Responses: {}, UnprocessedKeys: { ledger: { Keys } } } : call();
  };
  expect(await ledgerOf(own).areServed([place])).toEqual([true]);
  expect(calls).toBe(2);
});
