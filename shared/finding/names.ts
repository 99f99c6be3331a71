/** Names and limits that the engine and the stack must agree on. */

/** The source and detail type under which findings go on the event bus. */
export const FINDING_SOURCE = 'redress';
export const FINDING_DETAIL_TYPE = 'Redress Finding';

/** The name of a kind's function, of its queue, and of its role in each member of a hub. */
export function functionOf(kind: string): string {
  return `redress-${kind}`;
}

/** The name of the rule that wakes a function, which every stack has on the default bus. */
export function wakeOf(functionName: string): string {
  return `${functionName}-wake`;
}

/** The name of a kind's role: the Region is part of it, for roles are global to the account. */
export function roleOf(kind: string, region: string): string {
  return `${functionOf(kind)}-${region}`;
}

/** The variable of a hub's functions that names the file with its members, beside the code; without it a function serves its own place. */
export const MEMBERS_VARIABLE = 'REDRESS_MEMBERS';
export const MEMBERS_FILE = 'members.json';

/** The path of the roles and policies that a member has: what protects them names it. */
export const MEMBER_PATH = '/redress/';

/** The name of a managed policy in a member for sessions of a kind's function: one to read, or one to write for one control. */
export function sessionPolicyOf(functionName: string, control?: string): string {
  return `${functionName}-${control === undefined ? 'reads' : `writes-${control}`}`;
}

/** The role in a member that its rules forward events with. */
export const FORWARDER = 'redress-forwarder';

/** The beginning of the names of a member's rules. */
export const FORWARDING = 'redress-forward';

/** The bus of the hub that members forward events to. */
export const HUB_BUS = 'redress-events';

/** The table of the ledger, which outlives its stack. */
export const LEDGER = 'redress-ledger';

/** The folder of the notifier, which is no kind. */
export const ALERTS = 'alerts';

/** The folder of the function that Slack calls at a click, and the function's name. */
export const SLACK_ACTIONS = 'slack-actions';
export const SLACK_FUNCTION = functionOf(SLACK_ACTIONS);

/** The dead-letter queue of all queues and rules. */
export const DEAD_LETTERS = 'redress-dead-letters';

/** After so many receives a kind's queue gives a message to the dead-letter queue. */
export const MAX_RECEIVES = 5;

/** The queue that every function answers its hourly wake into; nobody reads it, its metric is what is watched. */
export const HEARTBEATS = 'redress-heartbeats';

/** The tag of its own queue in which a function writes when it last made a call only to see whether its event comes back. */
export const HEARTBEAT_TAG = 'redress:heartbeat';

/** A kind's function timeout, in seconds. */
export const TIMEOUT_SECONDS = 60;

/** So often a schedule wakes each function for what waits in the ledger, in seconds; what is due sooner waits on the queue. */
export const WAKE_SECONDS = 3600;

/** The metric of every invocation that ended badly, whichever the function; it has no dimension. */
export const ERRORS_METRIC = 'functionErrors';

/** The namespace of the metrics, and the only dimension that those of controls have. */
export const METRICS_NAMESPACE = 'Redress';
export const METRICS_DIMENSION = 'control';
