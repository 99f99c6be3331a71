import { describe, expect, test } from 'vitest';
import { callKind, defineCall } from '#shared/control/call.ts';
import { callEvent, dana, messageFor, scheduled } from '../fixtures/events.ts';
import { Harness, place } from '../support/harness.ts';

const kind = callKind({
  noun: 'root-use',
  plural: 'Calls of root',
  eventSource: 'iam.amazonaws.com',
  eventNames: ['CreateAccessKey'],
});

const control = defineCall(kind, {
  id: 'root-not-used',
  title: 'Nobody uses root',
  why: 'Root may do anything, and nothing can limit it.',
  severity: 'high',
  prevention: { none: 'A policy of the organization does not bind its management account.' },
  references: [],
  factsOf: ({ eventName, errorCode }) => (errorCode ? undefined : { call: eventName }),
  judge: ({ call }) => ({ is: 'violation', says: `Somebody called ${call}.`, advice: ['Ask who it was.'] }),
});

const call = (fields: object = {}) => callEvent('CreateAccessKey', { ...fields }, 'iam.amazonaws.com');
const erin = { ...dana, arn: dana.arn.replace('dana', 'erin'), userName: 'erin' };

function start() {
  return new Harness({ controls: [control], world: { send: () => Promise.reject(new Error('a control of calls reads nothing')) } });
}

describe('a finding about calls', () => {
  test('is one for a caller and a day, with a count, and has the ARN of the caller', async () => {
    const harness = start();
    for (const fields of [{}, {}, { userIdentity: erin }, { eventTime: '2026-11-22T01:00:00Z' }, { errorCode: 'AccessDenied' }])
      harness.put(messageFor(control.id, call(fields)));
    await harness.settle(1);
    const found = await harness.findings();
    expect(found.map(({ resource, count, status }) => [resource.id, resource.arn, count, status]).sort()).toEqual([
      [`${dana.arn} on 2026-11-21`, dana.arn, 2, 'open'],
      [`${dana.arn} on 2026-11-22`, dana.arn, 1, 'open'],
      [`${erin.arn} on 2026-11-21`, erin.arn, 1, 'open'],
    ]);
    expect(found[0]).toMatchObject({ found: 'Somebody called CreateAccessKey.', changes: [], canUndo: false });
    expect(harness.reads).toEqual([]);
  });

  test('is told once, and once more when it is closed a day later; then the next call opens another', async () => {
    const harness = start();
    harness.put(messageFor(control.id, call()));
    await harness.settle(23);
    harness.put(messageFor(control.id, call()));
    await harness.settle(0.5);
    expect(harness.announced.map(({ status }) => status)).toEqual(['open']);
    await harness.settle(3);
    expect(harness.announced.map(({ status, count }) => [status, count])).toEqual([
      ['open', 1],
      ['closed', 2],
    ]);
    expect(harness.announced.at(-1)).toMatchObject({ reason: { code: 'day-over' } });
    expect(harness.isIdle).toBe(true);
    harness.put(messageFor(control.id, call()));
    await harness.settle(1);
    expect(harness.announced.map(({ status }) => status)).toEqual(['open', 'closed', 'open']);
  });

  test('is found by no sweep, and stands for the account where its caller has no ARN', async () => {
    const harness = start();
    harness.put(messageFor(control.id, scheduled()));
    await harness.settle(1);
    expect(await harness.findings()).toEqual([]);
    const anonymous = call({ userIdentity: { type: 'AWSAccount' } });
    harness.put(messageFor(control.id, anonymous));
    await harness.settle(1);
    expect((await harness.findings())[0]?.resource).toMatchObject({
      id: 'unknown on 2026-11-21',
      arn: `arn:aws:iam::${place.account}:root`,
    });
  });
});
