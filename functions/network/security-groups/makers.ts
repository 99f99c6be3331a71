import type { SecurityGroup, SecurityGroupRule } from '@aws-sdk/client-ec2';
import { type Made, madeWith } from '#shared/control/actor.ts';
import { valuesAt } from '#shared/control/example.ts';
import { type Manager, type Managers, managerOf, serviceName } from '#shared/control/manager.ts';
import { type CloudTrailRecord, listAt, stringAt } from '#shared/control/record.ts';
import { tools } from '#shared/control/tools.ts';

/*
 * Who made a rule: a tool may manage a group while another hand adds to it, and a rule may be of another stack than its group.
 * What a record shows of the rule counts; only where nobody saw it made, whatever manages the group.
 */

/** Who made which rule, by its id, as far as records showed, and when the last such call was, ISO 8601; a case of an earlier version does not know the time. */
export type RuleMakers = { readonly rules: { readonly [id: string]: Made }; readonly at?: string };

/** Whether a rule may be changed, and what manages it. */
export type Standing =
  | { readonly is: 'free' }
  /** Nobody saw who made it. */
  | { readonly is: 'unknown' }
  /** It claims to be managed, so a person decides. */
  | { readonly is: 'claimed'; readonly manager: Manager }
  /** It is left to what manages it, by this name. */
  | { readonly is: 'left'; readonly name: string; readonly manager?: Manager };

/** So many rules' makers a case remembers. */
const KEPT = 100;
/** So long after a call the record of the next one may be under way, in milliseconds: whoever adds a rule often adds another at once. */
const UNDER_WAY = 60_000;

/** What services call the groups that they make; whoever makes a group chooses its name, so that it claims and proves nothing. */
const named: readonly (readonly [RegExp, Manager])[] = [
  [/^ElasticMapReduce-/, { ...tools.emr, isProven: false }],
  [/^d-[\da-f]{10}_controllers$/, { ...tools.directoryService, isProven: false }],
  [/^FMManagedSecurityGroup/, { ...tools.firewallManager, isProven: false }],
  [/^eks-cluster-sg-/, { ...tools.eks, isProven: false }],
  [/^k8s-(?:elb-|traffic-)/, { ...tools.cluster, isProven: false }],
];

/** The makers that the record of a call tells. */
export function makersIn(record: CloudTrailRecord): RuleMakers | undefined {
  const made = madeWith(record);
  const added = listAt(record, 'responseElements', 'securityGroupRuleSet').flatMap((rule) => stringAt(rule, 'securityGroupRuleId') ?? []);
  const changed = valuesAt(record, 'requestParameters.ModifySecurityGroupRulesRequest.SecurityGroupRule[].SecurityGroupRuleId');
  const ids = [...added, ...changed];
  return ids.length > 0 ? { rules: Object.fromEntries(ids.slice(0, KEPT).map((id) => [id, made])), at: record.eventTime } : undefined;
}

/** The makers of two calls together; who changed a rule last counts. */
export function joinMakers(earlier: RuleMakers, later: RuleMakers): RuleMakers {
  const rules = Object.entries({ ...earlier.rules, ...later.rules });
  const at = [earlier.at, later.at]
    .flatMap((one) => one ?? [])
    .sort()
    .at(-1);
  return { rules: Object.fromEntries(rules.slice(-KEPT)), ...(at !== undefined && { at }) };
}

/** Whether the record that tells who made another rule of the group may not have arrived yet. */
export function mayBeUnderWay(makers: RuleMakers | undefined, now: Date): boolean {
  return makers?.at !== undefined && now.getTime() - Date.parse(makers.at) < UNDER_WAY;
}

/** Whose a rule is, by who made it and by its tags, and else by its group's. */
export function standingOf(rule: SecurityGroupRule, group: SecurityGroup, makers: RuleMakers | undefined, managers: Managers): Standing {
  const made = makers?.rules[rule.SecurityGroupRuleId ?? ''];
  const isKnown = made !== undefined && (made.via !== 'unknown' || made.service !== undefined || made.by !== undefined);
  const manager = isKnown
    ? asRuleMaker(managerOf(rule.Tags, made, managers))
    : (asRuleMaker(managerOf([...(group.Tags ?? []), ...(rule.Tags ?? [])], undefined, managers)) ?? byName(group));
  if (manager?.isProven) return { is: 'left', name: manager.name, manager };
  // a service changes back what it made
  if (made?.service !== undefined) return { is: 'left', name: serviceName(made.service), ...(manager && { manager }) };
  if (!manager) return { is: isKnown ? 'free' : 'unknown' };
  const { claims = 'ask' } = managers;
  if (claims === 'fix') return { is: isKnown ? 'free' : 'unknown' };
  return claims === 'skip' ? { is: 'left', name: manager.name, manager } : { is: 'claimed', manager };
}

/** A driver for storage makes no rules: of the two programs that call themselves Kubernetes it is the other. */
function asRuleMaker(manager: Manager | undefined): Manager | undefined {
  return manager?.name === tools.csiDriver.name ? { ...tools.cluster, isProven: manager.isProven } : manager;
}

function byName({ GroupName = '' }: SecurityGroup): Manager | undefined {
  return named.find(([pattern]) => pattern.test(GroupName))?.[1];
}
