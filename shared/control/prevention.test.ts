import { expect, test } from 'vitest';
import { carriesRecord, isNotice } from './detail-types.ts';
import { policiesOf, policyTypes, statementOf } from './prevention.ts';

const deny = { actions: ['ec2:CreateVolume'] };
const more = { breaks: 'Nothing.', references: [] };

test('the types of policy that prevent a mistake, in the order of the organization', () => {
  expect(policiesOf(undefined)).toEqual([]);
  expect(policiesOf({ none: 'No key.' })).toEqual([]);
  expect(policiesOf({ declarative: { a: {} }, scp: [deny], rcp: [deny], ...more })).toEqual(['scp', 'rcp', 'declarative']);
  expect(policiesOf({ rcp: [deny], ...more })).toEqual(['rcp']);
});

test('a denial as a policy writes it', () => {
  expect(statementOf(deny, 'scp')).toEqual({ Effect: 'Deny', Action: deny.actions, Resource: '*' });
  expect(statementOf({ ...deny, resources: ['a'], conditions: { Bool: { k: 'false' } } }, 'rcp')).toEqual({
    Effect: 'Deny',
    Principal: '*',
    Action: deny.actions,
    Resource: 'a',
    Condition: { Bool: { k: 'false' } },
  });
  expect(statementOf({ ...deny, resources: ['a', 'b'], conditions: {} }, 'scp')).toEqual({
    Effect: 'Deny',
    Action: deny.actions,
    Resource: ['a', 'b'],
  });
});

test('what Organizations calls each type, and how long its documents may be', () => {
  expect(policyTypes).toEqual({
    scp: { name: 'service control policy', type: 'SERVICE_CONTROL_POLICY', limit: 5120 },
    rcp: { name: 'resource control policy', type: 'RESOURCE_CONTROL_POLICY', limit: 5120 },
    declarative: { name: 'EC2 declarative policy', type: 'DECLARATIVE_POLICY_EC2', limit: 10_000 },
  });
});

test.each([
  ['AWS API Call via CloudTrail', true, false],
  ['AWS Console Sign In via CloudTrail', true, false],
  ['AWS Console Signin via CloudTrail', true, false],
  ['AWS Service Event via CloudTrail', true, false],
  ['EC2 AMI State Change', false, true],
  ['EBS Snapshot Notification', false, true],
  ['EC2 Image Builder Image State Change', false, true],
  ['Scheduled Event', false, false],
])('%s carries a record: %s; is a notice: %s', (detailType, carries, is) => {
  expect([carriesRecord(detailType), isNotice(detailType)]).toEqual([carries, is]);
});
