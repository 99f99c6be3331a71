import { DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { ClientSettings } from '#shared/aws/clients.ts';
import type { AwsCommand } from '#shared/control/control.ts';
import { at } from '#shared/control/record.ts';
import volumeEncrypted from '../../../functions/volumes/volume-encrypted.ts';
import { awsError } from '../../../test/support/harness.ts';
import { openHub } from './hub.ts';

const own = { account: '111122223333', region: 'eu-west-1', partition: 'aws' };
const sts = mockClient(STSClient);
afterAll(() => sts.restore());
const accounts = Array.from({ length: 60 }, (_, n) => String(444400000000 + n));
const place = (account = accounts[0] ?? '', region = 'eu-central-1') => ({ account, region, partition: 'aws', isMember: true }) as const;
const command = () => new DescribeVolumesCommand({});

let made: ClientSettings[];
let asItself: AwsCommand[];
let refusal: Error | undefined;
beforeEach(() => {
  made = [];
  asItself = [];
  refusal = undefined;
  sts.reset();
  let given = 0;
  sts.on(AssumeRoleCommand).callsFake(() => {
    given += 1;
    return { Credentials: { AccessKeyId: 'id', SecretAccessKey: 'secret', SessionToken: `token-${given}` } };
  });
});
afterEach(() => sts.reset());

const unused = () => Promise.reject(new Error('nothing is reported'));
const hub = () =>
  openHub({
    members: JSON.stringify(accounts.map((account) => ({ account, regions: ['eu-central-1', 'us-east-1'] }))),
    own,
    functionName: 'redress-volumes',
    controls: [volumeEncrypted],
    config: {},
    clients: {
      ec2: (settings) => {
        made.push(settings);
        return { send: () => (refusal ? Promise.reject(refusal) : Promise.resolve({ Volumes: [] })) };
      },
    },
    send: async (sent) => void asItself.push(sent),
    queueUrl: 'queue',
    joined: { has: async () => false, add: async () => undefined, remove: async () => undefined, all: async () => [] },
    home: {
      ledger: { getFinding: unused, putFindings: unused, reserve: unused, nothingIn: unused, areServed: unused },
      ledgerOf: () => ({ sweepNotes: unused, noteServed: unused, foundNothing: unused }),
      announce: unused,
      now: () => new Date(),
    },
    log: () => undefined,
  });
const assumed = () => sts.commandCalls(AssumeRoleCommand).length;

test('its own place is read and written to as the function itself', async () => {
  const { read, write } = hub();
  const sent = command();
  await read(sent, own);
  await write(sent, { place: own, control: volumeEncrypted.id, seed: 'f-1 0', command: sent });
  expect([asItself, assumed()]).toEqual([[sent, sent], 0]);
});

test('one session reads in all Regions of an account, each by clients that are kept', async () => {
  const { read } = hub();
  await Promise.all([read(command(), place()), read(command(), place(undefined, 'us-east-1')), read(command(), place())]);
  await read(command(), place());
  expect(assumed()).toBe(1);
  expect(made.map(({ region }) => region).sort()).toEqual(['eu-central-1', 'us-east-1']);
  expect(new Set(made.map(({ credentials }) => at(credentials, 'sessionToken')))).toEqual(new Set(['token-1']));
  // one pool of connections
  expect(new Set(made.map(({ requestHandler }) => requestHandler)).size).toBe(1);
  expect(made[0]?.requestHandler).toBeDefined();
});

test('the clients of the places that were used longest ago are not kept', async () => {
  const { read } = hub();
  for (const account of accounts) await read(command(), place(account));
  expect(made).toHaveLength(60);
  await read(command(), place(accounts[59]));
  expect(made).toHaveLength(60);
  await read(command(), place(accounts[0]));
  expect([made.length, assumed()]).toEqual([61, 60]);
});

test.each([
  ['a read that is denied', 403, 2],
  ['a token that is not known', 401, 2],
  ['a read that is refused', 400, 1],
])('after %s (%d) the next read has asked for %d sessions', async (_after, status, expected) => {
  const { read } = hub();
  refusal = awsError('SomeError', 'no', status);
  await expect(read(command(), place())).rejects.toThrow('no');
  refusal = undefined;
  await read(command(), place());
  expect(assumed()).toBe(expected);
});

test('a write has a session and a client of its own, with the policy of its control', async () => {
  const { write } = hub();
  const sent = command();
  const of = { place: place(), control: volumeEncrypted.id, seed: 'f-20261121-0123456789ab-fix-x 0', command: sent };
  await write(sent, of);
  await write(sent, of);
  expect(made.map(({ credentials }) => at(credentials, 'sessionToken'))).toEqual(['token-1', 'token-2']);
  const [
    {
      args: [{ input }],
    } = { args: [{ input: undefined }] },
  ] = sts.commandCalls(AssumeRoleCommand);
  expect(input?.Policy).toContain('ec2:CopyVolumes');
  await expect(write(sent, { ...of, control: 'another' })).rejects.toThrow('no control of this function');
});

test('messages are in the group and the lane of the account that they are about', async () => {
  const { enqueue, laneOf } = hub();
  const event = {
    id: 'e',
    account: accounts[1] ?? '',
    region: 'eu-central-1',
    time: '2026-11-21T09:00:00Z',
    source: 'x',
    'detail-type': 'x',
  };
  const body = { control: 'a', waits: {}, event };
  const at2 = { account: accounts[2] ?? '', region: 'eu-central-1' };
  const order = { kind: 'fix', id: 'o', finding: 'f', place: at2, by: 'x', at: '2026-11-21T09:00:00Z' } as const;
  await enqueue([
    { body, delaySeconds: 1 },
    { body: { control: 'a', waits: {}, order }, delaySeconds: 1 },
    { body: { wake: true }, delaySeconds: 1 },
  ]);
  const entries: unknown = at(asItself[0]?.input, 'Entries');
  expect(Array.isArray(entries) && entries.map((entry) => at(entry, 'MessageGroupId'))).toEqual([accounts[1], accounts[2], undefined]);
  const lanes = [JSON.stringify(body), JSON.stringify({ order }), '{"wake":true}', 'no JSON'].map((text) =>
    laneOf?.({ id: 'm', body: text, receiveCount: 1 }),
  );
  expect(lanes).toEqual([accounts[1], accounts[2], undefined, undefined]);
});
