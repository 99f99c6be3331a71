import { afterEach, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import type { Send } from '#shared/aws/clients.ts';
import type { Place } from '#shared/control/control.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { createVolume, messageFor } from '../fixtures/events.ts';
import { controlsOfFunction } from '../support/controls.ts';
import { ec2World, volume } from '../support/ec2-world.ts';
import { awsError, Harness, place as own } from '../support/harness.ts';
import { type HubWorld, hubOf, MEMBER_REGION } from '../support/hub.ts';

const [first, second] = ['444455556666', '777788889999'] as const;
const control = 'volume-owner-tag';
const ownerTag = controlsOfFunction('volumes').find(({ id }) => id === control) ?? expect.fail('no such control');
const sweepEvent = {
  id: 'sweep-1',
  time: '2026-11-21T09:00:00Z',
  source: 'aws.events',
  'detail-type': 'Scheduled Event',
  resources: [],
  detail: {},
};
const placeOf = (account: string): Place => ({ account, region: MEMBER_REGION, partition: 'aws', isMember: true });
const denied = (account: string) =>
  awsError(
    'AccessDenied',
    `User: arn:aws:sts::111122223333:assumed-role/redress-volumes-eu-west-1/redress-volumes is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${account}:role/redress/redress-volumes`,
    403,
  );

let restore = () => {};
afterEach(() => restore());

/** A hub with two members, in which there are volumes without tags. */
function two(refuses?: HubWorld['refuses'], members?: { readonly [account: string]: Send }, left?: number, config?: RedressConfig) {
  const worldOf = (...ids: string[]) => ec2World({ volumes: ids.map((id) => volume(id)) }).send;
  const hub = hubOf({
    controls: [ownerTag],
    members: members ?? { [first]: worldOf('vol-1', 'vol-3'), [second]: worldOf('vol-2') },
    ...(refuses && { refuses }),
    ...(left !== undefined && { left }),
    ...(config && { config }),
  });
  restore = hub.restore;
  const { placeOf: served, read, write, laneOf, pausesAt, unpack, crowdsIn, reserveInAll } = hub.acting;
  const world = { send: () => Promise.reject(new Error('a call in the hub itself')) };
  const harness = new Harness({
    controls: [ownerTag],
    world,
    ...(config && { config }),
    acting: {
      placeOf: served,
      read,
      write,
      ...(laneOf && { laneOf }),
      ...(pausesAt && { pausesAt }),
      ...(unpack && { unpack }),
      ...(crowdsIn && { crowdsIn }),
      ...(reserveInAll && { reserveInAll }),
    },
  });
  const put = (account: string, id: string) =>
    harness.put(
      messageFor(control, {
        ...createVolume(id, { eventID: `event-${account}-${id}`, recipientAccountId: account }),
        account,
        region: MEMBER_REGION,
      }),
    );
  const findings = async () => (await Promise.all([first, second].map((account) => harness.findings(placeOf(account))))).flat();
  const say = async () => (await findings()).map(({ account, resource, status }) => `${account} ${resource.id} ${status}`);
  const sent = () => hub.received.map(({ account, command }) => `${account} ${actionOf(command)}`);
  return { ...hub, harness, put, findings, say, sent };
}

const isOf = (account: string, { RoleArn = '' }: { RoleArn?: string | undefined }) => RoleArn.includes(account);

test('each member is read by a session for all, and written to by a session that names the case', async () => {
  const { harness, put, assumed, received, say, findings } = two();
  put(first, 'vol-1');
  put(second, 'vol-2');
  await harness.invoke();
  expect(await say()).toEqual([`${first} vol-1 fixed`, `${second} vol-2 fixed`]);
  const ids = (await findings()).map(({ id }) => id);
  expect(assumed.map(({ RoleArn, RoleSessionName, SourceIdentity }) => [RoleArn, RoleSessionName, SourceIdentity]).sort()).toEqual(
    [first, second]
      .flatMap((account, n) => [
        [`arn:aws:iam::${account}:role/redress/redress-volumes`, 'redress-volumes', undefined],
        [`arn:aws:iam::${account}:role/redress/redress-volumes`, `${control}@${ids[n]}`, `${ids[n]}-fix-2026-11-21T09-00-05.000Z`],
      ])
      .sort(),
  );
  const writes = received.filter(({ command }) => actionOf(command) === 'ec2:CreateTags');
  expect(writes.map(({ account, region, session }) => `${account} ${region} ${session}`).sort()).toEqual(
    [first, second].map((account, n) => `${account} ${MEMBER_REGION} ${control}@${ids[n]}`),
  );
});

test('a member whose role cannot be assumed has a finding that says so, and another’s case is fixed', async () => {
  const { harness, put, say, findings, sent } = two((input) => (isOf(first, input) ? denied(first) : undefined));
  put(first, 'vol-1');
  put(second, 'vol-2');
  await harness.settle();
  expect(await say()).toEqual([`${first} vol-1 failed`, `${second} vol-2 fixed`]);
  const [finding] = await findings();
  expect(finding?.reason?.code).toBe('no-permission');
  expect(finding?.reason?.says).toContain(`its role may not sts:AssumeRole (arn:aws:iam::${first}:role/redress/redress-volumes`);
  expect(finding?.advice.map(({ says }) => says).join()).toContain('deploy the roles of Redress to the account');
  expect(harness.dead).toEqual([]);
  expect(sent().filter((call) => call.startsWith(first))).toEqual([]);
});

test('an event of an account that is no member, or that names another, is dropped and reported once', async () => {
  const { harness, put, received, reported } = two();
  for (const id of ['vol-1', 'vol-2']) put('999988887777', id);
  const forged = createVolume('vol-1', { recipientAccountId: second });
  harness.put(messageFor(control, { ...forged, account: first, region: MEMBER_REGION }));
  harness.put(messageFor(control, { ...createVolume('vol-1', { recipientAccountId: first }), account: first, region: own.region }));
  await harness.settle();
  expect(reported.map(({ account, status }) => `${account} ${status}`)).toEqual(['999988887777 skipped', `${first} skipped`]);
  expect([received, harness.dead]).toEqual([[], []]);
});

test('a sweep of a member is one message for several controls, and a place that is none is dropped', async () => {
  const { harness, sent, reported } = two();
  const sweepOf = (account: string) => ({
    controls: [control],
    event: { ...sweepEvent, account, region: MEMBER_REGION },
  });
  for (const account of [first, '999988887777']) harness.put(JSON.stringify(sweepOf(account)));
  await harness.settle();
  expect(sent()).toContain(`${first} ec2:DescribeVolumes`);
  expect(sent().filter((one) => !one.startsWith(first))).toEqual([]);
  expect(reported.map(({ account }) => account)).toEqual(['999988887777']);
  expect(harness.dead).toEqual([]);
});

test('events that crowd a batch wait behind those of other accounts, and are done all the same', async () => {
  const ids = Array.from({ length: 40 }, (_, n) => `vol-n${n}`);
  const worldOf = (...all: string[]) => ec2World({ volumes: all.map((id) => volume(id)) }).send;
  const { harness, put, say } = two(undefined, { [first]: worldOf(...ids), [second]: worldOf('vol-2') });
  for (const id of ids) put(first, id);
  put(second, 'vol-2');
  await harness.invoke();
  expect(await say()).toEqual([`${second} vol-2 fixed`]);
  expect(harness.enqueued).toHaveLength(ids.length);
  await harness.settle();
  expect(new Set(await say())).toEqual(new Set([...ids.map((id) => `${first} ${id} fixed`), `${second} vol-2 fixed`]));
  // once each: what went back does not go back again
  expect(harness.enqueued.filter((body) => body.includes('"isGrouped":true') && !body.includes('"look"'))).toHaveLength(ids.length);
  expect(harness.dead).toEqual([]);
});

test('what is left of the organization’s limit is all that its members get, and the first that waits says so', async () => {
  const { harness, put, findings } = two(undefined, undefined, 1);
  put(first, 'vol-1');
  put(first, 'vol-3');
  await harness.invoke();
  const found = await findings();
  expect(found.map(({ status }) => status).sort()).toEqual(['fixed', 'open']);
  expect(found.find(({ status }) => status === 'open')?.reason?.says).toBe(
    `The rate limit of ${control} for the organization is reached: 10000 fixes in 10 minutes. The rest wait for the next window.`,
  );
});

test('an order for the finding of one member does nothing in another, where a resource may have the same name', async () => {
  const { harness, put, findings, received } = two();
  put(first, 'vol-1');
  await harness.settle();
  const [found] = await findings();
  const order = { kind: 'undo', id: 'o-1', finding: found?.id, by: 'dana', at: '2026-11-21T09:00:05Z' };
  received.length = 0;
  for (const account of [second, own.account]) {
    const { region } = account === own.account ? own : placeOf(account);
    harness.put(JSON.stringify({ control, order: { ...order, id: `o-${account}`, place: { account, region } } }));
  }
  await harness.settle();
  expect(received).toEqual([]);
  expect(harness.dead).toHaveLength(2);
});

test('an exemption of one account exempts nothing in another', async () => {
  const exemption = { control, resource: 'vol-*', account: first, owner: 'dana', reason: 'a migration', until: '2026-12-31' };
  const { harness, put, say } = two(undefined, undefined, undefined, { exemptions: [exemption] });
  put(first, 'vol-1');
  put(second, 'vol-2');
  await harness.invoke();
  expect((await say()).filter((one) => one.startsWith(first))).toEqual([`${first} vol-1 exempt`]);
  expect((await say()).filter((one) => one.startsWith(second))).not.toEqual([`${second} vol-2 exempt`]);
});

test('a pause of one member holds there alone', async () => {
  const { harness, put, say, findings } = two();
  const pause = { in: `account ${first}`, by: 'dana', at: '2026-11-21T09:00:00Z', reason: 'a migration' };
  await harness.ledger.setPause(pause, `account#${first}`);
  put(first, 'vol-1');
  put(second, 'vol-2');
  await harness.invoke();
  expect(await say()).toEqual([`${first} vol-1 open`, `${second} vol-2 fixed`]);
  expect((await findings())[0]?.reason?.says).toBe(`Redress is paused in account ${first} by dana since 2026-11-21T09:00:00Z: a migration`);
  await harness.ledger.setPause(undefined, `account#${first}`);
  await harness.settle();
  expect(await say()).toEqual([`${first} vol-1 fixed`, `${second} vol-2 fixed`]);
});

test('a member that denies the session of a write has a finding, which a person can have tried again', async () => {
  const { harness, put, say, findings, sent } = two((input) => (isOf(first, input) && input.SourceIdentity ? denied(first) : undefined));
  put(first, 'vol-1');
  put(second, 'vol-2');
  await harness.settle();
  expect(await say()).toEqual([`${first} vol-1 failed`, `${second} vol-2 fixed`]);
  const [finding] = await findings();
  expect(finding?.reason?.says).toContain('Redress may not sts:AssumeRole: ');
  expect(sent()).not.toContain(`${first} ec2:CreateTags`);
  expect(harness.dead).toEqual([]);
});

test('one session is asked for where one call is for several cases, and what denies it denies all of them', async () => {
  const { harness, put, say, assumed } = two(({ SourceIdentity }) => (SourceIdentity ? denied(first) : undefined));
  put(first, 'vol-1');
  put(first, 'vol-3');
  await harness.settle();
  expect((await say()).sort()).toEqual([`${first} vol-1 failed`, `${first} vol-3 failed`]);
  expect(assumed.filter(({ SourceIdentity }) => SourceIdentity !== undefined)).toHaveLength(1);
});

test('what a policy of the organization denies is left unchanged', async () => {
  const scp = 'is not authorized to perform: sts:AssumeRole on resource: x with an explicit deny in a service control policy';
  const { harness, put, findings } = two(({ SourceIdentity }) => (SourceIdentity ? awsError('AccessDenied', scp, 403) : undefined));
  put(first, 'vol-1');
  await harness.settle();
  const [finding] = await findings();
  expect([finding?.status, finding?.reason?.says]).toEqual([
    'open',
    'A service control policy of the organization denies sts:AssumeRole, so it is left unchanged.',
  ]);
});

test.each(['reads', 'writes'])(
  'STS that throttles the session for %s of one member is waited for, and another’s case is fixed at once',
  async (what) => {
    let isThrottled = true;
    const { harness, put, say } = two((input) =>
      isThrottled && isOf(first, input) && (input.SourceIdentity !== undefined) === (what === 'writes')
        ? awsError('Throttling', 'Rate exceeded')
        : undefined,
    );
    put(first, 'vol-1');
    put(second, 'vol-2');
    await harness.invoke();
    expect((await say()).filter((text) => text.endsWith('fixed'))).toEqual([`${second} vol-2 fixed`]);
    isThrottled = false;
    await harness.settle();
    expect(await say()).toEqual([`${first} vol-1 fixed`, `${second} vol-2 fixed`]);
    expect(harness.dead).toEqual([]);
  },
);

test('a member that does not answer keeps no other waiting', async () => {
  const silence = Promise.withResolvers<undefined>();
  const fixed = Promise.withResolvers<void>();
  const world = ec2World({ volumes: [volume('vol-2')] });
  const { harness, put, say } = two((input) => (isOf(first, input) ? silence.promise : undefined), {
    [first]: ec2World({ volumes: [volume('vol-1')] }).send,
    [second]: async (command) => {
      const answer = await world.send(command);
      if (actionOf(command) === 'ec2:CreateTags') fixed.resolve();
      return answer;
    },
  });
  put(first, 'vol-1');
  put(second, 'vol-2');
  const invocation = harness.invoke();
  await fixed.promise;
  silence.resolve(undefined);
  await invocation;
  expect(await say()).toEqual([`${first} vol-1 fixed`, `${second} vol-2 fixed`]);
});
