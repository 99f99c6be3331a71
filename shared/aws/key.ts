import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import type { Reader } from '#shared/control/types.ts';
import { classify, errorText } from './errors.ts';

/** Why a key cannot encrypt, or what could not be found out about it. */
export interface KeyUse {
  readonly problem?: string;
  readonly doubt?: string;
}

/** Looks whether a key is there, enabled, and a symmetric one. */
export async function keyUse(keyId: string, read: Reader): Promise<KeyUse> {
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
