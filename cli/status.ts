import { unsettledStatuses } from '#shared/finding/finding.ts';
import { functionOf, SLACK_ACTIONS } from '#shared/finding/names.ts';
import { jsonLine, plain } from '#shared/finding/text.ts';
import { type Depth, depthOf, originOf, receiveDeadLetters, release } from './dead-letters.ts';
import { type Deployment, findDeployment } from './deployment.ts';
import { paintStatus, table } from './draw.ts';
import { Failure, trying } from './failure.ts';
import { findingsSince } from './findings.ts';
import { type Health, HOURS, healthOf } from './health.ts';
import { whoAndWhy } from './pause.ts';
import type { ExitCode, Session } from './session.ts';
import { parseSince } from './times.ts';

/** How many dead letters are looked at to see where they came from. */
const SAMPLE = 100;
/** How long those stay away from others, in seconds, should this end before it releases them. */
const IN_HAND = 20;
/** How dead letters are shown of which nothing says where they came from. */
const UNKNOWN = 'unknown';

/** `redress status`: whether it is paused, how its functions fare, and what needs attention. */
export async function status({ terminal, json, where, now }: Session, options: { since: string }): Promise<ExitCode> {
  const since = parseSince(options.since, now());
  const deployment = await findDeployment(where);
  const { ledger, queues, sqs, stack, deadLetterUrls } = deployment;
  const isUnsettled = ({ status: one }: { status: (typeof unsettledStatuses)[number] }) => unsettledStatuses.includes(one);
  const [pauses, joined, found, depths, dead, from, health] = await Promise.all([
    trying('read whether Redress is paused', () => ledger.pauses()),
    trying('read who has joined', deployment.joined),
    trying('read the findings from the ledger', () => findingsSince(ledger, since, now(), isUnsettled, undefined, terminal.progress)),
    Promise.all(queues.map(async ({ kind, queueUrl }) => ({ kind, ...(await depthOf(sqs, queueUrl)) }))),
    Promise.all(deadLetterUrls.map((url) => depthOf(sqs, url))),
    // these two ask for more than to read; the rest is worth seeing without them
    orFailure(trying('look where the dead letters came from', () => sampleOrigins(deployment))),
    orFailure(
      trying(
        'read the state of the functions from CloudWatch',
        async () => await healthOf(await deployment.cloudWatch(), kindsOf(deployment), now()),
      ),
    ),
  ]);
  const paused = pauses.find((one) => one.in === undefined);
  const parts = pauses.filter((one) => one.in !== undefined);
  const deadLetters = dead.reduce((sum, { waiting, inFlight }) => sum + waiting + inFlight, 0);
  const counts = unsettledStatuses.map((one) => ({ status: one, count: found.filter((finding) => finding.status === one).length }));
  if (json) {
    terminal.out(
      jsonLine({
        type: 'status',
        stack,
        paused: paused ?? null,
        ...(parts.length > 0 && { pausedIn: parts }),
        ...(joined.length > 0 && { joined }),
        queues: depths.map(({ kind, ...queue }) => ({ kind, queue })),
        deadLetters: { total: deadLetters, from: from instanceof Failure ? null : Object.fromEntries(from) },
        functions: health instanceof Failure ? null : [...health].map(([kind, one]) => ({ kind, ...one })),
        unsettled: {
          since: since.toISOString(),
          total: found.length,
          ...Object.fromEntries(counts.map(({ status: one, count }) => [one, count])),
        },
      }),
    );
    return 0;
  }
  const { paint } = terminal;
  terminal.out(
    paused
      ? `${paint.yellow('Paused')} ${whoAndWhy(paused)}`
      : `${paint.green('Running.')} ${parts.length > 0 ? 'Parts are paused:' : 'No pause is set.'}`,
  );
  for (const one of parts) terminal.out(`${paint.yellow('Paused')} ${whoAndWhy(one)}`);
  for (const [account, places] of Map.groupBy(joined, (one) => one.account))
    terminal.out(`Account ${plain(account)} has joined in ${places.map(({ region }) => plain(region)).join(', ')}: list it in its OU.`);
  terminal.out('');
  terminal.out(table(['QUEUE', 'WAITING', 'IN FLIGHT', 'DELAYED', 'OLDEST'], rowsOf(depths, health), terminal));
  for (const line of deadLetterLines(deadLetters, from)) terminal.out(paint.red(line));
  for (const line of healthLines(health)) terminal.out(paint.red(line));
  for (const one of [from, health]) if (one instanceof Failure) terminal.err(plain(one.message));
  terminal.out('');
  const some = counts.filter(({ count }) => count > 0).map(({ status: one, count }) => `${count} ${paintStatus(one, paint)}`);
  terminal.out(`Findings that need attention, since ${since.toISOString().slice(0, 10)}: ${some.join(', ') || 'none'}.`);
  return 0;
}

type Origins = ReadonlyMap<string, number>;
type Healths = ReadonlyMap<string, Health>;

function kindsOf({ queues, takesClicks }: Deployment): readonly string[] {
  return [...queues.map(({ kind }) => kind), ...(takesClicks ? [SLACK_ACTIONS] : [])];
}

/** Looks at some dead letters, and releases them again: how many came from which kind. */
async function sampleOrigins({ sqs, queues, deadLetterUrls }: Deployment): Promise<Origins> {
  const from = new Map<string, number>();
  for (const url of deadLetterUrls) {
    const receipts: string[] = [];
    try {
      while (receipts.length < SAMPLE) {
        const messages = await receiveDeadLetters(sqs, url, IN_HAND);
        if (messages.length === 0) break;
        for (const message of messages) {
          receipts.push(message.ReceiptHandle ?? '');
          const kind = originOf(message, url, queues)?.kind ?? UNKNOWN;
          from.set(kind, (from.get(kind) ?? 0) + 1);
        }
      }
    } finally {
      await release(sqs, url, receipts);
    }
  }
  return from;
}

function rowsOf(depths: readonly ({ kind: string } & Depth)[], health: Healths | Failure): string[][] {
  return depths.map(({ kind, waiting, inFlight, delayed }) => {
    const oldest = health instanceof Failure ? '?' : age(health.get(kind)?.oldestSeconds ?? 0);
    return [kind, String(waiting), String(inFlight), String(delayed), oldest];
  });
}

function deadLetterLines(total: number, from: Origins | Failure): string[] {
  if (total === 0) return [];
  const origins = from instanceof Failure ? [] : [...from].map(([kind, count]) => `${count} ${kind}`);
  const sampled = from instanceof Failure ? 0 : [...from.values()].reduce((sum, one) => sum + one, 0);
  const of = sampled < total && sampled > 0 ? `, of the first ${sampled}` : '';
  const list = origins.length > 0 ? ` (${origins.join(', ')}${of})` : '';
  return [`Dead letters: ${total}${list}. Put them back with \`redress redrive\`, once the cause is fixed.`];
}

function healthLines(health: Healths | Failure): string[] {
  if (health instanceof Failure) return [];
  return [...health].flatMap(([kind, { errors, runs }]) => [
    ...(errors > 0
      ? [`${functionOf(kind)} failed ${errors} times in the last ${HOURS} hours. Look at its log, /aws/lambda/${functionOf(kind)}.`]
      : []),
    // the one that takes clicks has no heartbeat
    ...(runs === 0 && kind !== SLACK_ACTIONS
      ? [`${functionOf(kind)} has not run in the last ${HOURS} hours. Look at its event source mapping and at throttling.`]
      : []),
  ]);
}

function age(seconds: number): string {
  return seconds < 60 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

async function orFailure<Result>(work: Promise<Result>): Promise<Result | Failure> {
  return await work.catch((error: unknown) => {
    if (error instanceof Failure) return error;
    throw error;
  });
}
