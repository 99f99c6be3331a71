import type { AnyControl, Permission, Place } from '#shared/control/control.ts';
import { fill, type Statement, statementsFor, writesUnder } from '#shared/control/statements.ts';
import { type RedressConfig, settingsEverywhere } from '#shared/finding/config.ts';
import { sessionPolicyOf } from '#shared/finding/names.ts';
import { writesEverywhere } from '#shared/finding/writes.ts';

/** What narrows a session below the member's role: the text that goes with the request, and the managed policy in the member. */
export interface SessionPolicy {
  readonly inline?: string;
  /** Its name, with which a policy of that document stands in the member. */
  readonly managed?: string;
}

/** A policy that a member must have, for sessions whose own text is too long. */
export interface ManagedPolicy {
  readonly name: string;
  /** JSON, still with `{partition}` and `{account}`. */
  readonly document: string;
}

/** So many characters STS takes of a session's policies, and IAM of a managed one. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const INLINE_CHARACTERS = 2048;
const MANAGED_CHARACTERS = 6144;

/** The longest names that a place has: what fits there fits everywhere. */
const LONGEST: Place = { partition: 'aws-us-gov', region: 'us-isob-east-1', account: '000000000000' };

/** Where a member's session writes: IAM has one endpoint a partition, also for what another service asks of it. */
const GLOBAL_SERVICES: ReadonlySet<string> = new Set(['iam']);

/** What a session may have for policies, in the order of trying: its own text where that fits, then the managed policy. */
export function readPolicies(functionName: string, controls: readonly AnyControl[], place: Place): readonly SessionPolicy[] {
  const managed = sessionPolicyOf(functionName);
  return fitting(documentOf(readsOf(controls), place), { managed });
}

/** The same for one write: nothing but what this control writes under its settings there, in this Region. */
export function writePolicies(functionName: string, control: AnyControl, settings: object, place: Place): readonly SessionPolicy[] {
  const permissions = writesOf(control, settings);
  const here = elsewhereDenied(control, permissions, place.region);
  const managed = sessionPolicyOf(functionName, control.id);
  return fitting(documentOf(statementsFor(permissions), place, here), { managed, ...(here && { inline: policyOf([here]) }) });
}

/** The managed policies that members need for a function under a config; throws `RangeError` for one that IAM does not take. */
export function managedPolicies(functionName: string, controls: readonly AnyControl[], config: RedressConfig): readonly ManagedPolicy[] {
  const isShort = ([first]: readonly SessionPolicy[]) => first?.managed === undefined;
  const long = controls.filter((control) =>
    settingsEverywhere(config, control).some((settings) => !isShort(writePolicies(functionName, control, settings, LONGEST))),
  );
  const reads = isShort(readPolicies(functionName, controls, LONGEST))
    ? []
    : [{ name: sessionPolicyOf(functionName), statements: readsOf(controls) }];
  const writes = long.map((control) => ({
    name: sessionPolicyOf(functionName, control.id),
    statements: inEveryRegion(statementsFor([...writesEverywhere(config, control), ...askedByWrites(control)])),
  }));
  return [...reads, ...writes].map(({ name, statements }) => {
    const document = policyOf(statements.flatMap(allowed));
    if (document.length > MANAGED_CHARACTERS)
      throw new RangeError(
        `The policy ${name} has ${document.length} characters, and IAM takes ${MANAGED_CHARACTERS}: give it fewer settings.`,
      );
    return { name, document };
  });
}

function fitting(inline: string, otherwise: SessionPolicy): readonly SessionPolicy[] {
  return inline.length <= INLINE_CHARACTERS ? [{ inline }, otherwise] : [otherwise];
}

/** One session reads in every Region of an account. */
function readsOf(controls: readonly AnyControl[]): Statement[] {
  return inEveryRegion(statementsFor(controls.flatMap(({ permissions }) => permissions.reads)));
}

function writesOf(control: AnyControl, settings: object): Permission[] {
  return [...writesUnder(control, [settings], (setting) => Reflect.get(settings, setting) === true), ...askedByWrites(control)];
}

/** Reads that AWS itself does for a call, with the permissions of whoever makes it. */
function askedByWrites({ permissions }: AnyControl): Permission[] {
  return permissions.writes.length === 0 ? [] : permissions.reads.filter(({ impliedBy }) => impliedBy !== undefined);
}

/** Statements that hold in every Region, as those of a role do, which is one for all of them. */
export function inEveryRegion(statements: readonly Statement[]): Statement[] {
  return statements.map(({ actions, resource, conditions }) => ({
    actions,
    resource: resource.replaceAll('{region}', '*'),
    ...(conditions && { conditions: joined(Object.entries(conditions).map(likeRegions)) }),
  }));
}

type Conditions = NonNullable<Statement['conditions']>;
type Condition = readonly [operator: string, keys: Conditions[string]];

/** Conditions by their operators; throws `TypeError` for two of one, of which the first would be lost and more be allowed. */
function joined(conditions: readonly Condition[]): Conditions {
  const operators = new Set(conditions.map(([operator]) => operator));
  if (operators.size < conditions.length) throw new TypeError(`a permission has ${[...operators].join(', ')} twice in every Region`);
  return Object.fromEntries(conditions);
}

function likeRegions([operator, keys]: Condition): Condition {
  const text = JSON.stringify(keys);
  if (!text.includes('{region}')) return [operator, keys];
  // a pattern is compared by another operator
  return [operator.replace(/^String(Not)?Equals/, 'String$1Like'), JSON.parse(text.replaceAll('{region}', '*'))];
}

type Row = { readonly [member: string]: unknown };

/**
 * What a session may not do in another Region, whatever it may do here. A kind that is one for all Regions has none.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion
 */
function elsewhereDenied({ kind }: AnyControl, permissions: readonly Permission[], region: string): Row | undefined {
  const services = [...new Set(permissions.map(({ action }) => action.split(':')[0] ?? ''))].sort();
  const regional = services.filter((service) => !GLOBAL_SERVICES.has(service));
  if (kind.isGlobal || regional.length === 0) return undefined;
  return {
    Effect: 'Deny',
    Action: regional.length === services.length ? '*' : single(regional.map((service) => `${service}:*`)),
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:RequestedRegion': region } },
  };
}

function documentOf(statements: readonly Statement[], place: Place, denial?: Row): string {
  return policyOf([...fill(statements, place).flatMap(allowed), ...(denial ? [denial] : [])]);
}

const NOTHING: Row = { Effect: 'Deny', Action: '*', Resource: '*' };

/** The shortest text of a policy: what is equal but for its resources is one statement, and a list of one is no list. */
function policyOf(rows: readonly Row[]): string {
  const groups = Map.groupBy(rows, ({ Resource: _, ...rest }) => JSON.stringify(rest));
  const joined = [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ ...first, Resource: single(group.flatMap(({ Resource }) => Resource)) }] : [];
  });
  // a policy without a statement is refused
  return JSON.stringify({ Version: '2012-10-17', Statement: joined.length > 0 ? joined : [NOTHING] });
}

function allowed({ actions, resource, conditions }: Statement): Row[] {
  return [
    {
      Effect: 'Allow',
      Action: single(actions),
      Resource: resource,
      ...(conditions && { Condition: shortened(conditions) }),
    },
  ];
}

function shortened(conditions: NonNullable<Statement['conditions']>): object {
  const short = Object.entries(conditions).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, single([values].flat())])),
  ]);
  return Object.fromEntries(short);
}

function single(values: readonly unknown[]): unknown {
  return values.length === 1 ? values[0] : values;
}
