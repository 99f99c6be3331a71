import { readFileSync } from 'node:fs';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { Context, LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { Secrets, secureStrings } from '#shared/aws/secrets.ts';
import { bundledConfig, environment, ownPlace } from '#shared/engine/environment.ts';
import { functionOf } from '#shared/finding/names.ts';
import { hubOf } from '#shared/finding/organization.ts';
import { localSlack } from '#shared/finding/slack.ts';
import { queueVariable } from '#shared/finding/slack-actions.ts';
import { plainMember } from '#shared/finding/text.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import { type ActDeps, act } from './act.ts';
import { slackHosts, slackUntil } from './slack.ts';

/** Slack waits for 3 s, which the way there and back and a cold start are part of, in milliseconds. */
const BUDGET_MS = 2000;

const logger = new Logger({ jsonReplacerFn: plainMember });
// one that hangs must not use up the time in which the clicker can be answered; by itself the SDK would only warn
const client = { maxAttempts: 2, requestHandler: { connectionTimeout: 300, requestTimeout: 400, throwOnRequestTimeout: true } };
const sqs = new SQSClient(client);
const dynamo = new DynamoDBClient(client);
const table = environment('REDRESS_TABLE');
const secrets = new Secrets(secureStrings(client));
const config = bundledConfig();
const kinds: ActDeps['kinds'] = JSON.parse(readFileSync(`${environment('LAMBDA_TASK_ROOT')}/controls.json`, 'utf8'));
const functions = [...new Set(Object.values(kinds))].map(functionOf);
const isHub = hubOf(config) !== undefined;
const hosts = slackHosts(localSlack());

const send: ActDeps['send'] = async (kind, body) => {
  await sqs.send(new SendMessageCommand({ QueueUrl: environment(queueVariable(kind)), MessageBody: JSON.stringify(body) }));
};

async function handle(event: LambdaFunctionURLEvent, context: Context): Promise<LambdaFunctionURLResult> {
  const actions = config.alerts?.slack?.actions;
  if (!actions) throw new Error('the configuration has no alerts.slack.actions, and yet the function is deployed');
  const own = ownPlace(context.invokedFunctionArn, environment('AWS_REGION'));
  const token = () => secrets.of(actions.botTokenParameter ?? '');
  const statusCode = await act(event, {
    actions,
    kinds,
    account: own.account,
    isHub,
    ledger: dynamoLedger(table, dynamo, { place: own, functions, readsAll: isHub }),
    slack: slackUntil(Date.now() + BUDGET_MS, hosts, token),
    secretOf: (parameter) => secrets.of(parameter),
    send,
    now: () => new Date(),
    log: (level, message, fields) => logger[level](message, { ...fields }),
  });
  return { statusCode };
}

/** The Lambda behind the function URL that Slack calls at every click. */
export const handler = middy(handle).use(injectLambdaContext(logger, { resetKeys: true }));
