import { join } from 'node:path';
import { GetTrailCommand, ListTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { expect, test } from 'vitest';
import { oneByOne } from '#shared/aws/loaders.ts';
import { partOf } from '#shared/aws/pages.ts';
import { kindOf } from '#shared/control/kind.ts';
import { probe } from '../../scripts/scaffold/probe.ts';
import { sdkClients } from '../../scripts/sdk.ts';

const root = join(import.meta.dirname, '..', '..');

/** Trails by a member of what the list shows of each: an ARN, a name and a Region. */
const trailsBy = (member: 'Name' | 'TrailARN') =>
  kindOf({
    noun: 'trail',
    plural: 'trails',
    type: 'AWS::CloudTrail::Trail',
    eventSource: 'cloudtrail.amazonaws.com',
    arn: '{id}',
    console: '/cloudtrailv2/home?region={region}',
    securityHub: 'Other',
    created: { CreateTrail: 'responseElements.trailARN' },
    unwatched: {},
    members: ['name'],
    reads: [{ action: 'cloudtrail:ListTrails' }, { action: 'cloudtrail:GetTrail' }],
    items: oneByOne(
      'trails by id',
      (id) => new GetTrailCommand({ Name: id }),
      ({ Trail }) => Trail,
    ),
    list: async (read) => partOf({ items: (await read(new ListTrailsCommand({}))).Trails ?? [] }, (one) => one[member] ?? []),
  });

test.each(['Name', 'TrailARN'] as const)('the world of a new test lists ids as %s where its kind does', async (member) => {
  const found = await probe(root, trailsBy(member), 'trail-1', await sdkClients(root));
  expect(found?.reads.find(({ operation }) => operation.name === 'ListTrails')?.id).toEqual(['Trails', 0, member]);
});
