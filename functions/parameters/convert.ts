import { type ParameterType, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { Json, Plan } from '#shared/control/control.ts';
import type { Secret } from '#shared/control/secret.ts';
import type { Facts } from './facts.ts';
import { settingsOf } from './stage.ts';

/** The state that a conversion changes. */
export type Before = {
  readonly type: string | null;
  readonly tier: string | null;
  readonly dataType: string | null;
  readonly keyId: string | null;
  readonly isRewritten: boolean;
} & { readonly [key: string]: Json };

/** The state of a parameter, without any word that somebody wrote. */
export function stateOf({ metadata, value, isOurs, unreadable }: Facts): Before {
  const isSecure = value?.type === 'SecureString';
  return {
    type: value?.type ?? null,
    tier: metadata?.Tier ?? null,
    dataType: value?.dataType ?? null,
    keyId: isSecure ? (metadata?.KeyId ?? null) : null,
    // an undo would need a value that Redress has no business to decrypt, or cannot
    isRewritten: isSecure && (isOurs === 'no' || unreadable !== undefined),
  };
}

/**
 * Writes a parameter as a SecureString in place, or puts a newer value back that such a write overwrote.
 * PutParameter has no condition, so a value that somebody writes between the read and the write is overwritten; it stays in the
 * history, and the next round finds that the newest version not by Redress has another value, and writes that one.
 * [U] The API reference says that a type cannot be changed, and Terraform changes it: a refusal changes nothing.
 */
export function conversion(facts: Facts, keyId: string): Plan {
  const { name, value, lost } = facts;
  if (!value || facts.problem || facts.unreadable || facts.isRevived) return { changes: [] };
  if (!facts.isSettled) return { changes: [], again: { afterSeconds: 2, why: 'reads of it disagree' } };
  const KeyId = lost?.keyId ?? keyId;
  const says = lost
    ? `Put the value of version ${lost.version} back, as a SecureString.`
    : `Write ${name} as a SecureString of the same value and settings.`;
  return overwrite(facts, 'SecureString', says, lost?.secret ?? value.secret, KeyId);
}

/** Writes a parameter as plaintext again, with the value it has now. */
export function reversal({ type }: Before, facts: Facts): Plan {
  const { name, value, isOurs, unreadable } = facts;
  if (value?.type !== 'SecureString' || (type !== 'String' && type !== 'StringList')) return { changes: [] };
  // what it holds then is ciphertext, and nobody's value
  if (isOurs === 'no' || unreadable) return { changes: [] };
  return overwrite(facts, type, `Write ${name} as a ${type} again, with the value it has now.`, value.secret);
}

function overwrite({ name, metadata }: Facts, Type: ParameterType, says: string, secret: Secret, KeyId?: string): Plan {
  if (!metadata) return { changes: [] };
  const command = new PutParameterCommand({
    ...settingsOf(metadata, 'kept if not sent'),
    Name: name,
    Value: secret.reference(),
    Type,
    ...(KeyId && { KeyId }),
    Overwrite: true,
  });
  return { changes: [{ command, says }] };
}
