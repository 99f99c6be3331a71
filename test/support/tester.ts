import { describe, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import type { AnyControl, AwsCommand, Mode, Permission } from '#shared/control/control.ts';
import { adviceText } from '#shared/control/iac.ts';
import type { Managers } from '#shared/control/manager.ts';
import { type Finding, finalStatuses, type Status } from '#shared/finding/finding.ts';
import { dana, messageFor, orderFor } from '../fixtures/events.ts';
import { checkCommands } from './advice.ts';
import { Harness, type SentCommand, type World } from './harness.ts';
import { homeOf, orderPlace, there } from './home.ts';

interface Case {
  /** The situation, such as "a volume restored from an encrypted snapshot". */
  readonly name: string;
  /** A fresh small world that answers as AWS does. */
  readonly world: () => World;
  readonly event: object;
  readonly settings?: { readonly [name: string]: unknown };
  /** Settings that the control shares with others. */
  readonly common?: { readonly [name: string]: unknown };
  /** What the config says of managed resources. */
  readonly managers?: Managers;
  /** What was looked at before, when nothing was wrong, and what became of the world then. */
  readonly earlier?: { readonly event: object; readonly since: (world: World) => void };
  /** The modes of other controls that this one waits for. */
  readonly modes?: { readonly [control: string]: Mode };
}

/** A resource that is as it should be, or that nobody has to hear about. */
export type ValidCase = Case;

/** A resource that is wrong: what is sent in its mode, where that ends, and the sentence a person reads. */
export interface InvalidCase extends Case {
  /** Absent means `fix`. */
  readonly mode?: Mode;
  /** Whether a person says yes to what waits for it. */
  readonly isApproved?: boolean;
  /** Exactly the commands that reach AWS, in order, without idempotency tokens. */
  readonly sends: readonly AwsCommand[];
  readonly status: Status;
  readonly says: string | RegExp;
  readonly advice?: string | RegExp;
  /** Whether a person has to do the rest after what is sent. */
  readonly leavesRest?: boolean;
  /** A value that must appear in no output. */
  readonly secret?: string;
}

/** A resource that is left unchanged, and why. */
export interface SkippedCase extends Case {
  readonly says: string | RegExp;
  readonly advice?: string | RegExp;
}

/** A fix that is taken back: the commands of the undo alone. */
interface UndoCase extends Case {
  /** Whether the fix waits for a person's yes first. */
  readonly isApproved?: boolean;
  readonly sends: readonly AwsCommand[];
}

export interface Cases {
  readonly valid: readonly ValidCase[];
  readonly invalid: readonly InvalidCase[];
  readonly skipped: readonly SkippedCase[];
  readonly undo?: readonly UndoCase[];
}

/** What a case made Redress do. */
export interface CaseRun {
  readonly findings: readonly Finding[];
  readonly sent: readonly SentCommand[];
  readonly actions: readonly string[];
}

/** Tells a control's cases to vitest, each through the real engine; the checks are those of `checkCase` and `checkCoverage`. */
export function testControl(control: AnyControl, cases: Cases): void {
  const used = new Set<string>();
  const note = async (running: Promise<CaseRun>): Promise<void> => {
    for (const action of (await running).actions) used.add(action);
  };
  describe(control.id, () => {
    test('no two cases have one name', () => checkNames(cases));
    describe.runIf(cases.valid.length)('is content with', () => {
      for (const one of cases.valid) test(one.name, () => note(checkValid(control, one)));
    });
    describe.runIf(cases.invalid.length)('finds', () => {
      for (const one of cases.invalid) {
        test(one.name, () => note(checkInvalid(control, one)));
        test(`${one.name}, and writes nothing while observing`, () => note(checkObserved(control, one)));
      }
    });
    describe.runIf(cases.skipped.length)('leaves alone', () => {
      for (const one of cases.skipped) test(one.name, () => note(checkSkipped(control, one)));
    });
    describe.runIf((cases.undo ?? []).length)('undoes', () => {
      for (const one of cases.undo ?? []) test(one.name, () => note(checkUndo(control, one)));
    });
    test('every declared action is used by a case', () => checkCoverage(control, used));
  });
}

/** Fails on two cases of one name. */
export function checkNames({ valid, invalid, skipped, undo = [] }: Cases): void {
  const names = [valid, invalid, skipped, undo].flat().map(({ name }) => name);
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined) throw new Error(`two cases have the name "${twice}"`);
}

/** Fails unless nothing is found and nothing is sent. */
export async function checkValid(control: AnyControl, one: ValidCase): Promise<CaseRun> {
  const ran = await play(control, one, 'fix');
  expect(ran.findings, 'findings of a valid case').toEqual([]);
  expect(ran.sent, 'commands of a valid case').toEqual([]);
  return ran;
}

/** Fails unless the case ends as it says, with exactly its commands; what was applied must leave the resource compliant or superseded. */
export async function checkInvalid(control: AnyControl, one: InvalidCase): Promise<CaseRun> {
  const ran = await play(control, one, one.mode ?? 'fix', one.secret, one.isApproved);
  const finding = onlyOne(ran.findings);
  expect(finding.status, finding.says).toBe(one.status);
  expectText(finding.says, one.says);
  if (one.advice !== undefined) expectText(finding.advice.map(adviceText).join('\n'), one.advice);
  expect(ran.sent).toEqual(one.sends.map((command) => ({ api: actionOf(command), input: command.input })));
  const isSettled = finalStatuses.includes(finding.status);
  if (one.sends.length > 0 && !isSettled && !one.leavesRest)
    throw new Error(`the plan was applied, and the resource is neither compliant nor superseded: ${finding.says}`);
  expect(finding.changes.length, 'changes announced').toBeGreaterThanOrEqual(one.sends.length);
  return ran;
}

/** Fails if anything is written in mode `observe`. */
export async function checkObserved(control: AnyControl, one: InvalidCase): Promise<CaseRun> {
  const ran = await play(control, one, 'observe', one.secret);
  expect(ran.sent, 'commands while observing').toEqual([]);
  expect(['would-fix', 'open', 'exempt', 'failed']).toContain(onlyOne(ran.findings).status);
  return ran;
}

/** Fails unless the resource is left unchanged with the reason. */
async function checkSkipped(control: AnyControl, one: SkippedCase): Promise<CaseRun> {
  const ran = await play(control, one, 'fix');
  const finding = onlyOne(ran.findings);
  expect(finding.status).toBe('skipped');
  expectText(finding.says, one.says);
  if (one.advice !== undefined) expectText(finding.advice.map(adviceText).join('\n'), one.advice);
  expect(ran.sent, 'commands of a skipped case').toEqual([]);
  return ran;
}

/** Fails unless the fix is taken back with exactly these commands, and stays so when looked at again. */
async function checkUndo(control: AnyControl, one: UndoCase): Promise<CaseRun> {
  return await withHarness(control, one, 'fix', async (harness) => {
    await act(harness, control, one.event, one.isApproved);
    const fixed = onlyOne(await harness.findings(homeOf(control)));
    const before = harness.writes.length;
    harness.put(orderFor(control.id, 'undo', fixed.id, orderPlace(control)));
    await harness.settle();
    const undone = onlyOne(await harness.findings(homeOf(control)));
    expect(undone.status, undone.says).toBe('undone');
    expect(undone.order?.by).toBe(dana.arn);
    expect(withoutTokens(harness.writes.slice(before))).toEqual(
      one.sends.map((command) => ({ api: actionOf(command), input: command.input })),
    );
    const after = harness.writes.length;
    harness.put(messageFor(control.id, { ...there(control, one.event), id: 'looked-at-again' }));
    await harness.settle();
    expect(harness.writes.length, 'writes after the undo').toBe(after);
  });
}

/** Fails on an action that the control declares and that no case made it use, unless `impliedBy` says why. */
export function checkCoverage(control: AnyControl, used: ReadonlySet<string>): void {
  const declared: Permission[] = [...control.permissions.reads, ...control.permissions.writes];
  const idle = declared.filter(({ action, impliedBy }) => impliedBy === undefined && !used.has(action)).map(({ action }) => action);
  if (idle.length > 0) throw new Error(`no case uses ${[...new Set(idle)].join(', ')}: take the permission away, or add the case`);
}

async function play(control: AnyControl, one: Case, mode: Mode, secret?: string, isApproved = false): Promise<CaseRun> {
  return await withHarness(control, one, mode, (harness) => act(harness, control, one.event, isApproved), secret);
}

/** Lets the event happen and, where the fix waits for it, a person say yes. */
async function act(harness: Harness, control: AnyControl, event: object, isApproved = false): Promise<void> {
  harness.put(messageFor(control.id, there(control, event)));
  await harness.settle();
  if (!isApproved) return;
  const waiting = onlyOne(await harness.findings(homeOf(control)));
  expect(waiting.status, waiting.says).toBe('awaiting-approval');
  expect(harness.writes, 'commands before the approval').toEqual([]);
  harness.put(orderFor(control.id, 'fix', waiting.id, orderPlace(control)));
  await harness.settle();
}

async function withHarness(
  control: AnyControl,
  one: Case,
  mode: Mode,
  act: (harness: Harness) => Promise<void>,
  secret?: string,
): Promise<CaseRun> {
  const world = one.world();
  try {
    const modes = Object.entries(one.modes ?? {}).map(([id, its]) => [id, { mode: its }]);
    const own = { mode: control.maxMode && mode === 'fix' ? control.maxMode : mode, ...one.settings };
    const config = {
      controls: { ...Object.fromEntries(modes), [control.id]: own },
      ...(one.common && { common: one.common }),
      ...one.managers,
    };
    const others = control.kind.isGlobal ? [{ place: homeOf(control), world }] : [];
    const harness = new Harness({ controls: [control], config, world, others });
    if (one.earlier) {
      harness.put(messageFor(control.id, there(control, one.earlier.event)));
      await harness.settle();
      expect(await harness.findings(homeOf(control)), 'findings before').toEqual([]);
      one.earlier.since(world);
    }
    await act(harness);
    const defect = harness.logs.find(({ error, what }) => what === 'defect' || String(error).includes('UndeclaredCall'));
    if (defect) throw new Error(`a defect of the control: ${defect['error']}\n${defect['stack'] ?? ''}`);
    if (harness.dead.length > 0)
      throw new Error(
        `a message ended in the dead-letter queue: ${harness.logs.map(({ message, error }) => `${message} ${error ?? ''}`).join('; ')}`,
      );
    if (secret !== undefined && (await harness.output()).includes(secret)) throw new Error('a sensitive value is in the output');
    checkAnnounced(harness);
    const findings = await harness.findings(homeOf(control));
    findings.forEach(checkCommands);
    return { findings, sent: withoutTokens(harness.writes), actions: [...harness.actions] };
  } finally {
    world.restore?.();
  }
}

/** Fails if an API was sent that no announcement named; the announcement that counts is the finding's own list. */
function checkAnnounced(harness: Harness): void {
  for (const { api } of harness.writes) {
    const isNamed = harness.announced.some((finding) => [...finding.changes, ...finding.later].some((change) => change.api === api));
    if (!isNamed) throw new Error(`${api} was sent, and no announcement names it`);
  }
}

function withoutTokens(writes: readonly SentCommand[]): SentCommand[] {
  return writes.map(({ api, input }) => ({
    api,
    input: Object.fromEntries(Object.entries(input).filter(([key]) => !/^(ClientToken|clientToken|IdempotencyToken)$/.test(key))),
  }));
}

function onlyOne(findings: readonly Finding[]): Finding {
  const [finding, ...more] = findings;
  if (!finding || more.length > 0)
    throw new Error(`expected one finding, and there are ${findings.length}: ${findings.map(({ says }) => says).join(' | ')}`);
  return finding;
}

function expectText(text: string, expected: string | RegExp): void {
  if (typeof expected === 'string') expect(text).toBe(expected);
  else expect(text).toMatch(expected);
}
