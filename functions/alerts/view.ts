import { nameOfArn } from '../../shared/actor.ts';
import { commonIn, type RedressConfig } from '../../shared/config.ts';
import {
  type Finding,
  type FindingChange,
  type FindingExemption,
  isAhead,
  isUndoable,
  type Status,
  unsettledStatuses,
} from '../../shared/finding.ts';
import type { ButtonOrder } from '../../shared/slack-actions.ts';
import { isWay, type Sources, toolsOf, waysOf } from '../../shared/source.ts';
import { withOwnerNames } from '../../shared/tag-names.ts';
import catalog from './catalog.json' with { type: 'json' };
import { controlLink, eventLink, type Link, resourceLink } from './links.ts';

/** All that an alert says of a finding, whatever it is drawn as; texts from records are as they came, and not escaped. */
export interface View {
  readonly finding: Finding;
  /** Whether it is about a setting of the account, whose number says nothing. */
  readonly isOfAccount: boolean;
  /** What became of it, in two or three words. */
  readonly head: string;
  /** The same with what it is about: a resource, or what holds in the account now. */
  readonly headline: string;
  /** What was found and what holds now, or all in one. */
  readonly story: readonly string[];
  /** How it looks at a glance. */
  readonly mood: 'good' | 'waiting' | 'bad' | 'calm';
  /** From the event to the end, in seconds; undefined while it is open. */
  readonly seconds: number | undefined;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** What was changed, or would be. */
  readonly changes: { readonly title: string; readonly entries: readonly FindingChange[] };
  readonly why: string | undefined;
  /** A person's word about it, and whose. */
  readonly ordered: string | undefined;
  /** What a person can do, in the control's own words. */
  readonly advice: readonly string[];
  /** Commands of the CLI, in a sentence each. */
  readonly commands: readonly string[];
  /** How to set it right where code makes it. */
  readonly source: readonly { readonly tool: string; readonly says: string }[];
  readonly links: readonly Link[];
  readonly actions: readonly ButtonOrder[];
}

/** What a view takes from the config: where the pages are, and names that controls leave to it. */
type ViewConfig = Pick<RedressConfig, 'alerts' | 'common' | 'accounts'>;

/** What the generated catalog says of a control. */
interface Card {
  readonly why: string;
  readonly undo: boolean;
  readonly reference?: string;
  readonly source?: Sources;
}

const cards: { readonly [control: string]: Card } = catalog;

const heads: { readonly [status in Status]: string } = {
  open: 'Needs you',
  'would-fix': 'Would fix',
  'awaiting-approval': 'Waits for your approval',
  fixed: 'Fixed',
  superseded: 'Replaced',
  exempt: 'Exempt',
  failed: 'Failed to fix',
  skipped: 'Left alone',
  undone: 'Undone',
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
};

/** The heading over how code sets it right. */
export const AT_THE_SOURCE = 'If code makes it, fix it there';

/** What became of findings of a status, in words. */
export function headOf(status: Status): string {
  return heads[status];
}

/** The view of a finding under a config. */
export function viewOf(finding: Finding, config: ViewConfig = {}): View {
  const { status, title, resource, changes, later, actor, event, timings, order, exemption } = finding;
  const card = Object.hasOwn(cards, finding.control) ? cards[finding.control] : undefined;
  const seconds = timings.doneAt ? Math.max(0, Math.round((Date.parse(timings.doneAt) - Date.parse(timings.eventTime)) / 1000)) : undefined;
  const reference = card?.reference && { text: 'Background', url: card.reference };
  const canUndo = isUndoable(finding) && card?.undo !== false;
  const isOfAccount = resource.type === 'AWS::::Account';
  const head = exemption?.isEnding ? 'Exemption ends' : headOf(status);
  const mood = exemption?.isEnding ? 'waiting' : moods[status];
  const ofAccount = mood === 'good' ? title : `account ${resource.id}`;
  return {
    finding,
    isOfAccount,
    head,
    headline: `${head}: ${isOfAccount ? ofAccount : resource.id}`,
    story: storyOf(finding.says),
    mood,
    seconds,
    facts: [
      ...(isOfAccount ? [] : [{ name: 'Resource', value: `${resource.type} ${resource.id}` }]),
      { name: 'Account', value: `${finding.account} ${finding.region}` },
      { name: 'Made by', value: `${actor.name} with ${actor.via}${actor.sourceIp ? ` from ${actor.sourceIp}` : ''}` },
      ...(finding.owner ? [{ name: 'Owner', value: finding.owner }] : []),
      { name: 'Event', value: `${event.name} at ${event.time}${finding.count > 1 ? `, ${finding.count} times` : ''}` },
      { name: 'Severity', value: finding.severity },
      ...(exemption ? [{ name: 'Exempt', value: exemptionText(exemption) }] : []),
      ...(seconds === undefined || mood !== 'good' ? [] : [{ name: 'Took', value: `${seconds} s from the event` }]),
    ],
    changes: { title: isAhead(status) ? 'What Redress would do' : 'What Redress did', entries: [...changes, ...later] },
    why: card?.why,
    ordered: order && `${order.kind} by ${nameOf(order.by)}${order.says === finding.says ? '' : `: ${order.says}`}`,
    advice: finding.advice,
    commands: commandsOf(finding, canUndo),
    source: sourceOf(finding, card, config),
    links: [resourceLink(finding), eventLink(finding), controlLink(finding, config.alerts?.docs) ?? reference].flatMap(
      (link) => link || [],
    ),
    actions: actionsOf(finding, canUndo),
  };
}

/** The waiver of a finding, in words. */
export function exemptionText({ until, owner, reason }: FindingExemption): string {
  return `until ${until}, by ${owner}: ${reason}`;
}

function commandsOf({ status, id, exemption }: Finding, canUndo: boolean): string[] {
  const exempt = `Waive it: \`redress exempt ${id} --until DATE --reason TEXT\``;
  if (status === 'awaiting-approval') return [`Fix it: \`redress fix ${id}\``, exempt];
  if (status === 'would-fix') return ['Set the control to approve or fix, to let Redress do this.', exempt];
  if (status === 'failed') return [`Try again: \`redress fix ${id}\``, exempt];
  if (status === 'open') return [exempt];
  if (exemption?.isEnding) return [`Prolong it: \`redress exempt ${id} --until DATE --reason TEXT\``];
  return canUndo ? [`Put the state before back: \`redress undo ${id}\``] : [];
}

/** The engine's `Found: … Now: …` in its two halves. */
function storyOf(says: string): string[] {
  const now = says.startsWith('Found: ') ? says.lastIndexOf(' Now: ') : -1;
  return now === -1 ? [says] : [says.slice(0, now), says.slice(now + 1)];
}

/** Who gave an order: an ARN by the name that people know. */
function nameOf(by: string): string {
  return (by.startsWith('arn:') && nameOfArn(by)) || by;
}

/** The ways of the tool that made the call, or of all that could have; none where nothing is asked, or the advice has its own. */
function sourceOf({ status, advice, actor, account, region }: Finding, card: Card | undefined, config: ViewConfig): View['source'] {
  // what is left alone is somebody's, whose way the advice has if there is one
  if (status === 'exempt' || status === 'undone' || status === 'skipped' || advice.some(isWay)) return [];
  const common = commonIn(config, account, region);
  const ways = waysOf(card?.source ?? {}, ...toolsOf(actor.via));
  return ways.map(({ tool, says }) => ({ tool, says: withOwnerNames(says, common) }));
}

function actionsOf({ status, exemption }: Finding, canUndo: boolean): ButtonOrder[] {
  return [
    ...(status === 'awaiting-approval' ? ['fix' as const] : []),
    ...(canUndo ? ['undo' as const] : []),
    ...(unsettledStatuses.includes(status) || exemption?.isEnding ? ['exempt' as const] : []),
  ];
}
