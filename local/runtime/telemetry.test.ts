import { expect, test } from 'vitest';
import { ruleOf } from './telemetry.ts';

const ruleArn = 'arn:aws:events:eu-west-1:111122223333:rule/redress-volumes-sweep-1-day';
const call = { 'detail-type': 'AWS API Call via CloudTrail' };
const schedule = { 'detail-type': 'Scheduled Event', resources: [ruleArn] };
const deployment = { 'detail-type': 'CloudFormation Stack Status Change', resources: ['arn:the-stack'] };
const controls = ['volume-encrypted'];

test.each([
  ['a call', { control: 'volume-encrypted', event: call }, 'redress-volume-encrypted'],
  ['a sweep', { controls, event: schedule }, 'redress-volumes-sweep-1-day'],
  ['a deployment', { controls, event: deployment }, 'redress-volumes-deployed'],
  ['a deployment of the hub, about its members', { controls, isOfMembers: true, event: deployment }, undefined],
  ['a sweep that goes on', { control: 'volume-encrypted', event: schedule, from: '1' }, undefined],
  ['an order', { control: 'volume-encrypted', order: {} }, undefined],
  ['a wake', { wake: true, event: schedule }, undefined],
  ['a text', 'text', undefined],
])('the rule that sent %s is known, if a rule did', (_name, body, rule) => {
  expect(ruleOf(body, 'redress-volumes')).toBe(rule);
});
