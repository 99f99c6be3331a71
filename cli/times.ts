import { Failure } from './failure.ts';

const units: { readonly [unit: string]: number } = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** When `--since` begins: a span back from now (`30m`, `12h`, `7d`, `4w`) or a date; throws `Failure`. */
export function parseSince(text: string, now: Date): Date {
  return parsePast('--since', text, now);
}

/** A time that is over, as an option names it; throws `Failure`. */
export function parsePast(option: string, text: string, now: Date): Date {
  const span = spanOf(text);
  const time = span === undefined ? timeOf(text) : now.getTime() - span;
  if (time === undefined)
    throw new Failure(`${option} ${text}: neither a span such as 12h, 7d or 4w, nor a date such as 2027-01-31.`, { exitCode: 2 });
  if (time > now.getTime()) throw new Failure(`${option} ${text} is in the future.`, { exitCode: 2 });
  return new Date(time);
}

/** When `--until` ends, as an order carries it: the day itself, or a time in UTC; throws `Failure` if it is over. */
export function parseUntil(text: string, now: Date): string {
  const span = spanOf(text);
  if (span !== undefined) return new Date(now.getTime() + span).toISOString();
  const time = timeOf(text);
  if (time === undefined)
    throw new Failure(
      `--until ${text}: neither a date such as 2027-01-31, nor a time such as 2027-01-31T12:00:00Z, nor a span such as 30d.`,
      { exitCode: 2 },
    );
  const isDay = text.length === 10;
  if (time + (isDay ? 86_400_000 : 0) <= now.getTime()) throw new Failure(`--until ${text} is in the past.`, { exitCode: 2 });
  return isDay ? text : new Date(time).toISOString();
}

/** The UTC days from one time to another, newest first, as `YYYY-MM-DD`. */
export function daysBetween(since: Date, until: Date): string[] {
  const days: string[] = [];
  const first = since.toISOString().slice(0, 10);
  for (let time = until.getTime(); ; time -= 86_400_000) {
    const day = new Date(time).toISOString().slice(0, 10);
    if (day < first) return days;
    days.push(day);
  }
}

/** How long ago in a few letters: `42s`, `5m`, `3h`, `2d`. */
export function ago(time: string, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(time)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)}h` : `${Math.round(seconds / 86_400)}d`;
}

function spanOf(text: string): number | undefined {
  const match = /^(\d{1,4})([mhdw])$/.exec(text);
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? 0) : undefined;
}

// a time without a zone would mean another one on each machine, and `2027-02-30` would pass as a day of March
function timeOf(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return undefined;
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text.slice(0, 10)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
