import { actionOf, actionsOf, isDeclared } from '#shared/aws/actions.ts';
import { isTagPolicy, UndeclaredCall } from '#shared/aws/errors.ts';
import type { Plan } from '#shared/control/control.ts';
import type { Finding, Reason } from '#shared/finding/finding.ts';
import type { BegunFix } from '#shared/ledger/ledger.ts';
import type { CaseDeps } from './case.ts';
import { changesOf, openFinding, type Telling } from './compose.ts';
import { growing } from './decide.ts';
import { digestOf } from './sender.ts';
import { type Decision, orderOf, type Run } from './types.ts';

/** How long what was undone stays undone, in days. */
const UNDO_DAYS = 7;
/** How often a throttled or unavailable AWS is waited for, in growing steps up to 15 minutes, before the DLQ. */
const TRIES_TO_SEND = 12;
const MINUTE = 60_000;

type Beginning = Extract<Decision, { is: 'begin' }>;

/** Passes the last gates and begins a fix in memory; the intent is written before the first command. A decision means that a gate is shut. */
export async function begin(run: Run, { kind, plan, found }: Beginning, deps: CaseDeps): Promise<Telling | undefined> {
  const { control, state } = run;
  const { pause } = await deps.isPaused(run);
  if (pause) {
    const says = `Redress is paused by ${pause.by} since ${pause.at}: ${pause.reason}`;
    if (kind === 'undo') return { is: 'answer', outcome: 'refused', says };
    return { is: 'wait', seconds: 900, found, reason: { code: 'paused', says }, tells: 'everybody' };
  }
  const now = deps.now();
  if (kind === 'fix') {
    const span = control.limit.minutes * MINUTE;
    const window = Math.floor(now.getTime() / span);
    const { isGranted, isFirst } = await deps.reserveOne({ window: `${control.id}#${window}`, limit: control.limit.fixes });
    if (!isGranted) {
      const { fixes, minutes } = control.limit;
      const says = `The rate limit of ${control.id} is reached: ${fixes} ${fixes === 1 ? 'fix' : 'fixes'} in ${minutes} minutes. The rest wait for the next window.`;
      return {
        is: 'wait',
        seconds: Math.ceil(((window + 1) * span - now.getTime()) / 1000) + 1,
        found,
        reason: { code: 'rate-limited', says },
        tells: isFirst ? 'everybody' : 'ledger',
        isNews: isFirst,
      };
    }
  }
  const ordered = orderOf(run);
  const isUndo = kind === 'undo' && run.row !== undefined;
  const findingId = isUndo && run.row ? run.row.finding.id : openFinding(run, now, deps.isSecret).id;
  if (isUndo) {
    // else the next event or sweep would fix it right back
    const until = new Date(now.getTime() + UNDO_DAYS * 24 * 60 * MINUTE).toISOString();
    state.exemption = { until, reason: `${findingId} was undone`, owner: ordered?.order.by ?? 'unknown', at: now.toISOString() };
  }
  state.fix = {
    kind,
    id: `${findingId}-${kind}-${now.toISOString()}`,
    begunAt: now.toISOString(),
    wrong: found,
    before: isUndo && run.row?.before !== undefined ? run.row.before : control.before(run.facts),
    announced: [...changesOf(plan), ...(plan.later ?? [])],
    sent: [],
    lag: 0,
    refusals: 0,
    taken: [],
    ...(ordered && { order: ordered.order }),
    ...(ordered?.sender && { sender: ordered.sender }),
  };
  return undefined;
}

/** Sends one round of a fix in progress: the intent is written before, the outcome after. A decision means that the round cannot go on. */
export async function sendPlan(run: Run, plan: Plan, deps: CaseDeps): Promise<Telling | undefined> {
  const { control, state } = run;
  const fix = state.fix;
  if (!fix) throw new Error('a plan is sent before its fix began');
  for (const { command } of plan.changes) {
    const undeclared = actionsOf(command).find((action) => !isDeclared(action, control.permissions.writes));
    if (undeclared) throw new UndeclaredCall(`${undeclared} is not among the permissions.writes of ${control.id}`);
  }
  const digest = digestOf(plan.changes.map(({ command }) => command));
  await writeIntent(run, fix, digest, deps);
  for (const [n, { command, says, step = n }] of plan.changes.entries()) {
    const api = actionOf(command);
    // not by how much was sent before: a creation that is not visible to reads yet would get another token, and be made twice
    const outcome = await deps.sendOne({ place: run.place, control: control.id, seed: `${fix.id} ${step}`, command });
    deps.telemetry.log('info', 'a command was sent', { control: control.id, resource: run.target.id, api, outcome: outcome.is });
    if (outcome.is === 'sent') {
      fix.sent.push({ api, says });
      continue;
    }
    const failed = (reason: Reason, leaves: 'rerunnable' | 'failed', advice: Finding['advice'] = []): Telling => ({
      is: 'close',
      status: 'failed',
      found: fix.wrong,
      reason,
      leaves,
      keepsFix: fix.sent.length > 0,
      advice,
    });
    if (outcome.is === 'denied') {
      const says = isTagPolicy(outcome.code)
        ? "A tag policy of the organization denies it: bring the control's settings in line with the policy, or exempt the resource."
        : `Allow ${api} to the role of Redress, then run \`redress fix\`.`;
      return failed({ code: 'no-permission', says: `Redress may not ${api}: ${outcome.text}` }, 'rerunnable', [{ says }]);
    }
    if (outcome.is === 'throttled' || outcome.is === 'unavailable') {
      const code = outcome.is;
      if (fix.refusals >= TRIES_TO_SEND) return failed({ code, says: `AWS did not take ${api}: ${outcome.code}` }, 'failed');
      fix.refusals += 1;
      const reason = { code, says: `AWS does not take ${api} now: ${outcome.code}` };
      return { is: 'wait', seconds: growing(fix.refusals - 1), found: fix.wrong, reason, tells: 'nobody' };
    }
    // the state may be right all the same (somebody was faster): observe once more
    run.refusal = `${outcome.code}: ${outcome.text}`;
    if (fix.last) fix.last.outcome = 'refused';
    await deps.ledger.save(state, deps.owner, deps.now());
    return undefined;
  }
  fix.taken.push(digest);
  fix.lag = 0;
  fix.refusals = 0;
  await deps.ledger.save(state, deps.owner, deps.now());
  return undefined;
}

async function writeIntent(run: Run, fix: BegunFix, digest: string, deps: CaseDeps): Promise<void> {
  const isNew = fix.last === undefined && fix.sent.length === 0;
  fix.last = { digest };
  try {
    await deps.ledger.save(run.state, deps.owner, deps.now());
  } catch (error) {
    // a fix whose intent is not written has not begun: its gates are asked again
    if (isNew) delete run.state.fix;
    throw error;
  }
}
