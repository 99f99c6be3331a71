import { actionOf, actionsOf, isDeclared } from '#shared/aws/actions.ts';
import { UndeclaredCall } from '#shared/aws/errors.ts';
import type { Plan } from '#shared/control/control.ts';
import type { Finding, Reason } from '#shared/finding/finding.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { growing } from './backoff.ts';
import { changesOf, openFinding } from './compose.ts';
import { deniedReport, type Failure } from './denied.ts';
import { type Beginning, lastGates } from './gates.ts';
import { waysIn } from './managed.ts';
import { goesOn } from './nothing.ts';
import { countsAsTry } from './patience.ts';
import { digestOf, isTokenUsed } from './sender.ts';
import {
  commandDelayed,
  commandRefused,
  commandRepeated,
  commandSent,
  exemptionOrdered,
  findingOf,
  fixBegun,
  fixNotBegun,
  fixOf,
  foundWrong,
  intentWritten,
  roundTaken,
} from './state.ts';
import { doubtEnded, mayHaveBegun, unsureBy } from './state-unsure.ts';
import type { CaseDeps, Report, Run } from './types.ts';

/** How long what was undone stays undone, in days. */
const UNDO_DAYS = 7;
/** How often a throttled or unavailable AWS is waited for, in growing steps up to 15 minutes, before the DLQ. */
const TRIES_TO_SEND = 12;
const DAY = 86_400_000;

/** Passes the last gates and begins a fix in memory; the intent is written before the first command. A decision means that a gate is shut. */
export async function begin(run: Run, beginning: Beginning, deps: CaseDeps): Promise<Report | undefined> {
  const shut = await lastGates(run, beginning, deps);
  if (shut) return shut;
  const { kind, plan, found, severity, advice } = beginning;
  const { control, order, sender, row } = run;
  const now = deps.now();
  const undone = kind === 'undo' ? row : undefined;
  const state = undone
    ? exemptByUndo(run, undone.finding, now)
    : foundWrong(openFinding(run, deps.isSecret, now), undefined, undefined, severity);
  const fix = {
    finding: undone ? undone.finding.id : findingOf(state).id,
    kind,
    wrong: found,
    before: undone?.before === undefined ? control.before(run.facts) : undone.before,
    announced: [...changesOf(plan), ...(plan.later ?? [])],
    ...(!undone && { ways: waysIn(advice) }),
    ...(order && { order }),
    ...(sender && { sender }),
  };
  run.state = fixBegun(state, fix, now);
  return undefined;
}

/** Else the next event or sweep would fix right back what is undone. */
function exemptByUndo({ state, order }: Run, { id }: Finding, now: Date): CaseState {
  const until = new Date(now.getTime() + UNDO_DAYS * DAY).toISOString();
  return exemptionOrdered(state, { until, reason: `${id} was undone`, owner: order?.by ?? 'unknown', at: now.toISOString() });
}

/** Sends one round of a fix in progress: the intent is written before, the outcome after. A decision means that it does not go on now. */
export async function sendPlan(run: Run, plan: Plan, deps: CaseDeps): Promise<Report | undefined> {
  const { control } = run;
  const { id, wrong: found } = fixOf(run.state);
  for (const { command } of plan.changes) {
    const undeclared = actionsOf(command).find((action) => !isDeclared(action, control.permissions.writes));
    if (undeclared) throw new UndeclaredCall(`${undeclared} is not among the permissions.writes of ${control.id}`);
  }
  const digest = digestOf(plan.changes.map(({ command }) => command));
  const { unsure } = fixOf(run.state);
  await writeIntent(run, plan, digest, deps);
  const sentAt = deps.now();
  for (const [n, { command, says, made, step = n }] of plan.changes.entries()) {
    const api = actionOf(command);
    // not by how much was sent before: a creation that is not visible yet would get another token, and be made twice
    const outcome = await deps.sendOne({ place: run.place, control: control.id, seed: `${id} ${step}`, command });
    deps.telemetry.log('info', 'a command was sent', { control: control.id, resource: run.target.id, api, outcome: outcome.is });
    // where there was no session, nothing was sent
    const isUnknown = outcome.is === 'unavailable' && outcome.before === undefined;
    if (!isUnknown) run.state = doubtEnded(run.state, outcome.is === 'sent' ? undefined : unsure);
    if (outcome.is === 'sent') {
      run.state = commandSent(run.state, { api, says }, made?.(outcome.answer));
      continue;
    }
    if (made && isTokenUsed(outcome)) {
      run.state = commandRepeated(run.state, { api, says });
      continue;
    }
    const { before: refused = api } = outcome;
    const failed = (reason: Reason, leaves: 'rerunnable' | 'failed', advice: Finding['advice'] = []): Failure => ({
      is: 'close',
      status: 'failed',
      found,
      reason,
      leaves,
      keepsFix: mayHaveBegun(fixOf(run.state)),
      advice,
    });
    if (outcome.is === 'denied') return deniedReport(refused, outcome, fixOf(run.state), failed);
    if (outcome.is === 'throttled' || outcome.is === 'unavailable') {
      const code = outcome.is;
      const { refusals } = fixOf(run.state);
      const isCounted = countsAsTry(run, deps.now());
      if (isCounted && refusals >= TRIES_TO_SEND) return failed({ code, says: `AWS did not take ${refused}: ${outcome.code}` }, 'failed');
      if (isCounted) run.state = commandDelayed(run.state);
      const reason = { code, says: `AWS does not take ${refused} now: ${outcome.code}` };
      return { is: 'wait', seconds: growing(refusals), found, reason, reportsTo: 'nobody' };
    }
    // the state may be right all the same (somebody was faster): observe once more
    run.refusal = `${outcome.code}: ${outcome.text}`;
    run.state = commandRefused(run.state);
    await deps.ledger.save(run.state, deps.owner, deps.now());
    return undefined;
  }
  run.state = roundTaken(run.state, digest, sentAt);
  await deps.ledger.save(run.state, deps.owner, deps.now());
  return plan.again && goesOn(fixOf(run.state), plan.again);
}

async function writeIntent(run: Run, plan: Plan, digest: string, deps: CaseDeps): Promise<void> {
  const { last, sent } = fixOf(run.state);
  const isFirst = last === undefined && sent.length === 0;
  run.state = intentWritten(run.state, digest, unsureBy(plan, fixOf(run.state), deps.now()));
  try {
    await deps.ledger.save(run.state, deps.owner, deps.now());
  } catch (error) {
    // a fix whose intent is not written has not begun: its gates are asked again
    if (isFirst) run.state = fixNotBegun(run.state);
    throw error;
  }
}
