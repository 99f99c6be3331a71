import { isDeepStrictEqual } from 'node:util';
import type { SecurityGroup, SecurityGroupRule } from '@aws-sdk/client-ec2';
import type { Change, Context, Place, Plan, Reader, Target, Verdict } from '#shared/control/control.ts';
import type { Iac } from '#shared/control/iac.ts';
import { inSentence, proving } from '#shared/control/manager.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import type { Mode } from '#shared/control/types.ts';
import { type Attachment, attachmentOf, attachmentText, isServedByLoadBalancers, severityOf } from './attachment.ts';
import { type KeptRule, keptRule, narrow, restore, revoke, ruleText } from './changes.ts';
import { securityGroups } from './kind.ts';
import { makersIn, mayBeUnderWay, type RuleMakers, type Standing, standingOf } from './makers.ts';
import { portsOfSetting, portsText } from './ports.ts';
import { type Hit, isOfAllPorts, type Opening, opensMore, openToWorld, type Ports } from './reach.ts';
import { blocksByList, interfacesByGroup, rulesByGroup } from './reads.ts';

/*
 * What the controls of open ports share: how a group is read, judged, closed and opened again. What is revoked are ids that were read
 * in the same round; what code manages is left to it, rule by rule.
 */

/** The settings of a control that closes ports. */
export interface ClosingSettings {
  readonly ports: readonly string[];
  readonly replaceBy: readonly string[];
  readonly settleSeconds: number;
}

/** A rule that lets the world in, and whose it is. */
interface Offence {
  readonly rule: SecurityGroupRule;
  readonly hit: Hit;
  readonly standing: Standing;
  readonly opensMore: boolean;
  /** What takes the place of its block, where it is narrowed rather than revoked. */
  readonly narrowTo?: string | undefined;
}

/** What is known of one group. */
export interface ClosingFacts {
  readonly group: SecurityGroup;
  readonly rules: readonly SecurityGroupRule[];
  readonly offences: readonly Offence[];
  readonly attachment: Attachment;
  /** Prefix lists that AWS does not show here. */
  readonly unknownLists: readonly string[];
  /** Whether the record that tells who made a rule may not have arrived yet. */
  readonly isUnderWay: boolean;
}

const UNKNOWN_MAKER = 'Redress did not see who made it, so code may manage it.';

/** What the record of a call names, with who made which rule by it. */
export function targetsWithMakers(record: CloudTrailRecord, place: Place): readonly Target<RuleMakers>[] {
  const hint = makersIn(record);
  return securityGroups.targets(record, place).map((target) => ({ ...target, ...(hint && { hint }) }));
}

/** Reads one group and finds which of its rules open watched ports to the world. */
export async function inspectGroup(
  group: SecurityGroup,
  read: Reader,
  context: Context<ClosingSettings>,
  { id, hint, made }: Target<RuleMakers>,
): Promise<ClosingFacts> {
  const all = (await read.many(rulesByGroup, [id])).get(id) ?? [];
  // AWS shows rules in no fixed order, and a plan must not look like another because of that
  const rules = all.filter(({ IsEgress }) => !IsEgress).toSorted((a, b) => idOf(a).localeCompare(idOf(b)));
  const lists = [...new Set(rules.flatMap(({ PrefixListId }) => PrefixListId ?? []))];
  const blocks = lists.length > 0 ? await read.many(blocksByList, lists) : new Map<string, readonly string[]>();
  const watched = portsOfSetting(context.settings.ports);
  const openings = rules.map((rule) => openingOf(rule, blocks));
  const hits = openToWorld(openings, watched);
  const families = [...new Set(hits.flatMap((hit) => hit.families))];
  const interfaces = hits.length > 0 ? ((await read.many(interfacesByGroup, [id])).get(id) ?? []) : [];
  const attachment = attachmentOf(interfaces, families);
  const taken = new Set<string>();
  const offences = hits.flatMap((hit): Offence[] => {
    const at = rules.findIndex(({ SecurityGroupRuleId }) => SecurityGroupRuleId === hit.id);
    const [rule, opening] = [rules[at], openings[at]];
    const ports = hit.ports.filter((one) => !isServed(rule, one, attachment));
    if (!rule || !opening || ports.length === 0) return [];
    const narrowTo = narrowing(rule, rules, context.settings.replaceBy, taken);
    const standing: Standing = made?.includes(hit.id) ? { is: 'free' } : standingOf(rule, group, hint, context);
    return [{ rule, hit: { ...hit, ports }, standing, opensMore: opensMore(opening, watched), narrowTo }];
  });
  const unknownLists = lists.filter((list) => !blocks.has(list));
  return { group, rules, offences, attachment, unknownLists, isUnderWay: mayBeUnderWay(hint, context.now) };
}

/** Judges a group by its rules: what a tool manages is left to it, and everything else is a violation. */
export function judgeGroup({ offences, attachment, unknownLists }: ClosingFacts, iac: Iac): Verdict {
  const left = offences.filter(isLeft);
  const open = offences.filter((one) => !isLeft(one));
  const lines = left.flatMap(({ standing }) => (standing.is === 'left' ? (standing.manager?.fix(iac) ?? []) : []));
  if (open.length === 0 && left.length > 0)
    return { is: 'skip', says: `${whatIsOpen(left)} ${leftText(left)}`, advice: lines, endsFix: true };
  if (open.length === 0 && unknownLists.length > 0) {
    const says = `AWS does not show Redress the entries of ${unknownLists.join(', ')}, so what these let in is not known.`;
    return { is: 'skip', says, endsFix: true };
  }
  if (open.length === 0) return { is: 'compliant', says: 'The world cannot reach these ports.' };
  const claims = [...new Set(open.flatMap(({ standing }) => (standing.is === 'claimed' ? standing.manager : [])))];
  return {
    is: 'violation',
    says: [whatIsOpen(open), attachmentText(attachment), ...(left.length > 0 ? [leftText(left)] : [])].join(' '),
    severity: severityOf(attachment),
    // how many interfaces there are changes with each instance
    risk: [...open.map(({ rule, hit }) => `${rule.SecurityGroupRuleId} ${portsText(hit.ports)}`), ...claims.map(({ name }) => name)]
      .sort()
      .join('; '),
    advice: [
      ...claims.flatMap((manager) => [...manager.fix(iac), ...proving(manager)]),
      ...lines,
      ...open
        .filter(({ hit }) => hit.isShared)
        .slice(0, 1)
        .map(() => 'No single rule is open to the world: decide which of them is too much.'),
      ...open
        .filter(({ rule }) => rule.PrefixListId)
        .map(({ rule }) => `The prefix list ${rule.PrefixListId} holds the world: remove that entry, or the rule.`),
    ],
    iac: {},
  };
}

/** What would close the group: exactly the rules that were judged, and none that a tool manages; `mode` is that of the control. */
export function planGroup(
  { group, offences, attachment, isUnderWay }: ClosingFacts,
  { settings }: Context<ClosingSettings>,
  mode: Mode,
): Plan {
  const { GroupId } = group;
  const open = offences.filter((one) => !isLeft(one));
  if (!GroupId || open.length === 0) return { changes: [] };
  // nobody is asked what the next record may tell; in other modes Redress reports what it found at once
  if (mode === 'fix' && isUnderWay && open.some(({ standing }) => standing.is === 'unknown'))
    return { changes: [], again: { afterSeconds: 15, why: 'the record of the call that made a rule has not arrived yet' } };
  const changes: Change[] = [
    ...revoke(
      GroupId,
      open.filter(({ narrowTo }) => narrowTo === undefined).map(({ rule }) => rule),
    ),
    ...open.flatMap(({ rule, narrowTo }) => (narrowTo === undefined ? [] : [narrow(GroupId, rule, narrowTo)])),
  ];
  const approval = whyApprove(open, attachment);
  return { changes, settleSeconds: settings.settleSeconds, ...(approval && { needsApproval: approval }) };
}

/** The rules that a fix changes, without those that it leaves. */
export function openRules({ offences }: ClosingFacts): readonly KeptRule[] {
  const kept = offences.filter((one) => !isLeft(one)).map(({ rule, narrowTo }) => keptRule(rule, narrowTo !== undefined));
  // AWS shows rules in no fixed order
  return kept.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

/** Opens again what a fix closed. */
export function reopen(before: readonly KeptRule[], facts: ClosingFacts): Plan {
  const now = openRules(facts);
  const gone = before.filter((rule) => !now.some((one) => isDeepStrictEqual(one, rule)));
  return { changes: gone.map((rule) => restore(facts.group.GroupId ?? '', rule, facts.rules)) };
}

/** A rule by its effect. */
export function openingOf(rule: SecurityGroupRule, lists: ReadonlyMap<string, readonly string[]>): Opening {
  const { SecurityGroupRuleId: id = '', IpProtocol: protocol = '-1', FromPort: from, ToPort: to } = rule;
  const blocks = [rule.CidrIpv4, rule.CidrIpv6].flatMap((block) => block ?? []);
  return { id, protocol, from, to, blocks: [...blocks, ...(lists.get(rule.PrefixListId ?? '') ?? [])] };
}

function idOf({ SecurityGroupRuleId = '' }: SecurityGroupRule): string {
  return SecurityGroupRuleId;
}

function isServed(rule: SecurityGroupRule | undefined, ports: Ports, attachment: Attachment): boolean {
  return rule?.FromPort === rule?.ToPort && isServedByLoadBalancers(attachment, ports);
}

function isLeft({ standing }: Offence): boolean {
  return standing.is === 'left';
}

/** The block that takes the place of a rule's own: of the same family, as AWS changes no rule to another, and unless there is such a rule. */
function narrowing(
  rule: SecurityGroupRule,
  rules: readonly SecurityGroupRule[],
  replaceBy: readonly string[],
  taken: Set<string>,
): string | undefined {
  const isV6 = rule.CidrIpv6 !== undefined;
  if (!isV6 && rule.CidrIpv4 === undefined) return undefined;
  const block = replaceBy.find((one) => one.includes(':') === isV6);
  if (block === undefined) return undefined;
  const like = ({ IpProtocol, FromPort, ToPort }: SecurityGroupRule) => JSON.stringify([IpProtocol, FromPort, ToPort, block]);
  const isThere = rules.some((one) => like(one) === like(rule) && (isV6 ? one.CidrIpv6 : one.CidrIpv4) === block);
  if (isThere || taken.has(like(rule))) return undefined;
  taken.add(like(rule));
  return block;
}

function whyApprove(open: readonly Offence[], { count }: Attachment): string | undefined {
  const [claimed] = open.flatMap(({ standing }) => (standing.is === 'claimed' ? standing.manager : []));
  if (claimed) return `It claims to be managed by ${inSentence(claimed)}, so a person decides.`;
  if (open.some(({ standing }) => standing.is === 'unknown')) return UNKNOWN_MAKER;
  if (open.some(({ hit }) => hit.isShared))
    return 'Only together are the rules open to the world, and which of them is too much is not for Redress to say.';
  if (open.some(({ rule: { IpProtocol: protocol = '-1' } }) => protocol !== '-1' && isOfAllPorts({ protocol })))
    return 'AWS opens all ports for such a protocol, and a VPN may need it.';
  if (count > 0 && open.some((one) => one.opensMore)) return 'The rule opens other ports too, which what uses the group may need.';
  return undefined;
}

function whatIsOpen(offences: readonly Offence[]): string {
  const ports = [...new Set(offences.flatMap(({ hit }) => hit.ports))];
  const rules = offences.map(({ rule }) => ruleText(rule)).join(', ');
  return `The world can reach ${portsText(ports)} through ${rules}.`;
}

function leftText(left: readonly Offence[]): string {
  const byName = Map.groupBy(left, ({ standing }) => (standing.is === 'left' ? standing.name : ''));
  const parts = [...byName].map(([name, its]) => {
    const ids = its.map(({ rule }) => rule.SecurityGroupRuleId).join(', ');
    return `${name} manages ${ids}, so ${its.length === 1 ? 'it is' : 'they are'} left unchanged: fix it there.`;
  });
  return parts.join(' ');
}
