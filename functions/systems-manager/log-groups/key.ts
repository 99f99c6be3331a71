import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { classify, errorText } from '#shared/aws/errors.ts';
import { unseenKey, whyUnfit } from '#shared/aws/key.ts';
import { arnOf } from '#shared/control/kind.ts';
import type { Permission, Place, Reader } from '#shared/control/types.ts';
import { type Access, accessOf, actionsOf, OPERATIONS, type Operation, type Service } from '#shared/launch/key-policy.ts';
import { LOG_GROUP_ARN } from './groups.ts';

/** A key, and what stands in the way of a log group under it. */
export interface LogKey {
  /** Absent where AWS does not show the key. */
  readonly arn?: string;
  readonly problem?: string;
  /** What could not be found out, so that a person has to look. */
  readonly doubt?: string;
  readonly advice: readonly string[];
}

/** What the key's check takes. */
export const logKeyReads: readonly Permission[] = [{ action: 'kms:DescribeKey' }, { action: 'kms:GetKeyPolicy' }];

/** The part of the encryption context that CloudWatch Logs uses a key with. */
const CONTEXT = 'aws:logs:arn';

/**
 * What AWS asks that a key allows CloudWatch Logs.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
const needed = OPERATIONS.filter((one) => one !== 'CreateGrant');

/** Looks whether a log group can be under a key: that it is there, enabled, symmetric, and its policy lets CloudWatch Logs use it for this group. */
export async function keyForLogs(
  keyId: string,
  group: { readonly name: string; readonly patterns: readonly string[] },
  read: Reader,
  place: Place,
): Promise<LogKey> {
  const elsewhere = keyId.startsWith('arn:') && keyId.split(':')[3] !== place.region;
  const another = 'Set `key` to a symmetric customer managed key of this Region.';
  if (elsewhere)
    return { problem: `the key ${keyId} is in another Region, and CloudWatch Logs takes keys of its own only`, advice: [another] };
  try {
    const { KeyMetadata: key } = await read(new DescribeKeyCommand({ KeyId: keyId }));
    const arn = key?.Arn ?? keyId;
    const unfit = whyUnfit(keyId, key)?.problem;
    if (unfit) return { arn, problem: unfit, advice: [`Enable the key ${keyId}, or set \`key\` to another one.`] };
    // AWS writes the policies of its own keys, and has none for log groups
    if (key?.KeyManager === 'AWS')
      return { arn, problem: `the key ${keyId} is one of AWS's own, which no log group can be under`, advice: [another] };
    return { arn, ...(await allowed(arn, group, read, place)) };
  } catch (error) {
    const what = classify(error);
    if (what === 'missing') return { problem: `the key ${keyId} does not exist`, advice: [another] };
    if (what === 'refused') return { problem: `AWS KMS does not take the key ${keyId}: ${errorText(error)}`, advice: [another] };
    if (what !== 'denied') throw error;
    const { doubt, advice } = unseenKey(keyId, error);
    return { doubt, advice: [advice] };
  }
}

/** What the policy of a key says of CloudWatch Logs. */
async function allowed(
  arn: string,
  group: { readonly name: string; readonly patterns: readonly string[] },
  read: Reader,
  place: Place,
): Promise<Omit<LogKey, 'arn'>> {
  const service: Service = { names: servicesIn(place), context: { [CONTEXT]: arnOf(LOG_GROUP_ARN, group.name, place) } };
  // every name of the settings in one statement, so that no second one with its `Sid` is asked for
  const statements = statementsFor(
    service,
    group.patterns.map((pattern) => arnOf(LOG_GROUP_ARN, pattern, place)),
  );
  // AWS shows the policy of a key to its own account only
  const policy = arn.split(':')[4] === place.account ? await policyOf(arn, read) : undefined;
  if (policy === undefined)
    return {
      doubt: `the policy of ${arn} is not visible, so whether CloudWatch Logs may use it is not known`,
      advice: [`See that the policy of ${arn} has these statements. ${statements(needed).join(' ')}`],
    };
  const { missing, denied, unsure, on }: Access = accessOf(policy, [], arn, service, place, needed);
  const [name] = service.names.slice(-1);
  const lacks = [
    ...(missing.length > 0 ? [`does not allow ${name} ${listed(missing)}`] : []),
    ...(denied.length > 0 ? [`denies ${name} ${listed(denied)}`] : []),
  ];
  if (lacks.length > 0) {
    const except = denied.length > 0 ? [`Except ${name} in the policy of ${arn} from the statement that denies ${listed(denied)}.`] : [];
    return {
      problem: `the policy of ${arn} ${lacks.join(' and ')} for it`,
      advice: [...statements(missing).map((one) => `Add to the key policy: ${one}`), ...except],
    };
  }
  if (unsure.length === 0) return { advice: [] };
  const conditions = on.join(', ');
  return {
    doubt: `the policy of ${arn} has conditions that Redress cannot judge (${conditions})`,
    advice: [
      `Give ${name} ${listed(unsure)} in a statement without ${conditions}, or approve the fix: AWS refuses the key if it may not be used.`,
    ],
  };
}

/** The policy of a key; undefined where Redress may not see it. */
async function policyOf(KeyId: string, read: Reader): Promise<string | undefined> {
  try {
    const { Policy = '{}' } = await read(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
    return Policy;
  } catch (error) {
    if (classify(error) !== 'denied') throw error;
    return undefined;
  }
}

/** The statements that a policy needs for operations, as JSON: a look at a key has no encryption context, so that no condition on it is met. */
function statementsFor({ names }: Service, groups: readonly string[]): (operations: readonly Operation[]) => string[] {
  const base = { Effect: 'Allow', Principal: { Service: names.at(-1) }, Resource: '*' };
  return (operations) => {
    const uses = operations.filter((one) => one !== 'DescribeKey');
    const condition = { ArnLike: { [`kms:EncryptionContext:${CONTEXT}`]: groups.length === 1 ? groups[0] : groups } };
    return [
      ...(uses.length > 0 ? [{ Sid: 'CloudWatchLogsUsesTheKey', ...base, Action: actionsOf(uses), Condition: condition }] : []),
      ...(uses.length < operations.length ? [{ Sid: 'CloudWatchLogsDescribesTheKey', ...base, Action: 'kms:DescribeKey' }] : []),
    ].map((statement) => JSON.stringify(statement));
  };
}

/** The names of CloudWatch Logs of a Region; China's end otherwise. */
function servicesIn({ region, partition }: Place): string[] {
  return [`logs.${region}.amazonaws.com`, ...(partition === 'aws-cn' ? [`logs.${region}.amazonaws.com.cn`] : [])];
}

function listed(operations: readonly Operation[]): string {
  return actionsOf(operations).join(', ');
}
