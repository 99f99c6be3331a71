import type { AnyControl } from '#shared/control/control.ts';
import { jsonLine } from '#shared/finding/text.ts';

/** How long a proposed exemption lasts, in days. */
const DAYS = 90;

/** The lines of the config's `exemptions` that would quiet what may be wrong; who answers for each, and why, a person fills in. */
export function exemptionLines(
  wrong: readonly { readonly control: AnyControl; readonly ids: readonly string[] }[],
  now: Date,
  json: boolean,
): string[] {
  const until = new Date(now.getTime() + DAYS * 86_400_000).toISOString().slice(0, 10);
  return wrong.flatMap(({ control, ids }) =>
    ids.map((resource) => {
      if (json) return jsonLine({ type: 'exemption', control: control.id, resource, owner: '', reason: '', until });
      return `{ control: ${jsonLine(control.id)}, resource: ${jsonLine(resource)}, owner: "", reason: "", until: ${jsonLine(until)} },`;
    }),
  );
}
