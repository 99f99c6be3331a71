import { nameOfArn, redressItself } from '#shared/control/actor.ts';
import { type Iac, isWay, toolsOf, waysOf } from '#shared/control/iac.ts';
import { commonIn, type RedressConfig } from '#shared/finding/config.ts';
import { type Finding, type FindingChange, type FindingExemption, isAhead, type Status } from '#shared/finding/finding.ts';
import { type NextStep, nextSteps } from '#shared/finding/next-steps.ts';
import { withOwnerNames } from '#shared/tags/names.ts';
import catalog from './catalog.json' with { type: 'json' };
import { controlLink, eventLink, isCall, type Link, resourceLink } from './links.ts';

/** All that an alert says of a finding, whatever it is drawn as; texts from records are as they came, and not escaped. */
export interface View {
  readonly finding: Finding;
  /** Whether it is about a setting of the account, whose number says nothing. */
  readonly isOfAccount: boolean;
  /** Security Hub's name for the type of resource. */
  readonly securityHub: string;
  /** What became of it, and what it is about: a resource, or what holds in the account now. */
  readonly headline: string;
  /** The headline with the control, for lists of many. */
  readonly title: string;
  /** What was found and what holds now, or all in one. */
  readonly story: readonly string[];
  /** How it looks at a glance. */
  readonly mood: 'good' | 'waiting' | 'bad' | 'calm';
  /** How long it was wrong, such as `3 min`; undefined unless it is right now. */
  readonly took: string | undefined;
  /** Who made the call, found it or ordered it, and the tool. */
  readonly by: { readonly what: string; readonly name: string; readonly via: string };
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** What was changed, or would be. */
  readonly changes: { readonly title: string; readonly entries: readonly FindingChange[] };
  readonly why: string | undefined;
  /** Who ordered what, and what came of it. */
  readonly ordered: string | undefined;
  /** What a person can do, in the control's own words. */
  readonly advice: readonly string[];
  /** What a person can do with Redress. */
  readonly next: readonly NextStep[];
  /** How to set it right where code makes it. */
  readonly source: readonly { readonly tool: string; readonly says: string }[];
  readonly links: readonly Link[];
}

/** What a view takes from the config: where the pages are, and names that controls leave to it. */
type ViewConfig = Pick<RedressConfig, 'alerts' | 'common' | 'accounts'>;

/** What the generated catalog says of a control. */
interface Card {
  readonly why: string;
  readonly reference?: string;
  readonly iac?: Iac;
  /** What the alert takes from the control's kind. */
  readonly kind: { readonly is: string; readonly console: string; readonly securityHub: string };
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

/** A step as a sentence with its command. */
export function commandText({ says, command }: NextStep): string {
  return `${says}: \`${command}\``;
}

/** What became of findings of a status, in words. */
export function headOf(status: Status): string {
  return heads[status];
}

/** The view of a finding under a config. */
export function viewOf(finding: Finding, config: ViewConfig = {}): View {
  const { control, status, resource, changes, later, actor, event, timings, exemption } = finding;
  const card = Object.hasOwn(cards, control) ? cards[control] : undefined;
  const reference = card?.reference && { text: 'Background', url: card.reference };
  const isOfAccount = card?.kind.is === 'setting';
  const head = exemption?.isEnding ? 'Exemption ends' : finding.isFailedUndo ? 'Failed to undo' : headOf(status);
  const mood = exemption?.isEnding ? 'waiting' : moods[status];
  const took = mood === 'good' && timings.doneAt ? spanOf(Date.parse(timings.doneAt) - Date.parse(timings.eventTime)) : undefined;
  const headline = `${head}: ${isOfAccount ? (mood === 'good' ? finding.title : control) : resource.id}`;
  const by = byOf(finding);
  return {
    finding,
    isOfAccount,
    securityHub: card?.kind.securityHub ?? 'Other',
    headline,
    title: isOfAccount ? headline : `${headline} (${control})`,
    story: storyOf(finding.says),
    mood,
    took,
    by,
    facts: [
      ...(isOfAccount ? [] : [{ name: 'Resource', value: `${resource.type} ${resource.id}` }]),
      { name: 'Account', value: `${finding.account} ${finding.region}` },
      { name: by.what, value: `${by.name}${by.via ? ` with ${by.via}` : ''}${actor.sourceIp ? ` from ${actor.sourceIp}` : ''}` },
      ...(finding.owner ? [{ name: 'Owner', value: finding.owner }] : []),
      { name: 'Event', value: `${event.name} at ${event.time}${finding.count > 1 ? `, ${finding.count} times` : ''}` },
      { name: 'Severity', value: finding.severity },
      ...(exemption ? [{ name: 'Exempt', value: exemptionText(exemption) }] : []),
      ...(took === undefined ? [] : [{ name: 'Took', value: `${took} from the event` }]),
    ],
    changes: { title: isAhead(status) ? 'What Redress would do' : 'What Redress did', entries: [...changes, ...later] },
    why: card?.why,
    ordered: orderedOf(finding),
    advice: finding.advice,
    next: nextSteps(finding),
    source: sourceOf(finding, card, config),
    links: [
      card && resourceLink(finding, card.kind.console),
      eventLink(finding),
      controlLink(finding, config.alerts?.docs) ?? reference,
    ].flatMap((link) => link || []),
  };
}

/** The waiver of a finding, in words. */
export function exemptionText({ until, owner, reason }: FindingExemption): string {
  return `until ${until}, by ${owner}: ${reason}`;
}

/** What sweeps find, nobody is known to have made; what an order brought back was found by whoever gave it. */
function byOf({ actor, event }: Finding): View['by'] {
  if (isCall(event.name)) return { what: 'Made by', name: actor.name, via: actor.via };
  return actor.name === redressItself.name
    ? { what: 'Found by', name: 'a sweep', via: '' }
    : { what: 'Ordered by', name: actor.name, via: '' };
}

/** Whose order brought the status about, and what came of the last order, where that was another. */
function orderedOf({ status, says, order, doneBy, timings }: Finding): string | undefined {
  const done =
    doneBy && `${status === 'undone' ? 'undo' : 'fix'} by ${nameOf(doneBy)}${timings.doneAt ? `, ${minuteOf(timings.doneAt)}` : ''}`;
  const isSame = doneBy !== undefined && order?.by === doneBy && order.says === says;
  const last = order && !isSame ? `${order.kind} by ${nameOf(order.by)}${order.says === says ? '' : `: ${order.says}`}` : undefined;
  return [done, last].filter((one) => one !== undefined).join('; then ') || undefined;
}

/** A time to the minute, as people read it. */
export function minuteOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function spanOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
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
  const ways = waysOf(card?.iac ?? {}, ...toolsOf(actor.via));
  return ways.map(({ tool, says }) => ({ tool, says: withOwnerNames(says, common) }));
}
