import * as v from 'valibot';
import { toolNames } from '#shared/control/iac.ts';

const isoTime = v.string();

/** What became of a case; `closed` ends a finding about a call, which leaves nothing to fix. */
export const statuses = [
  'open',
  'would-fix',
  'awaiting-approval',
  'fixed',
  'superseded',
  'exempt',
  'failed',
  'skipped',
  'undone',
  'closed',
] as const;

/** One of `statuses`. */
export type Status = (typeof statuses)[number];

/** Statuses of findings that need somebody's attention. */
export const unsettledStatuses: readonly Status[] = ['open', 'would-fix', 'awaiting-approval', 'failed'];

/** Statuses that end a case; a later event about the resource opens a new one. */
export const finalStatuses: readonly Status[] = ['fixed', 'superseded', 'undone', 'closed'];

/** Reasons why Redress waits: they pass by themselves. */
export const waitingReasons = [
  'not-visible',
  'waiting',
  'settling',
  'in-progress',
  'paused',
  'rate-limited',
  'throttled',
  'unavailable',
] as const;

/** Why a finding stands as it does. */
export const reasonCodes = [
  // nothing can be done, or need be
  'gone',
  'managed',
  'claimed',
  'left-unchanged',
  'exempt',
  'exemption-ended',
  'day-over',
  'fixed-elsewhere',
  'undone',
  ...waitingReasons,
  // a person decides
  'needs-approval',
  'plan-changed',
  'mode',
  'fight',
  // a fix or an undo did not come to its end
  'no-permission',
  'refused',
  'not-announced',
  'stuck',
  'last-try',
  'error',
] as const;

/**
 * What came of an order: `done` as asked; `partly-done`, and a person does the rest; `waiting` for its time or its end;
 * `nothing-to-do`, for it no longer applies; `exempted`, so that nothing is fixed; `refused` by Redress's own rules;
 * `not-possible`, where no call does it; `failed` where one did not work.
 */
export const outcomes = ['done', 'partly-done', 'waiting', 'nothing-to-do', 'exempted', 'refused', 'not-possible', 'failed'] as const;

/** One of `outcomes`. */
export type Outcome = (typeof outcomes)[number];

/** Whether a finding of this status lists what would be sent, not what was. */
export function isAhead(status: Status): boolean {
  return status === 'would-fix' || status === 'awaiting-approval' || status === 'exempt';
}

const change = v.object({
  /** IAM action, such as `ec2:EnableEbsEncryptionByDefault`. */
  api: v.string(),
  says: v.string(),
});

const advice = v.object({
  /** Whose code the sentence is about: it then goes on after `Terraform: `. */
  tool: v.optional(v.picklist(toolNames)),
  says: v.string(),
});

const reason = v.object({ code: v.picklist(reasonCodes), says: v.string() });

const exemption = v.object({
  /** A day or a time, ISO 8601; a day ends at its midnight UTC. */
  until: v.string(),
  owner: v.string(),
  reason: v.string(),
  isEnding: v.boolean(),
});

/** A finding, version 2: what was wrong with one resource, and what was or would be done about it. */
export const findingSchema = v.object({
  type: v.literal('finding'),
  schemaVersion: v.literal('2'),
  /** `f-` + UTC day + `-` + 12 hex digits, the same for every announcement of one case. */
  id: v.string(),
  /** Changes with every announcement that says something new, so that subscribers can drop repeats. */
  announcement: v.string(),
  control: v.string(),
  title: v.string(),
  status: v.picklist(statuses),
  mode: v.picklist(['off', 'observe', 'approve', 'fix']),
  severity: v.picklist(['low', 'medium', 'high', 'critical']),
  account: v.string(),
  region: v.string(),
  resource: v.object({ type: v.string(), id: v.string(), arn: v.string() }),
  /** Who made the call; names come from the record and are not escaped. */
  actor: v.object({
    arn: v.nullable(v.string()),
    name: v.string(),
    via: v.string(),
    sourceIp: v.nullable(v.string()),
  }),
  /** The value of the tag that the config's `alerts.ownerTag` names, where the resource has it; not escaped. */
  owner: v.optional(v.string()),
  /** What made Redress look first: a record of CloudTrail, a notice of a service, a sweep, or a person's order. */
  event: v.object({ is: v.picklist(['call', 'notice', 'sweep', 'order']), id: v.string(), name: v.string(), time: isoTime }),
  /** How many events were about this case. */
  count: v.number(),
  /** What was wrong, in the control's words; null where Redress could not look. */
  found: v.nullable(v.string()),
  /** What holds now, in the control's words; null while that is what was found. */
  now: v.nullable(v.string()),
  /** Why it stands as it does, where the status alone does not say. */
  reason: v.optional(reason),
  /** `found`, `now` and `reason` as one text for a person; no program has to read it. */
  says: v.string(),
  /** What was sent, or in `would-fix` and `awaiting-approval` what would be. */
  changes: v.array(change),
  /** Names the plan in `changes` and `later` while it waits; an order to fix carries it, and then holds for this plan alone. */
  plan: v.optional(v.string()),
  /** What later rounds of the same fix send. */
  later: v.array(change),
  /** What the fix costs, in one sentence; only there where it costs money and was or would be sent. */
  costs: v.optional(v.string()),
  /** What a person can do, where Redress does not or may not. */
  advice: v.array(advice),
  /** Only there if what the control does cannot be taken back. */
  canUndo: v.optional(v.literal(false)),
  /** The last order about this finding; `sender` is the principal that SQS saw. */
  order: v.optional(
    v.object({
      kind: v.picklist(['fix', 'undo', 'exempt']),
      id: v.string(),
      by: v.string(),
      sender: v.nullable(v.string()),
      outcome: v.picklist(outcomes),
      /** What came of it, where the finding itself does not say. */
      says: v.optional(v.string()),
    }),
  ),
  /** Only there if it is an undo that failed. */
  isFailedUndo: v.optional(v.literal(true)),
  /** Who ordered the fix or undo that brought the status about, where somebody did. */
  doneBy: v.optional(v.string()),
  /** The exemption of an exempt finding; `isEnding` marks the reminder before its end. */
  exemption: v.optional(exemption),
  /** What means something else than in the announcement before, of the same status; only there if that is why it is announced. */
  changed: v.optional(v.array(v.picklist(['severity', 'reason', 'risk']))),
  /** All in ISO 8601, UTC; `doneAt` is null until the case is closed. */
  timings: v.object({
    eventTime: isoTime,
    receivedAt: isoTime,
    decidedAt: v.nullable(isoTime),
    doneAt: v.nullable(isoTime),
  }),
});

/** A finding, as `findingSchema` describes it. */
export type Finding = v.InferOutput<typeof findingSchema>;

/** Whether what Redress changed can be put back by `redress undo`; the engine looks at the resource again before it does. */
export function isUndoable({ status, changes, canUndo }: Finding): boolean {
  return (status === 'fixed' || status === 'superseded') && changes.length > 0 && canUndo !== false;
}

/** Whether a fix failed after it had changed something: it is finished when it is ordered again. */
export function isHalfMade({ status, changes, isFailedUndo }: Finding): boolean {
  return status === 'failed' && changes.length > 0 && !isFailedUndo;
}

/** A finding, or what it is about to say, as far as its end is concerned. */
export type Ended = Pick<Finding, 'status'> & { readonly reason?: Pick<Reason, 'code'> | undefined };

/** Whether a finding ended because its resource is not there any more. */
export function isGone({ status, reason }: Ended): boolean {
  return status === 'skipped' && reason?.code === 'gone';
}

/** Why a finding stands as it does: a code for programs, a sentence for people. */
export type Reason = v.InferOutput<typeof reason>;

/** A finding's own words. */
export type Story = Pick<Finding, 'found' | 'now' | 'reason'>;

/** The lines that tell what was found, what holds now, and why. */
export function storyOf({ found, now, reason }: Story): string[] {
  // what was found is what an undo brings back
  if (reason?.code === 'undone') return [reason.says, ...(now === null ? [] : [`Now: ${now}`])];
  const facts = found !== null && now !== null ? [`Found: ${found}`, `Now: ${now}`] : [found, now].filter((says) => says !== null);
  return reason ? [...facts, reason.says] : facts;
}

/** The same as one text. */
export function saysOf(story: Story): string {
  return storyOf(story).join(' ');
}

/** The exemption of a finding. */
export type FindingExemption = v.InferOutput<typeof exemption>;

/** One call of a finding: its API, and the sentence that announces it. */
export type FindingChange = v.InferOutput<typeof change>;
