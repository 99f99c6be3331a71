import * as v from 'valibot';
import { type Advice, toolNames } from '#shared/control/iac.ts';
import { type Finding, findingSchema, type Status, type Story } from './finding.ts';
import { outcomeIn } from './outcome.ts';

const { found: _found, now: _now, reason: _reason, order, event, ...kept } = findingSchema.entries;
const { is: _is, ...named } = event.entries;
const { outcome: _outcome, ...ordered } = order.wrapped.entries;

const firstSchema = v.object({
  ...kept,
  schemaVersion: v.literal('1'),
  event: v.object(named),
  advice: v.array(v.string()),
  order: v.optional(v.object({ ...ordered, says: v.string() })),
});

/** A finding of version 1; ledgers hold them for a year, queues and the event bus for days. */
export type FindingV1 = v.InferOutput<typeof firstSchema>;

/** The event of a finding of either version. */
export type AnyEvent = Omit<Finding['event'], 'is'> & Partial<Pick<Finding['event'], 'is'>>;

/** Parses a finding of either version as one of version 2. */
export const anyFindingSchema = v.union([findingSchema, v.pipe(firstSchema, v.transform(upgrade))]);

/** A finding of either version as one of version 2. */
export function upgraded(finding: Finding | FindingV1): Finding {
  return finding.schemaVersion === '2' ? finding : upgrade(finding);
}

function upgrade(finding: FindingV1): Finding {
  const { order: last, advice, ...rest } = finding;
  return {
    ...rest,
    ...storyIn(finding),
    schemaVersion: '2',
    event: eventOf(finding.event),
    advice: advice.map(adviceIn),
    ...(last && { order: orderIn(last, finding) }),
  };
}

/** An event with what it was; version 1 had only its name. */
export function eventOf({ is, ...one }: AnyEvent): Finding['event'] {
  if (is) return { is, ...one };
  // the names of calls are one word, those of schedules and orders are not
  if (/^[A-Z]\w+$/.test(one.name)) return { is: 'call', ...one };
  return { is: one.name.startsWith('redress ') ? 'order' : 'sweep', ...one };
}

// version 1 had these facts in its sentences alone; nothing else in Redress reads a sentence

function storyIn({ status, says }: FindingV1): Story {
  if (status === 'skipped' && says === 'The resource is gone.') return { found: null, now: null, reason: { code: 'gone', says } };
  const [, found, now] = /^Found: (.*) Now: (.*)$/s.exec(says) ?? [];
  return found !== undefined && now !== undefined ? { found, now } : { found: says, now: null };
}

function adviceIn(text: string): Advice {
  const tool = toolNames.find((name) => text.startsWith(`${name}: `));
  return tool ? { tool, says: text.slice(tool.length + 2) } : { says: text };
}

function orderIn({ says, ...one }: NonNullable<FindingV1['order']>, finding: { status: Status; says: string }): Finding['order'] {
  // an answer that changed nothing left the finding's own sentence as it was
  if (says !== finding.says) return { ...one, outcome: 'refused', says };
  return { ...one, outcome: finding.status === 'open' ? 'waiting' : outcomeIn(finding.status, one.kind) };
}
