import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, type FilteredLogEvent, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { stringAt } from '#shared/control/record.ts';
import { functionOf, SLACK_ACTIONS } from '#shared/finding/names.ts';
import { cut } from '#shared/finding/text.ts';
import { Failure, trying } from '../../failure.ts';
import { type Health, HOURS, healthOf } from '../../health.ts';
import { answer, type Check, type Patient, type Problem } from '../check.ts';
import { parsed } from '../same.ts';
import { sideBySide } from '../side-by-side.ts';

/** So much of a log's line is shown. */
const SHOWN = 200;
/** So many pages of a log are read. */
const PAGES = 10;

/** Whether functions run, and do not fail; of one that fails the last error in its log. */
export const errors: Check = {
  id: 'errors',
  asks: `Did every function run in the last ${HOURS} hours, without an error?`,
  needs: ['cloudwatch:GetMetricData', 'logs:FilterLogEvents'],
  async look(patient) {
    const { deployment, client, now } = patient;
    const kinds = [...deployment.queues.map(({ kind }) => kind), ...(deployment.takesClicks ? [SLACK_ACTIONS] : [])];
    const health = await trying('read the state of the functions from CloudWatch', () =>
      healthOf(new CloudWatchClient(client), kinds, now),
    );
    // a deployment wakes every function; one that is younger than the time that is counted may not have been counted yet
    const isYoung = now.getTime() - deployment.state.since.getTime() < HOURS * 3_600_000;
    const problems = await sideBySide([...health], ([kind, one]) => problemsOf(kind, one, isYoung, patient));
    return answer(
      `No function failed in the last ${HOURS} hours.`,
      problems.flat(),
      [...health].map(([kind, { runs, errors: failed }]) => `${functionOf(kind)}: ran ${runs} times, failed ${failed} times`),
    );
  },
};

async function problemsOf(kind: string, { errors: failed, runs }: Health, isYoung: boolean, patient: Patient): Promise<Problem[]> {
  const name = functionOf(kind);
  if (failed > 0) {
    const last = await lastError(name, patient);
    return [
      {
        says: `${name} failed ${failed} ${failed === 1 ? 'time' : 'times'} in the last ${HOURS} hours. ${last}`,
        next: `Look at its log, /aws/lambda/${name}. After a deployment, deploy the previous version. Then put back what failed with \`redress redrive\`.`,
      },
    ];
  }
  // the one that takes clicks has no heartbeat
  if (runs > 0 || isYoung || kind === SLACK_ACTIONS) return [];
  return [
    {
      says: `${name} has not run in the last ${HOURS} hours, though it is woken every hour.`,
      next: `Look at what the checks \`rules\`, \`queues\`, \`mappings\` and \`functions\` say of ${name}.`,
    },
  ];
}

/** What a function's log says of its last failure, in a sentence. */
async function lastError(name: string, { client, now }: Patient): Promise<string> {
  try {
    const logs = new CloudWatchLogsClient(client);
    const events: FilteredLogEvent[] = [];
    let nextToken: string | undefined;
    // the oldest come first, and a page may be empty before the last
    for (let page = 0; page === 0 || (nextToken && page < PAGES); page += 1) {
      const answered = await trying(`read the log of ${name}`, () =>
        logs.send(
          new FilterLogEventsCommand({
            logGroupName: `/aws/lambda/${name}`,
            filterPattern: '{ $.level = "ERROR" || ($.type = "platform.report" && $.record.status != "success") }',
            startTime: now.getTime() - HOURS * 3_600_000,
            nextToken,
          }),
        ),
      );
      events.push(...(answered.events ?? []));
      nextToken = answered.nextToken;
    }
    const last = events.toSorted((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0)).at(-1);
    return last ? `The last: ${cut(meaningOf(last.message ?? ''), SHOWN)}` : 'Its log has no error.';
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

/** A line of Lambda's JSON logs, ours or Lambda's own report. */
function meaningOf(line: string): string {
  const entry = parsed(line.trim());
  const status = stringAt(entry, 'record', 'status');
  const own = stringAt(entry, 'message') ?? stringAt(entry, 'errorMessage');
  if (status) return [status, stringAt(entry, 'record', 'errorType')].filter(Boolean).join(', ');
  return [own, stringAt(entry, 'error', 'message') ?? stringAt(entry, 'error')].filter(Boolean).join(': ') || line.trim();
}
