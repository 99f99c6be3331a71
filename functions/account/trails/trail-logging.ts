import { isDeepStrictEqual } from 'node:util';
import type { Trail } from '@aws-sdk/client-cloudtrail';
import { type CaseContext, defineControl, type Plan, type Severity, type Verdict } from '#shared/control/control.ts';
import { adviceFor, iac, type Problem, prevention, sayProblem } from './advice.ts';
import { choose, isChosen, startAgain, stopAgain } from './changes.ts';
import { type Facts, factsOf, problemsOf } from './facts.ts';
import { keptOf } from './kept.ts';
import { anyTrail, trails } from './kind.ts';
import { type Selectors, statusReads } from './seen.ts';
import { type Hint, hintOf, joinHints } from './stopped.ts';

/** So long a deletion is reported that leaves the Region covered, in milliseconds. */
const DAY = 86_400_000;
const guide = 'https://docs.aws.amazon.com/awscloudtrail/latest';

export default defineControl<Trail, Facts, { isLogging: boolean; selectors: Selectors }, Hint>(trails, {
  id: 'trail-logging',
  title: 'CloudTrail trails log and deliver',
  why: 'Without a trail that logs, nobody sees who does what. EventBridge then gets no calls, so every control is blind, and every alarm on calls too.',
  remediation:
    'Starts a trail of this Region again that somebody stopped, unless another trail covers the Region. Asks before it brings back which events the trail logs. Leaves the trails of the organization unchanged.',
  severity: 'critical',
  defaultMode: 'fix',
  triggers: [
    { ...trails.calls('StopLogging'), breaks: true },
    // whether the new events leave something out, the live trail says
    { ...trails.calls('PutEventSelectors'), breaks: true, isMistake: false },
    { ...trails.calls('DeleteTrail'), isMistake: true },
    trails.calls('UpdateTrail'),
  ],
  sweep: { every: '1 hour', atDeployment: true },
  permissions: {
    reads: [...statusReads, { action: 'cloudtrail:LookupEvents' }],
    writes: ['StartLogging', 'StopLogging', 'PutEventSelectors'].map((call) => ({ action: `cloudtrail:${call}`, resource: anyTrail })),
  },
  // who reads of a managed trail that does not log should act, whatever manages it
  reportsManaged: true,
  references: [
    `${guide}/APIReference/API_StartLogging.html`,
    `${guide}/APIReference/API_GetTrailStatus.html`,
    `${guide}/userguide/cloudtrail-concepts.html`,
  ],
  iac,
  prevention,

  targets: (record, place) => {
    const hint = hintOf(record);
    return trails.targets(record, place).map((target) => ({ ...target, ...(hint && { hint }) }));
  },
  joinHints,

  inspect: factsOf,

  judge(facts, { now }): Verdict {
    const { trail, cover, stop } = facts;
    const problems: readonly Problem[] = trail ? problemsOf(trail) : ['deleted'];
    if (trail && problems.length === 0) return { is: 'compliant', says: 'It logs and delivers.', keeps: keptOf(trail, trail.selectors) };
    const covered = cover.length > 0 ? `${cover.join(' and ')} covers this Region` : undefined;
    const isOld = now.getTime() - Date.parse(facts.deletedAt ?? '') > DAY;
    if (covered && isOld) return { is: 'compliant', says: `It was deleted, and ${covered}.` };
    const what = problems.map((problem) => sayProblem(problem, trail)).join(' ');
    const who = stop && !trail?.isLogging ? ` ${stop.by} stopped it at ${stop.at}.` : '';
    const risk = `${what} ${covered ? `But ${covered}.` : 'No other trail covers this Region.'}`;
    return {
      is: 'violation',
      says: `${risk}${who}`,
      risk,
      severity: severityOf(problems, covered !== undefined),
      advice: adviceFor(problems, facts),
      ...(stop && { brokenWith: stop.made }),
    };
  },

  plan({ name, arn, trail, cover, kept }, { fixingSince }: CaseContext): Plan {
    const rest: Plan = { changes: [], leavesRest: true };
    if (!trail || trail.IsOrganizationTrail || cover.length > 0) return rest;
    if (!trail.isLogging) return { changes: [startAgain(name, arn)], isAdditive: true };
    const selectors = trail.isWhole ? undefined : kept?.selectors;
    if (!selectors || !isChosen(selectors)) return rest;
    // that it logs again was all that this fix announced
    if (fixingSince && (trail.startedAt ?? 0) + 1000 >= Date.parse(fixingSince)) return rest;
    return {
      changes: [choose(name, arn, selectors, 'as they were when it was last as it should be')],
      needsApproval: 'A person should look first: somebody chose which events it logs.',
    };
  },

  before: ({ trail }) => ({ isLogging: trail?.isLogging === true, selectors: trail?.selectors ?? { event: null, advanced: null } }),

  undo({ isLogging, selectors }, { name, arn, trail }): Plan {
    if (!trail) return { changes: [] };
    const hasOthers = !isDeepStrictEqual(selectors, trail.selectors) && isChosen(selectors);
    return {
      changes: [
        ...(hasOthers ? [choose(name, arn, selectors, 'back to what they were before')] : []),
        ...(trail.isLogging && !isLogging ? [stopAgain(name, arn)] : []),
      ],
    };
  },
});

/** Without its files a trail still feeds EventBridge. */
function severityOf(problems: readonly Problem[], isCovered: boolean): Severity {
  if (isCovered) return 'low';
  return problems.every((problem) => problem === 'undelivered') ? 'high' : 'critical';
}
