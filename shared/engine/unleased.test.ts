import { describe, expect, test } from 'vitest';
import type { AnyControl, Verdict } from '#shared/control/control.ts';
import type { Message } from '#shared/finding/message.ts';
import type { CaseName } from '#shared/ledger/ledger.ts';
import { scheduled } from '../../test/fixtures/events.ts';
import { awsError, place } from '../../test/support/harness.ts';
import { callJob, controlWith, depsOf, orderJob } from '../../test/support/runs.ts';
import type { Case } from './intake.ts';
import type { Job, Observed, Run } from './types.ts';
import { firstLooks } from './unleased.ts';

const target = { type: 'AWS::EC2::Volume', id: 'vol-1' };
const right: Verdict = { is: 'compliant', says: 'It is encrypted.' };
const wrong: Verdict = { is: 'violation', says: 'It is not encrypted.' };
const facts = { encrypted: true };

function sweepJob(more: Partial<Message> = {}): Job {
  const event = scheduled();
  const message = { control: 'volume-encrypted', event, waits: {}, ...more };
  return { delivery: { id: 'm-sweep', body: '', receiveCount: 1 }, message, occasion: { is: 'sweep', event } };
}

interface World {
  readonly jobs?: readonly Job[];
  readonly control?: AnyControl;
  readonly mode?: string;
  readonly areKept?: (names: readonly CaseName[]) => Promise<readonly boolean[]>;
  readonly observe?: (run: Run) => Promise<Observed>;
  readonly remaining?: number;
}

/** Looks at one case in such a world; answers what is left of it, and how often the ledger and AWS were asked. */
async function look(world: World) {
  const { jobs = [sweepJob()], control = controlWith({ verdict: right }), mode = 'fix', remaining = 60_000 } = world;
  const { areKept = async () => [false], observe = async () => ({ facts }) } = world;
  const asked = { ledger: 0, aws: 0 };
  const logs: string[] = [];
  const one: Case = { place, control, target, jobs };
  const deps = depsOf({
    config: { controls: { 'volume-encrypted': { mode } } },
    remainingMs: () => remaining,
    telemetry: { log: (_level: string, text: string) => void logs.push(text) },
    ledger: {
      areKept: (names: readonly CaseName[]) => {
        asked.ledger += 1;
        return areKept(names);
      },
    },
    observe: (run: Run) => {
      asked.aws += 1;
      return observe(run);
    },
  });
  const left = await firstLooks([one], () => deps)(one);
  return { left, one, ...asked, logs };
}

test.each<[string, Verdict]>([
  ['right', right],
  ['superseded', { is: 'superseded', by: 'vol-2', says: 'A copy took its place.' }],
])('what is %s and has no case is done without a lease', async (_name, verdict) => {
  expect(await look({ control: controlWith({ verdict }) })).toMatchObject({ left: undefined, ledger: 1, aws: 1, logs: [] });
});

describe('what has to be leased is left as it is', () => {
  const call = { ...controlWith({ verdict: right }), kind: { ...controlWith().kind, is: 'call' } } as AnyControl;
  const once = { times: 1, since: '2026-11-21T09:00:00.000Z' };

  test.each<[string, World]>([
    ['a call, a right one too', { jobs: [callJob()] }],
    ['a sweep beside a call', { jobs: [sweepJob(), callJob()] }],
    ['a sweep beside an order', { jobs: [sweepJob(), orderJob('fix')] }],
    ['a planned look', { jobs: [sweepJob({ look: 'l-1' })] }],
    ['one of two sweeps that waited', { jobs: [sweepJob(), sweepJob({ waits: { unseen: once } })] }],
    ['a finding about a call', { control: call }],
  ])('%s: nobody asks for its case or looks', async (_name, world) => {
    const { left, one, ...asked } = await look(world);
    expect(left).toBe(one);
    expect(asked).toMatchObject({ ledger: 0, aws: 0 });
  });

  test.each<[string, World, number]>([
    ['where it has a case', { areKept: async () => [true] }, 0],
    ['where the ledger does not say', { areKept: () => Promise.reject(awsError('ThrottlingException')) }, 0],
    ['where the ledger says less than was asked', { areKept: async () => [] }, 0],
    ['where the control is off by now', { mode: 'off' }, 0],
    ['where little time is left', { remaining: 14_999 }, 0],
    ['where it is not found', { observe: async () => ({}) }, 1],
    ['where it cannot be read', { observe: () => Promise.reject(awsError('UnauthorizedOperation', 'no', 403)) }, 1],
  ])('%s', async (_name, world, aws) => {
    const found = await look(world);
    expect(found.left).toBe(found.one);
    expect(found.aws).toBe(aws);
  });

  test.each<[string, Verdict]>([
    ['wrong', wrong],
    ['skipped', { is: 'skip', says: 'It is being made.' }],
    ['right, and something of it is kept', { ...right, keeps: { tags: ['a'] } }],
  ])('where it is %s, with what was read', async (_name, verdict) => {
    const { left, one } = await look({ control: controlWith({ verdict }) });
    expect(left).toEqual({ ...one, seen: { facts } });
  });

  test('where its judge fails', async () => {
    const judge = () => {
      throw new TypeError('x');
    };
    const { left, one } = await look({ control: { ...controlWith(), judge } });
    expect(left).toBe(one);
  });

  test('a ledger that does not answer is logged', async () => {
    const { logs } = await look({ areKept: () => Promise.reject(awsError('ThrottlingException')) });
    expect(logs).toEqual([expect.stringContaining('each is leased')]);
  });
});

test('the ledger is asked once a place for all that only sweeps ask for', async () => {
  const asked: string[][] = [];
  const elsewhere = { ...place, account: '444455556666' };
  const caseOf = (id: string, at = place, jobs = [sweepJob()]): Case => ({
    place: at,
    control: controlWith({ verdict: right }),
    target: { ...target, id },
    jobs,
  });
  const cases = [caseOf('vol-1'), caseOf('vol-2', elsewhere), caseOf('vol-3'), caseOf('vol-4', place, [callJob()])];
  const ledger = {
    areKept: async (names: readonly CaseName[]) => {
      asked.push(names.map(({ target: { id } }) => id));
      return names.map(({ target: { id } }) => id === 'vol-3');
    },
  };
  const deps = depsOf({ ledger, remainingMs: () => 60_000, observe: async () => ({ facts }) });
  const looking = firstLooks(cases, () => deps);
  const left = await Promise.all(cases.map(looking));
  expect(asked).toEqual([['vol-1', 'vol-3'], ['vol-2']]);
  expect(left.map((one) => one?.target.id)).toEqual([undefined, undefined, 'vol-3', 'vol-4']);
});
