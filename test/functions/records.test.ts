import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { actorOf } from '#shared/control/actor.ts';
import { API_CALL, recordTypes } from '#shared/control/detail-types.ts';
import { makerOf } from '#shared/control/maker.ts';
import { recordSchema, stringAt } from '#shared/control/record.ts';
import { parseMessage } from '#shared/finding/message.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import {
  attachVolume,
  callEvent,
  consoleLogin,
  createVolume,
  creationOf,
  ebsSetting,
  messageFor,
  roleSession,
  runInstances,
  serviceEvent,
} from '../fixtures/events.ts';
import { place } from '../support/harness.ts';

const all = controlsOf(await discoverFunctions());

/** Real records, where the checkout stands beside them; the project's own fixtures are always there. */
const folders = ['records', 'relatives', 'more'].map((name) => `../shared/cloudtrail/${name}`).filter((folder) => existsSync(folder));
// whoever published a record may have taken these out
const published = { eventID: 'e', eventTime: '2026-11-21T09:00:00Z' };
const recorded = folders.flatMap((folder) =>
  readdirSync(folder).map((file): [string, unknown] => [file, { ...published, ...JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) }]),
);
const own: [string, unknown][] = [
  createVolume('vol-1'),
  runInstances('i-1', 'i-2'),
  attachVolume('vol-1', 'i-1'),
  ebsSetting('ResetEbsDefaultKmsKeyId'),
  callEvent('RunInstances'),
  consoleLogin(),
  serviceEvent('SharedSnapshotVolumeCreated', { snapshotId: 'snap-1' }),
].map((event) => [`own ${event.detail.eventName}`, event.detail]);
const odd: [string, unknown][] = [
  ['no identity', { ...createVolume('vol-1').detail, userIdentity: undefined }],
  ['a null identity', { ...createVolume('vol-1').detail, userIdentity: null }],
  ['parameters as text', { ...createVolume('vol-1').detail, requestParameters: 'omitted', responseElements: '' }],
  ['a collapsed list', callEvent('RunInstances', { responseElements: { instancesSet: { items: { instanceId: 'i-1' } } } }).detail],
];

/** The members that are needed as they are. */
const needed = ['eventID', 'eventName', 'eventSource', 'eventTime', 'eventType'];
const nulls: [string, unknown][] = [createVolume('vol-1'), runInstances('i-1'), consoleLogin()].flatMap(({ detail }) => {
  const identity = detail.userIdentity;
  const without = (object: object, name: string) => ({ ...object, [name]: null });
  return [
    ...Object.keys(detail)
      .concat(['errorCode'])
      .filter((name) => !needed.includes(name))
      .map((name): [string, unknown] => [`${detail.eventName} whose ${name} is null`, without(detail, name)]),
    ...['type', 'arn', 'accountId', 'userName', 'principalId', 'invokedBy', 'sessionContext', 'onBehalfOf'].map(
      (name): [string, unknown] => [
        `${detail.eventName} whose userIdentity.${name} is null`,
        { ...detail, userIdentity: without(identity, name) },
      ],
    ),
    [
      `${detail.eventName} whose session has no issuer`,
      { ...detail, userIdentity: { ...identity, type: 'AssumedRole', sessionContext: { sessionIssuer: null, attributes: null } } },
    ],
  ];
});

/** A record once for each of its members, however deep, with null in the place of that. */
function* withNulls(value: unknown, path = ''): Generator<[string, unknown]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const put = (one: unknown) => (Array.isArray(value) ? value.with(Number(name), one) : { ...value, [name]: one });
    if (path !== '' || !needed.includes(name)) yield [`${path}${name}`, put(null)];
    for (const [where, one] of withNulls(inner, `${path}${name}.`)) yield [where, put(one)];
  }
}

/** The detail type under which EventBridge delivers a record; records that are older than `eventType` are of calls. */
function typeOf(record: unknown): string {
  const found = Object.entries(recordTypes).find(([, { eventType }]) => eventType === stringAt(record, 'eventType'));
  return found?.[0] ?? API_CALL;
}

test('an event that names no resources, by null too, is read', () => {
  const event = { ...createVolume('vol-1'), resources: null };
  expect(parseMessage(JSON.stringify(messageFor('volume-encrypted', event))).occasion.is).toBe('call');
});

const session = {
  ...roleSession('deploy', 'ci', { invokedBy: 'ec2fleet.amazonaws.com', onBehalfOf: { userId: 'u' } }),
  userName: 'dana',
};
test.each([
  ...[createVolume('vol-1'), runInstances('i-1'), attachVolume('vol-1', 'i-1')],
  ...[createVolume('vol-1', { userIdentity: session, sessionCredentialFromConsole: 'true' }), consoleLogin()],
  ...all.map(({ kind }) => creationOf(kind, 'x-1')),
])('a null anywhere in a record costs no more than what it would have said: $detail.eventName', ({ detail }) => {
  for (const [where, record] of withNulls(detail)) {
    const parsed = v.safeParse(recordSchema, record);
    expect(parsed.issues, where).toBeUndefined();
    if (!parsed.success) continue;
    expect(actorOf(parsed.output).name, where).toMatch(/./);
    expect(makerOf(parsed.output).name, where).toEqual(expect.any(String));
    for (const control of all) for (const { id } of control.targets(parsed.output, place)) expect(id, where).toMatch(/./);
  }
});

describe('every record goes through parsing, routing and targets', () => {
  test.each([...own, ...odd, ...nulls, ...recorded])('%s', (_name, record) => {
    for (const control of all) {
      const event = { ...createVolume('vol-1'), 'detail-type': typeOf(record), detail: record };
      const { occasion, message } = parseMessage(JSON.stringify(messageFor(control.id, event)));
      expect(message.control).toBe(control.id);
      if (occasion.is !== 'call') throw new Error('a call was taken for something else');
      for (const target of control.targets(occasion.record, place)) expect(target.id).toMatch(/./);
      expect(actorOf(occasion.record).name).toMatch(/./);
    }
  });
});
