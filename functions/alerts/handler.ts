import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as v from 'valibot';
import { errorText } from '../../shared/errors.ts';
import { type Finding, findingSchema } from '../../shared/finding.ts';
import { textAlert } from './text.ts';

/** Where findings go; another way of telling people is one more entry. */
type Channel = (finding: Finding) => Promise<void>;

const envelope = v.object({ detail: findingSchema });
const logger = new Logger();
const sns = new SNSClient({});

const toSns: Channel = async (finding) => {
  const { subject, text } = textAlert(finding);
  await sns.send(
    new PublishCommand({
      TopicArn: process.env['REDRESS_TOPIC_ARN'],
      Subject: subject,
      Message: text,
      MessageAttributes: Object.fromEntries(
        (['control', 'status', 'severity'] as const).map((name) => [name, { DataType: 'String', StringValue: finding[name] }]),
      ),
    }),
  );
};

const channels: readonly Channel[] = [toSns];

async function tell({ body, messageId }: SQSRecord): Promise<string | undefined> {
  try {
    const { detail } = v.parse(envelope, JSON.parse(body));
    await Promise.all(channels.map((channel) => channel(detail)));
    return undefined;
  } catch (error) {
    logger.error('a finding could not be told', { messageId, error: errorText(error) });
    return messageId;
  }
}

/** The Lambda that turns findings into messages for people. */
export const handler = middy(async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const failed = await Promise.all(event.Records.map(tell));
  return { batchItemFailures: failed.flatMap((itemIdentifier) => (itemIdentifier ? [{ itemIdentifier }] : [])) };
}).use(injectLambdaContext(logger, { resetKeys: true }));
