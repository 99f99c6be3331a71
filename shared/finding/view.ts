import { BY_ORDER, redressItself } from '#shared/control/actor.ts';
import { nameOfArn } from '#shared/control/caller.ts';
import type { AnyControl } from '#shared/control/control.ts';
import { type Advice, adviceOf, type Iac } from '#shared/control/iac.ts';
import { toolBehind } from '#shared/control/manager.ts';
import { policiesOf, policyTypes } from '#shared/control/prevention.ts';
import { withOwnerNames } from '#shared/tags/names.ts';
import { commonIn, type RedressConfig } from './config.ts';
import { type Finding, type FindingChange, type FindingExemption, isAhead, type Status, storyOf } from './finding.ts';
import { controlLink, eventLink, type Link, resourceLink } from './links.ts';
import { type NextStep, nextSteps } from './next-steps.ts';

/** All that Redress says to people about a finding, however it is drawn; texts from records are as they came, and not escaped. */
export interface View {
  readonly finding: Finding;
  /** What became of it, and what it is about: a resource, or what holds in the account now. */
  readonly headline: string;
  /** The headline with the control, for lists of many. */
  readonly title: string;
  /** What was found, what holds now, and why: a line each. */
  readonly story: readonly string[];
  /** How it looks at a glance. */
  readonly mood: 'good' | 'waiting' | 'bad' | 'calm';
  readonly facts: readonly Fact[];
  /** What was changed, or would be. */
  readonly changes: { readonly title: string; readonly entries: readonly FindingChange[] };
  readonly why: string | undefined;
  /** What a person can do, in the control's own words. */
  readonly advice: readonly Advice[];
  /** What a person can do with Redress. */
  readonly next: readonly NextStep[];
  /** How an organization rules it out, where a policy does. */
  readonly prevention: string | undefined;
  /** Security Hub's name for the type of resource. */
  readonly securityHub: string;
  /** How code that makes the resource fixes it. */
  readonly source: readonly Advice[];
  /** The resource in the console, where its page is known. */
  readonly page: Link | undefined;
  /** Where else there is more about it. */
  readonly links: readonly Link[];
}

/** One fact of a view: what it is called, and what it is in pieces; a piece that `isName` stands as code where there is such a form. */
export interface Fact {
  readonly name: string;
  readonly value: readonly { readonly text: string; readonly isName?: boolean }[];
  /** Whether the resource's page belongs beside it. */
  readonly hasPage?: boolean;
}

/** What a view says of a control. */
export interface Card {
  readonly why: string;
  readonly reference?: string | undefined;
  readonly iac?: Iac | undefined;
  /** The types of policy that make the mistake impossible, in words. */
  readonly prevention?: string | undefined;
  /** What a view takes from the control's kind. */
  readonly kind: { readonly is: string; readonly console: string; readonly securityHub: string };
}

/** The cards of controls, by their ids. */
export interface Cards {
  readonly [control: string]: Card;
}

/** What a view takes from the config: where the pages are, and names that controls leave to it. */
type ViewConfig = Pick<RedressConfig, 'alerts' | 'common' | 'organization' | 'accounts'>;

const heads: { readonly [status in Status]: string } = {
  open: 'Action needed',
  'would-fix': 'Would fix',
  'awaiting-approval': 'Waits for your approval',
  fixed: 'Fixed',
  superseded: 'Replaced',
  exempt: 'Exempt',
  failed: 'Failed to fix',
  skipped: 'Skipped',
  undone: 'Undone',
  closed: 'Closed',
};

const moods: { readonly [status in Status]: View['mood'] } = {
  open: 'bad',
  'would-fix': 'waiting',
  'awaiting-approval': 'waiting',
  fixed: 'good',
  superseded: 'good',
  exempt: 'calm',
  failed: 'bad',
  skipped: 'calm',
  undone: 'calm',
  closed: 'calm',
};

const parts: { readonly [part in NonNullable<Finding['changed']>[number]]: string } = {
  severity: 'the severity',
  reason: 'why it stands as it does',
  risk: 'what is at risk',
};

/** The headings over what a person can do, what changed, why it matters, how code fixes it, and how a policy rules it out. */
export const TO_DO = 'What you can do';
export const CHANGED = 'Changed';
export const WHY = 'Why it matters';
export const AT_THE_SOURCE = 'If code makes it, fix it there';
export const PREVENT = 'Make it impossible';

/** The card of a control. */
export function cardOf({ why, references, iac, prevention, kind }: AnyControl): Card {
  const { is, console, securityHub } = kind;
  const policies = policiesOf(prevention).map((type) => policyTypes[type].name);
  return { why, reference: references[0], iac, prevention: policies.join(' and ') || undefined, kind: { is, console, securityHub } };
}

/** The view of a finding, with what the card of its control says, under a config. */
export function viewOf(finding: Finding, cards: Cards, config: ViewConfig = {}): View {
  const { control, status, resource, changes, later, exemption } = finding;
  const card = Object.hasOwn(cards, control) ? cards[control] : undefined;
  const reference = card?.reference === undefined ? undefined : { text: 'Background', url: card.reference };
  const head = exemption?.isEnding ? 'Exemption ends' : finding.isFailedUndo ? 'Failed to undo' : headOf(status);
  const mood = exemption?.isEnding ? 'waiting' : moods[status];
  // the number of the account that has a setting says nothing
  const isSetting = card?.kind.is === 'setting';
  const headline = `${head}: ${isSetting ? (mood === 'good' ? finding.title : control) : resource.id}`;
  return {
    finding,
    headline,
    title: isSetting ? headline : `${headline} (${control})`,
    story: storyOf(finding),
    mood,
    facts: factsOf(finding, mood, isSetting),
    changes: { title: isAhead(status) ? 'What Redress would do' : 'What Redress did', entries: [...changes, ...later] },
    why: card?.why,
    // what is fixed already is still to be fixed where code makes it
    advice: mood === 'good' ? finding.advice.filter(({ tool }) => tool === undefined) : finding.advice,
    next: nextSteps(finding),
    source: sourceOf(finding, card, config),
    prevention: preventionOf(finding, card),
    page: card && resourceLink(finding, card.kind.console),
    securityHub: card?.kind.securityHub ?? 'Other',
    links: [eventLink(finding), (card && controlLink(finding, config.alerts?.docs)) ?? reference].flatMap((link) => link || []),
  };
}

/** What became of findings of a status, in words. */
export function headOf(status: Status): string {
  return heads[status];
}

/** A fact's value as one text. */
export function factText({ value }: Fact): string {
  return value.map(({ text }) => text).join('');
}

/** A time to the minute, as people read it. */
export function minuteOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function factsOf(finding: Finding, mood: View['mood'], isSetting: boolean): Fact[] {
  const { resource, account, region, owner, event, count, severity, exemption, timings } = finding;
  const one = (name: string, text: string | undefined): Fact[] => (text ? [{ name, value: [{ text }] }] : []);
  const took = mood === 'good' && timings.doneAt ? spanOf(Date.parse(timings.doneAt) - Date.parse(timings.eventTime)) : undefined;
  return [
    ...(isSetting
      ? []
      : [{ name: 'Resource', value: [{ text: `${resource.type} ` }, { text: resource.id, isName: true }], hasPage: true }]),
    byOf(finding),
    { name: 'Account', value: [{ text: `${account} ${region}` }], hasPage: isSetting },
    ...one('Event', `${event.name}, ${minuteOf(event.time)}${count > 1 ? `, ${count} times` : ''}`),
    ...one('Owner', owner),
    ...one('Severity', severity),
    ...one(CHANGED, finding.changed?.map((part) => parts[part]).join(', ')),
    ...one('Costs', finding.costs),
    ...one('Exempt', exemption && exemptionText(exemption)),
    ...one('Took', took && `${took} from the event`),
    ...one('Order', orderedOf(finding)),
  ];
}

/** What sweeps find, nobody is known to have made; what an order brought back was found by whoever gave it. */
function byOf({ actor, event }: Finding): Fact {
  const name = { text: actor.name, isName: true };
  // a call that came later about what a sweep or an order found names its caller
  if (event.is === 'sweep' && actor.via === redressItself.via) return { name: 'Found by', value: [{ text: 'a sweep' }] };
  if (event.is === 'order' && actor.via === BY_ORDER) return { name: 'Ordered by', value: [name] };
  // a service that reports by itself seldom says for whom
  if (event.is === 'notice' && actor.name === 'unknown') return { name: 'Reported by', value: [{ text: 'AWS' }] };
  const from = actor.sourceIp ? [{ text: ' from ' }, { text: actor.sourceIp, isName: true }] : [];
  return {
    name: 'Made by',
    value: [name, ...(actor.via === 'unknown' || actor.via === actor.name ? [] : [{ text: ` with ${actor.via}` }]), ...from],
  };
}

/** Whose order brought the status about, and what came of the last order, where that was another. */
function orderedOf({ status, order, doneBy, timings }: Finding): string | undefined {
  const done =
    doneBy && `${status === 'undone' ? 'undo' : 'fix'} by ${nameOf(doneBy)}${timings.doneAt ? `, ${minuteOf(timings.doneAt)}` : ''}`;
  const isSame = order?.outcome === 'done' && order.by === doneBy && order.says === undefined;
  const last = order && !isSame ? `${order.kind} by ${nameOf(order.by)}${order.says === undefined ? '' : `: ${order.says}`}` : undefined;
  return [done, last].filter((one) => one !== undefined).join('; then ') || undefined;
}

/** An exemption, in words. */
function exemptionText({ until, owner, reason }: FindingExemption): string {
  return `until ${until}, by ${owner}: ${reason}`;
}

function spanOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** Who gave an order: an ARN by the name that people know. */
function nameOf(by: string): string {
  return (by.startsWith('arn:') && nameOfArn(by)) || by;
}

/** Whether what was found stays as it is, and is no mistake to be ruled out. */
function isLeft({ status }: Finding): boolean {
  return status === 'exempt' || status === 'undone' || status === 'skipped' || status === 'closed';
}

function preventionOf(finding: Finding, card: Card | undefined): string | undefined {
  if (!card?.prevention || isLeft(finding)) return undefined;
  return `An organization can rule it out by policy (${card.prevention}): \`redress prevent ${finding.control}\` prints it.`;
}

/** The ways of the tool that made the call, or of all that could have; none where nothing is asked, or the advice has its own. */
function sourceOf(finding: Finding, card: Card | undefined, config: ViewConfig): Advice[] {
  const { advice, actor, account, region, status, reason } = finding;
  const told = advice.filter(({ tool }) => tool !== undefined);
  // what is left unchanged is somebody's, whose way the advice has if there is one
  if (isLeft(finding) || told.length > 0) return moods[status] === 'good' ? told : [];
  const common = commonIn(config, account, region);
  // a tool that is known and has no way of its own is helped by no other's
  if (reason?.code === 'claimed' || reason?.code === 'managed') return [];
  const { iac = {} } = card ?? {};
  const lines = toolBehind([], { via: actor.via, service: actor.via }, {})?.fix(iac) ?? adviceOf(iac);
  return lines.map(({ says, ...one }) => ({ ...one, says: withOwnerNames(says, common) }));
}
