import { GetLoginProfileCommand } from '@aws-sdk/client-iam';
import { ifThere } from '#shared/aws/loaders.ts';
import type { Permission, Reader } from '#shared/control/types.ts';

/** What reading a password's date needs. */
export const passwordReads: readonly Permission[] = [{ action: 'iam:GetLoginProfile', resource: 'arn:{partition}:iam::{account}:user/*' }];

/** Since when a user has a password for the console, in ISO 8601; `unknown` where AWS does not say, and null without one. */
export async function passwordSince(name: string, read: Reader): Promise<string | null> {
  const profile = await ifThere(read(new GetLoginProfileCommand({ UserName: name })));
  return profile ? (profile.LoginProfile?.CreateDate?.toISOString() ?? 'unknown') : null;
}
