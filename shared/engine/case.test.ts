import { describe, expect, test } from 'vitest';
import { CallFailed, LeaseLost } from '#shared/aws/errors.ts';
import type { Plan } from '#shared/control/control.ts';
import type { Finding } from '#shared/finding/finding.ts';
import type { Message, Waits } from '#shared/finding/message.ts';
import type { CaseState, FindingRow } from '#shared/ledger/ledger.ts';
import { awsError, place } from '../../test/support/harness.ts';
import { callJob, controlWith, copyCommand, depsOf, orderJob } from '../../test/support/runs.ts';
import { finding, fix, fresh, HOUR_BEFORE, NOW, now } from '../../test/support/states.ts';
import { runCase } from './case.ts';
import type { Case } from './intake.ts';
import type { CaseDeps, Observed } from './types.ts';

const target = { type: 'AWS::EC2::Volume', id: 'vol-1', hint: { via: 'AWS CLI' } };
const one: Case = { place, control: controlWith(), target, jobs: [callJob()] };

interface World {
  readonly some?: Partial<Case>;
  readonly leased?: Partial<CaseState> | 'held' | 'throttled';
  readonly mode?: string;
  /** Rows that the version before left. */
  readonly done?: readonly string[];
  readonly observe?: () => Observed;
  readonly deps?: { readonly [name in keyof CaseDeps]?: unknown };
}

/** Runs one case in a world that holds what a test says; answers whether it ended well, and what it left. */
async function run({ some = {}, leased = {}, mode = 'fix', done = [], observe = () => ({}), deps = {} }: World) {
  const left = {
    reads: 0,
    released: [] as (CaseState | undefined)[],
    copies: [] as unknown[],
    due: [] as unknown[],
    rows: [] as FindingRow[],
    told: [] as Finding[],
  };
  const isOk = await runCase(
    { ...one, ...some },
    depsOf({
      config: { controls: { 'volume-encrypted': { mode } } },
      leaseSeconds: 65,
      maxReceives: 5,
      remainingMs: () => 60_000,
      observe: async () => {
        left.reads += 1;
        return observe();
      },
      ledger: {
        lease: async () => {
          if (leased === 'throttled') throw awsError('ThrottlingException', 'no', 400);
          return leased === 'held' ? undefined : { ...fresh, ...leased };
        },
        done: async () => new Set(done),
        save: async () => undefined,
        open: async (_state: CaseState, row: FindingRow) => void left.rows.push(row),
        release: async (...[, , , state]: Parameters<CaseDeps['ledger']['release']>) => void left.released.push(state),
      },
      enqueue: async (messages: readonly { body: Pick<Message, 'waits'>; delaySeconds: number }[]) =>
        void left.copies.push(...messages.map(({ body, delaySeconds }) => [body.waits, delaySeconds])),
      due: { put: async (rows: readonly { at: string }[]) => void left.due.push(...rows.map(({ at }) => at)) },
      isPaused: async () => ({}),
      reserveOne: async () => ({ isGranted: true, isFirst: false }),
      sendOne: async () => ({ is: 'sent' }),
      putOne: async (row: FindingRow) => void left.rows.push(row),
      announceOne: async (finding: Finding) => void left.told.push(finding),
      ...deps,
    }),
  );
  return { isOk, ...left };
}

const failing = (error: Error) => () => {
  throw error;
};
const throttled = failing(awsError('RequestLimitExceeded', 'no', 503));

/** Looked for so many times in vain, since an hour ago. */
const forLong = (times: number) => ({ times, since: HOUR_BEFORE });
const once = { times: 1, since: NOW };

describe('a read that AWS does not answer', () => {
  test.each<[string, Waits, Waits, number]>([
    ['the first time', {}, { unanswered: once }, 5],
    ['the eighth time', { unanswered: forLong(7) }, { unanswered: forLong(8) }, 640],
    ['the twentieth time', { unanswered: forLong(19) }, { unanswered: forLong(20) }, 900],
    ['the first time, however long something else was waited for', { unready: forLong(13) }, { unready: forLong(13), unanswered: once }, 5],
  ])('%s is asked for again', async (_name, waits, after, seconds) => {
    expect(await run({ some: { jobs: [callJob(waits)] }, observe: throttled })).toMatchObject({ isOk: true, copies: [[after, seconds]] });
  });
  const spent = [callJob({ unanswered: forLong(20) })];
  test('goes back to the queue after twenty tries, and lets go of the case', async () => {
    const { isOk, copies, released } = await run({ some: { jobs: spent }, leased: { finding }, observe: throttled });
    expect([isOk, copies, released]).toMatchObject([false, [], [{ finding }]]);
  });
  test('is no reason to write a case that another invocation took over', async () => {
    const { isOk, copies, released } = await run({ some: { jobs: spent }, observe: failing(new LeaseLost('gone')) });
    expect([isOk, copies, released]).toEqual([true, [[{ unanswered: forLong(20) }, 5]], []]);
  });
  test.each<[string, Waits, unknown[]]>([
    ['asked again, ever more rarely', { unanswered: forLong(3) }, [true, [[{ unanswered: forLong(4) }, 40]], []]],
    ['in the end given back to the queue', { unanswered: forLong(20) }, [false, [], []]],
  ])('of the ledger is %s', async (_name, waits, end) => {
    const { isOk, copies, released } = await run({ some: { jobs: [callJob(waits)] }, leased: 'throttled' });
    expect([isOk, copies, released]).toStrictEqual(end);
  });
  test('becomes a finding where it is denied', async () => {
    const denied = failing(new CallFailed('ec2:DescribeVolumes', awsError('UnauthorizedOperation', 'no', 403)));
    const { isOk, told } = await run({ observe: denied });
    expect([isOk, told]).toMatchObject([true, [{ status: 'failed', reason: { code: 'no-permission' } }]]);
  });
  test('becomes a finding that names the policy of the organization which denies it', async () => {
    const text =
      'User: x is not authorized to perform: ec2:DescribeVolumes because no service control policy allows the ec2:DescribeVolumes action';
    const { told } = await run({ observe: failing(new CallFailed('ec2:DescribeVolumes', awsError('UnauthorizedOperation', text, 403))) });
    const says = expect.stringContaining('look at it. A service control policy of the organization denies ec2:DescribeVolumes. ');
    expect(told).toMatchObject([
      { status: 'failed', reason: { code: 'no-permission', says }, advice: [{ says: expect.stringMatching(/^Those who manage/) }] },
    ]);
  });
  test('becomes a finding where it is a defect, and goes back to the queue', async () => {
    const { isOk, told } = await run({ observe: failing(new TypeError('x')) });
    expect([isOk, told]).toMatchObject([false, [{ status: 'failed', reason: { code: 'error' } }]]);
  });
});

describe('a case', () => {
  test('that another invocation holds is looked at again, and that counts for nothing', async () => {
    const { isOk, copies, reads, released } = await run({ leased: 'held', some: { jobs: [callJob({ unseen: forLong(3) })] } });
    expect([isOk, copies, reads, released]).toStrictEqual([true, [[{ unseen: forLong(3) }, 5]], 0, []]);
  });

  test.each([
    [14_999, 0],
    [15_000, 1],
  ])('begins no round with %i ms left', async (left, reads) => {
    const found = await run({ deps: { remainingMs: () => left } });
    expect([found.reads, found.copies]).toEqual([reads, [[reads === 0 ? {} : { unseen: once }, 5]]]);
  });

  test('goes on in another invocation after ten rounds', async () => {
    let size = 0;
    // a plan that never ends: each round sends another command
    const next = (): Plan => ({
      changes: [{ command: Object.assign(copyCommand(), { input: { SourceVolumeId: 'vol-1', Size: ++size } }), says: 'x' }],
    });
    const found = await run({ some: { control: { ...controlWith(), plan: next } }, observe: () => ({ facts: {}, live: { tags: [] } }) });
    expect([found.reads, found.copies]).toEqual([10, [[{}, 5]]]);
    expect(found.released[0]?.fix?.sent).toHaveLength(10);
  });

  const look = { id: 'l-1', at: NOW };
  const done = [{ id: 'e-1', at: NOW }];
  const rows = ['e-1#volume-encrypted#AWS::EC2::Volume#vol-1'];
  const passed = (seconds: number) => ({ now: () => new Date(now.getTime() + seconds * 1000) });
  test.each<[string, World, number]>([
    ['whose messages are done is let go', { leased: { done } }, 0],
    ['for which another message is done is looked at', { leased: { done: [{ id: 'e-2', at: NOW }] } }, 1],
    ['whose messages are done, and whose fix is in progress, is ended', { leased: { done, fix, fixes: [NOW] } }, 1],
    ['whose old message the version before has done is let go', { done: rows, deps: passed(901) }, 0],
    ['whose message came again that the version before has done is let go', { done: rows, some: { jobs: [callJob({}, 'e-1', 2)] } }, 0],
    ['whose message is new is not asked about among those rows', { done: rows, deps: passed(900) }, 1],
    ['whose control is off is let go', { mode: 'off' }, 0],
    ['whose control is off, and whose fix is in progress, is looked at', { mode: 'off', leased: { fix, fixes: [NOW] } }, 1],
    ['whose control is off, and which somebody orders, is looked at', { mode: 'off', some: { row: { finding: {} } as FindingRow } }, 1],
  ])('%s', async (_name, world, reads) => {
    const found = await run({ ...world, leased: { fixes: [NOW], ...Object(world.leased), look } });
    expect(found.reads).toBe(reads);
    const { done: kept } = Object(world.leased);
    if (reads === 0) expect(found.released).toStrictEqual([{ ...fresh, fixes: [NOW], hint: target.hint, ...(kept && { done: kept }) }]);
  });

  test.each<[string, Partial<CaseState>, boolean]>([
    ['nothing', {}, false],
    ['a finding', { finding }, true],
    ['a fix', { fix }, true],
    ['an exemption', { exemption: { until: '2026-12-20', reason: 'x', owner: 'dana', at: NOW } }, true],
    ['the time of a fix', { fixes: [NOW] }, true],
    ['only when it settled', { settledFrom: NOW, waiver: { until: '2026-12-20' }, answered: 'o-1' }, false],
  ])('that holds %s is kept', async (_name, leased, isKept) => {
    const { released } = await run({ leased, mode: 'off' });
    expect(released.map((state) => state !== undefined)).toEqual(leased.fix ? [true] : [isKept]);
  });

  test('that holds only what is done is kept with no more than that', async () => {
    const { released } = await run({ leased: { settledFrom: NOW, done }, mode: 'off' });
    expect(released).toStrictEqual([{ ...fresh, done }]);
  });
});

describe('a wait', () => {
  const settling = (seconds: number, more: Partial<CaseState> = {}): World => ({
    some: { control: controlWith({ plan: { changes: [{ command: copyCommand(), says: 'x' }], settleSeconds: seconds } }) },
    leased: { ...more, finding: { ...finding, announced: { status: 'open', number: 1 } } },
    observe: () => ({ facts: {}, live: { tags: [] } }),
  });
  const settle = (seconds: number, more: Partial<CaseState> = {}) => run(settling(seconds, { settledFrom: NOW, ...more }));

  test.each([
    [60, [[{}, 60]], []],
    [3600, [[{}, 900]], []],
    [3601, [], ['2026-11-21T10:00:01.000Z']],
  ])('of %i seconds is a copy, or a row that a wake brings', async (seconds, copies, due) => {
    expect(await settle(seconds)).toMatchObject({ copies, due });
  });

  test('that begins shows that AWS answers and that the resource is there', async () => {
    const waits = { unanswered: forLong(19), unseen: forLong(5), unready: forLong(13) };
    const world = settling(60, { settledFrom: NOW });
    expect((await run({ ...world, some: { ...world.some, jobs: [callJob(waits)] } })).copies).toStrictEqual([[{}, 60]]);
  });

  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();
  test.each([
    ['by another copy that comes at that time', { id: 'l-1', at: at(60) }, 0],
    ['by another copy that comes before', { id: 'l-1', at: at(1) }, 0],
    ['by none that comes later', { id: 'l-1', at: at(60.001) }, 1],
    ['by none that should have come', { id: 'l-1', at: NOW }, 1],
  ])('of a minute is shortened %s', async (_name, look, copies) => {
    const found = await settle(60, { look });
    expect(found.copies).toHaveLength(copies);
    expect(found.released[0]?.look?.id === 'l-1').toBe(copies === 0);
  });

  test('goes on with the very copy that looks', async () => {
    const job = callJob();
    const world = settling(60, { settledFrom: NOW, look: { id: 'l-1', at: at(30) } });
    const found = await run({ ...world, some: { ...world.some, jobs: [{ ...job, message: { ...job.message, look: 'l-1' } }] } });
    expect(found.copies).toEqual([[{}, 60]]);
  });

  test('of an order is its own, whatever copy is under way', async () => {
    const world = settling(60, { settledFrom: NOW, look: { id: 'l-1', at: at(30) } });
    const found = await run({ ...world, some: { ...world.some, jobs: [callJob(), orderJob('fix')] } });
    expect(found.copies).toEqual([[{}, 60]]);
    expect(found.released[0]?.look?.id).toBe('l-1');
  });
});

test.each([
  [4, [['not-visible', 'high']]],
  [
    5,
    [
      ['last-try', 'critical'],
      ['not-visible', 'high'],
    ],
  ],
])('a fix in progress at receive %i of five', async (receives, rows) => {
  const found = await run({ some: { jobs: [callJob({}, 'e-1', receives)] }, leased: { finding, fix: { ...fix, begunAt: HOUR_BEFORE } } });
  expect(found.rows.map(({ finding: { reason, severity } }) => [reason?.code, severity])).toEqual(rows);
  expect(found.released[0]?.finding?.announced).toEqual(
    receives === 5 ? { status: 'open', number: 1, meaning: { severity: 'high' } } : undefined,
  );
});
