import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeKeyCommand, GetKeyPolicyCommand, ListGrantsCommand } from '@aws-sdk/client-kms';
import { classify, errorText } from '#shared/aws/errors.ts';
import type { Place, Reader } from '#shared/control/control.ts';
import { listAt, stringAt } from '#shared/control/record.ts';

/** Whether a key can encrypt new volumes, and what stands in the way. */
export interface KeyState {
  readonly arn: string | undefined;
  readonly isCustomerKey: boolean;
  /** Why launches would fail under this key; undefined if nothing says so. */
  readonly problem: string | undefined;
  /** What could not be found out, so that a person has to look. */
  readonly doubt: string | undefined;
  /** What the key's owner adds to its policy. */
  readonly advice: readonly string[];
}

/** The AWS managed key's alias; the key comes into being at its first use, so that it may not be found before. */
export const AWS_MANAGED_ALIAS = 'alias/aws/ebs';

/**
 * Looks at a key that new volumes would be under: that it exists, is enabled, symmetric, and usable by Auto Scaling.
 * `serviceRole` is the ARN of the service-linked role that has to use it; absent means the usual one, where groups exist.
 */
export async function keyState(keyId: string, read: Reader, place: Place, serviceRole?: string): Promise<KeyState> {
  const none = { arn: undefined, isCustomerKey: true, problem: undefined, doubt: undefined, advice: [] };
  if (keyId.endsWith(AWS_MANAGED_ALIAS)) return { ...none, arn: keyId, isCustomerKey: false };
  try {
    const { KeyMetadata: key } = await read(new DescribeKeyCommand({ KeyId: keyId }));
    const found = { ...none, arn: key?.Arn, isCustomerKey: key?.KeyManager !== 'AWS' };
    if (key?.KeyState !== 'Enabled') {
      return {
        ...found,
        problem: `the key ${keyId} is ${key?.KeyState ?? 'in an unknown state'}`,
        advice: [`Enable the key ${keyId}, or set another one as the default.`],
      };
    }
    if (key.KeyUsage !== 'ENCRYPT_DECRYPT' || (key.KeySpec ?? 'SYMMETRIC_DEFAULT') !== 'SYMMETRIC_DEFAULT') {
      return {
        ...found,
        problem: `the key ${keyId} is not a symmetric encryption key`,
        advice: ['EBS takes symmetric encryption keys only: set another key.'],
      };
    }
    if (!found.isCustomerKey) return found;
    const role = serviceRole ?? ((await hasGroups(read)) ? usualRole(place) : undefined);
    return role ? { ...found, ...(await autoScalingUse(key.Arn ?? keyId, role, read, place)) } : found;
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
    if (what === 'denied') return { ...none, doubt: `Redress may not look at the key ${keyId}: ${errorText(error)}` };
    throw error;
  }
}

/** The same for groups of several service-linked roles: what one of them may not use, none should have to. */
export async function keyStateForAll(keyId: string, roles: readonly (string | undefined)[], read: Reader, place: Place): Promise<KeyState> {
  const states = await Promise.all([...new Set(roles)].map((role) => keyState(keyId, read, place, role)));
  const worst = states.find(({ problem }) => problem) ?? states.find(({ doubt }) => doubt) ?? states[0];
  return worst ?? (await keyState(keyId, read, place));
}

async function hasGroups(read: Reader): Promise<boolean> {
  return ((await read(new DescribeAutoScalingGroupsCommand({ MaxRecords: 1 }))).AutoScalingGroups ?? []).length > 0;
}

function usualRole({ partition, account }: Place): string {
  return `arn:${partition}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
}

/**
 * Whether the Auto Scaling service-linked role may use a customer key; without it every launch fails.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
 */
async function autoScalingUse(
  keyArn: string,
  role: string,
  read: Reader,
  { account }: Place,
): Promise<Pick<KeyState, 'problem' | 'doubt' | 'advice'>> {
  const isOurs = keyArn.split(':')[4] === account;
  const [{ Policy }, { Grants, Truncated }] = await Promise.all([
    // it tells nothing of a key of another account, whose service-linked role needs a grant anyway
    isOurs ? read(new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName: 'default' })) : { Policy: undefined },
    read(new ListGrantsCommand({ KeyId: keyArn, GranteePrincipal: role })),
  ]);
  const isGranted = Grants?.some(
    ({ Operations }) => Operations?.includes('GenerateDataKeyWithoutPlaintext') && Operations.includes('CreateGrant'),
  );
  if (isGranted) return { problem: undefined, doubt: undefined, advice: [] };
  if (!isOurs)
    return {
      problem: undefined,
      doubt: `${keyArn} is of another account, and no grant on it shows for the Auto Scaling service-linked role`,
      advice: [],
    };
  const answer = policyAllows(Policy, role);
  if (answer === 'yes') return { problem: undefined, doubt: undefined, advice: [] };
  if (answer === 'perhaps' || Truncated) {
    return {
      problem: undefined,
      doubt: `the policy of ${keyArn} has conditions or denials that Redress cannot judge, and Auto Scaling groups launch here`,
      advice: [],
    };
  }
  return {
    problem: `the Auto Scaling service-linked role may not use ${keyArn}, so groups could launch nothing`,
    doubt: undefined,
    advice: missingStatements(role),
  };
}

/** Whether a key policy lets the role both use the key and make grants on it. */
function policyAllows(policy: string | undefined, role: string): 'yes' | 'no' | 'perhaps' {
  const statements = listAt(JSON.parse(policy ?? '{}'), 'Statement');
  const aboutRole = statements.filter((one) => namesRole(one, role));
  if (aboutRole.some((one) => stringAt(one, 'Effect') === 'Deny')) return 'perhaps';
  if (
    statements.some((one) => Reflect.has(Object(one), 'NotPrincipal') || (Reflect.has(Object(one), 'NotAction') && aboutRole.includes(one)))
  )
    return 'perhaps';
  const has = (action: string, one: unknown) =>
    strings(one, 'Action').some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(action));
  const allowing = aboutRole.filter((one) => stringAt(one, 'Effect') === 'Allow');
  const isUsable = allowing.filter((one) => has('kms:GenerateDataKeyWithoutPlaintext', one));
  const isGrantable = allowing.filter((one) => has('kms:CreateGrant', one));
  if (isUsable.length === 0 || isGrantable.length === 0) return 'no';
  const conditionsOf = (one: unknown) => Object.keys(Object(Reflect.get(Object(one), 'Condition') ?? {}));
  const isOrdinary = (one: unknown) => conditionsOf(one).every((operator) => operator === 'Bool');
  return isUsable.some((one) => conditionsOf(one).length === 0) && isGrantable.some(isOrdinary) ? 'yes' : 'perhaps';
}

function namesRole(statement: unknown, role: string): boolean {
  const principals = [...strings(statement, 'Principal'), ...strings(Reflect.get(Object(statement), 'Principal'), 'AWS')];
  // an account principal only lets that account's IAM policies decide, and a service-linked role's policy cannot be changed
  return principals.some((one) => one === '*' || one === role);
}

function strings(value: unknown, key: string): string[] {
  const found = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return [found].flat().filter((one): one is string => typeof one === 'string');
}

function missingStatements(role: string): string[] {
  const base = { Effect: 'Allow', Principal: { AWS: role }, Resource: '*' };
  return [
    `Add to the key policy: ${JSON.stringify({ Sid: 'AutoScalingUsesTheKey', ...base, Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'] })}`,
    `Add to the key policy: ${JSON.stringify({ Sid: 'AutoScalingGrantsTheKey', ...base, Action: 'kms:CreateGrant', Condition: { Bool: { 'kms:GrantIsForAWSResource': true } } })}`,
  ];
}
