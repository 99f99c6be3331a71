import { createHash } from 'node:crypto';
import type { Actor } from '#shared/control/actor.ts';
import { isEvent, occasionOf, type Run } from './types.ts';

/** Whose share of a rate limit a fix uses: a digest for the ledger, and a name for people. */
export interface Asker {
  readonly key: string;
  readonly name: string;
}

/** Who caused a fix: whoever ordered it, as SQS saw them, or else whoever made the resource wrong. */
export function askerOf({ order, sender, state, jobs }: Run): Asker {
  if (order) return { key: keyOf(sender ?? order.by), name: order.by };
  const job = jobs.find(isEvent) ?? jobs[0];
  const actor = job && isEvent(job) ? occasionOf(job).actor : (state.finding?.actor ?? (job && occasionOf(job).actor));
  return { key: keyOf(actor ? principalOf(actor) : 'unknown'), name: actor?.name ?? 'an unknown caller' };
}

/** A role without its session: whoever assumes it chooses that, and would be as many askers; only Identity Center sets it itself. */
function principalOf({ arn, name }: Actor): string {
  const role = /^(arn:[^:]+:sts::\d+:assumed-role\/(?!AWSReservedSSO_)[^/]+)\//.exec(arn ?? '')?.[1];
  return role ?? arn ?? name;
}

function keyOf(principal: string): string {
  return createHash('sha256').update(principal).digest('hex').slice(0, 12);
}
