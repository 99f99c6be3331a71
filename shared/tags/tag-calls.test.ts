import { describe, expect, test } from 'vitest';
import { volumes } from '../../functions/volumes/kind.ts';
import { createVolume, messageFor, tagCall } from '../../test/fixtures/events.ts';
import { tagControlsOf } from '../../test/support/controls.ts';
import { ec2World, volume } from '../../test/support/ec2-world.ts';
import { awsError, Harness } from '../../test/support/harness.ts';

const { owner, required, sensitive } = tagControlsOf(volumes);

const ids = Array.from({ length: 25 }, (_, n) => `vol-${n}`);
const controls = [owner, required, sensitive];
const config = {
  controls: { [required.id]: { mode: 'fix', tags: [{ key: 'Team', default: 'a' }] }, [sensitive.id]: { mode: 'fix' } },
} as const;

function batchOf(account: Parameters<typeof ec2World>[0], event: (id: string) => object = (id) => createVolume(id)): Harness {
  const harness = new Harness({ controls, config, world: ec2World(account) });
  for (const id of ids) for (const { id: control } of controls) harness.put(messageFor(control, event(id)));
  return harness;
}

describe('a batch of volumes and three controls', () => {
  test('is read once a round, and written in one call a control', async () => {
    const harness = batchOf({ volumes: ids.map((id) => volume(id)) });
    await harness.invoke();
    expect(harness.writes.map(({ api }) => api)).toEqual(['ec2:CreateTags', 'ec2:CreateTags']);
    expect(harness.reads.map(({ api }) => api)).toEqual(['ec2:DescribeVolumes', 'ec2:DescribeVolumes']);
    expect((await harness.findings()).map(({ status }) => status)).toEqual(ids.flatMap(() => ['fixed', 'fixed']));
  });

  test('is one call even where a tag policy denies it, and each resource has its finding', async () => {
    const denial = awsError('TagPolicyViolation', "The tag policy does not allow the specified value for the following tag key: 'Team'");
    const harness = batchOf({ volumes: ids.map((id) => volume(id)), refuses: { 'ec2:CreateTags': denial } });
    await harness.settle();
    expect(harness.writes).toHaveLength(2);
    const findings = await harness.findings();
    expect(findings.map(({ status }) => status)).toEqual(ids.flatMap(() => ['failed', 'failed']));
    expect(findings[0]?.advice.map(({ says }) => says).join()).toContain('A tag policy of the organization denies it');
    expect(harness.dead).toEqual([]);
  });

  test('takes each sensitive key from its own volume, though the masks of two keys are equal', async () => {
    const mail = (id: string) => `anna.${id}@example.com`;
    const world = ec2World({ volumes: ids.map((id) => volume(id, { Team: 'a', [mail(id)]: 'x' })) });
    const harness = new Harness({ controls: [sensitive], config, world });
    for (const id of ids) harness.put(messageFor(sensitive.id, tagCall('CreateTags', [id])));
    await harness.settle();
    const sent = harness.writes.map(({ input }) => JSON.stringify(input));
    // those behind the rate limit come later
    expect(sent.toSorted()).toEqual(ids.map((id) => JSON.stringify({ Resources: [id], Tags: [{ Key: mail(id) }] })).toSorted());
    expect((await harness.findings()).map(({ status }) => status)).toEqual(ids.map(() => 'fixed'));
    expect(await harness.output()).not.toContain('@example.com');
  });
});
