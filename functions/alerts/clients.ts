import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import type { ClientSettings } from '#shared/aws/clients.ts';
import { environment } from '#shared/engine/environment.ts';

// each of these clients is of use to some configs only, so none is loaded at the start

/** Sends the notifier a message that makes it look at a Slack channel again. */
export function wakeLater(channel: string, delaySeconds: number): Promise<void> {
  return sendMessage(environment('REDRESS_QUEUE_URL'), JSON.stringify({ wake: channel }), delaySeconds);
}

/** Puts a message on a queue. */
export async function sendMessage(QueueUrl: string, MessageBody: string, DelaySeconds = 0): Promise<void> {
  const { SendMessageCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
}

/** Imports at most 100 findings into the Security Hub of one place, by default the function's own; answers the ids that were not taken, with the reasons. */
export async function importFindings(
  findings: readonly AwsSecurityFinding[],
  settings: ClientSettings = {},
): Promise<ReadonlyMap<string, string>> {
  const { BatchImportFindingsCommand, SecurityHubClient } = await import('@aws-sdk/client-securityhub');
  const { FailedFindings = [] } = await new SecurityHubClient(settings).send(new BatchImportFindingsCommand({ Findings: [...findings] }));
  return new Map(FailedFindings.map(({ Id = '', ErrorCode, ErrorMessage }) => [Id, `${ErrorCode}: ${ErrorMessage}`]));
}
