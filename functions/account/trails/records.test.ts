import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Json } from '#shared/control/control.ts';
import { parseMessage } from '#shared/finding/message.ts';
import { matches } from '#shared/replay/matcher.ts';
import { MAX_PATTERN, patternOf } from '../../../infra/patterns.ts';
import { callEvent, messageFor, roleSession } from '../../../test/fixtures/events.ts';
import { nearlyNothing, selectorsPut, trailArn, trailCall, trailWritten } from '../../../test/support/account/trails.ts';
import { place } from '../../../test/support/harness.ts';
import arriving from '../events/events-arriving.ts';
import complete from './trail-complete.ts';
import logging from './trail-logging.ts';

const controls = [logging, complete, arriving];
const role = `arn:aws:iam::${place.account}:role/redress-account-eu-west-1`;
const ours = { userIdentity: roleSession('redress-account-eu-west-1', 'redress-account') };
const name = 'management-events';

/** The controls that an event invokes. */
function invokedBy(event: object): string[] {
  return controls.filter((control) => matches(patternOf(control, [role]), event as { [key: string]: Json })).map(({ id }) => id);
}

/** The trails that a control takes a record to be about. */
function named(event: object): string[] {
  const { occasion } = parseMessage(JSON.stringify(messageFor(logging.id, event)));
  if (occasion.is !== 'call') throw new Error('a call was taken for something else');
  return logging.targets(occasion.record, place).map(({ id }) => id);
}

test.each([
  ['a stop', trailCall('StopLogging', name), [logging.id]],
  ['a deletion', trailCall('DeleteTrail', name), [logging.id]],
  ['other events', selectorsPut(name, nearlyNothing), [logging.id]],
  ['an update that leaves nothing out', trailWritten('UpdateTrail', name), [logging.id]],
  ['one that turns validation off', trailWritten('UpdateTrail', name, { logFileValidationEnabled: false }), [logging.id, complete.id]],
  [
    'one whose answer CloudTrail left out',
    callEvent('UpdateTrail', { requestParameters: { name } }, 'cloudtrail.amazonaws.com'),
    [logging.id],
  ],
  ['a complete trail made', trailWritten('CreateTrail', name), []],
  ['a trail of one Region made', trailWritten('CreateTrail', name, { isMultiRegionTrail: false }), [complete.id]],
  ['a start', trailCall('StartLogging', name), []],
  ['a queue that somebody tags', callEvent('TagQueue', {}, 'sqs.amazonaws.com'), []],
])('%s invokes what it should, and nothing where it failed or was our own', (_what, event, expected) => {
  expect(invokedBy(event)).toEqual(expected);
  expect(invokedBy({ ...event, detail: { ...event.detail, errorCode: 'AccessDenied' } })).toEqual([]);
  const own = invokedBy({ ...event, detail: { ...event.detail, ...ours } });
  expect(own).toEqual(event.detail.eventName === 'TagQueue' ? [arriving.id] : []);
});

test('a rule is about calls of Redress or about those of others', () => {
  const both = { id: 'both', triggers: [...logging.triggers, ...arriving.triggers] };
  expect(() => patternOf(both, [role])).toThrow('calls of Redress or of others');
  const many = Array.from({ length: 12 }, (_, n) => `${role}-${n}`);
  for (const control of controls) expect(JSON.stringify(patternOf(control, many)).length).toBeLessThan(MAX_PATTERN);
});

test.each([
  ['by its name', name, [name]],
  ['by its ARN', trailArn(name), [name]],
  ['of another Region', trailArn(name, { home: 'us-east-1' }), []],
  ['of the account of the organization', trailArn(name, { owner: '444455556666' }), []],
  ['that is not there', '', []],
])('a stop of a trail %s', (_how, text, expected) => {
  expect(named(trailCall('StopLogging', text))).toEqual(expected);
});

/** Real records, where the checkout stands beside them. */
const folders = ['records', 'more'].map((folder) => `../shared/cloudtrail/${folder}`).filter((folder) => existsSync(folder));
const recorded = folders
  .flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.startsWith('cloudtrail.'))
      .map((file): [string, { [key: string]: unknown }] => [`${folder}/${file}`, JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))]),
  )
  // what a VPC endpoint saw comes under another detail type
  .filter(([, { eventType = 'AwsApiCall' }]) => eventType === 'AwsApiCall');

describe.runIf(recorded.length > 0)('a recorded call', () => {
  test.each(recorded)('%s invokes what it should, and names one trail', (_file, record) => {
    const event = callEvent(String(record['eventName']), { eventID: 'e-1', ...record }, 'cloudtrail.amazonaws.com');
    const isCall = record['errorCode'] === undefined;
    const ids = invokedBy(event);
    expect(ids.includes(logging.id)).toBe(isCall);
    // what an attack did to a trail was never to complete it
    if (record['eventName'] !== 'UpdateTrail') expect(ids).not.toContain(complete.id);
    const names = named(event);
    const text = JSON.stringify(record['requestParameters'] ?? '');
    expect(names.length).toBeLessThanOrEqual(1);
    for (const one of names) expect(text).toContain(one);
    if (isCall && !text.includes('arn:')) expect(names).toHaveLength(1);
  });
});
