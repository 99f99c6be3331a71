import { at, type Json, listAt } from '../../local/json.ts';

/** What AWS asks the policies of whoever calls: may they do this action on this resource? */
export interface Asked {
  /** Such as `dynamodb:BatchWriteItem`. */
  readonly action: string;
  /** An ARN, or `*` where AWS knows no resource of the action; undefined where the request does not tell it in a simple way. */
  readonly resource: string | undefined;
  /** The values of condition keys that come with the request; of a key that does not, there are none. */
  readonly keys: { readonly [key: string]: readonly string[] };
}

/** Keys that come with a request or are known not to: `kms:ViaService` comes only where a service calls for somebody. */
const told: readonly string[] = [
  'aws:RequestedRegion',
  'aws:TagKeys',
  'dynamodb:LeadingKeys',
  'ec2:Add/group',
  'ec2:Add/organizationArn',
  'ec2:Add/organizationalUnitArn',
  'ec2:Add/userId',
  'ec2:Attribute/HttpEndpoint',
  'ec2:Attribute/HttpProtocolIpv6',
  'ec2:Attribute/HttpPutResponseHopLimit',
  'ec2:Attribute/HttpTokens',
  'ec2:Attribute/InstanceMetadataTags',
  'ec2:CreateAction',
  'events:detail-type',
  'events:source',
  'kms:ViaService',
];

/** The other keys of the stack, and why their values are not known here: an Allow is taken to match them, a Deny is not. */
const untold: { readonly [key: string]: string } = {
  'ec2:LaunchTemplate': 'Auto Scaling asks for a launch; which of the templates of a mixed group it names is not documented',
  'iam:AWSServiceName': 'comes with the call that the service makes itself',
  'iam:PassedToService': 'asked with the role of an instance profile, which stands in a launch template and not in the request',
  'kms:EncryptionContext:PARAMETER_ARN': 'comes with the call that Parameter Store makes itself',
  'kms:GrantIsForAWSResource': 'comes with the call that EBS makes itself',
};

type Test = (value: string, wanted: string) => boolean;

const operators: { readonly [operator: string]: Test } = {
  ArnLike: isLike,
  Bool: isEqualIgnoringCase,
  StringEquals: (value, wanted) => value === wanted,
  StringEqualsIgnoreCase: isEqualIgnoringCase,
  StringLike: isLike,
};
const negated: { readonly [operator: string]: Test } = {
  StringNotEquals: (value, wanted) => value === wanted,
  StringNotLike: isLike,
};

/** Why a role may not do what is asked. */
export interface Refusal {
  readonly is: 'denied' | 'not allowed';
  /** The statement that comes nearest to allowing it, or the one that denies it. */
  readonly nearest: Json;
}

/** Whether the statements of a role's policies refuse what is asked; undefined where they allow it. */
export function refusalOf(asked: Asked, statements: readonly Json[]): Refusal | undefined {
  const denial = statements.find((one) => isAbout(one, 'Deny', asked) && isOn(one, asked) && isUnder(one, asked));
  if (denial) return { is: 'denied', nearest: denial };
  const about = statements.filter((one) => isAbout(one, 'Allow', asked));
  const near = about.filter((one) => isOn(one, asked));
  if (near.some((one) => isUnder(one, asked))) return undefined;
  const [service = ''] = asked.action.split(':');
  const ofService = () => statements.find((one) => texts(one, 'Action').some((pattern) => pattern.startsWith(`${service}:`)));
  return { is: 'not allowed', nearest: near[0] ?? about[0] ?? ofService() ?? null };
}

/** A refusal as a sentence: action, resource, the keys of the request, and the nearest statement. */
export function sayRefusal({ action, resource = 'whatever it names', keys }: Asked, { is, nearest }: Refusal): string {
  const under = Object.entries(keys).map(
    ([key, values]) => ` with ${key} ${values.slice(0, 3).join(', ')}${values.length > 3 ? ', …' : ''}`,
  );
  return `${action} on ${resource}${under.join('')} is ${is}; nearest statement: ${JSON.stringify(nearest)}`;
}

function isAbout(statement: Json, effect: string, { action }: Asked): boolean {
  for (const member of ['NotAction', 'NotResource']) {
    if (at(statement, member) !== undefined) throw new Error(`test/support/iam.ts does not know ${member}`);
  }
  const patterns = texts(statement, 'Action').map((pattern) => pattern.toLowerCase());
  return at(statement, 'Effect') === effect && patterns.some((pattern) => isLike(action.toLowerCase(), pattern));
}

/** Whether a statement is on the resource; where that is not known, by the action alone if it allows. */
function isOn(statement: Json, { resource }: Asked): boolean {
  const patterns = texts(statement, 'Resource');
  if (resource === undefined) return at(statement, 'Effect') === 'Allow' || patterns.includes('*');
  return patterns.some((pattern) => isLike(resource, pattern));
}

function isUnder(statement: Json, { keys }: Asked): boolean {
  const conditions = Object.entries(Object(at(statement, 'Condition') ?? {}));
  return conditions.every(([operator, wanted]) =>
    Object.keys(Object(wanted)).every((key) => {
      if (key in untold) return at(statement, 'Effect') === 'Allow';
      if (!told.includes(key)) throw new Error(`test/support/iam.ts does not know the condition key ${key}`);
      return holds(operator, keys[key] ?? [], texts(statement, 'Condition', operator, key));
    }),
  );
}

function holds(operator: string, values: readonly string[], wanted: readonly string[]): boolean {
  if (operator === 'Null') return wanted.includes(String(values.length === 0));
  const [, set, name = ''] = /^(?:(ForAllValues|ForAnyValue):)?(\w+)$/.exec(operator) ?? [];
  const test = operators[name] ?? negated[name];
  if (!test) throw new Error(`test/support/iam.ts does not know the condition operator ${operator}`);
  const isNegated = name in negated;
  const fits = (value: string) => wanted.some((one) => test(value, one)) !== isNegated;
  if (set === 'ForAllValues') return values.every(fits);
  if (set === 'ForAnyValue' || values.length > 0) return values.some(fits);
  // what a key must not be, it is not where it is absent
  return isNegated;
}

function isEqualIgnoringCase(value: string, wanted: string): boolean {
  return value.toLowerCase() === wanted.toLowerCase();
}

function isLike(value: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

function texts(value: Json, ...path: readonly string[]): string[] {
  return listAt(value, ...path).map(String);
}
