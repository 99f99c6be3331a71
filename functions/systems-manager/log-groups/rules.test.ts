import { describe, expect, test } from 'vitest';
import { matches } from '#shared/replay/matcher.ts';
import { MAX_PATTERN, patternOf } from '../../../infra/patterns.ts';
import { triggersUnder } from '../../../infra/triggers.ts';
import { aboutGroup, createGroup } from '../../../test/support/log-groups/world.ts';
import logGroupKey from './log-group-key.ts';

const key = 'alias/logs';
const roles = Array.from({ length: 12 }, (_, n) => `arn:aws-us-gov:iam::111122223333:role/redress-auto-scaling-${n}-us-gov-west-1`);
const patternFor = (names: readonly string[], elsewhere: readonly string[] = []) => {
  const accounts = { '444455556666': { controls: { [logGroupKey.id]: { key, names: elsewhere } } } };
  const config = { controls: { [logGroupKey.id]: { key, names } }, accounts };
  return patternOf({ id: logGroupKey.id, triggers: triggersUnder(config, logGroupKey) }, roles);
};
const delivers = (pattern: ReturnType<typeof patternFor>, event: object) => matches(pattern, JSON.parse(JSON.stringify(event)));

describe('a rule filters by what the settings name', () => {
  const pattern = patternFor(['/shop/*', 'audit'], ['/ssm/*']);
  test.each([
    ['a log group whose name begins so', createGroup('/shop/orders'), true],
    ['one of a whole name', createGroup('audit'), true],
    ['one that another account names', createGroup('/ssm/sessions'), true],
    ['one that nobody names', createGroup('/aws/lambda/web'), false],
    ['one whose name goes on', createGroup('audit-old'), false],
    ['one that is made under a key', createGroup('/shop/orders', { kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/k' }), false],
    ['one whose request CloudTrail left out', createGroup('', {}, { requestParameters: { omitted: true } }), true],
    ['a key that is taken from one', aboutGroup('DisassociateKmsKey', { logGroupName: '/aws/lambda/web' }), true],
    ['another call about it', aboutGroup('DeleteLogGroup', { logGroupName: '/shop/orders' }), false],
  ])('%s: %j', (_, event, isDelivered) => {
    expect(delivers(pattern, event)).toBe(isDelivered);
  });

  test('and not by more than a rule holds', () => {
    const many = Array.from({ length: 40 }, (_, n) => `/a/long/name/of/a/log/group/${n}/*`);
    const long = patternFor(many);
    expect(JSON.stringify(long).length).toBeLessThanOrEqual(MAX_PATTERN);
    expect(delivers(long, createGroup('/aws/lambda/web'))).toBe(true);
    expect(delivers(long, createGroup('/aws/lambda/web', { kmsKeyId: 'k' }))).toBe(false);
    expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(MAX_PATTERN);
  });

  test('and has no trigger on all such calls where nobody names any', () => {
    expect(triggersUnder({}, logGroupKey).map(({ eventNames }) => eventNames)).toEqual([['DisassociateKmsKey'], ['AssociateKmsKey']]);
  });
});
