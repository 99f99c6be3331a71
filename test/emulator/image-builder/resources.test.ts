import { expect, test } from 'vitest';
import { arn, distributions, filled, nightly, refusal } from './world.ts';

test('an update keeps nothing that it does not send, but the name, the tags and the day of creation', async () => {
  const { client, pipeline } = await filled();
  await client.tagResource({ resourceArn: nightly.imagePipelineArn, tags: { team: 'shop' } });
  await client.updateImagePipeline({ ...nightly, ...pipeline, description: 'first', schedule: { scheduleExpression: 'rate(1 day)' } });
  expect((await client.getImagePipeline(nightly)).imagePipeline).toMatchObject({
    description: 'first',
    schedule: { scheduleExpression: 'rate(1 day)', timezone: 'UTC' },
  });
  const { distributionConfigurationArn: _, ...others } = pipeline;
  await client.updateImagePipeline({ ...nightly, ...others });
  const left = (await client.getImagePipeline(nightly)).imagePipeline;
  expect(left).toMatchObject({ name: 'nightly', tags: { team: 'shop' }, dateCreated: expect.any(String), dateUpdated: expect.any(String) });
  for (const member of ['description', 'schedule', 'distributionConfigurationArn']) expect(left).not.toHaveProperty(member);
});

test('tags and policies are of what they were put on', async () => {
  const { client, pipeline } = await filled();
  const resourceArn = pipeline.imageRecipeArn;
  await client.tagResource({ resourceArn, tags: { team: 'shop', Stage: 'live', a: 'b' } });
  await client.untagResource({ resourceArn, tagKeys: ['a', 'team'] });
  expect((await client.listTagsForResource({ resourceArn })).tags).toEqual({ Stage: 'live' });
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: ['imagebuilder:GetImageRecipe'], Resource: resourceArn }],
  });
  await client.putImageRecipePolicy({ imageRecipeArn: resourceArn, policy });
  expect(await client.getImageRecipePolicy({ imageRecipeArn: resourceArn })).toMatchObject({ policy });
});

test('what is deleted is gone from reads and lists', async () => {
  const { client, pipeline } = await filled();
  expect(await client.deleteImagePipeline(nightly)).toMatchObject(nightly);
  await client.deleteImageRecipe(pipeline);
  await client.deleteComponent({ componentBuildVersionArn: arn('component/agent/1.0.0/1') });
  await client.deleteInfrastructureConfiguration(pipeline);
  await client.deleteDistributionConfiguration(pipeline);
  expect(await refusal(client.getImagePipeline(nightly))).toContain('404 ResourceNotFoundException');
  const lists = await Promise.all([
    client.listImagePipelines({}),
    client.listImageRecipes({}),
    client.listComponents({}),
    client.listInfrastructureConfigurations({}),
    client.listDistributionConfigurations({}),
  ]);
  expect(lists.map(({ $metadata: _, requestId: __, ...list }) => Object.values(list))).toEqual(lists.map(() => [[]]));
});

test('a list lags behind a read, as long as it is told to', async () => {
  let now = Date.parse('2026-11-29T00:00:00Z');
  const { client, pipeline } = await filled({ listLag: 120_000, now: () => now });
  const names = async () => (await client.listDistributionConfigurations({})).distributionConfigurationSummaryList?.map((one) => one.name);
  expect(await names()).toEqual([]);
  expect((await client.getDistributionConfiguration(pipeline)).distributionConfiguration?.name).toBe('world');
  now += 120_000;
  expect(await names()).toEqual(['world']);
});

test('a list has pages, filters and owners, and each Region its own', async () => {
  const { client } = await filled();
  for (const name of ['one', 'two', 'three']) await client.createDistributionConfiguration({ name, distributions });
  const first = await client.listDistributionConfigurations({ maxResults: 3 });
  const second = await client.listDistributionConfigurations({ maxResults: 3, nextToken: first.nextToken });
  const names = [first, second].map((page) => page.distributionConfigurationSummaryList?.map((one) => one.name));
  expect(names).toEqual([['world', 'one', 'two'], ['three']]);
  expect(second.nextToken).toBeUndefined();
  const { distributionConfigurationSummaryList: found } = await client.listDistributionConfigurations({
    filters: [{ name: 'name', values: ['two', 'none'] }],
  });
  expect(found).toEqual([expect.objectContaining({ name: 'two', regions: ['us-east-1'], tags: {} })]);
  expect(
    (await client.listImages({ owner: 'Amazon', filters: [{ name: 'platform', values: ['Windows'] }] })).imageVersionList,
  ).toHaveLength(1);
  expect((await client.listComponents({ owner: 'Shared' })).componentVersionList).toEqual([]);
});
