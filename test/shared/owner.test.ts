import { expect, test } from 'vitest';
import { fixing, ofVolume, start, volume } from './setting.ts';

const tagged = () =>
  volume('vol-1', {
    Tags: [
      { Key: 'team', Value: 'shop' },
      { Key: 'note', Value: 'not for alerts' },
    ],
  });

test('a finding names the owner by the tag that the config names, and carries no other tag', async () => {
  const { harness } = start({ volumes: [tagged()] }, { ...fixing, alerts: { ownerTag: 'team' } });
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  expect(harness.announced.length).toBeGreaterThan(0);
  for (const finding of harness.announced) expect(finding.owner).toBe('shop');
  expect(JSON.stringify(harness.announced)).not.toContain('not for alerts');
});

test.each([undefined, 'owner'])('without such a tag in the config or on the resource (%s) there is no owner', async (ownerTag) => {
  const { harness } = start({ volumes: [tagged()] }, { ...fixing, alerts: { ownerTag } });
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  expect(harness.announced.length).toBeGreaterThan(0);
  for (const finding of harness.announced) expect(finding).not.toHaveProperty('owner');
});
