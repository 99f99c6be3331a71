import { CopySnapshotCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import type { Plan } from '#shared/control/control.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { controlWith, copy, copyCommand, depsOf, orderJob, runOf, tagging } from '../../test/support/runs.ts';
import { change, finding, fix, fresh, HOUR_LATER, NOW } from '../../test/support/states.ts';
import { begin, sendPlan } from './round.ts';
import { digestOf } from './sender.ts';
import type { Run } from './types.ts';

const digest = digestOf(copy.changes.map(({ command }) => command));
const copySnapshot: Plan = {
  changes: [{ command: new CopySnapshotCommand({ SourceRegion: 'eu-west-1', SourceSnapshotId: 'snap-1' }), says: 'Copy it.' }],
};
const taken = { is: 'sent' };
const answer = (is: string, code = 'Busy') => ({ is, code, text: `${code}!` });

/** Sends a plan of a fix in progress to an AWS that answers so; a ledger that fails does so at the nth write. */
async function send(
  answers: object[],
  some: { fix?: Partial<CaseState['fix'] & object>; plan?: Plan; failingAt?: number; run?: Partial<Run> } = {},
) {
  const writes = [{ action: 'ec2:CopyVolumes' }, { action: 'ec2:CreateTags' }, { action: 'ec2:CopySnapshot' }];
  const control = controlWith({ permissions: { reads: [], writes } });
  const run = { ...runOf({ control, state: { finding, fix: { ...fix, ...some.fix } } }), ...some.run };
  const [saved, seeds]: [CaseState[], string[]] = [[], []];
  const save = async (state: CaseState) => {
    if (saved.push(state) === some.failingAt) throw new Error('no answer');
  };
  const sendOne = async ({ seed }: { seed: string }) => {
    seeds.push(seed);
    return answers.shift();
  };
  const report = await sendPlan(run, some.plan ?? copy, depsOf({ ledger: { save }, sendOne })).catch((error: Error) => error.message);
  return { report, saved, seeds, run, fix: run.state.fix };
}

describe('a round', () => {
  test('writes its intent before it sends, and what AWS took after it', async () => {
    const { report, saved, seeds, fix: after } = await send([taken], { fix: { lag: 2, refusals: 3 } });
    expect(report).toBeUndefined();
    const intent = { ...fix, lag: 2, refusals: 3, last: { digest } };
    expect(saved.map((state) => state.fix)).toEqual([
      intent,
      { ...intent, sent: [change], taken: [digest], takenAt: NOW, lag: 0, refusals: 0 },
    ]);
    expect(after).toBe(saved[1]?.fix);
    expect(seeds).toEqual([`${fix.id} 0`]);
  });

  test('waits after it where its plan says for how long, once what AWS took is written', async () => {
    const plan: Plan = { ...copy, again: { afterSeconds: 15, why: 'the copy is being made' } };
    const { report, saved } = await send([taken], { plan });
    const reason = { code: 'in-progress', says: 'The fix is in progress: the copy is being made.' };
    expect(report).toEqual({ is: 'wait', seconds: 15, found: fix.wrong, reason, reportsTo: 'nobody' });
    expect(saved.at(-1)?.fix).toMatchObject({ sent: [change], taken: [digest] });
    expect((await send([answer('refused')], { plan })).report).toBeUndefined();
  });

  test('names its steps by their place in the plan, or as the plan does', async () => {
    const two = { changes: [...copy.changes, { command: copyCommand(), says: 'Copy it again.', step: 'again' }] } as const;
    expect((await send([taken, taken], { plan: two as unknown as Plan })).seeds).toEqual([`${fix.id} 0`, `${fix.id} again`]);
  });

  test.each([
    ['throttled', 0, 5],
    ['unavailable', 1, 10],
    ['throttled', 11, 900],
  ])('that is %s for time %i waits', async (is, refusals, seconds) => {
    const { report, saved, fix: after } = await send([answer(is)], { fix: { refusals } });
    expect(report).toMatchObject({ is: 'wait', seconds, found: fix.wrong, reason: { code: is }, reportsTo: 'nobody' });
    expect([after?.refusals, saved.length]).toEqual([refusals + 1, 1]);
  });

  test('that is throttled at a look for another event, before the planned one, is no try', async () => {
    const look = { id: 'l-1', at: HOUR_LATER };
    const state = { ...fresh, finding, look, fix: { ...fix, refusals: 12 } };
    const { report, fix: after } = await send([answer('throttled')], { run: { state } });
    expect([report, after?.refusals]).toMatchObject([{ is: 'wait', seconds: 900 }, 12]);
  });

  test.each(['throttled', 'unavailable'])('that is %s for the thirteenth time goes to the dead-letter queue', async (is) => {
    const { report, fix: after } = await send([answer(is)], { fix: { refusals: 12 } });
    expect(report).toMatchObject({ is: 'close', status: 'failed', reason: { code: is }, leaves: 'failed', keepsFix: false });
    expect(after?.refusals).toBe(12);
  });

  test.each([
    ['AccessDenied', 'Allow ec2:CopyVolumes to the role of Redress'],
    ['TagPolicyViolation', 'A tag policy of the organization denies it'],
    ['AccessDenied', 'deploy the roles of Redress to the account', 'sts:AssumeRole'],
  ])('that is denied with %s can be tried again: %s', async (code, says, before?: string) => {
    const { report } = await send([{ ...answer('denied', code), ...(before && { before }) }]);
    expect(report).toMatchObject({ status: 'failed', reason: { code: 'no-permission' }, leaves: 'rerunnable', keepsFix: false });
    expect(report).toMatchObject({ advice: [{ says: expect.stringContaining(says) }] });
  });

  test.each([
    ['taken', taken, undefined],
    ['throttled', answer('throttled'), undefined],
    ['refused', answer('refused'), undefined],
    ['never sent, for want of a session', { ...answer('unavailable'), before: 'sts:AssumeRole' }, undefined],
    ['not answered', answer('unavailable'), { since: '2026-11-21T08:59:55.000Z', at: NOW }],
  ])('whose creation takes no token, and is %s, knows no more than that', async (_name, outcome, unsure) => {
    const { saved, fix: after } = await send([outcome], { plan: copySnapshot });
    expect(saved[0]?.fix?.unsure).toEqual({ since: '2026-11-21T08:59:55.000Z', at: NOW });
    expect(after?.unsure).toEqual(unsure);
  });

  test('that may have made something keeps its fix, so that it is found', async () => {
    const unsure = { since: HOUR_LATER, at: HOUR_LATER };
    const { report, fix: after } = await send([answer('denied')], { plan: copySnapshot, fix: { unsure } });
    expect([report, after?.unsure]).toMatchObject([{ status: 'failed', keepsFix: true }, { since: HOUR_LATER }]);
    expect((await send([answer('unavailable')], { plan: copySnapshot, fix: { refusals: 12 } })).report).toMatchObject({ keepsFix: true });
  });

  test('that a policy of the organization denies is no failure: those who manage it decide', async () => {
    const policy = 'A service control policy of the organization (p-1)';
    const denied = { ...answer('denied', 'UnauthorizedOperation'), policy };
    const advice = [{ says: expect.stringMatching(/^Those who manage the organization decide: exempt the resource/) }];
    expect((await send([denied])).report).toEqual({
      is: 'close',
      status: 'open',
      found: fix.wrong,
      reason: { code: 'left-unchanged', says: `${policy} denies ec2:CopyVolumes, so it is left unchanged.` },
      leaves: 'rerunnable',
      keepsFix: false,
      advice,
    });
    const half = await send([taken, denied], { plan: { changes: [...copy.changes, ...tagging.changes] } });
    const says = `${policy} denies ec2:CreateTags.`;
    expect(half.report).toMatchObject({ status: 'failed', reason: { code: 'no-permission', says }, keepsFix: true, advice });
    const undo = await send([denied], { fix: { kind: 'undo' } });
    expect(undo.report).toMatchObject({ status: 'failed', reason: { code: 'no-permission' }, advice });
  });

  test('that is denied after its first step keeps its fix', async () => {
    const { report } = await send([taken, answer('denied')], { plan: { changes: [...copy.changes, ...tagging.changes] } });
    expect(report).toMatchObject({ status: 'failed', keepsFix: true });
  });

  test('that is refused is looked at once more, and sends no later step', async () => {
    const { report, run, saved, seeds } = await send([answer('refused')], { plan: { changes: [...copy.changes, ...tagging.changes] } });
    expect([report, run.refusal, seeds.length]).toEqual([undefined, 'Busy: Busy!', 1]);
    expect(saved.at(-1)?.fix).toMatchObject({ last: { outcome: 'refused' }, sent: [], taken: [] });
  });

  test('sends nothing where one of its commands is not declared', async () => {
    const permissions = { reads: [], writes: [{ action: 'ec2:CopyVolumes' }] };
    const plan = { changes: [...copy.changes, ...tagging.changes] };
    const { report, seeds, saved } = await send([taken, taken], { plan, run: { control: controlWith({ permissions }) } });
    expect(report).toBe('ec2:CreateTags is not among the permissions.writes of volume-encrypted');
    expect([seeds, saved]).toEqual([[], []]);
  });
});

describe('a ledger that does not take the intent', () => {
  test.each<[string, Parameters<typeof send>[1], boolean]>([
    ['of the first round ends the fix', {}, false],
    ['of a later round does not', { fix: { sent: [change] } }, true],
    ['of a try after the first does not', { fix: { last: { digest } } }, true],
  ])('%s, and nothing is sent', async (_name, some, isKept) => {
    const { report, seeds, run } = await send([taken], { ...some, failingAt: 1 });
    expect([report, seeds, run.state.fix !== undefined]).toEqual(['no answer', [], isKept]);
    expect(run.state.finding).toEqual(finding);
  });
});

describe('what begins', () => {
  const open = depsOf({ isPaused: async () => ({}), reserveOne: async () => ({ isGranted: true, isFirst: false }) });
  const row = { finding: { id: 'f-0' }, before: null, after: { encrypted: true } } as unknown as NonNullable<Run['row']>;

  test('is a fix, with all that it may send, and the state before it', async () => {
    const run = runOf({ jobs: [orderJob('fix')] });
    const plan = { ...copy, later: [{ api: 'ec2:CreateTags', says: 'Tag it.' }] };
    const line = { tool: 'Terraform', says: 'set it.' } as const;
    const advice = [line, { says: 'Look at it.' }];
    expect(await begin(run, { is: 'begin', kind: 'fix', plan, found: 'wrong', advice }, open)).toBeUndefined();
    const id = run.state.finding?.id;
    expect(run.state.fix).toStrictEqual({
      ...fix,
      id: `${id}-fix-${NOW}`,
      wrong: 'wrong',
      announced: [change, { api: 'ec2:CreateTags', says: 'Tag it.' }],
      ways: [line],
      order: run.order,
      sender: 'AIDAEXAMPLE',
    });
    expect(run.state).not.toHaveProperty('exemption');
  });

  test('is about a finding that matters as much as the verdict says', async () => {
    const run = runOf();
    await begin(run, { is: 'begin', kind: 'fix', plan: copy, found: 'wrong', severity: 'medium' }, open);
    expect(run.state.finding?.severity).toBe('medium');
  });

  test('is an undo, which opens no finding, and exempts the resource for seven days', async () => {
    const run = runOf({ jobs: [orderJob('undo')], row });
    await begin(run, { is: 'begin', kind: 'undo', plan: copy, found: 'wrong' }, open);
    expect(run.state).toMatchObject({
      ...fresh,
      exemption: { until: '2026-11-28T09:00:00.000Z', reason: 'f-0 was undone', owner: 'dana', at: NOW },
      fix: { kind: 'undo', id: `f-0-undo-${NOW}`, before: null },
    });
    expect(run.state).not.toHaveProperty('finding');
  });

  test('is nothing, where a gate is shut', async () => {
    const run = runOf();
    const before = run.state;
    const paused = depsOf({ isPaused: async () => ({ pause: { by: 'erin', at: NOW, reason: 'x' } }) });
    expect(await begin(run, { is: 'begin', kind: 'fix', plan: copy, found: 'wrong' }, paused)).toMatchObject({ is: 'wait' });
    expect(run.state).toBe(before);
  });
});
