import { describe, expect, test } from 'vitest';
import { matches } from '#shared/replay/matcher.ts';
import { patternOf } from '../../infra/patterns.ts';
import { callEvent, launchOf, runInstances } from '../../test/fixtures/events.ts';
import imdsV2 from './instance-imds-v2.ts';
import transitEncrypted from './instance-transit-encrypted.ts';
import userDataNoSecrets from './instance-user-data-no-secrets.ts';

/** Whether an event with parts of a record reaches a control. */
function reaches(control: typeof imdsV2, event: object, record: object = {}): boolean {
  const { detail, ...rest } = JSON.parse(JSON.stringify(event));
  return matches(patternOf(control, []), { ...rest, detail: { ...detail, ...record } });
}

/** A launch of two, as rubysoho07/cloudtrail-watcher has it recorded. */
function launched(...options: readonly object[]) {
  const state = { state: 'pending', httpPutResponseHopLimit: 1, httpProtocolIpv4: 'enabled', httpProtocolIpv6: 'disabled' };
  const items = options.map((one, n) => ({ instanceId: `i-${n}`, metadataOptions: { ...state, ...one } }));
  return { responseElements: { reservationId: 'r-1', groupSet: {}, instancesSet: { items } } };
}
const [optional, required] = (['optional', 'required'] as const).map((httpTokens) => ({ httpTokens, httpEndpoint: 'enabled' }));
const hidden = '<sensitiveDataRemoved>';

describe('the rule of instance-imds-v2', () => {
  const change = (fields: object = {}) =>
    callEvent('ModifyInstanceMetadataOptions', {
      requestParameters: { ModifyInstanceMetadataOptionsRequest: { HttpTokens: 'optional', InstanceId: 'i-1' } },
      ...fields,
    });

  test.each([
    ['a launch that lets both answer', runInstances(), launched(optional ?? {})],
    ['one of two', runInstances(), launched(required ?? {}, optional ?? {})],
    ['a launch of a group', launchOf('i-1'), launched(optional ?? {})],
    ['an answer that CloudTrail left out', runInstances(), { responseElements: { omitted: true } }],
    ['a change', change(), {}],
  ])('matches %s', (_name, event, record) => expect(reaches(imdsV2, event, record)).toBe(true));

  test.each([
    ['a launch that demands tokens', runInstances(), launched(required ?? {})],
    ['one whose metadata service is off', runInstances(), launched({ httpTokens: 'optional', httpEndpoint: 'disabled' })],
    ['a launch that failed', runInstances(), { errorCode: 'Client.InstanceLimitExceeded', responseElements: null }],
    ['a dry run', runInstances(), { errorCode: 'Client.DryRunOperation', responseElements: null }],
    // as flatironhealth/aws-remediation-framework has it recorded
    ['a change that AWS refused', change({ errorCode: 'Client.InvalidParameterValue', responseElements: null }), {}],
  ])('leaves out %s', (_name, event, record) => expect(reaches(imdsV2, event, record)).toBe(false));
});

describe('the rule of instance-user-data-no-secrets', () => {
  const change = (more: object) => callEvent('ModifyInstanceAttribute', { requestParameters: { instanceId: 'i-1', ...more } });

  test.each([
    ['a launch with user data', runInstances('i-1'), { requestParameters: { userData: hidden, instanceType: 't3.nano' } }],
    // as stratus-red-team left it
    ['user data that is replaced', change({ userData: hidden }), {}],
    ['user data as the value of an attribute', change({ attribute: 'userData', value: hidden }), {}],
  ])('matches %s', (_name, event, record) => expect(reaches(userDataNoSecrets, event, record)).toBe(true));

  test.each([
    ['a launch without', runInstances('i-1'), {}],
    // as invictus-ir/aws_dataset has it recorded
    ['another attribute', change({ disableApiTermination: { value: false } }), {}],
    ['another attribute by name', change({ attribute: 'disableApiTermination', value: hidden }), {}],
  ])('leaves out %s', (_name, event, record) => expect(reaches(userDataNoSecrets, event, record)).toBe(false));
});

describe('the rule of instance-transit-encrypted', () => {
  const change = (more: object) => callEvent('ModifyInstanceAttribute', { requestParameters: { instanceId: 'i-1', ...more } });

  test.each([
    ['a launch', runInstances('i-1')],
    ['a change of the type', change({ instanceType: { value: 'm5.large' } })],
    ['the type as the value of an attribute', change({ attribute: 'instanceType', value: hidden })],
  ])('matches %s', (_name, event) => expect(reaches(transitEncrypted, event)).toBe(true));

  test.each([
    ['a change of something else', change({ ebsOptimized: { value: true } })],
    ['another attribute', change({ attribute: 'userData', value: hidden })],
  ])('leaves out %s', (_name, event) => expect(reaches(transitEncrypted, event)).toBe(false));
});
