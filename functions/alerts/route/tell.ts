import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import { errorText } from '#shared/aws/errors.ts';
import type { AlertsConfig } from '#shared/finding/alerts-config.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { fittingFinding } from '#shared/finding/fitting.ts';
import type { View } from '#shared/finding/view.ts';
import type { DoneRows } from '#shared/ledger/done.ts';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';
import { type AmazonQNotification, amazonQNotification } from '../render/amazon-q.ts';
import { securityFinding } from '../render/asff.ts';
import { type TextAlert, textAlert } from '../render/email.ts';
import type { AlertStore } from '../store.ts';
import { destinationsFor, isQuietFor, mayBeToldTo } from './route.ts';

/** The ways out, and what remembers which of them a finding went. */
export interface TellDeps {
  readonly alerts: AlertsConfig;
  readonly view: (finding: Finding) => View;
  readonly store: Pick<AlertStore, 'pend'>;
  readonly ledger: DoneRows;
  readonly toTopic: (finding: Finding, alert: TextAlert) => Promise<void>;
  readonly toAmazonQ: (notification: AmazonQNotification) => Promise<void>;
  /** Imports at most 100 findings of one place; answers the ids that were not taken, with the reasons. */
  readonly toSecurityHub: (findings: readonly AwsSecurityFinding[], place: NamedPlace) => Promise<ReadonlyMap<string, string>>;
  /** Whether there is a Security Hub to import a finding into: that of its account and Region takes it, and no other. */
  readonly isImported: (finding: Finding) => boolean;
  readonly now: () => number;
  readonly log: (message: string, fields: object) => void;
}

/** What became of a batch of findings: those that did not reach every destination, and the Slack channels that have something pending. */
export interface TellResult {
  readonly failed: ReadonlySet<string>;
  readonly channels: ReadonlyMap<string, readonly string[]>;
}

const SLACK = 'slack:';
const SECURITY_HUB = 'security-hub';
const MOST_IMPORTED = 100;

/** One finding on one way out. */
interface Leg {
  readonly finding: Finding;
  readonly to: string;
}

/** Sends one finding one way, and notes what came of it; never throws. */
type Sent = (leg: Leg, sending: () => Promise<unknown>) => Promise<void>;

/** Sends each finding every way that it has not gone yet; a way that fails is tried again with the message, the others are not. */
export async function tellAll(announced: readonly Finding[], deps: TellDeps): Promise<TellResult> {
  const { ledger, store, now } = deps;
  // an event may be larger than what a topic takes or an item holds
  const findings = announced.map((finding) => fittingFinding(finding));
  // a batch may hold one announcement twice
  const legs = [...new Map(findings.flatMap((finding) => legsOf(finding, deps)).map((leg) => [keyOf(leg), leg])).values()];
  // a bot's messages are known by what was posted, so what comes twice changes nothing there
  const hasKey = ({ to }: Leg): boolean => !botsOf(deps.alerts).some((name) => to === `${SLACK}${name}`);
  const done = await ledger.done(legs.filter(hasKey).map(keyOf));
  const open = legs.filter((leg) => !done.has(keyOf(leg)));
  const failed = new Set<string>();
  const sent: Sent = async (leg, sending) => {
    const { finding, to } = leg;
    try {
      await sending();
      if (hasKey(leg)) await ledger.markDone([keyOf(leg)], new Date(now()));
    } catch (error) {
      failed.add(finding.announcement);
      deps.log('could not report a finding', { finding: finding.id, to, error: errorText(error) });
    }
  };
  const send = async ({ finding, to }: Leg): Promise<void> => {
    if (to.startsWith(SLACK)) return await store.pend(to.slice(SLACK.length), finding, now());
    const view = deps.view(finding);
    return await (to === 'topic' ? deps.toTopic(finding, textAlert(view)) : deps.toAmazonQ(amazonQNotification(view)));
  };
  const [imports, others] = [open.filter(({ to }) => to === SECURITY_HUB), open.filter(({ to }) => to !== SECURITY_HUB)];
  await Promise.all([...others.map((leg) => sent(leg, () => send(leg))), importAll(imports, sent, deps)]);
  const slack = legs.filter(({ to }) => to.startsWith(SLACK));
  const byChannel = Map.groupBy(slack, ({ to }) => to.slice(SLACK.length));
  return { failed, channels: new Map([...byChannel].map(([name, all]) => [name, all.map(({ finding }) => finding.announcement)])) };
}

function legsOf(finding: Finding, { alerts, isImported }: TellDeps): Leg[] {
  const all = destinationsFor(finding, alerts);
  const people = [...all].filter((to) => !to.startsWith(SLACK) && !isQuietFor(finding, alerts));
  // Slack's flow itself leaves out what is quiet or goes elsewhere by now, and has no message there
  const bots = botsOf(alerts).map((name) => `${SLACK}${name}`);
  const slack = [...all, ...bots.filter((to) => mayBeToldTo(to, finding, alerts))].filter((to) => to.startsWith(SLACK));
  return [...new Set([...people, ...slack, ...(alerts.securityHub && isImported(finding) ? [SECURITY_HUB] : [])])].map((to) => ({
    finding,
    to,
  }));
}

/** Imports the findings of each place there; a place that fails keeps those of no other. */
async function importAll(legs: readonly Leg[], sent: Sent, deps: TellDeps): Promise<void> {
  const places = Map.groupBy(legs, ({ finding }) => placeKey(finding));
  await Promise.all([...places.values()].map((ofOne) => importIn(ofOne, sent, deps)));
}

/** Only the last state of each finding is imported; the earlier ones of the batch are done with it. */
async function importIn(legs: readonly Leg[], sent: Sent, { view, toSecurityHub }: TellDeps): Promise<void> {
  const [first] = legs;
  if (!first) return;
  const { account, region } = first.finding;
  const groups = [...Map.groupBy(legs, ({ finding }) => finding.id).values()];
  for (let start = 0; start < groups.length; start += MOST_IMPORTED) {
    const part = groups.slice(start, start + MOST_IMPORTED);
    const drawn = part.map((group) => ({ group, ...attempt(() => newestOf(group, view)) }));
    const ready = drawn.flatMap(({ value }) => value ?? []);
    // a call without findings would be refused, and nobody would wait for its answer
    const importing = ready.length > 0 ? toSecurityHub(ready, { account, region }) : undefined;
    await Promise.all(
      drawn.flatMap(({ group, value, error }) =>
        group.map((leg) =>
          sent(leg, async () => {
            if (!value) throw error;
            const says = (await importing)?.get(value.Id ?? '');
            if (says !== undefined) throw new Error(`Security Hub did not take it: ${says}`);
          }),
        ),
      ),
    );
  }
}

function newestOf(group: readonly Leg[], view: TellDeps['view']): AwsSecurityFinding {
  const views = group.map(({ finding }) => securityFinding(view(finding)));
  return views.reduce((newest, one) => ((one.UpdatedAt ?? '') > (newest.UpdatedAt ?? '') ? one : newest));
}

/** What came of drawing one finding: one that cannot be drawn keeps no other from being reported. */
function attempt<Value>(draw: () => Value): { readonly value?: Value; readonly error?: unknown } {
  try {
    return { value: draw() };
  } catch (error) {
    return { error };
  }
}

function botsOf({ slack }: AlertsConfig): string[] {
  return Object.entries(slack?.channels ?? {}).flatMap(([name, channel]) => ('tokenParameter' in channel ? [name] : []));
}

function keyOf({ finding, to }: Leg): string {
  return `ALERT#${to}#${finding.announcement}`;
}
