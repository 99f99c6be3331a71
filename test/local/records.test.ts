import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorAnswer } from '../../local/emulator/aws-error.ts';
import { isObject, type Json } from '../../local/json.ts';
import type { Caller } from '../../local/trail/identity.ts';
import { buildRecord } from '../../local/trail/record.ts';
import { ec2Call } from './calls.ts';
import { xml } from './record-case.ts';
import { cases } from './record-cases.ts';

const dana: Caller = { kind: 'user', name: 'dana' };
const now = new Date('2026-11-22T01:02:03.456Z');

describe('a record of a call', () => {
  test.each(Object.entries(cases))('%s', (_, { call, answer, request, response }) => {
    const record = buildRecord(call, dana, answer, 'r-1', now);
    expect(record).toMatchObject({
      eventName: call.action,
      eventSource: `${call.service}.amazonaws.com`,
      awsRegion: 'us-east-1',
      eventTime: '2026-11-22T01:02:03Z',
      readOnly: false,
    });
    expect(record['requestParameters']).toEqual(request);
    expect(record['responseElements']).toEqual(response);
    expect(record).not.toHaveProperty('errorCode');
  });

  test('that failed has the error, with the side that is to blame, and no response', () => {
    const call = ec2Call('DeleteVolume', { VolumeId: 'vol-1' });
    const record = buildRecord(call, dana, errorAnswer(call, { code: 'VolumeInUse', message: 'It is attached.' }, 'r-1'), 'r-1', now);
    expect(record).toMatchObject({
      errorCode: 'Client.VolumeInUse',
      errorMessage: 'It is attached.',
      requestParameters: { volumeId: 'vol-1' },
      responseElements: null,
    });
  });

  test.each([
    ['GetParameters', { Names: ['/a/b', 'c:live', 'arn:aws:ssm:us-east-1:123456789012:parameter/d/e:3'] }, ['a/b', 'c', 'd/e']],
    ['GetParameter', { Name: '/aws/service/x' }, ['aws/service/x']],
    ['DeleteParameter', { Name: 'c' }, ['c']],
  ])('%s names its parameters by their ARNs', (action, json, names) => {
    const call = { ...ec2Call(action), service: 'ssm', json };
    const ARNs = names.map((name) => ({ accountId: '123456789012', ARN: `arn:aws:ssm:us-east-1:123456789012:parameter/${name}` }));
    expect(buildRecord(call, dana, xml(action, ''), 'r-1', now)['resources']).toEqual(ARNs);
  });

  test('of a function or a session names its role, and of a service the service', () => {
    const role = 'arn:aws:iam::123456789012:role/redress-volumes-us-east-1';
    const own = buildRecord(
      ec2Call('CreateTags'),
      { kind: 'function', name: 'redress-volumes', roleArn: role, since: now },
      xml('CreateTags', ''),
      'r-1',
      now,
    );
    expect(own['userIdentity']).toMatchObject({
      type: 'AssumedRole',
      arn: 'arn:aws:sts::123456789012:assumed-role/redress-volumes-us-east-1/redress-volumes',
      sessionContext: { sessionIssuer: { arn: role, userName: 'redress-volumes-us-east-1' } },
    });
    const assumed = {
      kind: 'role',
      name: 'ci-17',
      roleArn: 'arn:aws:iam::123456789012:role/team/deploy',
      since: now,
      sourceIdentity: 'dana',
    } as const;
    expect(buildRecord(ec2Call('CreateTags'), assumed, xml('CreateTags', ''), 'r-1', now)['userIdentity']).toMatchObject({
      type: 'AssumedRole',
      arn: 'arn:aws:sts::123456789012:assumed-role/deploy/ci-17',
      sessionContext: { sourceIdentity: 'dana', sessionIssuer: { arn: assumed.roleArn, userName: 'deploy' } },
    });
    const service = buildRecord(ec2Call('CreateTags', {}, 'sdk/1 cloudformation.amazonaws.com'), dana, xml('CreateTags', ''), 'r-1', now);
    expect(service).toMatchObject({
      userAgent: 'cloudformation.amazonaws.com',
      sourceIPAddress: 'cloudformation.amazonaws.com',
      userIdentity: { userName: 'dana', invokedBy: 'cloudformation.amazonaws.com' },
    });
  });
});

const recorded = join(import.meta.dirname, '..', '..', '..', 'shared', 'cloudtrail', 'records');

describe.skipIf(!existsSync(recorded))('beside the recorded ones', () => {
  // of 2021, when CloudTrail still had what a command was given; those of 2023 and later hide it
  const older = ['ssm.SendCommand__assumedrole.json'];
  const files = existsSync(recorded) ? readdirSync(recorded).filter((name) => !older.includes(name)) : [];
  test.each(Object.entries(cases))('%s has no value of another type', (_, { call, answer }) => {
    const ours = buildRecord(call, dana, answer, 'r-1', now);
    for (const file of files.filter((name) => name.startsWith(`${call.service}.${call.action}`))) {
      const theirs = JSON.parse(readFileSync(join(recorded, file), 'utf8')) as Json;
      expect(differences(ours, theirs), file).toEqual([]);
    }
  });
});

function differences(ours: Json, theirs: Json, path = ''): string[] {
  if (ours === null || theirs === null) return [];
  if (Array.isArray(ours) && Array.isArray(theirs))
    return ours.length > 0 && theirs.length > 0 ? differences(ours[0] ?? null, theirs[0] ?? null, `${path}[]`) : [];
  if (isObject(ours) && isObject(theirs))
    return Object.keys(ours).flatMap((key) =>
      theirs[key] === undefined ? [] : differences(ours[key] ?? null, theirs[key], `${path}.${key}`),
    );
  return typeof ours === typeof theirs && Array.isArray(ours) === Array.isArray(theirs)
    ? []
    : [`${path}: ${typeof ours}, recorded ${typeof theirs}`];
}
