import { describe, expect, test } from 'vitest';
import { at, stringAt } from '#shared/control/record.ts';
import type { EngineDeps } from '#shared/engine/types.ts';
import { unpacked } from './sweeps.ts';

const own = { account: '111122223333', region: 'eu-west-1' };
const event = {
  id: 'e-1',
  ...own,
  time: '2026-11-21T09:00:00Z',
  source: 'aws.events',
  'detail-type': 'Scheduled Event',
  resources: [],
  detail: {},
};
const inMember = { ...event, account: '444455556666' };
const controls = ['volume-encrypted', 'volume-owner-tag'];
const delivery = (body: object) => ({ id: 'm-1', body: JSON.stringify(body), receiveCount: 1 });

/** An account that joined and has left. */
const LEFT = '000000000009';

/** A Region in which no control judges anything. */
const NOT_JUDGED = 'eu-north-1';

/** Unpacks a message for a hub of members; answers what it stands for, what was put on the queue, and which places were noted as served. */
async function unpack(
  body: object,
  members: readonly { account: string; regions: string[] }[] = [],
  passed: readonly string[] = [],
  { joined = [], isServed = true }: { joined?: readonly { account: string; region: string }[]; isServed?: boolean } = {},
) {
  const served: object[] = [];
  const logs: string[] = [];
  const fields: unknown[] = [];
  const sent: Parameters<EngineDeps['enqueue']>[0][number][] = [];
  const enqueue: EngineDeps['enqueue'] = async (messages) => void sent.push(...messages);
  const messages = await unpacked(delivery(body), {
    members: [...members],
    own,
    enqueue,
    joined: async () => joined,
    hasLeft: async ({ account }) => account === LEFT,
    notesOf: async () => ({ isServed, nothing: new Set(passed) }),
    judges: (_control, { region }) => region !== NOT_JUDGED,
    nothingIn: async (looks) => looks.map(() => new Set(passed)),
    areServed: async (places) => places.map(() => isServed),
    served: async ({ account, region }) => void served.push({ account, region }),
    log: (level, message, its) => {
      logs.push(`${level} ${message}`);
      fields.push(its);
    },
  });
  return { messages, sent, served, logs, fields };
}
const placeOf = ({ body }: { readonly body: unknown }) => `${stringAt(body, 'event', 'account')} ${stringAt(body, 'event', 'region')}`;

test('a message of one control stays what it is', async () => {
  const body = { control: 'volume-encrypted', event };
  expect(await unpack(body)).toEqual({ messages: [delivery(body)], sent: [], served: [], logs: [], fields: [] });
});

test('a message about a place is a part for each control', async () => {
  const { messages, sent } = await unpack({ controls, event: inMember });
  expect(messages.map(({ id, body }) => [id, JSON.parse(body)])).toEqual(
    controls.map((control) => [`m-1 ${control}`, { control, event: inMember, waits: {} }]),
  );
  expect(sent).toEqual([]);
});

test('a message of a version that sent all controls is looked up: what there was nothing of lately is passed by, unless a deployment asks', async () => {
  expect((await unpack({ controls, event: inMember }, [], controls)).messages).toEqual([]);
  const [first = '', second = ''] = controls;
  const { messages } = await unpack({ controls, event: inMember }, [], [first]);
  expect(messages.map(({ body }) => stringAt(JSON.parse(body), 'control'))).toEqual([second]);
  const deployed = { ...inMember, 'detail-type': 'CloudFormation Stack Status Change' };
  expect((await unpack({ controls, event: deployed }, [], controls)).messages).toHaveLength(2);
});

test('what the hub chose when it sent the message looks, and no note is read again', async () => {
  const { messages, logs } = await unpack({ controls, event: inMember, isChosen: true }, [], controls, { isServed: false });
  expect(messages.map(({ body }) => stringAt(JSON.parse(body), 'control'))).toEqual(controls);
  expect(logs).toEqual([]);
});

describe('a place whose rules are not known to be there, where a stack alone may be', () => {
  const deployment = (stack: string) => ({
    ...inMember,
    'detail-type': 'CloudFormation Stack Status Change',
    detail: { 'stack-id': `arn:aws:cloudformation:${stack}:stack/RedressRules/0f00` },
  });

  test.each([
    ['by a schedule', inMember],
    ['as the hub is deployed', deployment(`${own.region}:${own.account}`)],
    ['by the word of a stack of another Region', deployment(`us-east-1:${inMember.account}`)],
  ])('is not swept %s', async (_name, its) => {
    const { messages, served, logs } = await unpack({ controls, event: its }, [], [], { isServed: false });
    expect([messages, served]).toEqual([[], []]);
    expect(logs).toEqual([expect.stringContaining('info a member is not swept')]);
  });

  test('is swept once its own stack is deployed, and noted', async () => {
    const its = deployment(`${inMember.region}:${inMember.account}`);
    const { messages, served } = await unpack({ controls, event: its }, [], controls, { isServed: false });
    expect(messages).toHaveLength(2);
    expect(served).toEqual([{ account: inMember.account, region: inMember.region }]);
  });
});

test('a message about all members becomes one for each of their places but the hub’s own', async () => {
  const members = [
    { ...own, regions: ['eu-west-1', 'us-east-1'] },
    { account: '444455556666', regions: ['eu-west-1'] },
  ];
  const { messages, sent } = await unpack({ controls, event, isOfMembers: true }, members);
  expect(messages).toEqual([]);
  expect(sent.map(placeOf)).toEqual(['111122223333 us-east-1', '444455556666 eu-west-1']);
  expect(sent.map(({ body }) => at(body, 'controls'))).toEqual([controls, controls]);
  expect(sent.map(({ body }) => [at(body, 'isOfMembers'), at(body, 'isChosen')])).toEqual([
    [undefined, true],
    [undefined, true],
  ]);
});

describe('a schedule of members', () => {
  const members = Array.from({ length: 1500 }, (_, n) => ({ account: String(200_000_000_000 + n), regions: ['eu-west-1'] }));

  test('puts no message on the queue for a place in which every control is passed by, and goes on at once', async () => {
    const { sent } = await unpack({ controls, event, isOfMembers: true }, members, controls);
    expect(sent).toEqual([{ body: { controls, event, isOfMembers: true, from: 1000 }, delaySeconds: 0 }]);
    expect((await unpack(sent[0]?.body ?? {}, members, controls)).sent).toEqual([]);
  });

  test('names only the controls that are to look, unless a deployment asks for all', async () => {
    const [first = '', second = ''] = controls;
    const controlsIn = async (its: object) =>
      (await unpack({ controls, event: its, isOfMembers: true }, members.slice(0, 1), [first])).sent.map(({ body }) =>
        at(body, 'controls'),
      );
    expect(await controlsIn(event)).toEqual([[second]]);
    expect(await controlsIn({ ...event, 'detail-type': 'CloudFormation Stack Status Change' })).toEqual([controls]);
  });

  test('leaves out where a control judges nothing, also as the hub is deployed', async () => {
    const regions = [NOT_JUDGED, 'eu-west-1'];
    const deployed = { ...event, 'detail-type': 'CloudFormation Stack Status Change' };
    const { sent } = await unpack({ controls, event: deployed, isOfMembers: true }, [{ account: '444455556666', regions }]);
    expect(sent.map(placeOf)).toEqual(['444455556666 eu-west-1']);
  });

  test('says once of how many places the rules are not known to be deployed, and of a few which', async () => {
    const { sent, logs, fields } = await unpack({ controls, event, isOfMembers: true }, members.slice(0, 900), [], { isServed: false });
    expect(sent).toEqual([]);
    expect(logs).toEqual([expect.stringContaining('info members are not swept')]);
    expect(fields).toEqual([{ count: 900, places: members.slice(0, 5).map(({ account }) => `${account}/eu-west-1`) }]);
  });
});

test('many places have their messages in parts, and no part comes all at once', async () => {
  const members = Array.from({ length: 1500 }, (_, n) => ({ account: String(200_000_000_000 + n), regions: ['eu-west-1'] }));
  const first = await unpack({ controls, event, isOfMembers: true }, members);
  const [rest] = first.sent.slice(-1);
  expect(first.sent).toHaveLength(1001);
  expect([first.sent[0]?.delaySeconds, first.sent[999]?.delaySeconds, rest]).toEqual([
    0,
    249,
    { body: { controls, event, isOfMembers: true, from: 1000 }, delaySeconds: 250 },
  ]);
  const second = await unpack(rest?.body ?? {}, members);
  expect(second.sent.map(placeOf)).toEqual(members.slice(1000).map(({ account }) => `${account} eu-west-1`));
});

test('only the hub’s own schedule is about all members', async () => {
  const forged = { controls, event: { ...event, account: '444455556666' }, isOfMembers: true };
  await expect(unpack(forged)).rejects.toThrow('by the hub alone');
});

test('what is no such message is refused without a word of its text', async () => {
  await expect(unpack({ controls: [7], event })).rejects.toThrow('the message.controls.0: expected string');
});

test('places that joined are swept after those that are listed, and one that has left is not', async () => {
  const joined = { account: '777788889999', region: 'eu-central-1' };
  const { sent } = await unpack({ controls, event, isOfMembers: true }, [{ account: '444455556666', regions: ['eu-central-1'] }], [], {
    joined: [joined],
  });
  expect(sent.map(placeOf)).toEqual(['444455556666 eu-central-1', '777788889999 eu-central-1']);
  expect(await unpack({ controls, event: { ...event, account: LEFT } })).toEqual({
    messages: [],
    sent: [],
    served: [],
    logs: [],
    fields: [],
  });
});
