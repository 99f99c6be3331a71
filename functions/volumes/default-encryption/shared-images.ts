import { DescribeImageAttributeCommand, DescribeImagesCommand } from '@aws-sdk/client-ec2';
import type { Reader } from '#shared/control/control.ts';

/** The most images whose launch permissions are asked for, one call each. */
const MOST = 100;

/** Images of ours that other accounts may launch: their ids, and whether every image was looked at. */
export interface SharedImages {
  readonly ids: readonly string[];
  readonly isComplete: boolean;
}

/** Finds the account's own images that are shared; stops at the first that is, since one is enough to wait for a person. */
export async function sharedImages(account: string, read: Reader): Promise<SharedImages> {
  const ids: string[] = [];
  let token: string | undefined;
  do {
    const page = await read(new DescribeImagesCommand({ Owners: ['self'], MaxResults: MOST, ...(token && { NextToken: token }) }));
    const shared = page.Images?.find(({ Public }) => Public)?.ImageId;
    if (shared) return { ids: [shared], isComplete: false };
    ids.push(...(page.Images ?? []).flatMap(({ ImageId }) => ImageId ?? []));
    token = page.NextToken;
  } while (token && ids.length < MOST);
  for (const id of ids.slice(0, MOST)) {
    const { LaunchPermissions } = await read(new DescribeImageAttributeCommand({ ImageId: id, Attribute: 'launchPermission' }));
    // an image may be shared with its own account by name, which shares nothing
    if (
      LaunchPermissions?.some(
        (one) => one.Group || one.OrganizationArn || one.OrganizationalUnitArn || (one.UserId && one.UserId !== account),
      )
    ) {
      return { ids: [id], isComplete: false };
    }
  }
  return { ids: [], isComplete: ids.length <= MOST && !token };
}
