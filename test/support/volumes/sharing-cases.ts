import { place } from '../harness.ts';
import type { InvalidCase } from '../tester.ts';
import { asks, root, turnedOn, world } from './keys.ts';
import { type Account, volumesWorld } from './world.ts';

/** Images and snapshots that other accounts use. */
export const sharingCases: readonly InvalidCase[] = [
  {
    ...asks,
    name: 'a snapshot shared with another account',
    world: () =>
      volumesWorld({ snapshots: [{ SnapshotId: 'snap-1' }, { SnapshotId: 'snap-2', permissions: [{ UserId: '444455556666' }] }] }),
    says: /the snapshot snap-2 is shared with other accounts, and snapshots under the AWS managed key cannot be shared\.$/,
    advice: /^If later ones are to be shared, set `kmsKey`/,
  },
  {
    ...asks,
    name: 'a public snapshot, under a customer key',
    world: world([root], { snapshots: [{ SnapshotId: 'snap-1', permissions: [{ Group: 'all' }] }] }),
    says: /the snapshot snap-1 is shared with other accounts, and later ones are shared only if the key is shared too\.$/,
    advice: /^Let the accounts that the snapshot snap-1 is shared with use \S+\/0f, before/,
  },
  {
    ...turnedOn,
    name: 'snapshots that are encrypted, shared with the account itself, or gone meanwhile',
    world: () =>
      volumesWorld({
        snapshots: [
          { SnapshotId: 'snap-1', Encrypted: true, permissions: [{ UserId: '444455556666' }] },
          { SnapshotId: 'snap-2', permissions: [{ UserId: place.account }] },
          { SnapshotId: 'snap-3', State: 'error' },
        ],
      }),
  },
  {
    ...turnedOn,
    name: 'as many images and snapshots as can be looked at one by one',
    world: () => volumesWorld(many(100)),
  },
  {
    ...asks,
    name: 'more images and snapshots than can be looked at one by one',
    world: () => volumesWorld(many(101)),
    says: /there are more images and snapshots than can be checked for sharing/,
    advice: /`aws ec2 describe-images --owners self`[\s\S]*`aws ec2 describe-snapshots --owner-ids self`/,
  },
];

function many(length: number): Account {
  return {
    images: Array.from({ length }, (_, n) => ({ ImageId: `ami-${n}` })),
    snapshots: Array.from({ length }, (_, n) => ({ SnapshotId: `snap-${n}` })),
  };
}
