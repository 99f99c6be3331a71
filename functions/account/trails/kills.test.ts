import { expect, test } from 'vitest';
import { messageFor, orderFor, scheduled } from '../../../test/fixtures/events.ts';
import {
  everything,
  nearlyNothing,
  type Stored,
  selectorsPut,
  trailCall,
  trailsWorld,
  trailWritten,
} from '../../../test/support/account/trails.ts';
import { ended, killEverywhere } from '../../../test/support/documents/kills.ts';
import { awsError, Harness } from '../../../test/support/harness.ts';
import complete from './trail-complete.ts';
import logging from './trail-logging.ts';

const name = 'management-events';
const stopped: Stored = { logs: false, stopped: new Date('2026-11-21T09:00:00Z') };
const stop = () => messageFor(logging.id, trailCall('StopLogging', name));

function start(control = logging, trail = stopped, event: object = trailCall('StopLogging', name)) {
  const world = trailsWorld({ trails: { [name]: trail } });
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'fix' } } }, world });
  harness.put(messageFor(control.id, event));
  return { world, harness };
}

test('killed at every call of a start, and of its undo: it logs, or is stopped', async () => {
  await killEverywhere(
    logging,
    async () => start(),
    (world, end, where) => expect(world.trails.get(name)?.logs, where).toBe(end === 'fixed'),
  );
});

/** A trail that was seen when it logged everything, whose events somebody chose since; a person has said yes. */
async function chosen() {
  const { world, harness } = start(logging, {}, scheduled());
  await harness.settle();
  Object.assign(world.trails.get(name) ?? {}, { event: nearlyNothing });
  harness.put(messageFor(logging.id, selectorsPut(name, nearlyNothing)));
  const waiting = await ended(harness);
  expect(waiting.status).toBe('awaiting-approval');
  harness.put(orderFor(logging.id, 'fix', waiting.id));
  return { world, harness };
}

test('killed at every call that gives a trail its events back, and of the undo: all of them, or those that somebody chose', async () => {
  await killEverywhere(logging, chosen, (world, end, where) =>
    expect(world.trails.get(name)?.event, where).toEqual(end === 'fixed' ? everything : nearlyNothing),
  );
});

test('killed at every call that completes a trail, and of its undo', async () => {
  const bare: Stored = { multi: false, validated: false };
  await killEverywhere(
    complete,
    async () => start(complete, bare, trailWritten('CreateTrail', name, { isMultiRegionTrail: false })),
    (world, end, where) => expect(world.trails.get(name), where).toMatchObject(end === 'fixed' ? { multi: true, validated: true } : bare),
  );
});

test('stopped and robbed of its events at once: it starts at once, and a person gives the events back', async () => {
  const { world, harness } = start(logging, {}, scheduled());
  await harness.settle();
  Object.assign(world.trails.get(name) ?? {}, { event: nearlyNothing, ...stopped });
  harness.put(stop());
  const left = await ended(harness);
  expect(left).toMatchObject({ status: 'open', says: expect.stringContaining('It leaves out management events') });
  expect(harness.writes.map(({ api }) => api)).toEqual(['cloudtrail:StartLogging']);
  expect(world.trails.get(name)?.logs).toBe(true);
  harness.put(messageFor(logging.id, scheduled()));
  const waiting = await ended(harness);
  expect(waiting.status).toBe('awaiting-approval');
  harness.put(orderFor(logging.id, 'fix', waiting.id));
  expect((await ended(harness)).status).toBe('fixed');
  expect(world.trails.get(name)?.event).toEqual(everything);
});

test('throttled, it waits and ends; the same event twice is one finding and one change', async () => {
  const { world, harness } = start();
  let left = 3;
  world.meanwhile = (action) => {
    if (left === 0) return;
    left -= 1;
    throw awsError(action === 'cloudtrail:DescribeTrails' ? 'ThrottlingException' : 'TooManyRequestsException', 'Rate exceeded');
  };
  harness.put(stop());
  const finding = await ended(harness);
  expect([finding.status, finding.severity]).toEqual(['fixed', 'critical']);
  expect(left).toBe(0);
  expect(harness.writes.map(({ api }) => api)).toEqual(['cloudtrail:StartLogging']);
});

test('an undo stops it for 7 days: neither another stop nor a sweep starts it', async () => {
  const { world, harness } = start();
  const fixed = await ended(harness);
  harness.put(orderFor(logging.id, 'undo', fixed.id));
  await harness.settle();
  expect(world.trails.get(name)?.logs).toBe(false);
  for (const event of [trailCall('StopLogging', name), scheduled()]) {
    harness.put(messageFor(logging.id, event));
    await harness.settle();
  }
  const exempt = (await harness.findings()).find(({ status }) => status === 'exempt');
  expect(exempt?.exemption?.until).toBe('2026-11-28T09:00:05.000Z');
  expect(harness.writes.map(({ api }) => api)).toEqual(['cloudtrail:StartLogging', 'cloudtrail:StopLogging']);
});

test('a policy of the organization that denies the start is said as what it is', async () => {
  const { world, harness } = start();
  world.meanwhile = (action) => {
    if (action !== 'cloudtrail:StartLogging') return;
    throw awsError(
      'AccessDeniedException',
      'not authorized to perform: cloudtrail:StartLogging with an explicit deny in a service control policy',
    );
  };
  const finding = await ended(harness);
  expect(finding).toMatchObject({ status: 'open', severity: 'critical' });
  expect(finding.says).toMatch(/A service control policy of the organization denies/);
});

test('a deleted trail that was seen before comes with the calls that bring it back as it was', async () => {
  const { world, harness } = start(logging, {}, scheduled());
  await harness.settle();
  world.trails.delete(name);
  harness.put(messageFor(logging.id, trailCall('DeleteTrail', name)));
  const { advice, severity, status } = await ended(harness);
  expect([status, severity]).toEqual(['open', 'critical']);
  expect(advice[0]?.says).toContain('--s3-bucket-name logs-of-management-events --include-global-service-events');
  expect(advice[0]?.says).toContain('put-event-selectors --trail-name management-events');
  // it is over once another trail covers the Region
  world.trails.set('other', {});
  harness.now = new Date('2026-11-23T09:00:00Z');
  harness.put(messageFor(logging.id, { ...scheduled(), time: '2026-11-23T09:00:00Z' }));
  await harness.settle();
  expect((await harness.findings()).map(({ status: now }) => now)).toEqual(['fixed']);
});

test('of sweeps that found nothing a case keeps the trail as it is, and not that they were', async () => {
  const { harness } = start(logging, {}, scheduled());
  await harness.settle();
  harness.put(messageFor(logging.id, scheduled()));
  await harness.settle();
  const target = { type: 'AWS::CloudTrail::Trail', id: name };
  const state = await harness.ledger.lease(logging.id, target, 'test', harness.now, 1);
  expect(state).toEqual({
    control: logging.id,
    resource: target,
    fixes: [],
    settledFrom: expect.any(String),
    kept: { trail: expect.objectContaining({ S3BucketName: `logs-of-${name}` }), selectors: { event: everything, advanced: null } },
  });
});
