import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { Reader } from '#shared/control/types.ts';
import { classify, errorText } from './errors.ts';

/** Why a key cannot encrypt, or what could not be found out about it. */
export interface KeyUse {
  readonly problem?: string;
  readonly doubt?: string;
  /** What settles the doubt. */
  readonly advice?: string;
}

/** Looks whether a key is there, enabled, and a symmetric one. */
export async function keyUse(keyId: string, read: Reader): Promise<KeyUse> {
  // most events need no key, so what asks KMS is loaded by those that do
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms');
  try {
    const { KeyMetadata: key } = await read(new DescribeKeyCommand({ KeyId: keyId }));
    const problem = whyUnfit(keyId, key)?.problem;
    return problem ? { problem } : {};
  } catch (error) {
    const what = classify(error);
    if (what === 'missing') return { problem: `the key ${keyId} does not exist` };
    if (what === 'denied') return unseenKey(keyId, error);
    throw error;
  }
}

/** Why a key cannot encrypt by what AWS shows of it, and what to do about that; undefined if it can. */
export function whyUnfit(keyId: string, key: KeyMetadata | undefined): { readonly problem: string; readonly advice: string } | undefined {
  if (key?.KeyState !== 'Enabled') {
    const problem = `the key ${keyId} is ${key?.KeyState ?? 'in an unknown state'}`;
    return { problem, advice: `Enable the key ${keyId}, or set another one as the default.` };
  }
  // what AWS makes of a key if nothing else is said
  const { KeyUsage = 'ENCRYPT_DECRYPT', KeySpec = 'SYMMETRIC_DEFAULT' } = key;
  if (KeyUsage === 'ENCRYPT_DECRYPT' && KeySpec === 'SYMMETRIC_DEFAULT') return undefined;
  return {
    problem: `the key ${keyId} is not a symmetric encryption key`,
    advice: 'EBS takes symmetric encryption keys only: set another key.',
  };
}

/** That AWS denied a look at a key, and how that is settled. */
export function unseenKey(keyId: string, error: unknown): { readonly doubt: string; readonly advice: string } {
  return {
    doubt: `Redress may not look at the key ${keyId}: ${errorText(error)}`,
    advice: `Allow Redress's role \`kms:DescribeKey\` in the policy of ${keyId}, or look yourself.`,
  };
}
