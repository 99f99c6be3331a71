import { expect, test } from 'vitest';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { callEvent } from '../../test/fixtures/events.ts';
import { place } from '../../test/support/harness.ts';
import { readerOver } from '../../test/support/reading.ts';
import { launchTemplates } from './kind.ts';

const recordOf = (name: string, more: Parameters<typeof callEvent>[1]) => callEvent(name, more).detail as unknown as CloudTrailRecord;

test('a record names the template that it is about, if any', () => {
  const made = { CreateLaunchTemplateResponse: { launchTemplate: { launchTemplateId: 'lt-1' } } };
  const record = recordOf('CreateLaunchTemplate', { requestParameters: {}, responseElements: made });
  expect(launchTemplates.targets(record, place)).toEqual([{ type: 'AWS::EC2::LaunchTemplate', id: 'lt-1' }]);
  expect(launchTemplates.targets(recordOf('CreateVolume', { requestParameters: null, responseElements: null }), place)).toEqual([]);
});

test('the sweep lists templates by the page, of 200 at most', async () => {
  const { read, sent } = readerOver({
    'ec2:DescribeLaunchTemplates': () => ({ LaunchTemplates: [{ LaunchTemplateId: 'lt-1' }, {}], NextToken: 'more' }),
  });
  expect(await launchTemplates.list(read, place)).toEqual({ items: ['lt-1'], next: 'more' });
  expect(sent).toEqual([['ec2:DescribeLaunchTemplates', { MaxResults: 200 }]]);
});

test('its text is its name, and what its latest and default versions say and give', async () => {
  const { read, sent } = readerOver({
    'ec2:DescribeLaunchTemplateVersions': () => ({
      LaunchTemplateVersions: [
        { VersionNumber: 1, LaunchTemplateData: {} },
        {
          VersionNumber: 3,
          VersionDescription: 'for the shop',
          LaunchTemplateData: {
            TagSpecifications: [
              { ResourceType: 'instance', Tags: [{ Key: 'contact', Value: 'anna' }] },
              { ResourceType: 'volume', Tags: [{ Key: 'team', Value: 'a' }] },
              { ResourceType: 'network-interface' },
            ],
          },
        },
      ],
    }),
  });
  const texts = (item: object) => launchTemplates.tags?.fields?.(item, 'lt-1', read);
  expect(await texts({ LaunchTemplateName: 'web' })).toEqual([
    { name: 'name', value: 'web' },
    { name: 'description of version 1', value: '' },
    { name: 'description of version 3', value: 'for the shop' },
    { name: 'tags that version 3 gives', value: 'contact=anna' },
    { name: 'tags that version 3 gives', value: 'team=a' },
  ]);
  expect((await texts({}))?.[0]).toEqual({ name: 'name', value: '' });
  expect(sent[0]?.[1]).toMatchObject({ LaunchTemplateId: 'lt-1', Versions: ['$Latest', '$Default'] });
});

test('AWS shows when it was made, and by whom', () => {
  const item = { CreateTime: new Date(0), CreatedBy: 'arn:aws:iam::111122223333:user/dana' };
  expect([launchTemplates.tags?.madeAt?.(item), launchTemplates.tags?.madeBy?.(item)]).toEqual([item.CreateTime, item.CreatedBy]);
});
