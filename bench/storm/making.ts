import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '#shared/aws/errors.ts';
import type { LocalCloud } from '../../local/cloud.ts';
import { stringAt } from '../../local/json.ts';
import type { Faults } from './faults.ts';
import type { Creation, Plan } from './plan.ts';
import { randomOf } from './random.ts';
import type { Account } from './sorts/sort.ts';
import type { Made } from './verdict.ts';

/** Every so many seconds of the making AWS answers nothing, for so many milliseconds. */
const FREEZE = { every: 12, for: 2000 };

/** Makes the creations, evenly over the time and each without waiting for those before, with freezes and copies of events between. */
export async function makeAll(
  cloud: LocalCloud,
  accounts: readonly Account[],
  faults: Faults,
  { plan, seed }: { readonly plan: Plan; readonly seed: number },
  tell: (text: string) => void,
): Promise<{ made: Made[]; copies: number; notMade: number }> {
  const { creations, seconds } = plan;
  const random = randomOf(seed);
  const made: Made[] = [];
  let copies = 0;
  let notMade = 0;
  const make = async ({ sort, account }: Creation, n: number): Promise<void> => {
    try {
      made.push({ sort, account, id: await sort.make(account, `storm-${n}`) });
    } catch (error) {
      notMade += 1;
      tell(`${sort.kind} ${n} was not made in ${account.id}: ${errorText(error)}`);
    }
  };
  const copy = async (wait: number, which: number): Promise<void> => {
    await sleep(wait);
    const events = cloud.records().filter(isUsersWrite);
    const record = events[Math.floor(which * events.length)];
    if (!record) return;
    await cloud.send(eventOf(record), { account: record.recipientAccountId, region: record.awsRegion }).then(
      () => {
        copies += 1;
      },
      (error: unknown) => tell(`a copy of an event was not sent: ${errorText(error)}`),
    );
  };
  const begun = Date.now();
  const working: Promise<void>[] = [];
  for (let n = 0; n < creations; n += 1) {
    const at = (n * seconds) / creations;
    await sleep(Math.max(0, begun + at * 1000 - Date.now()));
    if (n > 0 && Math.floor(at / FREEZE.every) > Math.floor(((n - 1) * seconds) / creations / FREEZE.every)) faults.freeze(FREEZE.for);
    working.push(make(plan.creation(n, accounts, random), n));
    for (let left = plan.copies; left >= 1 || (left > 0 && random() < left); left -= 1)
      working.push(copy(1000 + random() * seconds * 1000, random()));
    if ((n + 1) % 50 === 0) tell(`${n + 1} of ${creations} begun`);
  }
  await Promise.all(working);
  return { made, copies, notMade };
}

type TrailRecord = ReturnType<LocalCloud['records']>[number];

function isUsersWrite(record: TrailRecord): boolean {
  return stringAt(record, 'userIdentity', 'userName') === 'dana' && record['readOnly'] !== true && record['errorCode'] === undefined;
}

function eventOf(record: TrailRecord): Parameters<LocalCloud['send']>[0] {
  const source = record.eventSource.replace(/^(.+)\.amazonaws\.com$/, 'aws.$1');
  return { source, type: 'AWS API Call via CloudTrail', resources: [], detail: record };
}
