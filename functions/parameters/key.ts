import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { classify, errorText } from '#shared/aws/errors.ts';
import type { Reader } from '#shared/control/control.ts';

/** The key that every principal of the account may use through Parameter Store, without a grant: the one that breaks least. */
export const MANAGED_KEY = 'alias/aws/ssm';

/** Why a key cannot encrypt a parameter, or what could not be found out about it. */
export interface KeyState {
  readonly problem?: string;
  readonly doubt?: string;
}

/** Looks at the configured key; the AWS managed one comes into being at its first use, and needs no look. */
export async function keyState(keyId: string | undefined, read: Reader): Promise<KeyState> {
  if (keyId === undefined || keyId.endsWith(MANAGED_KEY)) return {};
  try {
    const { KeyMetadata: key } = await read(new DescribeKeyCommand({ KeyId: keyId }));
    if (key?.KeyState !== 'Enabled') return { problem: `the key ${keyId} is ${key?.KeyState ?? 'in an unknown state'}` };
    const isSymmetric = key.KeyUsage === 'ENCRYPT_DECRYPT' && (key.KeySpec ?? 'SYMMETRIC_DEFAULT') === 'SYMMETRIC_DEFAULT';
    return isSymmetric ? {} : { problem: `the key ${keyId} is not a symmetric encryption key` };
  } catch (error) {
    const what = classify(error);
    if (what === 'missing') return { problem: `the key ${keyId} does not exist` };
    if (what === 'denied') return { doubt: `Redress may not look at the key ${keyId}: ${errorText(error)}` };
    throw error;
  }
}
