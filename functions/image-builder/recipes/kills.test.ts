import { expect, test } from 'vitest';
import { messageFor, orderFor } from '../../../test/fixtures/events.ts';
import { ended, killEverywhere } from '../../../test/support/documents/kills.ts';
import { awsError, Harness } from '../../../test/support/harness.ts';
import { builderCall, made } from '../../../test/support/image-builder/events.ts';
import { account, pipeline } from '../../../test/support/image-builder/recipes.ts';
import { arnOf, builderWorld } from '../../../test/support/image-builder/world.ts';
import control from './recipe-encrypted.ts';

const arn = arnOf('ImageRecipe', 'web/1.0.0');
const next = arnOf('ImageRecipe', 'web/1.0.1');
const night = arnOf('ImagePipeline', 'night');
const day = arnOf('ImagePipeline', 'day');
const created = made('CreateImageRecipe', 'imageRecipeArn', arn);
const named = builderCall('CreateImagePipeline', { imageRecipeArn: arn }, { imagePipelineArn: night });

/** An account with two pipelines on a recipe, and a person who has said yes to the fix. */
async function start(...more: readonly object[]) {
  const world = builderWorld(account({ pipelines: { night: pipeline(), day: pipeline() } }));
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'approve' } } }, world });
  for (const event of [created, ...more]) harness.put(messageFor(control.id, event));
  const waiting = await ended(harness);
  expect(waiting.status, waiting.says).toBe('awaiting-approval');
  harness.put(orderFor(control.id, 'fix', waiting.id, { plan: waiting.plan }));
  return { world, harness };
}

const versions = (world: ReturnType<typeof builderWorld>) => [...world.all.keys()].filter((one) => one.includes(':image-recipe/'));
const recipesOf = (world: ReturnType<typeof builderWorld>) => [night, day].map((one) => world.all.get(one)?.['imageRecipeArn']);

test('killed at every call of the fix, and of its undo: one new version, and the pipelines where they belong', async () => {
  await killEverywhere(
    control,
    async () => await start(),
    (world, end, where) => {
      expect(versions(world), where).toEqual([arn, next]);
      expect(recipesOf(world), where).toEqual(end === 'fixed' ? [next, next] : [arn, arn]);
      expect(world.all.get(night), where).toMatchObject({ schedule: { timezone: 'Etc/UTC' }, status: 'ENABLED', description: 'nightly' });
    },
    { fixed: 'superseded' },
  );
});

test('two events at once, each of them twice, make one finding, one version and one move of each pipeline', async () => {
  const { world, harness } = await start(named, created, named);
  expect((await ended(harness)).status).toBe('superseded');
  expect(versions(world)).toEqual([arn, next]);
  const sent = ['imagebuilder:CreateImageRecipe', 'imagebuilder:UpdateImagePipeline', 'imagebuilder:UpdateImagePipeline'];
  expect(harness.writes.map(({ api }) => api)).toEqual(sent);
});

test('throttled at every call, it waits and ends', async () => {
  const { world, harness } = await start();
  const seen = new Set<string>();
  world.meanwhile = (action) => {
    if (seen.has(action)) return;
    seen.add(action);
    throw awsError('CallRateLimitExceededException', 'You have exceeded the permitted request rate.', 429);
  };
  expect((await ended(harness)).status).toBe('superseded');
  expect(versions(world)).toEqual([arn, next]);
  expect(seen).toContain('imagebuilder:UpdateImagePipeline');
});

test('an answer that is lost makes no second version', async () => {
  for (const lost of ['imagebuilder:CreateImageRecipe', 'imagebuilder:UpdateImagePipeline']) {
    const { world, harness } = await start();
    const { send } = world;
    let losses = 0;
    world.send = async (command) => {
      const answer = await send(command);
      if (!String(Reflect.get(command, 'schema')).includes(lost.split(':')[1] ?? '') || losses > 1) return answer;
      losses += 1;
      throw awsError('ServiceUnavailableException', 'unavailable', 503);
    };
    expect((await ended(harness)).status, lost).toBe('superseded');
    expect(losses, lost).toBeGreaterThan(0);
    expect(versions(world), lost).toEqual([arn, next]);
    expect(recipesOf(world), lost).toEqual([next, next]);
  }
});

test('a version that somebody else makes meanwhile is left, and a person is asked again for the next one', async () => {
  const { world, harness } = await start();
  const others = { arn: next, name: 'web', version: '1.0.1', parentImage: 'ami-theirs', components: [], tags: {} };
  world.meanwhile = (action) => {
    if (action === 'imagebuilder:CreateImageRecipe' && !world.all.has(next)) world.all.set(next, others);
  };
  const asked = await ended(harness);
  expect([asked.status, asked.says]).toEqual(['awaiting-approval', expect.stringContaining('The plan is not the one that was approved')]);
  harness.put(orderFor(control.id, 'fix', asked.id, { plan: asked.plan }));
  expect((await ended(harness)).status).toBe('superseded');
  expect(versions(world)).toEqual([arn, next, arnOf('ImageRecipe', 'web/1.0.2')]);
  expect(recipesOf(world)).toEqual(Array(2).fill(arnOf('ImageRecipe', 'web/1.0.2')));
});

test('a recipe that was reported before a pipeline named it is fixed by one order', async () => {
  const world = builderWorld(account({ pipelines: {} }));
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'approve' } } }, world });
  harness.put(messageFor(control.id, created));
  expect((await ended(harness)).status).toBe('open');
  world.all.set(night, { arn: night, name: 'night', dateCreated: '2026-11-21T09:00:10Z', tags: {}, ...pipeline() });
  harness.put(messageFor(control.id, named));
  const waiting = await ended(harness);
  expect(waiting.status, waiting.says).toBe('awaiting-approval');
  // an order names the plan that was shown
  expect(waiting.plan).toBeDefined();
  harness.put(orderFor(control.id, 'fix', waiting.id, { plan: waiting.plan }));
  const done = await ended(harness);
  expect(done.status, JSON.stringify([done.says, harness.logs.slice(-6)])).toBe('superseded');
  expect(world.all.get(night)?.['imageRecipeArn']).toBe(next);
});
