import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { AnyControl, Place } from '#shared/control/control.ts';
import { emptyPlaces } from '#shared/engine/hub/empty.ts';
import { unpacked } from '#shared/engine/hub/sweeps.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import { MemoryTable } from './table.ts';

/** What it took a hub to choose who looks in a place: messages for it, notes that were read, and the units of reads that these are. */
interface Chosen {
  messages: number;
  notes: number;
  units: number;
}

const event = {
  id: 'sweep',
  time: '2026-11-21T09:00:00Z',
  source: 'aws.events',
  'detail-type': 'Scheduled Event',
  resources: [],
  detail: {},
};

/** Asks as a hub does at a schedule which of these controls of one function look in a place, whose rules are there. */
export async function choosing(
  controls: readonly AnyControl[],
  at: Place,
  isPassedBy: boolean,
  judges: Parameters<typeof unpacked>[1]['judges'],
): Promise<Chosen> {
  const table = new MemoryTable();
  const own = { account: '999988887777', region: 'eu-west-1' };
  const of = { own, functions: ['redress-volumes'], isHub: true };
  const now = new Date(event.time);
  const ids = controls.map(({ id }) => id);
  const inMember = dynamoLedger('ledger', table.client, { place: at, ...of });
  await inMember.noteServed();
  for (const id of isPassedBy ? ids : []) await inMember.foundNothing(id, now);
  const read: Chosen = { messages: 0, notes: 0, units: 0 };
  table.around = async (name, call, command) => {
    if (!(command instanceof BatchGetItemCommand)) throw new Error(`notes are read by ${name}`);
    const { Keys = [], ConsistentRead = false } = command.input.RequestItems?.['ledger'] ?? {};
    read.notes += Keys.length;
    // a note has less than 4 KB
    read.units += Keys.length * (ConsistentRead ? 1 : 0.5);
    return call();
  };
  const hub = dynamoLedger('ledger', table.client, { place: own, ...of });
  const body = JSON.stringify({ controls: ids, event: { ...event, ...own }, isOfMembers: true });
  await unpacked(
    { id: 'm', body, receiveCount: 1 },
    {
      members: [{ account: at.account, regions: [at.region] }],
      own,
      judges,
      joined: async () => [],
      enqueue: async (messages) => {
        read.messages += messages.length;
      },
      ...emptyPlaces({ placeOf: () => undefined, ledger: () => hub, home: hub, now: () => now }),
      hasLeft: async () => false,
      log: () => undefined,
    },
  );
  return read;
}
