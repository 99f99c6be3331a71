import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as v from 'valibot';
import { errorText } from '#shared/aws/errors.ts';
import { Secrets, secureStrings } from '#shared/aws/secrets.ts';
import type { Place } from '#shared/control/control.ts';
import { bundledConfig, environment, ownPlace } from '#shared/engine/environment.ts';
import { answeringHeartbeats } from '#shared/engine/heartbeat.ts';
import { withAccountsOfOus } from '#shared/finding/alerts-config.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { TIMEOUT_SECONDS } from '#shared/finding/names.ts';
import { hubOf, membersOf } from '#shared/finding/organization.ts';
import { plainMember } from '#shared/finding/text.ts';
import { anyFindingSchema } from '#shared/finding/upgrade.ts';
import type { View } from '#shared/finding/view.ts';
import { doneRows } from '#shared/ledger/done.ts';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';
import { importFindings, sendMessage, wakeLater } from './clients.ts';
import type { MemberImports } from './members.ts';
import { type TellDeps, tellAll } from './route/tell.ts';
import { type SlackDeps, tellChannel } from './slack/channels.ts';
import { dynamoStore } from './store.ts';
import { alertView } from './view.ts';

/** A message of the queue: a finding from the event bus, our own word to look at a Slack channel again, or the hourly wake, which only wants its answer. */
const bodySchema = v.union([v.object({ detail: anyFindingSchema }), v.object({ wake: v.string() }), v.object({ wake: v.literal(true) })]);

const logger = new Logger({ jsonReplacerFn: plainMember });
const sns = new SNSClient({});
const config = bundledConfig();
const alerts = withAccountsOfOus(config.alerts ?? {}, config.organization);
const isHub = hubOf(config) !== undefined;
/** The places of a hub's members, whose Security Hub takes what is found there. */
const places = new Set(
  (isHub && alerts.securityHub && config.organization ? membersOf(config.organization) : []).flatMap(({ account, regions }) =>
    regions.map((region) => placeKey({ account, region })),
  ),
);
const dynamo = new DynamoDBClient({});
const table = environment('REDRESS_TABLE');
const store = dynamoStore(table, dynamo);

const secrets = new Secrets(secureStrings());

const log = (message: string, fields: object): void => logger.error(message, { ...fields });
const view = (finding: Finding): View => alertView(finding, config);
const tellDeps: Omit<TellDeps, 'isImported' | 'toSecurityHub'> = {
  alerts,
  view,
  store,
  ledger: doneRows(table, dynamo),
  now: Date.now,
  log,
  async toTopic(finding, { subject, text }) {
    await sns.send(
      new PublishCommand({
        TopicArn: environment('REDRESS_TOPIC_ARN'),
        Subject: subject,
        Message: text,
        MessageAttributes: Object.fromEntries(
          (['control', 'status', 'severity'] as const).map((name) => [name, { DataType: 'String', StringValue: finding[name] }]),
        ),
      }),
    );
  },
  async toAmazonQ(notification) {
    await sns.send(new PublishCommand({ TopicArn: environment('REDRESS_AMAZON_Q_TOPIC_ARN'), Message: JSON.stringify(notification) }));
  },
};

let inMembers: Promise<MemberImports> | undefined;

/** What imports findings of members; loaded when there is one, for a stack alone has none. */
function memberImports(own: Place): Promise<MemberImports> {
  inMembers ??= import('./members.ts').then(
    (module) => new module.MemberImports({ own, now: Date.now, log: (level, message, fields) => logger[level](message, { ...fields }) }),
  );
  return inMembers;
}

/** What a message asks for; undefined if it cannot be read, which is logged without its text. */
function read({ body, messageId, attributes }: SQSRecord): { id: string; isRepeat: boolean; finding?: Finding; wake?: string } | undefined {
  try {
    const parsed = v.parse(bodySchema, JSON.parse(body));
    const message = { id: messageId, isRepeat: Number(attributes.ApproximateReceiveCount) > 1 };
    if ('detail' in parsed) return { ...message, finding: parsed.detail };
    return parsed.wake === true ? message : { ...message, wake: parsed.wake };
  } catch (error) {
    log('a message cannot be read', { messageId, error: errorText(error) });
    return undefined;
  }
}

async function handle(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const own = ownPlace(context.invokedFunctionArn, environment('AWS_REGION'));
  const isOwn = (place: NamedPlace): boolean => placeKey(place) === placeKey(own);
  const messages = event.Records.map(read);
  const failed = new Set(event.Records.flatMap(({ messageId }, n) => (messages[n] ? [] : [messageId])));
  const asked = messages.flatMap((one) => one ?? []);
  const told = await tellAll(
    asked.flatMap(({ finding }) => finding ?? []),
    {
      ...tellDeps,
      isImported: (finding) => !isHub || isOwn(finding) || places.has(placeKey(finding)),
      toSecurityHub: async (findings, place) =>
        !isHub || isOwn(place) ? await importFindings(findings) : await (await memberImports(own)).import(findings, place),
    },
  );
  const failAll = (isOne: (one: (typeof asked)[number]) => boolean): void => {
    for (const one of asked) if (isOne(one)) failed.add(one.id);
  };
  failAll(({ finding }) => finding !== undefined && told.failed.has(finding.announcement));
  const deps: SlackDeps = {
    alerts,
    view,
    store,
    secrets,
    wake: wakeLater,
    owner: `${context.awsRequestId}-${randomUUID()}`,
    leaseSeconds: TIMEOUT_SECONDS + 5,
    now: Date.now,
    sleep: (ms) => sleep(ms),
    remainingMs: () => context.getRemainingTimeInMillis(),
    log,
  };
  await Promise.all(
    Object.entries(alerts.slack?.channels ?? {}).map(async ([name, channel]) => {
      const announcements = told.channels.get(name) ?? [];
      const isWoken = asked.some(({ wake }) => wake === name);
      if (announcements.length === 0 && !isWoken) return;
      try {
        await tellChannel(name, channel, deps, { isWake: isWoken, isRepeat: asked.some(({ isRepeat }) => isRepeat) });
      } catch (error) {
        log('could not post to a Slack channel; its findings stay pending', { channel: name, error: errorText(error) });
        failAll(({ finding, wake }) => wake === name || (finding !== undefined && announcements.includes(finding.announcement)));
      }
    }),
  );
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}

const answering = answeringHeartbeats(handle, sendMessage, (level, message, fields) => logger[level](message, { ...fields }));

/** The Lambda that turns findings into messages for people. */
export const handler = middy(answering).use(injectLambdaContext(logger, { resetKeys: true }));
