import { type AlertRoute, type AlertsConfig, destinationsOf, severities } from '#shared/finding/alerts-config.ts';
import { isUrgent } from '#shared/finding/announcement.ts';
import type { Finding } from '#shared/finding/finding.ts';

/** The destinations of a finding, by the names that routes use; what no route takes goes to the topic, so that silence is always asked for. */
export function destinationsFor(finding: Finding, alerts: AlertsConfig): ReadonlySet<string> {
  if (!alerts.routes) return new Set(destinationsOf(alerts));
  const taken = alerts.routes.filter((route) => isFor(route, finding));
  return new Set(taken.length === 0 ? ['topic'] : taken.flatMap(({ to }) => to));
}

/** Whether a finding starts no message, wherever it goes. */
export function isQuietFor(finding: Finding, { quiet }: AlertsConfig): boolean {
  return (quiet?.includes(finding.status) ?? false) && !isUrgent(finding);
}

/** Whether another status or severity of the finding may have a message there, which must not keep an outdated status. */
export function mayBeToldTo(destination: string, finding: Finding, { routes }: AlertsConfig): boolean {
  return routes?.some(({ controls, accounts, to }) => to.includes(destination) && isFor({ controls, accounts, to }, finding)) ?? true;
}

/** The Slack id of the resource's owner or the caller, if the config knows one. */
export function mentionFor({ owner, actor }: Finding, { slack }: AlertsConfig): string | undefined {
  const owners = slack?.owners ?? {};
  // under SSO the session, which is the last part of the name, is the person
  const keys = [owner, actor.arn, actor.name, actor.name.split('/').at(-1)];
  const key = keys.find((one) => one && Object.hasOwn(owners, one));
  return key ? owners[key] : undefined;
}

function isFor({ controls, atLeast, accounts, statuses }: AlertRoute, { control, severity, account, status }: Finding): boolean {
  return (
    (controls?.includes(control) ?? true) &&
    (atLeast === undefined || severities.indexOf(severity) >= severities.indexOf(atLeast)) &&
    (accounts?.includes(account) ?? true) &&
    (statuses?.includes(status) ?? true)
  );
}
