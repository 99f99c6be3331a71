import { type Made, madeWith } from '#shared/control/actor.ts';
import type { AnyControl, Verdict } from '#shared/control/control.ts';
import { inSentence, type Manager, type Managers, managerOf, toolBehind } from '#shared/control/manager.ts';
import { type CloudTrailRecord, stringAt } from '#shared/control/record.ts';
import { labelsOf } from '#shared/control/tools.ts';
import type { Finding, Reason } from '#shared/finding/finding.ts';
import type { Breach } from '#shared/ledger/ledger.ts';
import type { Decision, Run } from './types.ts';

/** What the gate of managed resources holds against a change. */
export type Managed =
  /** Nothing: nobody manages it, or another hand broke what the tool keeps. */
  | { readonly is: 'free' }
  /** Nobody knows who made it, so a person decides. */
  | { readonly is: 'unknown' }
  /** It is being deleted, or an AWS service manages it; `says` is a sentence. */
  | { readonly is: 'left'; readonly says: string }
  /** A tool manages it, and would change it back; or it claims so, and is believed. */
  | { readonly is: 'managed'; readonly manager: Manager; readonly reason: Reason }
  /** It claims that a tool manages it, so a person decides. */
  | { readonly is: 'claimed'; readonly manager: Manager; readonly reason: Reason };

/**
 * Asks who manages a resource, and who made this change; a control that says nothing of it cannot fight a tool.
 * @param brokenWith with what it was made wrong, where the control found that out; what an event said is known better
 */
export function managedGate({ control, live, state, target }: Run, managers: Managers, brokenWith?: Made): Managed {
  if (live?.leave) return { is: 'left', says: live.leave };
  if (live?.operator) {
    const tool = toolBehind(live.tags, madeOf(live.operator), managers);
    return { is: 'left', says: `${tool?.isProven ? tool.name : live.operator} manages it, so it is left unchanged.` };
  }
  if (control.fixesManaged) return { is: 'free' };
  // a setting has neither tags nor a maker: `leave` says what AWS shows of it
  if (control.kind.is !== 'resource') return { is: 'free' };
  const made = madeIn(state.hint ?? target.hint);
  const nobody: Managed = { is: made === undefined || namesNobody(made) ? 'unknown' : 'free' };
  const manager = managerOf(live?.tags, made, managers);
  if (!manager) return nobody;
  const breach = breachBy(state.brokenWith ?? brokenWith, managers);
  if (breach === 'by hand') return { is: 'free' };
  if (manager.isProven && breach !== 'unclear') {
    return { is: 'managed', manager, reason: { code: 'managed', says: `${manager.name} manages it, ${LEFT}` } };
  }
  const { claims = 'ask' } = managers;
  if (claims === 'fix') return nobody;
  // asking a person for each tag, say, would cost more than it helps
  const isLeft = claims === 'skip' || control.severity === 'low';
  const claim = manager.isProven
    ? `${manager.name} manages it, but what changed it is not proven`
    : `It claims to be managed by ${inSentence(manager)}`;
  const reason: Reason = { code: 'claimed', says: `${claim}, ${isLeft ? LEFT : 'so a person decides.'}` };
  return { is: isLeft ? 'managed' : 'claimed', manager, reason };
}

const LEFT = 'so it is left unchanged: fix it there.';

/** What a person can do with the tool that made it first, and no other tool's line; the verdict may have better ones for it. */
export function withWays(decision: Decision, run: Run, managers: Managers, verdict: Verdict): Decision {
  const { control, live, state, target } = run;
  if ((decision.is !== 'close' && decision.is !== 'wait' && decision.is !== 'begin') || control.kind.is !== 'resource') return decision;
  const { advice = [] } = decision;
  const besides = advice.filter(({ tool }) => tool === undefined);
  const isRight = decision.is === 'close' && (decision.status === 'fixed' || decision.status === 'superseded');
  // whose it was showed when it was wrong
  if (isRight && state.fix?.ways) return { ...decision, advice: [...state.fix.ways, ...besides] };
  const own = verdict.is === 'violation' || verdict.is === 'skip' ? verdict.iac : undefined;
  // whose it is differs within the resource, and the control says each line itself
  if (own && Object.keys(own).length === 0) return decision;
  // without the tags the control knows better
  if (live === undefined && besides.length < advice.length) return decision;
  const made = live?.operator === undefined ? madeIn(state.hint ?? target.hint) : madeOf(live.operator);
  const tool = toolBehind(live?.tags, made, managers);
  if (live?.operator && !tool?.isProven) return decision;
  const ways = tool?.fix(own ?? control.iac ?? {}) ?? (live === undefined ? waysBefore(run) : undefined);
  if (!ways) return decision;
  // what another hand broke, code has as it should be
  const brokenWith = state.brokenWith ?? (verdict.is === 'violation' ? verdict.brokenWith : undefined);
  if (breachBy(brokenWith, managers) === 'by hand') return { ...decision, advice: besides };
  const labels = tool ? labelsOf(tool) : [];
  const said = advice.filter((one) => one.tool !== undefined && labels.includes(one.tool));
  return { ...decision, advice: [...(said.length > 0 ? said : ways), ...besides] };
}

/** The lines of tools in an advice. */
export function waysIn(advice: Finding['advice'] = []): Finding['advice'] {
  return advice.filter(({ tool }) => tool !== undefined);
}

/** What the finding said of a tool when the tags were read; of what is right by now they are not. */
function waysBefore({ row, state }: Run): Finding['advice'] | undefined {
  const told = row?.finding.id === state.finding?.id ? waysIn(row?.finding.advice) : [];
  return told.length > 0 ? told : undefined;
}

/** What a service manages, it made. */
function madeOf(service: string): Made {
  return { via: service, service };
}

/** What was kept of a resource's making; a case of an earlier version kept no more than `via`. */
function madeIn(hint: unknown): Made | undefined {
  const [via, service, by] = ['via', 'service', 'by'].map((key) => stringAt(hint, key));
  return via === undefined ? undefined : { via, ...(service !== undefined && { service }), ...(by !== undefined && { by }) };
}

/** Whether the record of the creation shows neither who nor what called: then code may have. */
function namesNobody({ via, service, by }: Made): boolean {
  return via === 'unknown' && service === undefined && by === undefined;
}

/** Whether a call makes a resource wrong by itself. */
export function isBreaking({ triggers }: Pick<AnyControl, 'triggers'>, record: CloudTrailRecord): boolean {
  return triggers.some(
    ({ eventNames, breaks }) => eventNames.includes(record.eventName) && (typeof breaks === 'function' ? breaks(record) : breaks === true),
  );
}

/** With what the last call that broke the resource was made, and when; undefined where none of these did. */
export function brokenIn({ control, jobs, state }: Pick<Run, 'control' | 'jobs' | 'state'>, managers: Managers): Breach | undefined {
  const breaches = jobs.flatMap(({ occasion }) =>
    occasion.is === 'call' && isBreaking(control, occasion.record) ? [{ ...madeWith(occasion.record), at: occasion.event.time }] : [],
  );
  const wasBroken = state.finding && Date.parse(state.finding.receivedAt);
  // what was wrong before, as code has it, a person's call did not break: set back, it would not be what code declares
  const isBreach = (one: Made & { readonly at: string }) =>
    wasBroken === undefined ||
    Date.parse(one.at) <= wasBroken ||
    breachBy(one, managers) !== 'by hand' ||
    breachBy(state.brokenWith, managers) === 'by hand';
  return breaches
    .filter(isBreach)
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .at(-1);
}

/** Who broke what a tool keeps: setting back what a person broke restores what code declares. */
function breachBy(made: Made | undefined, managers: Managers): 'none' | 'by hand' | 'by tool' | 'unclear' {
  if (!made) return 'none';
  const manager = managerOf([], made, managers);
  // a service acts for the tool that manages it
  if (manager?.isProven || made.service !== undefined) return 'by tool';
  return manager || made.via === 'unknown' ? 'unclear' : 'by hand';
}
