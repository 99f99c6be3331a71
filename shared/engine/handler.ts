import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import type { Context as LambdaContext, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type ClientMakers, sendWith } from '#shared/aws/clients.ts';
import type { Place } from '#shared/control/control.ts';
import { resolveControl } from '#shared/finding/config.ts';
import { MAX_RECEIVES, TIMEOUT_SECONDS } from '#shared/finding/names.ts';
import { plainMember } from '#shared/finding/text.ts';
import { dueRows } from '#shared/ledger/due.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import { placeKey } from '#shared/ledger/items.ts';
import type { Acting } from './acting.ts';
import { runBatch } from './batch.ts';
import { type ControlLoaders, lazily } from './controls.ts';
import { bundledConfig, bundledMembers, environment, ownPlace } from './environment.ts';
import { answeringHeartbeats } from './heartbeat.ts';
import { announce, enqueue } from './outbox.ts';
import { makeOwnCall } from './own-call.ts';
import type { Telemetry } from './telemetry.ts';
import type { EngineDeps } from './types.ts';

/** What a handler takes besides controls and clients. */
interface HandlerOptions {
  /** Loads the test of whether a tag's value looks like a secret, which no finding may hold. */
  readonly secretTest: () => Promise<EngineDeps['isSecret']>;
  /** The control that hears the calls of Redress itself, in the function that has it. */
  readonly listens?: string;
}

/** The Lambda handler of a function's controls. What not every event needs is loaded when it is needed: controls, clients and metrics. */
export function createHandler(loaders: ControlLoaders, clients: ClientMakers, { secretTest, listens }: HandlerOptions) {
  const logger = new Logger({ jsonReplacerFn: plainMember });
  const { telemetry, measured } = powertools(logger);
  const { controlOf, all } = lazily(loaders);
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
    hub ??= Promise.all([import('./hub/hub.ts'), import('#shared/ledger/joined.ts'), all()]).then(
      ([{ openHub }, { joinedRows }, controls]) =>
        openHub({ members, own, functionName, controls, config, clients, send, queueUrl, joined: joinedRows(table, dynamo), home, log }),
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
        controlOf,
        config,
        ...(await actingFrom(own, functionName)),
        ledger: (place) => dynamoLedger(table, dynamo, { place, own, functions: [functionName], isHub: members !== undefined }),
        due: dueRows(table, dynamo, own, functionName),
        announce: announcing,
        now: () => new Date(),
        remainingMs: () => context.getRemainingTimeInMillis(),
        telemetry,
        // a finding shows the tag of the owner, and no other
        isSecret: config.alerts?.ownerTag === undefined ? () => true : await secretTest(),
        owner: `${context.awsRequestId}-${randomUUID()}`,
        leaseSeconds: TIMEOUT_SECONDS + 5,
        maxReceives: MAX_RECEIVES,
      },
    );
    await measured();
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
  const answer = async (QueueUrl: string, MessageBody: string) => {
    const { SendMessageCommand } = await import('@aws-sdk/client-sqs');
    await send(new SendMessageCommand({ QueueUrl, MessageBody }));
  };
  const callHeardBy =
    (id: string) =>
    async (hour: Date, { invokedFunctionArn }: LambdaContext) => {
      const { account, region } = ownPlace(invokedFunctionArn, environment('AWS_REGION'));
      const control = await controlOf(id);
      if (!control || resolveControl(config, control, account, region).mode === 'off') return;
      await makeOwnCall(environment('REDRESS_QUEUE_URL'), hour, send);
    };
  return middy(answeringHeartbeats(handle, answer, telemetry.log, listens === undefined ? undefined : callHeardBy(listens))).use(
    injectLambdaContext(logger, { resetKeys: true }),
  );
}

/** The engine's telemetry, and what waits until all that was measured is written: Lambda stops a process that has answered. */
function powertools(logger: Logger): { telemetry: Telemetry; measured: () => Promise<unknown> } {
  let writing: Promise<void>[] = [];
  const emit = (...value: Parameters<typeof import('./metrics.ts').emit>): void =>
    void writing.push(import('./metrics.ts').then((metrics) => metrics.emit(...value)));
  return {
    telemetry: {
      log: (level, message, fields) => logger[level](message, { ...fields }),
      count: (control, metric) => emit(control, metric, 'Count', 1),
      secondsToFixed: (control, seconds) => emit(control, 'secondsToFixed', 'Seconds', seconds),
    },
    measured() {
      const all = Promise.all(writing);
      writing = [];
      return all;
    },
  };
}
