import type { Json, Trigger } from '#shared/control/control.ts';
import { API_CALL, isNotice, recordTypes } from '#shared/control/detail-types.ts';

/** An EventBridge event pattern, as JSON. */
export type Pattern = { readonly [key: string]: Json };

/**
 * The roles of Redress: their ARNs, which may be CDK tokens, or what these end in whichever the account. Never a name prefix: anyone
 * could take such a name.
 */
export type OwnRoles = readonly string[] | { readonly suffixes: readonly string[] };

/** A trigger; beside calls it may name filters of calls, such as `{ prefix: 'Create' }`. */
export interface Wanted extends Omit<Trigger, 'eventNames'> {
  readonly eventNames: readonly Json[];
}

/** The longest pattern that EventBridge takes, in characters. */
export const MAX_PATTERN = 2048;

/** Parts of a record that CloudTrail replaces by `omitted: true` when they are over 100 KB. */
const TRUNCATED = ['requestParameters', 'responseElements'];

/** Fields of the detail that the pattern itself decides, so that a trigger's `where` may not. */
const RESERVED = [
  'eventSource',
  'eventName',
  'eventType',
  'errorCode',
  '$or',
  'userIdentity',
  'userIdentity.$or',
  'userIdentity.sessionContext.sessionIssuer.arn',
];

/** The pattern of a control's rule: its triggers, without failed calls, dry runs and what any role of Redress did itself. */
export function patternOf(control: { readonly id: string; readonly triggers: readonly Wanted[] }, roles: OwnRoles): Pattern {
  const records = control.triggers.filter((trigger) => !isNotice(typeOf(trigger)));
  const notices = control.triggers.filter((trigger) => isNotice(typeOf(trigger)));
  const patterns = [...ofRecords(records, roles), ...ofNotices(notices)];
  const [only] = patterns;
  if (!only) throw new TypeError(`${control.id} has no trigger`);
  return patterns.length === 1 ? only : { $or: patterns };
}

/** The pattern of the deployments of a stack; without its id of any, where no other stack's come. */
export function deploymentPattern(stackId?: Json): Pattern {
  return {
    source: ['aws.cloudformation'],
    'detail-type': ['CloudFormation Stack Status Change'],
    detail: {
      ...(stackId !== undefined && { 'stack-id': [stackId] }),
      'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] },
    },
  };
}

/** One pattern for all records, so that our roles stand in it once: it leaves their calls out, unless it is about nothing else. */
function ofRecords(triggers: readonly Wanted[], roles: OwnRoles): Pattern[] {
  if (triggers.length === 0) return [];
  const isOwn = triggers.some((trigger) => trigger.isOwn);
  if (isOwn && !triggers.every((trigger) => trigger.isOwn)) throw new TypeError('one rule is about calls of Redress or of others');
  const sources = unique(triggers.map(({ eventSource }) => eventSource));
  const types = unique(triggers.map(typeOf));
  const all = joinAlike(triggers).flatMap((trigger) => branchesOf(trigger, sources.length > 1, types.length > 1));
  const joined = factored(all);
  // joined into one, they may choose by who calls, as the pattern does to leave our roles out
  const branches = joined.length === 1 && choosesCaller(joined[0]) ? all : joined;
  const [only] = branches;
  const { userIdentity, ...rest } = (branches.length === 1 && only) || { $or: branches };
  const detail = {
    // present on every failed call, a dry run (`Client.DryRunOperation`) included
    errorCode: [{ exists: false }],
    userIdentity: { ...(isOwn ? by(roles) : notBy(roles)), ...(isPattern(userIdentity) && userIdentity) },
    ...rest,
  };
  return [{ source: sourcesOf(sources), 'detail-type': types.flatMap(spellingsOf), detail }];
}

/** Whether a branch has several filters for who calls. */
function choosesCaller(branch: Pattern | undefined): boolean {
  const caller = branch?.['userIdentity'];
  return isPattern(caller) && '$or' in caller;
}

/** One pattern for each detail type: a notice names no role, and nothing that could have failed. */
function ofNotices(triggers: readonly Wanted[]): Pattern[] {
  const groups = Map.groupBy(triggers, ({ eventSource, detailType }) => `${eventSource} ${detailType}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const wheres = group.map(({ where = {} }) => where);
    const isAny = wheres.some((where) => Object.keys(where).length === 0);
    const detail = wheres.length === 1 ? wheres[0] : { $or: wheres };
    return [{ source: sourcesOf([first.eventSource]), 'detail-type': spellingsOf(typeOf(first)), ...(!isAny && detail && { detail }) }];
  });
}

/**
 * Leaves out the roles. `anything-but` does not match a field that is missing, as it is for IAM users and
 * root, so a missing issuer is a branch of its own.
 */
function notBy(roles: OwnRoles): Pattern {
  const issuer = (filter: Json): Json => ({ sessionContext: { sessionIssuer: { arn: [filter] } } });
  const ours = 'suffixes' in roles ? { suffix: roles.suffixes } : roles;
  return { $or: [issuer({ 'anything-but': ours }), issuer({ exists: false })] };
}

/** Our own calls. */
function by(roles: OwnRoles): Pattern {
  const arn = 'suffixes' in roles ? roles.suffixes.map((suffix) => ({ suffix })) : [...roles];
  return { sessionContext: { sessionIssuer: { arn } } };
}

function branchesOf(trigger: Wanted, namesSource: boolean, namesType: boolean): Pattern[] {
  const { eventSource, eventNames, where = {} } = trigger;
  refuseReserved(trigger);
  const calls = {
    ...(namesSource && eventSource !== '*' && { eventSource: [eventSource] }),
    ...(namesType && { eventType: eventTypeOf(trigger) }),
    ...(eventNames.length > 0 && { eventName: [...eventNames] }),
  };
  const truncated = TRUNCATED.filter((part) => part in where).map((part) => ({ ...calls, ...where, [part]: { omitted: [true] } }));
  return [{ ...calls, ...where }, ...truncated];
}

/** A filter on what the pattern filters by would take the place of the pattern's own, and our roles would no longer be left out. */
function refuseReserved({ eventSource, eventNames, where = {} }: Wanted): void {
  const wrong = pathsOf(where).find((path) => RESERVED.includes(path));
  const name = eventNames.join(', ') || `what ${eventSource} does`;
  if (wrong) throw new TypeError(`a trigger on ${name} may not filter by ${wrong}`);
  if (eventNames.length === 0 && Object.keys(where).length === 0) throw new TypeError(`a trigger on ${name} needs a call or a filter`);
}

/** Joins triggers that differ only in the calls they name; one that names none is of all calls. */
function joinAlike(triggers: readonly Wanted[]): Wanted[] {
  const groups = Map.groupBy(triggers, (trigger) =>
    JSON.stringify([trigger.eventSource, typeOf(trigger), trigger.where, trigger.eventNames.length === 0]),
  );
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    return [{ ...first, eventNames: unique([first, ...others].flatMap(({ eventNames }) => eventNames)) }];
  });
}

/** Branches of one call that filter by one part of the record become one, so that their common path stands once. */
function factored(branches: readonly Pattern[]): Pattern[] {
  const named = branches.map((branch) => {
    const { eventSource, eventType, eventName, ...filter } = branch;
    const calls = { ...(eventSource && { eventSource }), ...(eventType && { eventType }), ...(eventName && { eventName }) };
    return { branch, calls, filter, part: Object.keys(filter).length === 1 ? Object.keys(filter)[0] : undefined };
  });
  const groups = Map.groupBy(named, ({ branch, calls, part }) => JSON.stringify(part === undefined ? branch : [calls, part]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    return [
      group.length === 1 || first.part === undefined ? first.branch : { ...first.calls, ...anyOf(group.map(({ filter }) => filter)) },
    ];
  });
}

/** A filter that matches what any of several does; what they have in common on their way stands once. */
function anyOf(filters: readonly Pattern[]): Pattern {
  const groups = Map.groupBy(filters, (filter) => {
    const [key, ...others] = Object.keys(filter);
    return key === undefined || others.length > 0 ? JSON.stringify(filter) : key;
  });
  const joined = [...groups].flatMap(([key, group]): Pattern[] => {
    const inner = group.map((filter) => filter[key]);
    if (group.length === 1 || inner.some((one) => one === undefined)) return group.slice(0, 1);
    return [
      { [key]: inner.every(isPattern) ? anyOf(inner.filter(isPattern)) : unique(inner.flatMap((one) => (Array.isArray(one) ? one : []))) },
    ];
  });
  const [only] = joined;
  return joined.length === 1 && only ? only : { $or: joined };
}

/** EventBridge takes no source that begins with `aws.` from a customer, so the prefix is as sure as a name. */
function sourcesOf(eventSources: readonly string[]): Json[] {
  if (eventSources.includes('*')) return [{ prefix: 'aws.' }];
  return eventSources.map((source) => `aws.${source.replace(/\.amazonaws\.com$/, '')}`);
}

function typeOf({ detailType = API_CALL }: Wanted): NonNullable<Trigger['detailType']> {
  return detailType;
}

function spellingsOf(detailType: ReturnType<typeof typeOf>): readonly string[] {
  return isNotice(detailType) ? [detailType] : recordTypes[detailType].spellings;
}

function eventTypeOf(trigger: Wanted): string[] {
  const detailType = typeOf(trigger);
  return isNotice(detailType) ? [] : [recordTypes[detailType].eventType];
}

/** Every path of a filter to where its values stand. */
function pathsOf(filter: Json, path = ''): string[] {
  if (!isPattern(filter) || path.endsWith('$or')) return [path];
  return Object.entries(filter).flatMap(([key, inner]) => pathsOf(inner, path ? `${path}.${key}` : key));
}

function isPattern(value: Json | undefined): value is Pattern {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
