import { expect, test } from 'vitest';
import { callEvent, messageFor, roleSession, scheduled } from '../../../test/fixtures/events.ts';
import { type Stored, trailsWorld } from '../../../test/support/account/trails.ts';
import { Harness } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './events-arriving.ts';

const ours = roleSession('redress-account-eu-west-1', 'redress-account');
const back = (eventTime = '2026-11-21T08:00:01Z') =>
  callEvent(
    'TagQueue',
    { userIdentity: ours, eventTime, requestParameters: { queueUrl: 'https://sqs.example/redress-account' } },
    'sqs.amazonaws.com',
  );
const world =
  (trails: { readonly [name: string]: Stored }, sentAt?: string, rest: object = {}) =>
  () =>
    trailsWorld({ trails, ...(sentAt && { sentAt }), ...rest });
const sent = '2026-11-21T08:00:00Z';
const elsewhere: Stored = { home: 'us-east-1', logs: false };

testControl(control, {
  valid: [
    { name: 'a trail that covers the Region, before the first call', world: world({ main: {} }), event: scheduled() },
    { name: 'a call whose event came back', world: world({ main: {} }, sent), event: back() },
    { name: 'a call whose event may still come', world: world({ main: {} }, '2026-11-21T08:30:00Z'), event: scheduled() },
    {
      // https://github.com/aws/aws-sdk-go-v2/issues/1957, https://github.com/aws/aws-sdk-java/issues/1309
      name: 'a trail of another Region whose events AWS does not show here (aws-sdk-go-v2#1957)',
      world: world({ main: { home: 'us-east-1', isSecret: true } }),
      event: scheduled(),
    },
    {
      // https://github.com/awslabs/aws-config-rules/issues/401: never compliant, whatever they did
      name: 'an organization whose trail has chosen its events, in a member account (aws-config-rules#401)',
      world: world({ main: { owner: '444455556666', home: 'us-east-1', isOrganization: true, event: [], isSecret: true } }),
      event: scheduled(),
    },
  ],
  invalid: [
    {
      name: 'a call whose event does not come, though a trail logs',
      world: world({ main: {} }, sent),
      event: scheduled(),
      sends: [],
      status: 'open',
      says: 'The event of the call that Redress made at 2026-11-21T08:00:00Z has not come back, though main covers this Region. Redress does not see what happens here.',
      advice: /Look whether somebody disabled the rule `redress-events-arriving`/,
    },
    {
      name: 'an account without any trail',
      world: world({}),
      event: scheduled(),
      sends: [],
      status: 'open',
      says: 'No trail that logs covers this Region.',
      advice: /`aws cloudtrail create-trail --name management-events .*`trail: true`/,
    },
    {
      name: 'one where events arrive all the same',
      world: world({}, sent),
      event: back(),
      sends: [],
      status: 'open',
      says: 'No trail that logs covers this Region. Events arrive all the same.',
    },
    {
      name: 'one where they do not, and the trail of another Region is stopped',
      world: world({ main: elsewhere }, sent),
      event: scheduled(),
      sends: [],
      status: 'open',
      says: /^No trail that logs covers this Region\. main \(home us-east-1\) should\. The event of the call .* has not come back\. Redress does not see what happens here\.$/,
      advice: /`aws cloudtrail start-logging --name ARN --region HOME`/,
    },
    {
      name: 'a stopped trail of this Region that no other control reports',
      world: world({ main: { logs: false } }),
      modes: { 'trail-logging': 'off' },
      event: scheduled(),
      sends: [],
      status: 'open',
      says: 'No trail that logs covers this Region. main should.',
    },
  ],
  skipped: [
    {
      name: 'a stopped trail of this Region, which the control of trails reports',
      world: world({ main: { logs: false } }),
      modes: { 'trail-logging': 'fix' },
      event: scheduled(),
      says: 'No trail that logs covers this Region. trail-logging reports main.',
    },
  ],
});

test('a call whose event came back long ago does not count for the next one; once it comes, all is well', async () => {
  const it = trailsWorld({ trails: { main: {} }, sentAt: sent });
  const harness = new Harness({ controls: [control], world: it });
  const look = async (event: object, now: string) => {
    harness.now = new Date(now);
    harness.put(messageFor(control.id, { ...event, time: now }));
    await harness.settle();
    return harness.announced.splice(0).map(({ status, severity }) => [status, severity]);
  };
  expect(await look(back(), '2026-11-21T08:00:05Z')).toEqual([]);
  expect(await look(scheduled(), '2026-11-21T12:00:00Z')).toEqual([]);
  it.sentAt = '2026-11-22T08:00:00Z';
  expect(await look(scheduled(), '2026-11-22T08:30:00Z')).toEqual([]);
  expect(await look(scheduled(), '2026-11-22T09:00:00Z')).toEqual([['open', 'critical']]);
  expect(await look(scheduled(), '2026-11-22T10:00:00Z')).toEqual([]);
  expect(await look(back('2026-11-22T08:00:01Z'), '2026-11-22T10:20:00Z')).toEqual([['fixed', 'critical']]);
  expect(await look(scheduled(), '2026-11-22T11:00:00Z')).toEqual([]);
});
