import {
  type CreateVolumePermission,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  type LaunchPermission,
} from '@aws-sdk/client-ec2';
import { classify } from '#shared/aws/errors.ts';
import { firstItems, onePage } from '#shared/aws/pages.ts';
import type { Reader } from '#shared/control/control.ts';
import type { KeyState } from '#shared/launch/ebs-key.ts';

/** The most images, and the most snapshots, whose permissions are asked for, one call each. */
const MOST = 100;

/** What of ours other accounts may use. */
export interface Sharing {
  /** Something that is shared, such as `the image ami-1`: one is enough to wait for a person. */
  readonly shared: string | undefined;
  /** What there is more of than was looked at. */
  readonly unchecked: readonly ('images' | 'snapshots')[];
}

/** Finds the account's own images and unencrypted snapshots that are shared; an encrypted one is under a key that somebody chose. */
export async function sharingOf(account: string, read: Reader): Promise<Sharing> {
  const found = await Promise.all([images(account, read), snapshots(account, read)]);
  return { shared: found.find(({ shared }) => shared)?.shared, unchecked: found.flatMap(({ unchecked }) => unchecked) };
}

/** Why a person decides about encryption, where something is shared or may be. */
export function sharingDoubt({ shared, unchecked }: Sharing, key: KeyState): string | undefined {
  const then = key.isCustomerKey
    ? 'later ones are shared only if the key is shared too'
    : 'snapshots under the AWS managed key cannot be shared';
  if (shared) return `${shared} is shared with other accounts, and ${then}`;
  return unchecked.length === 0 ? undefined : `there are more ${unchecked.join(' and ')} than can be checked for sharing, and ${then}`;
}

/** How what comes later can be shared too. */
export function toShare({ shared }: Sharing, { isCustomerKey, arn }: KeyState): string[] {
  if (!shared) return [];
  return isCustomerKey
    ? [`Let the accounts that ${shared} is shared with use ${arn ?? 'the key'}, before you share later ones.`]
    : ['If later ones are to be shared, set `kmsKey` to a customer key that the other accounts may use.'];
}

/** How a person looks at what there is too much of. */
export function lookAt(what: Sharing['unchecked'][number]): string {
  const [plural, attribute] =
    what === 'images'
      ? ['describe-images --owners self', 'launchPermission']
      : ['describe-snapshots --owner-ids self', 'createVolumePermission'];
  return `If you share ${what}, share the key too, or keep ${what} of unencrypted volumes elsewhere: \`aws ec2 ${plural}\` lists yours, and the attribute \`${attribute}\` of each shows with whom.`;
}

async function images(account: string, read: Reader): Promise<Sharing> {
  const command = (token: { NextToken?: string }) => new DescribeImagesCommand({ Owners: ['self'], MaxResults: MOST, ...token });
  const { items, isComplete } = await firstItems(MOST, (from) => onePage(read, command, ({ Images }) => Images, from));
  const open = items.find(({ Public }) => Public)?.ImageId;
  const shared =
    open ??
    (await firstShared(
      items.flatMap(({ ImageId }) => ImageId ?? []),
      account,
      async (ImageId) => {
        const answer = await read(new DescribeImageAttributeCommand({ ImageId, Attribute: 'launchPermission' }));
        return answer.LaunchPermissions;
      },
    ));
  return { shared: shared && `the image ${shared}`, unchecked: isComplete ? [] : ['images'] };
}

async function snapshots(account: string, read: Reader): Promise<Sharing> {
  const Filters = [{ Name: 'encrypted', Values: ['false'] }];
  const command = (token: { NextToken?: string }) =>
    new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters, MaxResults: MOST, ...token });
  const { items, isComplete } = await firstItems(MOST, (from) => onePage(read, command, ({ Snapshots }) => Snapshots, from));
  const shared = await firstShared(
    items.flatMap(({ SnapshotId }) => SnapshotId ?? []),
    account,
    async (SnapshotId) => {
      const answer = await read(new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }));
      return answer.CreateVolumePermissions;
    },
  );
  return { shared: shared && `the snapshot ${shared}`, unchecked: isComplete ? [] : ['snapshots'] };
}

async function firstShared(
  ids: readonly string[],
  account: string,
  permissionsOf: (id: string) => Promise<readonly (LaunchPermission & CreateVolumePermission)[] | undefined>,
): Promise<string | undefined> {
  for (const id of ids) {
    const permissions = (await permissionsOf(id).catch(unlessGone)) ?? [];
    // it may be shared with its own account by name, which shares nothing
    const isOther = permissions.some(({ UserId }) => UserId && UserId !== account);
    if (isOther || permissions.some((one) => one.Group || one.OrganizationArn || one.OrganizationalUnitArn)) return id;
  }
  return undefined;
}

function unlessGone(error: unknown): undefined {
  if (classify(error) !== 'missing') throw error;
}
