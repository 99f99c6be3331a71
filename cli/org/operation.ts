import { randomUUID } from 'node:crypto';
import type { CloudFormationClient, StackSetOperationPreferences } from '@aws-sdk/client-cloudformation';
import { errorCode } from '#shared/aws/errors.ts';
import { pace } from '#shared/aws/pace.ts';
import { plain } from '#shared/finding/text.ts';
import { Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import type { Administrator } from './administrator.ts';
import { every, isUnfinished, PAGE, type Part, setNames, unfinished } from './stack-sets.ts';

/** What an operation is begun with. */
export interface Begun {
  readonly StackSetName: string;
  readonly CallAs: Administrator['callAs'];
  /** It makes the call that is sent again the same operation. */
  readonly OperationId: string;
}

/** What goes on, for whoever looks. */
export interface Watcher {
  readonly terminal: Pick<Terminal, 'err' | 'progress'>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Does what can be interrupted: Ctrl-C ends the looking, and what was begun goes on in AWS. */
export async function watching<Result>(terminal: Watcher['terminal'], work: (watcher: Watcher) => Promise<Result>): Promise<Result> {
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once('SIGINT', onInterrupt);
  try {
    return await work({ terminal, signal: stop.signal });
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

/** How often an operation is looked at, in milliseconds: soon at first. */
const SOONEST = 2000;
const LATEST = 15_000;
/** How often a set may be busy with what it does not list. */
const MOST_IDLE = 20;

/**
 * All Regions and accounts at once, however many fail. What auto-deployment does follows none of it:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html
 */
export function preferences(tolerance: string): StackSetOperationPreferences {
  const [, digits = '', percent] = /^(\d{1,3})(%?)$/.exec(tolerance) ?? [];
  const number = Number(digits);
  if (digits === '' || (percent && number > 100))
    throw new Failure(`--failure-tolerance ${plain(tolerance)} is neither a number of accounts, such as 3, nor a share, such as 20%.`, {
      exitCode: 2,
    });
  return {
    RegionConcurrencyType: 'PARALLEL',
    ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
    MaxConcurrentPercentage: 100,
    ...(percent ? { FailureTolerancePercentage: number } : { FailureToleranceCount: number }),
  };
}

/**
 * Begins an operation and follows it to its end; while another one of the set goes on, that is followed first.
 * Answers the operation's id.
 */
export async function operate(
  admin: Administrator,
  part: Part,
  doing: string,
  begin: (client: CloudFormationClient, begun: Begun) => Promise<unknown>,
  watcher: Watcher,
): Promise<string> {
  const begun = { StackSetName: setNames[part], CallAs: admin.callAs, OperationId: `redress-${randomUUID()}` };
  for (let idle = 0; ; ) {
    const isBegun = await admin.send(doing, async (client) => {
      try {
        await begin(client, begun);
        return true;
      } catch (error) {
        const code = errorCode(error);
        // an answer was lost: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html
        if (code === 'OperationIdAlreadyExistsException') return true;
        // auto-deployment, or somebody else: a set does one operation at a time
        if (code === 'OperationInProgressException') return false;
        throw error;
      }
    });
    if (isBegun) break;
    if (!(await join(admin, part, watcher))) idle += 1;
    if (idle > MOST_IDLE)
      throw new Failure(`Could not ${doing}: AWS says that another operation of ${setNames[part]} goes on, and lists none.`, {
        next: 'Wait a few minutes, and run it again.',
      });
    await pause(LATEST, watcher);
  }
  await follow(admin, part, doing, begun.OperationId, watcher);
  return begun.OperationId;
}

/** Follows what goes on in a set to its end; answers whether something did. */
export async function join(admin: Administrator, part: Part, watcher: Watcher): Promise<boolean> {
  const ids = await unfinished(admin, part);
  for (const id of ids) {
    watcher.terminal.err(`${setNames[part]}: the operation ${plain(id)} goes on; it is waited for.`);
    await follow(admin, part, 'finish what goes on', id, watcher);
  }
  return ids.length > 0;
}

/** Looks at an operation until it has ended; what fails is said at once. */
async function follow(admin: Administrator, part: Part, doing: string, OperationId: string, watcher: Watcher): Promise<void> {
  const { sdk, callAs: CallAs } = admin;
  const input = { StackSetName: setNames[part], OperationId, CallAs };
  const said = new Set<string>();
  let wait = SOONEST;
  for (;;) {
    const start = Date.now();
    const { StackSetOperation } = await admin.send(`look at the operation ${OperationId}`, (client) =>
      client.send(new sdk.DescribeStackSetOperationCommand(input)),
    );
    const results = await every((from) =>
      admin.send(`read how the operation ${OperationId} goes`, (client) =>
        client.send(new sdk.ListStackSetOperationResultsCommand({ ...input, ...from, MaxResults: PAGE })),
      ),
    );
    const { Status = '', StatusReason = '' } = StackSetOperation ?? {};
    const by = Map.groupBy(results, (one): string => one.Status ?? '');
    const places = (status: string) => (by.get(status) ?? []).map(({ Account, Region }) => `${Account} ${Region}`);
    const failed = (by.get('FAILED') ?? []).filter(({ Account, Region }) => !said.has(`${Account} ${Region}`));
    for (const { Account = '', Region = '', StatusReason: reason = '' } of failed) {
      said.add(`${Account} ${Region}`);
      watcher.terminal.err(`failed: ${setNames[part]} in ${Account} ${Region}: ${plain(reason)}`);
    }
    if (!isUnfinished(Status)) {
      watcher.terminal.progress();
      // how many may fail is the caller's business, and each that did is found among the stacks
      if (Status === 'STOPPED') throw new Failure(`Somebody stopped the operation ${OperationId} of ${setNames[part]}.`);
      if (Status === 'FAILED' && results.length === 0)
        throw new Failure(`Could not ${doing}: ${plain(StatusReason) || 'AWS does not say why'} (operation ${OperationId}).`);
      return;
    }
    const counts = `${places('SUCCEEDED').length} of ${results.length} done${said.size > 0 ? `, ${said.size} failed` : ''}`;
    const now = places('RUNNING');
    watcher.terminal.progress(`${setNames[part]}: ${counts}${now.length > 0 ? `; now ${now.join(', ')}` : ''} …`);
    // where many stacks are listed, looking takes a third of the time at most
    await pause(Math.max(wait, 2 * (Date.now() - start)), watcher);
    wait = Math.min(LATEST, wait * 1.5);
  }
}

async function pause(milliseconds: number, { signal }: Watcher): Promise<void> {
  // ended by the signal it rejects, which is said in our own words
  await pace.pause(milliseconds, signal).catch((error: unknown) => (signal.aborted ? undefined : Promise.reject(error)));
  if (signal.aborted)
    throw new Failure('You stopped looking. What was begun goes on in AWS.', {
      next: 'Run it again: it waits for that, and does the rest.',
    });
}
