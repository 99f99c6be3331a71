/** A time of the day, of milliseconds since the epoch, as this machine's clock shows it. */
export const clock = format({ hour: 'numeric', minute: '2-digit' });
const secondsOf = format({ hour: 'numeric', minute: '2-digit', second: '2-digit' });
const dayOf = format({ year: 'numeric', month: 'short', day: 'numeric' });

/** What Slack writes for the parts of a date, as far as Redress uses them. https://docs.slack.dev/messaging/formatting-message-text */
const parts: { readonly [name: string]: (at: number) => string } = {
  date_short: dayOf,
  date_short_pretty: (at) => {
    const day = dayOf(at);
    const now = Date.now();
    return day === dayOf(now) ? 'today' : day === dayOf(now - 86_400_000) ? 'yesterday' : day;
  },
  time: clock,
  time_secs: secondsOf,
};

/** A date in Slack's format, such as `{date_short} at {time}`; undefined where the format has a part that is not known. */
export function dated(at: number, pattern: string): string | undefined {
  const names = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  if (!names.every((name) => Object.hasOwn(parts, name))) return undefined;
  return pattern.replace(/\{(\w+)\}/g, (_all, name: string) => parts[name]?.(at) ?? '');
}

function format(options: Intl.DateTimeFormatOptions): (at: number) => string {
  const formatter = new Intl.DateTimeFormat('en-US', options);
  return (at) => formatter.format(at);
}
