import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import type { AlertsConfig } from '../../shared/alerts-config.ts';
import { errorText } from '../../shared/errors.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Ledger } from '../../shared/ledger.ts';
import { type AmazonQNotification, amazonQNotification } from './amazon-q.ts';
import { securityFinding } from './asff.ts';
import { destinationsFor, isQuietFor } from './route.ts';
import type { AlertStore } from './store.ts';
import { type TextAlert, textAlert } from './text.ts';
import type { View } from './view.ts';

/** The ways out, and what remembers which of them a finding went. */
export interface TellDeps {
  readonly alerts: AlertsConfig;
  readonly view: (finding: Finding) => View;
  readonly store: Pick<AlertStore, 'pend' | 'toldOf'>;
  readonly ledger: Pick<Ledger, 'done' | 'markDone'>;
  readonly toTopic: (finding: Finding, alert: TextAlert) => Promise<void>;
  readonly toAmazonQ: (notification: AmazonQNotification) => Promise<void>;
  /** Imports at most 100 findings; answers the ids that were not taken, with the reasons. */
  readonly toSecurityHub: (findings: readonly AwsSecurityFinding[]) => Promise<ReadonlyMap<string, string>>;
  readonly now: () => number;
  readonly log: (message: string, fields: object) => void;
}

/** What became of a batch of findings: those that could not be told everywhere, and the Slack channels that have something pending. */
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

/** Sends each finding every way that it has not gone yet; a way that fails is tried again with the message, the others are not. */
export async function tellAll(findings: readonly Finding[], deps: TellDeps): Promise<TellResult> {
  const { alerts, ledger, store, now } = deps;
  const legs = [...findings.flatMap((finding) => legsOf(finding, alerts)), ...(await updates(findings, deps))];
  const bots = botsOf(alerts);
  // a bot's messages are known by what was told, so what comes twice changes nothing there
  const hasKey = ({ to }: Leg): boolean => !bots.some((name) => to === `${SLACK}${name}`);
  const done = await ledger.done(legs.filter(hasKey).map(keyOf));
  const open = legs.filter((leg) => !done.has(keyOf(leg)));
  const failed = new Set<string>();
  const fail = ({ finding, to }: Leg, error: unknown): void => {
    failed.add(finding.announcement);
    deps.log('a finding could not be told', { finding: finding.id, to, error: errorText(error) });
  };
  const sent = async (leg: Leg, sending: Promise<unknown>): Promise<void> => {
    try {
      await sending;
      if (hasKey(leg)) await ledger.markDone([keyOf(leg)], new Date(now()));
    } catch (error) {
      fail(leg, error);
    }
  };
  const send = ({ finding, to }: Leg): Promise<void> => {
    if (to.startsWith(SLACK)) return store.pend(to.slice(SLACK.length), finding, now());
    const view = deps.view(finding);
    return to === 'topic' ? deps.toTopic(finding, textAlert(view)) : deps.toAmazonQ(amazonQNotification(view));
  };
  const [imports, others] = [open.filter(({ to }) => to === SECURITY_HUB), open.filter(({ to }) => to !== SECURITY_HUB)];
  await Promise.all([...others.map((leg) => sent(leg, send(leg))), importAll(imports, sent, deps)]);
  const slack = legs.filter(({ to }) => to.startsWith(SLACK));
  const byChannel = Map.groupBy(slack, ({ to }) => to.slice(SLACK.length));
  return { failed, channels: new Map([...byChannel].map(([name, all]) => [name, all.map(({ finding }) => finding.announcement)])) };
}

function legsOf(finding: Finding, alerts: AlertsConfig): Leg[] {
  const isQuiet = isQuietFor(finding, alerts);
  // Slack's flow itself keeps quiet what has no message yet
  const people = [...destinationsFor(finding, alerts)].filter((to) => !isQuiet || to.startsWith(SLACK));
  return [...people, ...(alerts.securityHub ? [SECURITY_HUB] : [])].map((to) => ({ finding, to }));
}

/** Findings that no route sends to a channel any more, but that have a message there: it must not go on saying what is over. */
async function updates(findings: readonly Finding[], { alerts, store }: TellDeps): Promise<Leg[]> {
  if (!alerts.routes) return [];
  const each = botsOf(alerts).map(async (name) => {
    const to = `${SLACK}${name}`;
    const others = findings.filter((finding) => !destinationsFor(finding, alerts).has(to));
    const told = await store.toldOf(
      name,
      others.map(({ id }) => id),
    );
    return others.filter(({ id }) => told.has(id)).map((finding) => ({ finding, to }));
  });
  return (await Promise.all(each)).flat();
}

/** Only the last state of each finding is imported; the earlier ones of the batch are done with it. */
async function importAll(
  legs: readonly Leg[],
  sent: (leg: Leg, sending: Promise<unknown>) => Promise<void>,
  { view, toSecurityHub }: TellDeps,
): Promise<void> {
  const groups = [...Map.groupBy(legs, ({ finding }) => finding.id).values()].map((group) => {
    const views = group.map(({ finding }) => securityFinding(view(finding)));
    const [newest] = views.toSorted((a, b) => (b.UpdatedAt ?? '').localeCompare(a.UpdatedAt ?? ''));
    return { group, newest };
  });
  for (let start = 0; start < groups.length; start += MOST_IMPORTED) {
    const part = groups.slice(start, start + MOST_IMPORTED);
    const importing = toSecurityHub(part.flatMap(({ newest }) => newest ?? []));
    await Promise.all(
      part.flatMap(({ group, newest }) =>
        group.map((leg) =>
          sent(
            leg,
            importing.then((refused) => {
              const says = refused.get(newest?.Id ?? '');
              if (says !== undefined) throw new Error(`Security Hub did not take it: ${says}`);
            }),
          ),
        ),
      ),
    );
  }
}

function botsOf({ slack }: AlertsConfig): string[] {
  return Object.entries(slack?.channels ?? {}).flatMap(([name, channel]) => ('tokenParameter' in channel ? [name] : []));
}

function keyOf({ finding, to }: Leg): string {
  return `ALERT#${to}#${finding.announcement}`;
}
