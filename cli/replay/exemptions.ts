import type { AnyControl } from '#shared/control/control.ts';
import { jsonLine } from '#shared/finding/text.ts';

/** How long a proposed exemption lasts, in days. */
const DAYS = 90;

/**
 * The lines of the config's `exemptions` that would quiet what may be wrong; who answers for each, and why, a person fills in. There
 * is none for a name that ends in `*`: whoever chose it would be exempt, and all whose names begin like it.
 */
export function exemptionLines(
  wrong: readonly { readonly control: AnyControl; readonly ids: readonly string[] }[],
  now: Date,
  json: boolean,
): string[] {
  const until = new Date(now.getTime() + DAYS * 86_400_000).toISOString().slice(0, 10);
  return wrong.flatMap(({ control, ids }) =>
    resourcesOf(control, ids).map((resource) => {
      if (json) return jsonLine({ type: 'exemption', control: control.id, resource, owner: '', reason: '', until });
      return `{ control: ${jsonLine(control.id)}, resource: ${jsonLine(resource)}, owner: "", reason: "", until: ${jsonLine(until)} },`;
    }),
  );
}

/** What the exemptions are of: resources, and callers on every day, for each day of a caller has a finding of its own. */
function resourcesOf({ kind }: AnyControl, ids: readonly string[]): string[] {
  const named = ids.filter((id) => !id.endsWith('*'));
  return kind.is === 'call' ? [...new Set(named.map((id) => id.replace(/ on \d{4}-\d{2}-\d{2}$/, ' on *')))] : named;
}
