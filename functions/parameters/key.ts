import { type KeyUse, keyUse } from '#shared/aws/key.ts';
import type { Reader } from '#shared/control/control.ts';

/** The key that every principal of the account may use through Parameter Store, without a grant: the one that breaks least. */
export const MANAGED_KEY = 'alias/aws/ssm';

/** Looks at the configured key; the AWS managed one comes into being at its first use, and needs no look. */
export async function keyState(keyId: string | undefined, read: Reader): Promise<KeyUse> {
  return keyId === undefined || keyId.endsWith(MANAGED_KEY) ? {} : await keyUse(keyId, read);
}
