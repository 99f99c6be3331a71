import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '#shared/aws/errors.ts';
import type { LocalCloud } from '../../local/cloud.ts';
import { stringAt } from '../../local/json.ts';
import type { Faults } from './faults.ts';
import { drawn, randomOf } from './random.ts';
import type { Account, Sort } from './sorts/sort.ts';
import { sorts } from './sorts.ts';
import type { Made } from './verdict.ts';

/** How many creations a storm makes, over how many seconds, and which. */
export interface Making {
  readonly creations: number;
  readonly seconds: number;
  readonly seed: number;
}

/** Copies of an event for each creation, which come at any time and in any order. */
const COPIES = 4;
/** Every so many seconds of the making AWS answers nothing, for so many milliseconds. */
const FREEZE = { every: 12, for: 2000 };

/** Makes the creations, evenly over the time and each without waiting for those before, with freezes and copies of events between. */
export async function makeAll(
  cloud: LocalCloud,
  account: Account,
  faults: Faults,
  { creations, seconds, seed }: Making,
  tell: (text: string) => void,
): Promise<{ made: Made[]; copies: number; notMade: number }> {
  const random = randomOf(seed);
  const made: Made[] = [];
  let copies = 0;
  let notMade = 0;
  const make = async (sort: Sort, n: number): Promise<void> => {
    try {
      made.push({ sort, id: await sort.make(account, `storm-${n}`) });
    } catch (error) {
      notMade += 1;
      tell(`${sort.kind} ${n} was not made: ${errorText(error)}`);
    }
  };
  const copy = async (wait: number, which: number): Promise<void> => {
    await sleep(wait);
    const events = cloud.records().filter(isUsersWrite);
    const record = events[Math.floor(which * events.length)];
    if (!record) return;
    await cloud.send(eventOf(record)).then(
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
    working.push(make(drawn(sorts, random), n));
    for (let one = 0; one < COPIES; one += 1) working.push(copy(1000 + random() * seconds * 1000, random()));
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
