import { expect, test } from 'vitest';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { place } from '../../../test/support/harness.ts';
import { aboutGroup, createGroup, groupArn } from '../../../test/support/log-groups/world.ts';
import { readerOver } from '../../../test/support/reading.ts';
import { logGroups } from './kind.ts';

const name = '/shop/orders';
const targetsOf = ({ detail }: ReturnType<typeof createGroup>) =>
  logGroups.targets(detail as unknown as CloudTrailRecord, place).map(({ id }) => id);

test('a record names its log group by name or by ARN, and nothing that is none of the account and Region', () => {
  // https://github.com/invictus-ir/aws_dataset
  expect(targetsOf(createGroup('/stratus-red-team/vpc-flow-logs', { tags: { StratusRedTeam: 'true' } }))).toEqual([
    '/stratus-red-team/vpc-flow-logs',
  ]);
  for (const resourceIdentifier of [name, groupArn(name), `${groupArn(name)}:*`])
    expect(targetsOf(aboutGroup('DisassociateKmsKey', { resourceIdentifier }))).toEqual([name]);
  expect(targetsOf(aboutGroup('AssociateKmsKey', { logGroupName: name, kmsKeyId: 'k' }))).toEqual([name]);
  expect(targetsOf(aboutGroup('UntagResource', { resourceArn: groupArn(name), tagKeys: ['a'] }))).toEqual([name]);
  expect(targetsOf(aboutGroup('UntagLogGroup', { logGroupName: name, tags: ['a'] }))).toEqual([name]);
  const others = [
    'arn:aws:logs:eu-west-1:111122223333:query-result:*',
    'arn:aws:logs:eu-west-1:111122223333:destination:partner',
    'arn:aws:logs:eu-west-1:444455556666:log-group:/shop/orders',
    'arn:aws:logs:us-east-1:111122223333:log-group:/shop/orders',
    groupArn(''),
    '',
    7,
    null,
  ];
  for (const resourceIdentifier of others) expect(targetsOf(aboutGroup('DisassociateKmsKey', { resourceIdentifier }))).toEqual([]);
  expect(targetsOf(aboutGroup('CreateLogGroup', {}, { requestParameters: null }))).toEqual([]);
});

test('who makes or tags a log group made what is judged, and who only changes its key did not', () => {
  const isByMaker = (eventName: string) => logGroups.isByMaker?.(aboutGroup(eventName, {}).detail as unknown as CloudTrailRecord);
  expect(['CreateLogGroup', 'TagResource', 'AssociateKmsKey', 'DisassociateKmsKey'].map(isByMaker)).toEqual([true, true, false, false]);
});

test('it is found by its whole name on whatever page, and its tags by the ARN without a star', async () => {
  const shown = (logGroupName: string) => ({ logGroupName, arn: `${groupArn(logGroupName)}:*`, creationTime: 1795251540000 });
  const pages: { readonly [token: string]: object } = {
    first: { logGroups: [shown('/shop/orders-old')], nextToken: 'second' },
    second: { logGroups: [shown(name), {}] },
  };
  const { read, sent } = readerOver({
    'logs:DescribeLogGroups': ({ nextToken = 'first' }: { nextToken?: string }) => pages[nextToken] ?? {},
    'logs:ListTagsForResource': () => ({ tags: { Team: 'shop', empty: '' } }),
  });
  const live = await logGroups.live([name, '/shop'], read);
  const tags = [
    { Key: 'Team', Value: 'shop' },
    { Key: 'empty', Value: '' },
  ];
  expect([...live].map(([id, one]) => [id, one.tags])).toEqual([[name, tags]]);
  const prefixes = ['/shop', '/shop', name, name];
  expect(
    sent
      .map(([, input]) => Reflect.get(input, 'logGroupNamePrefix'))
      .filter(Boolean)
      .toSorted(),
  ).toEqual(prefixes);
  expect(sent.filter(([action]) => action === 'logs:ListTagsForResource')).toEqual([
    ['logs:ListTagsForResource', { resourceArn: groupArn(name) }],
  ]);
  expect(logGroups.tags?.madeAt?.(shown(name))?.toISOString()).toBe('2026-11-21T08:59:00.000Z');
  expect(logGroups.tags?.madeAt?.({})).toBeUndefined();
  const next = readerOver({ 'logs:DescribeLogGroups': () => pages['first'] ?? {} });
  expect(await logGroups.list(next.read, place, 'from')).toEqual({ items: ['/shop/orders-old'], next: 'second' });
  expect(next.sent).toEqual([['logs:DescribeLogGroups', { limit: 50, nextToken: 'from' }]]);
});
