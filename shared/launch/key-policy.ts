import type { GrantListEntry } from '@aws-sdk/client-kms';
import type { Place } from '#shared/control/control.ts';
import { stringAt } from '#shared/control/record.ts';
import { fits, isMet, type Known, type Truth } from './key-conditions.ts';

/**
 * What AWS asks that a key allows whoever launches encrypted volumes, as KMS names the operations.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
 */
export const OPERATIONS = [
  'Encrypt',
  'Decrypt',
  'ReEncryptFrom',
  'ReEncryptTo',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'DescribeKey',
  'CreateGrant',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A role or IAM user of this account that wants to use a key. */
export interface User {
  readonly arn: string;
  /** Whether IAM policies of the account's own may allow it the key; those of a service-linked role are AWS's, and allow none. */
  readonly hasOwnPolicies: boolean;
}

/** A service of AWS that uses a key under its own name; only the key's policy allows it that. */
export interface Service {
  /** As policies name it, in each spelling that AWS takes: `logs.eu-west-1.amazonaws.com`. */
  readonly names: readonly string[];
  /** The encryption context of its requests, which conditions name as `kms:EncryptionContext:…`. */
  readonly context: { readonly [key: string]: string };
}

/** What of `OPERATIONS` a user may not do with a key, or may perhaps; what it may do stands nowhere. */
export interface Access {
  readonly missing: readonly Operation[];
  readonly denied: readonly Operation[];
  /** What only the user's own IAM policies decide, since the key policy lets them. */
  readonly byIam: readonly Operation[];
  /** What depends on conditions that only AWS can judge. */
  readonly unsure: readonly Operation[];
  /** Their condition keys, or elements. */
  readonly on: readonly string[];
}

type Answer = 'yes' | 'missing' | 'denied' | 'byIam' | readonly string[];

/** Judges the policy and the grants of a key for one user, who launches in this place, or for a service; a denial counts for the actions that it names. */
export function accessOf(
  policy: string,
  grants: readonly GrantListEntry[],
  keyArn: string,
  user: User | Service,
  place: Place,
  operations: readonly Operation[] = OPERATIONS,
): Access {
  const statements = [Reflect.get(Object(JSON.parse(policy)), 'Statement') ?? []].flat();
  const answers = operations.map((operation): [Operation, Answer] => {
    // one that is constrained is for one encryption context, which is one volume's
    const isGranted = grants.some(
      ({ Operations, Constraints }) => Object.keys(Constraints ?? {}).length === 0 && Operations?.includes(operation),
    );
    return [operation, answerOf(operation, statements, isGranted, keyArn, user, place)];
  });
  const those = (wanted: Answer) => answers.filter(([, answer]) => answer === wanted).map(([operation]) => operation);
  const unsure = answers.filter(([, answer]) => typeof answer !== 'string');
  return {
    missing: those('missing'),
    denied: those('denied'),
    byIam: those('byIam'),
    unsure: unsure.map(([operation]) => operation),
    on: [...new Set(unsure.flatMap(([, answer]) => answer))],
  };
}

/** Operations as a policy names the actions: `ReEncrypt*` and `GenerateDataKey*` where both of a pair are meant. */
export function actionsOf(operations: readonly Operation[]): string[] {
  const pairs = [
    ['ReEncrypt*', 'ReEncryptFrom', 'ReEncryptTo'],
    ['GenerateDataKey*', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'],
  ] as const;
  const names = operations.map((one) => {
    const [both = one] = pairs.find(([, a, b]) => (one === a || one === b) && operations.includes(a) && operations.includes(b)) ?? [];
    return `kms:${both}`;
  });
  return [...new Set(names)];
}

function answerOf(
  operation: Operation,
  statements: readonly unknown[],
  isGranted: boolean,
  keyArn: string,
  user: User | Service,
  place: Place,
): Answer {
  const known = isService(user) ? knownOfService(user, place) : knownOf(operation, user, place);
  const about = statements.filter((one) => namesAction(one, operation) && namesKey(one, keyArn));
  const truths = (effect: string, whoIsMeant: (one: unknown) => Truth) =>
    about
      .filter((one) => stringAt(one, 'Effect') === effect)
      .map((one): Truth => {
        const [who, condition] = [whoIsMeant(one), isMet(Reflect.get(Object(one), 'Condition'), known)];
        if (who === false || condition === false) return false;
        const unsure = [who, condition].flatMap((part) => (part === true ? [] : part));
        return unsure.length > 0 ? unsure : true;
      });
  const denials = truths('Deny', (one) => isDenied(one, user, place));
  if (denials.includes(true)) return 'denied';
  const allowances = truths('Allow', (one) => isNamed(one, isService(user) ? user.names : [user.arn]));
  const open = (all: readonly Truth[]) => all.flatMap((one) => (typeof one === 'boolean' ? [] : one));
  const isAllowed = isGranted || allowances.includes(true);
  if (isAllowed) return open(denials).length > 0 ? open(denials) : 'yes';
  if (open(allowances).length > 0) return [...open(allowances), ...open(denials)];
  const delegated = !isService(user) && user.hasOwnPolicies ? truths('Allow', (one) => isNamed(one, accountNames(place))) : [];
  return delegated.some((one) => one !== false) ? 'byIam' : 'missing';
}

/**
 * What is known of the request with which EC2 uses a key for whoever launches.
 * [U] That each of them comes through EC2 is what the policy of AWS's own key `aws/ebs` relies on: it allows all of them that way only.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
function knownOf(operation: Operation, user: User, { account, region, partition }: Place): Known {
  const via = [`ec2.${region}.amazonaws.com`, ...(partition === 'aws-cn' ? [`ec2.${region}.amazonaws.com.cn`] : [])];
  return new Map<string, readonly string[]>([
    ['kms:viaservice', via],
    ['kms:calleraccount', [account]],
    // a request that makes no grant has no such key
    ['kms:grantisforawsresource', operation === 'CreateGrant' ? ['true'] : []],
    ['aws:principalaccount', [account]],
    ['aws:principalarn', [user.arn]],
    ['aws:principalisawsservice', ['false']],
    ['aws:requestedregion', [region]],
    ['aws:securetransport', ['true']],
  ]);
}

/**
 * What is known of the request of a service. Of its account and organization nothing is: those keys are about principals of accounts.
 * AWS's own example has `kms:Describe*` under the condition on the encryption context, and works, though such a request has none.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function knownOfService({ names, context }: Service, { region }: Place): Known {
  return new Map<string, readonly string[]>([
    ...Object.entries(context).map(([key, value]): [string, string[]] => [`kms:encryptioncontext:${key}`.toLowerCase(), [value]]),
    ['kms:encryptioncontextkeys', Object.keys(context)],
    ['aws:principalisawsservice', ['true']],
    ['aws:principalservicename', names],
    ['aws:requestedregion', [region]],
    ['aws:securetransport', ['true']],
  ]);
}

function isService(user: User | Service): user is Service {
  return 'names' in user;
}

function namesAction(statement: unknown, operation: Operation): boolean {
  const meets = (element: string) => strings(statement, element).some((pattern) => fits(pattern, `kms:${operation}`, true));
  return Reflect.has(Object(statement), 'NotAction') ? !meets('NotAction') : meets('Action');
}

/** In a key policy `*`, or nothing, is the key itself; whatever else is named is another thing. */
function namesKey(statement: unknown, keyArn: string): boolean {
  const meets = (element: string) => strings(statement, element).some((pattern) => fits(pattern, keyArn));
  if (Reflect.has(Object(statement), 'NotResource')) return !meets('NotResource');
  return meets('Resource') || !Reflect.has(Object(statement), 'Resource');
}

/** Whether a statement is about one of these principals by name, or about everybody. */
function isNamed(statement: unknown, names: readonly string[]): Truth {
  const except = principalsOf(statement, 'NotPrincipal');
  if (except) return !except.some((one) => names.includes(one));
  return principalsOf(statement, 'Principal')?.some((one) => one === '*' || names.includes(one)) ?? false;
}

/** Whether a denial is about the user; one of an account is about everybody in it, but about no service. */
function isDenied(statement: unknown, user: User | Service, place: Place): Truth {
  if (isService(user)) return isNamed(statement, user.names);
  const { arn } = user;
  const except = principalsOf(statement, 'NotPrincipal');
  if (!except) return isNamed(statement, [arn, ...accountNames(place)]);
  if (!except.includes(arn) && !except.includes('*')) return true;
  // who is excepted by name alone may still be denied, as one of an account that is not excepted
  return except.some((one) => one === '*' || accountNames(place).includes(one)) ? false : ['NotPrincipal'];
}

function accountNames({ partition, account }: Place): string[] {
  return [account, `arn:${partition}:iam::${account}:root`];
}

function principalsOf(statement: unknown, element: string): string[] | undefined {
  if (!Reflect.has(Object(statement), element)) return undefined;
  const named = Reflect.get(Object(statement), element);
  return [...strings(statement, element), ...strings(named, 'AWS'), ...strings(named, 'Service').filter((one) => one !== '*')];
}

function strings(value: unknown, key: string): string[] {
  const found = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return [found].flat().filter((one): one is string => typeof one === 'string');
}
