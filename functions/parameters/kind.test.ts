import { describe, expect, test } from 'vitest';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { callEvent } from '../../test/fixtures/events.ts';
import { place } from '../../test/support/harness.ts';
import { readerOver } from '../../test/support/reading.ts';
import { parameters } from './kind.ts';

const targets = (name: string, more: Parameters<typeof callEvent>[1]) =>
  parameters.targets(callEvent(name, more, 'ssm.amazonaws.com').detail as unknown as CloudTrailRecord, place);
const named = (id: string) => [{ type: 'AWS::SSM::Parameter', id }];
const either = (id: string) => [{ type: 'AWS::SSM::Parameter::ARN', id }];
const arn = (name: string) => `arn:aws:ssm:eu-west-1:111122223333:parameter/${name}`;

describe('a record names', () => {
  test('of a write the parameter of the request', () => {
    expect(targets('PutParameter', { requestParameters: { name: '/app/db' } })).toEqual(named('/app/db'));
    expect(targets('PutParameter', { requestParameters: { name: arn('app/db') } })).toEqual(named('/app/db'));
    expect(targets('PutParameter', { requestParameters: { name: arn('db') } })).toEqual(either('db'));
  });
  test('the first resource, where the request is left out', () => {
    const requestParameters = null;
    expect(targets('PutParameter', { requestParameters, resources: [{ ARN: arn('app/db') }, { ARN: arn('other/one') }] })).toEqual(
      named('/app/db'),
    );
    for (const resources of [undefined, null, [], [{}], { ARN: arn('app/db') }, [{ ARN: 'arn:aws:ssm:eu-west-1:111122223333:document/x' }]])
      expect(targets('PutParameter', { requestParameters, resources })).toEqual([]);
  });
  test('of a tag call the parameter, and nothing of another resource', () => {
    const tagged = (resourceType: string) => ({ requestParameters: { resourceType, resourceId: '/app/db', name: 'not-this' } });
    expect(targets('AddTagsToResource', tagged('Parameter'))).toEqual(named('/app/db'));
    expect(targets('RemoveTagsFromResource', tagged('Parameter'))).toEqual(named('/app/db'));
    expect(targets('AddTagsToResource', tagged('Document'))).toEqual([]);
  });
});

test('the sweep lists parameters by the page, without those of AWS and the copies that Redress makes for a moment', async () => {
  const ours = 'arn:aws:sts::111122223333:assumed-role/redress-parameters-eu-west-1/redress-parameters';
  const shown = [
    ...['/app/db', 'plain', '/aws/service/x', '/awsome', 'not/aws/x', '/redress/stage/of-others'].map((Name) => ({ Name })),
    { Name: '/redress/stage/1', LastModifiedUser: ours },
    { Name: '/redress/stage/2', LastModifiedUser: 'arn:aws:iam::111122223333:user/dana' },
    { Name: '/app/set-back', LastModifiedUser: ours },
    {},
  ];
  const { read, sent } = readerOver({ 'ssm:DescribeParameters': () => ({ Parameters: shown, NextToken: 'more' }) });
  const { items, next } = await parameters.list(read, place, 'from');
  expect(items).toEqual(['/app/db', 'plain', '/awsome', 'not/aws/x', '/redress/stage/of-others', '/redress/stage/2', '/app/set-back']);
  expect(next).toBe('more');
  expect(sent).toEqual([['ssm:DescribeParameters', { ParameterFilters: [], MaxResults: 50, NextToken: 'from' }]]);
});

test('its ARN swallows the slash that a hierarchy begins with', () => {
  expect([parameters.arnOf('/app/db', place), parameters.arnOf('app/db', place), parameters.arnOf('db', place)]).toEqual([
    arn('app/db'),
    arn('app/db'),
    arn('db'),
  ]);
});

test('its text is its description and its pattern', async () => {
  const { read } = readerOver({});
  const texts = (item: object) => parameters.tags?.fields?.(item, '/app/db', read);
  expect(await texts({ Description: 'of the shop', AllowedPattern: '^a' })).toEqual([
    { name: 'description', value: 'of the shop' },
    { name: 'allowed pattern', value: '^a' },
  ]);
  expect((await texts({}))?.map(({ value }) => value)).toEqual(['', '']);
});

test('requests name it by any of their members', () => {
  for (const request of [{ Name: '/a' }, { Names: ['/a'] }, { ResourceId: '/a' }, { ResourceArn: '/a' }])
    expect(parameters.idsIn(request)).toEqual(['/a']);
  expect(parameters.idsIn({ Value: '/a' })).toEqual([]);
});
