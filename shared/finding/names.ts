/** Names and limits that the engine and the stack must agree on. */

/** The source and detail type under which findings go on the event bus. */
export const FINDING_SOURCE = 'redress';
export const FINDING_DETAIL_TYPE = 'Redress Finding';

/** The name of a kind's role: the Region is part of it, for roles are global to the account. */
export function roleOf(kind: string, region: string): string {
  return `redress-${kind}-${region}`;
}

/** The function that Slack calls at a click. */
export const SLACK_FUNCTION = 'redress-slack-actions';

/** After so many receives a kind's queue gives a message to its dead-letter queue. */
export const MAX_RECEIVES = 5;

/** A kind's function timeout, in seconds. */
export const TIMEOUT_SECONDS = 60;

/** So often a schedule wakes a kind's function for what waits in the ledger, in seconds; what is due sooner waits on the queue. */
export const WAKE_SECONDS = 3600;

/** The namespace of the metrics, and the only dimension they have. */
export const METRICS_NAMESPACE = 'Redress';
export const METRICS_DIMENSION = 'control';
