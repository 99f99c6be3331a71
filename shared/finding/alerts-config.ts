import * as v from 'valibot';
import { secretParameter } from '#shared/aws/secrets.ts';
import { type Status, statuses } from './finding.ts';
import { accountsIn, type Members } from './organization.ts';
import { type SlackActions, slackActionsSchema } from './slack-actions.ts';

/** Severities, the least first. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;

/** Where a Slack channel's messages go: an incoming webhook, or a bot that can also update and thread them. */
export type SlackChannel =
  | { readonly webhookParameter: string }
  | {
      readonly tokenParameter: string;
      /** The channel's id, such as `C0123456789`. */
      readonly channel: string;
    };

/** Slack, as the config has it; what is secret stands in SecureString parameters, which this only names. */
export interface SlackConfig {
  /** Channels by a name of the deployer's own. */
  readonly channels?: { readonly [name: string]: SlackChannel } | undefined;
  /** Slack ids (`U…` a user, `S…` a group) by principal (name or ARN) or by the value of the owner's tag. */
  readonly owners?: { readonly [who: string]: string } | undefined;
  /** For how long repeats of one control and actor go into one thread, in minutes; absent means 60. */
  readonly threadMinutes?: number | undefined;
  /** Who may act by clicks; its presence puts buttons under messages. */
  readonly actions?: SlackActions | undefined;
}

/** Which findings go where; what is absent does not narrow. */
export interface AlertRoute {
  readonly controls?: readonly string[] | undefined;
  readonly atLeast?: (typeof severities)[number] | undefined;
  readonly accounts?: readonly string[] | undefined;
  /** OUs of the config, by path, name or id: their accounts, beside those of `accounts`. */
  readonly ous?: readonly string[] | undefined;
  readonly statuses?: readonly Status[] | undefined;
  /** `topic`, `amazon-q`, or `slack:NAME`; an empty list sends nothing. */
  readonly to: readonly string[];
}

/** Who gets findings, and how. */
export interface AlertsConfig {
  readonly emails?: readonly string[] | undefined;
  /** The address under which the folder `docs/` can be read, for links to a control's page. */
  readonly docs?: string | undefined;
  /** The tag whose value names a resource's owner. */
  readonly ownerTag?: string | undefined;
  /** Statuses that start no message; one that is there is updated all the same. */
  readonly quiet?: readonly Status[] | undefined;
  readonly routes?: readonly AlertRoute[] | undefined;
  readonly slack?: SlackConfig | undefined;
  /** Whether there is a topic for Amazon Q Developer in chat applications. */
  readonly amazonQ?: boolean | undefined;
  /** Whether findings are imported into Security Hub, which must be enabled in the account and Region. */
  readonly securityHub?: boolean | undefined;
}

const channel = v.union(
  [
    v.strictObject({ webhookParameter: secretParameter }),
    v.strictObject({
      tokenParameter: secretParameter,
      channel: v.pipe(v.string(), v.regex(/^[CG][A-Z0-9]{6,}$/, 'is not a channel id such as C0123456789')),
    }),
  ],
  'is not { webhookParameter } or { tokenParameter, channel }',
);
const slackId = v.pipe(v.string(), v.regex(/^[UWS][A-Z0-9]{6,}$/, 'is not a Slack id such as U0123456789'));
const status = v.picklist(statuses);

/** The schema of the config's `alerts`, for the controls that there are. */
export function alertsSchema(controls: readonly string[]) {
  const route = v.strictObject({
    controls: v.optional(v.array(v.picklist(controls))),
    atLeast: v.optional(v.picklist(severities)),
    accounts: v.optional(v.array(v.pipe(v.string(), v.regex(/^\d{12}$/, 'is not an account id of 12 digits')))),
    ous: v.optional(v.array(v.string())),
    statuses: v.optional(v.array(status)),
    to: v.array(v.string()),
  });
  const schema = v.strictObject({
    emails: v.optional(v.array(v.pipe(v.string(), v.email('is not an e-mail address')))),
    docs: v.optional(v.pipe(v.string(), v.regex(/^https:\/\/[^\s<>|]+$/, 'is not an https address'))),
    ownerTag: v.optional(v.pipe(v.string(), v.minLength(1))),
    quiet: v.optional(v.array(status)),
    routes: v.optional(v.array(route)),
    slack: v.optional(
      v.strictObject({
        channels: v.optional(v.record(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,30}$/, 'is not a name such as security')), channel)),
        owners: v.optional(v.record(v.string(), slackId)),
        threadMinutes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1440))),
        actions: v.optional(slackActionsSchema),
      }),
    ),
    amazonQ: v.optional(v.boolean()),
    securityHub: v.optional(v.boolean()),
  });
  return v.pipe(
    schema,
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const known = destinationsOf(dataset.value);
      for (const [at, { to }] of (dataset.value.routes ?? []).entries())
        for (const name of to)
          if (!known.includes(name))
            addIssue({ message: `is not a destination: routes[${at}].to names ${name}, and there are ${known.join(', ')}` });
    }),
  );
}

/** The same with the accounts of its routes' OUs in their place. */
export function withAccountsOfOus(alerts: AlertsConfig, organization: Members<object> = {}): AlertsConfig {
  const routes = alerts.routes?.map(({ ous, ...route }) =>
    ous ? { ...route, accounts: [...(route.accounts ?? []), ...ous.flatMap((one) => accountsIn(organization, one) ?? [])] } : route,
  );
  return routes ? { ...alerts, routes } : alerts;
}

/** The OUs that routes name and the organization does not have, each with the number of its route. */
export function unknownOus({ routes = [] }: AlertsConfig, organization: Members<object> = {}): readonly (readonly [number, string])[] {
  return routes.flatMap(({ ous = [] }, at) => ous.filter((one) => !accountsIn(organization, one)).map((one) => [at, one] as const));
}

/** Every destination that this config has, by the names that routes use. */
export function destinationsOf({ slack, amazonQ }: AlertsConfig): readonly string[] {
  const channels = Object.keys(slack?.channels ?? {}).map((name) => `slack:${name}`);
  return ['topic', ...(amazonQ ? ['amazon-q'] : []), ...channels];
}

/** Every parameter of Slack's, each once: those of channels, and those of clicks. */
export function slackSecretsOf(alerts: AlertsConfig | undefined): readonly string[] {
  const { signingSecretParameter, botTokenParameter } = alerts?.slack?.actions ?? {};
  return [...new Set([...secretParametersOf(alerts), signingSecretParameter ?? [], botTokenParameter ?? []].flat())];
}

/** The parameters that hold what channels need, each once. */
export function secretParametersOf(alerts: AlertsConfig | undefined): readonly string[] {
  const all = Object.values(alerts?.slack?.channels ?? {}).map((one) =>
    'webhookParameter' in one ? one.webhookParameter : one.tokenParameter,
  );
  return [...new Set(all)];
}
