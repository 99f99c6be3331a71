import * as v from 'valibot';
import { secretParameter } from '#shared/aws/secrets.ts';

/** The block of a Slack message that holds the buttons about its finding; each button's value is its `buttonValue`. */
export const ACTIONS_BLOCK = 'redress_actions';

const PREFIX = 'redress_';
const orders = ['fix', 'undo', 'exempt'] as const;

/** What a button can order. */
export type ButtonOrder = (typeof orders)[number];

/** The `action_id` of the button that gives an order. */
export function buttonOf(order: ButtonOrder): string {
  return `${PREFIX}${order}`;
}

/** What a button orders, by its `action_id`; undefined if it is none of ours. */
export function orderOfButton(action: string): ButtonOrder | undefined {
  return orders.find((kind) => buttonOf(kind) === action);
}

/** What a button holds: the finding, and for a fix the plan that the message shows. */
export function buttonValue(order: ButtonOrder, { id, plan }: { readonly id: string; readonly plan?: string | undefined }): string {
  return order === 'fix' && plan !== undefined ? `${id} ${plan}` : id;
}

/** What a button holds, read again; one of a version before names no plan. */
export function readButtonValue(value: string): { readonly finding: string; readonly plan: string | undefined } {
  const [finding = '', plan] = value.split(' ', 2);
  return { finding, plan };
}

const ids = (pattern: RegExp, what: string) => v.array(v.pipe(v.string(), v.regex(pattern, `is not ${what}`)));

const grant = v.strictObject({
  /** The account whose findings may be acted on, or `*` for each. */
  account: v.pipe(v.string(), v.regex(/^(\d{12}|\*)$/, 'is not an account id of 12 digits, nor *')),
  users: v.optional(ids(/^[UW][A-Z0-9]+$/, 'the id of a Slack user, such as U012AB3CD')),
  groups: v.optional(ids(/^S[A-Z0-9]+$/, 'the id of a Slack user group, such as S012AB3CD')),
  /** Absent means all three. */
  orders: v.optional(v.array(v.picklist(orders))),
});

/** The part of the config that lets people act from Slack; its presence deploys the function URL. */
export const slackActionsSchema = v.pipe(
  v.strictObject({
    /** The SecureString parameter that holds the Slack app's signing secret. */
    signingSecretParameter: secretParameter,
    /** The SecureString parameter that holds the app's bot token; needed where a grant names groups. */
    botTokenParameter: v.optional(secretParameter),
    /** The workspaces whose members may act: a user's id alone is not said to be unique, and shared channels have guests. */
    workspaces: v.pipe(ids(/^[TE][A-Z0-9]+$/, 'the id of a Slack workspace, such as T012AB3CD'), v.minLength(1)),
    allow: v.array(grant),
  }),
  v.check(
    ({ allow, botTokenParameter }) => botTokenParameter !== undefined || allow.every(({ groups = [] }) => groups.length === 0),
    'is not complete: groups need a botTokenParameter',
  ),
);

/** Who may act from Slack, and how Slack is known. */
export type SlackActions = v.InferOutput<typeof slackActionsSchema>;

/** The environment variable that holds the URL of a kind's queue. */
export function queueVariable(kind: string): string {
  return `REDRESS_QUEUE_URL_${kind.toUpperCase().replaceAll('-', '_')}`;
}
