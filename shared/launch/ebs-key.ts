import { DescribeKeyCommand, GetKeyPolicyCommand, type GrantListEntry, ListGrantsCommand } from '@aws-sdk/client-kms';
import { classify, errorText } from '#shared/aws/errors.ts';
import { unseenKey, whyUnfit } from '#shared/aws/key.ts';
import { pagesBy } from '#shared/aws/pages.ts';
import type { Place, Reader } from '#shared/control/control.ts';
import { type Judged, judgementOf } from './key-judgement.ts';
import { accessOf } from './key-policy.ts';
import type { Launcher } from './launchers.ts';

/** Whether a key can encrypt new volumes, and what stands in the way. */
export interface KeyState {
  readonly arn: string | undefined;
  readonly isCustomerKey: boolean;
  /** Why launches would fail under this key; undefined if nothing says so. */
  readonly problem: string | undefined;
  /** What could not be found out, so that a person has to look. */
  readonly doubt: string | undefined;
  /** What a person does about the problem, or to settle the doubt. */
  readonly advice: readonly string[];
}

/** The AWS managed key's alias; the key comes into being at its first use, so that it may not be found before. */
export const AWS_MANAGED_ALIAS = 'alias/aws/ebs';

/** Looks at a key that volumes are under: that it exists, is enabled, symmetric, and usable by whoever launches with it. */
export async function keyState(keyId: string, launchers: readonly Launcher[], read: Reader, place: Place): Promise<KeyState> {
  const none = { arn: undefined, isCustomerKey: true, problem: undefined, doubt: undefined, advice: [] };
  if (keyId.endsWith(AWS_MANAGED_ALIAS)) return { ...none, arn: keyId, isCustomerKey: false };
  try {
    const { KeyMetadata: key } = await read(new DescribeKeyCommand({ KeyId: keyId }));
    const found = { ...none, arn: key?.Arn, isCustomerKey: key?.KeyManager !== 'AWS' };
    const unfit = whyUnfit(keyId, key);
    if (unfit) return { ...found, problem: unfit.problem, advice: [unfit.advice] };
    // AWS keeps the policy of its own key open to the whole account
    if (!found.isCustomerKey) return found;
    const judged = await Promise.all(launchers.map((one) => usedBy(key?.Arn ?? keyId, one, read, place)));
    return { ...found, ...joined(judged) };
  } catch (error) {
    const what = classify(error);
    if (what === 'missing')
      return {
        ...none,
        problem: `the key ${keyId} does not exist`,
        advice: [`Set \`kmsKey\` to a key of ${place.region}, or remove it to use the AWS managed key.`],
      };
    if (what === 'refused')
      return {
        ...none,
        problem: `AWS KMS does not take the key ${keyId}: ${errorText(error)}`,
        advice: ['Name a key by its id, ARN or alias.'],
      };
    if (what === 'denied') {
      const { doubt, advice } = unseenKey(keyId, error);
      return { ...none, doubt, advice: [advice] };
    }
    throw error;
  }
}

/** The same for several keys: what stands in the way of any of them. */
export async function keyStates(
  keyIds: readonly string[],
  launchers: readonly Launcher[],
  read: Reader,
  place: Place,
): Promise<KeyState | undefined> {
  const states = await Promise.all([...new Set(keyIds)].sort().map((id) => keyState(id, launchers, read, place)));
  const [first] = states;
  return first && { ...first, isCustomerKey: states.some(({ isCustomerKey }) => isCustomerKey), ...joined(states) };
}

/** Several judgements as one; the same is said once. */
export function joined(all: readonly Pick<KeyState, 'problem' | 'doubt' | 'advice'>[]): Judged {
  const texts = (which: 'problem' | 'doubt') => [...new Set(all.flatMap((one) => one[which] ?? []))].join('; ') || undefined;
  return { problem: texts('problem'), doubt: texts('doubt'), advice: [...new Set(all.flatMap(({ advice }) => advice))] };
}

/** Whether one launcher may use a customer key: by its policy, or by grants on it. */
async function usedBy(keyArn: string, launcher: Launcher, read: Reader, place: Place): Promise<Judged> {
  // AWS shows the policy of a key to its own account only
  const isOurs = keyArn.split(':')[4] === place.account;
  const [policy, grants] = await Promise.all([
    isOurs ? unlessDenied(policyOf(keyArn, read)) : undefined,
    unlessDenied(grantsTo(launcher.arn, keyArn, read)),
  ]);
  const access = accessOf(policy ?? '{}', grants ?? [], keyArn, launcher, place);
  return judgementOf({ keyArn, isOurs, launcher, access, isSeen: policy !== undefined && grants !== undefined });
}

async function policyOf(KeyId: string, read: Reader): Promise<string> {
  const { Policy = '{}' } = await read(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
  return Policy;
}

function grantsTo(GranteePrincipal: string, KeyId: string, read: Reader): Promise<GrantListEntry[]> {
  return pagesBy(
    read,
    (Marker) => new ListGrantsCommand({ KeyId, GranteePrincipal, ...(Marker && { Marker }) }),
    ({ Grants }) => Grants,
    ({ NextMarker }) => NextMarker,
  );
}

/** What a denied look hides is undefined: the other one may tell enough. */
async function unlessDenied<Value>(look: Promise<Value>): Promise<Value | undefined> {
  try {
    return await look;
  } catch (error) {
    if (classify(error) !== 'denied') throw error;
    return undefined;
  }
}
