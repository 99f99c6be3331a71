import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { Context as LambdaContext, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type ClientMakers, sendWith } from '#shared/aws/clients.ts';
import type { AnyControl, Place } from '#shared/control/control.ts';
import { hearsItself } from '#shared/control/own.ts';
import { resolveControl } from '#shared/finding/config.ts';
import { MAX_RECEIVES, METRICS_DIMENSION, METRICS_NAMESPACE, TIMEOUT_SECONDS } from '#shared/finding/names.ts';
import { plainMember } from '#shared/finding/text.ts';
import { dueRows } from '#shared/ledger/due.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import { placeKey } from '#shared/ledger/items.ts';
import type { Acting } from './acting.ts';
import { runBatch } from './batch.ts';
import { bundledConfig, bundledMembers, environment, ownPlace } from './environment.ts';
import { answeringHeartbeats } from './heartbeat.ts';
import { announce, enqueue } from './outbox.ts';
import { makeOwnCall } from './own-call.ts';
import type { Telemetry } from './telemetry.ts';
import type { EngineDeps } from './types.ts';

/** The Lambda handler of a resource kind; `isSecret` keeps tags that look like secrets out of findings. */
export function createHandler(controls: readonly AnyControl[], clients: ClientMakers, isSecret: (value: string) => boolean) {
  const logger = new Logger({ jsonReplacerFn: plainMember });
  const telemetry = powertools(logger, new Metrics({ namespace: METRICS_NAMESPACE }));
  const config = bundledConfig();
  const members = bundledMembers();
  const table = environment('REDRESS_TABLE');
  const dynamo = new DynamoDBClient({});
  const send = sendWith(clients);
  const announcing: EngineDeps['announce'] = (findings) => announce(findings, environment('REDRESS_BUS'), send);

  let hub: Promise<Acting> | undefined;
  const actingFrom = async (own: Place, functionName: string): Promise<Acting> => {
    const queueUrl = environment('REDRESS_QUEUE_URL');
    if (members === undefined)
      return {
        // nothing but its own account and Region, which its own credentials are for
        placeOf: (named = own) => (placeKey(named) === placeKey(own) ? own : undefined),
        read: send,
        write: send,
        enqueue: (messages) => enqueue(messages, queueUrl, send),
      };
    const { log } = telemetry;
    const ledgerOf = (place: Place) => dynamoLedger(table, dynamo, { place, own, functions: [functionName], isHub: true });
    const home = { ledger: ledgerOf(own), ledgerOf, announce: announcing, now: () => new Date() };
    hub ??= import('./hub/hub.ts').then(({ openHub }) =>
      openHub({ members, own, functionName, controls, config, clients, send, queueUrl, home, log }),
    );
    return await hub;
  };

  const handle = async (event: SQSEvent, context: LambdaContext): Promise<SQSBatchResponse> => {
    const own = ownPlace(context.invokedFunctionArn, environment('AWS_REGION'));
    const functionName = environment('AWS_LAMBDA_FUNCTION_NAME');
    const failed = await runBatch(
      event.Records.map(({ messageId, body, attributes }) => ({
        id: messageId,
        body,
        receiveCount: Number(attributes.ApproximateReceiveCount),
        senderId: attributes.SenderId,
      })),
      {
        controls,
        config,
        ...(await actingFrom(own, functionName)),
        ledger: (place) => dynamoLedger(table, dynamo, { place, own, functions: [functionName], isHub: members !== undefined }),
        due: dueRows(table, dynamo, own, functionName),
        announce: announcing,
        now: () => new Date(),
        remainingMs: () => context.getRemainingTimeInMillis(),
        telemetry,
        isSecret,
        owner: `${context.awsRequestId}-${randomUUID()}`,
        leaseSeconds: TIMEOUT_SECONDS + 5,
        maxReceives: MAX_RECEIVES,
      },
    );
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
  const answer = async (QueueUrl: string, MessageBody: string) => {
    await send(new SendMessageCommand({ QueueUrl, MessageBody }));
  };
  const listens = controls.find(hearsItself);
  const call = async (hour: Date, { invokedFunctionArn }: LambdaContext) => {
    const { account, region } = ownPlace(invokedFunctionArn, environment('AWS_REGION'));
    if (listens && resolveControl(config, listens, account, region).mode !== 'off')
      await makeOwnCall(environment('REDRESS_QUEUE_URL'), hour, send);
  };
  return middy(answeringHeartbeats(handle, answer, telemetry.log, listens && call)).use(injectLambdaContext(logger, { resetKeys: true }));
}

function powertools(logger: Logger, metrics: Metrics): Telemetry {
  const emit = (control: string, name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void => {
    const one = metrics.singleMetric();
    // Powertools adds the dimension `service`, under which the dashboard and its alarms would look in vain
    one.clearDefaultDimensions();
    one.addDimension(METRICS_DIMENSION, control);
    one.addMetric(name, unit, value);
  };
  return {
    log: (level, message, fields) => logger[level](message, { ...fields }),
    count: (control, metric) => emit(control, metric, MetricUnit.Count, 1),
    secondsToFixed: (control, seconds) => emit(control, 'secondsToFixed', MetricUnit.Seconds, seconds),
  };
}
