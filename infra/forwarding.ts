import type { ControlFunction, Json, Trigger } from '#shared/control/control.ts';
import { API_CALL, isNotice } from '#shared/control/detail-types.ts';
import { hearsItself } from '#shared/control/own.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { FORWARDING, functionOf, MEMBER_PATH } from '#shared/finding/names.ts';
import { isThing } from '#shared/replay/filters.ts';
import { MAX_PATTERN, type OwnRoles, type Pattern, patternOf, type Wanted } from './patterns.ts';
import { isOn } from './permissions.ts';
import { triggersUnder } from './triggers.ts';

/** A rule of a member that forwards events to the hub; no event matches two of them. */
export interface Forwarding {
  readonly name: string;
  readonly description: string;
  readonly pattern: Pattern;
}

type Where = NonNullable<Trigger['where']>;

/** What the ARNs of a member's roles end in, whichever the account. */
export function memberRolesOf(functions: readonly Pick<ControlFunction, 'id'>[]): OwnRoles {
  return { suffixes: functions.map(({ id }) => `:role${MEMBER_PATH}${functionOf(id)}`) };
}

/** The rules that forward once each event that the rule of some control wants. */
export function forwardingOf(functions: readonly Pick<ControlFunction, 'id' | 'controls'>[], config: RedressConfig): Forwarding[] {
  const controls = functions.flatMap((fn) => fn.controls).filter((control) => isOn(config, control) && !hearsItself(control));
  const triggers = controls.flatMap((control) => triggersUnder(config, control));
  return forwardingRules(triggers, memberRolesOf(functions));
}

/** Parts triggers so that no event is of two parts: by detail type, by service, and by call. */
export function forwardingRules(triggers: readonly Trigger[], roles: OwnRoles): Forwarding[] {
  return [...Map.groupBy(triggers, typeOf)].flatMap(([type, group]) => {
    const slug = slugOf(type);
    if (isNotice(type)) return [ruleOf(slug, type, pattern(withoutTwins(group), roles))];
    const suffix = type === API_CALL ? '' : `-${slug}`;
    return ofRecords(group, roles, (service) => ({ name: `${service}${suffix}`, description: `${type}, ${service}` }));
  });
}

/** The rules of one detail type: those of each service that a trigger names, and one for the others if a trigger is of any service. */
function ofRecords(
  triggers: readonly Trigger[],
  roles: OwnRoles,
  named: (service: string) => { readonly name: string; readonly description: string },
): Forwarding[] {
  const { any = [], some = [] } = Object.groupBy(triggers, ({ eventSource }) => (eventSource === '*' ? 'any' : 'some'));
  const sources = [...new Set(some.map(({ eventSource }) => eventSource))].sort();
  const rules = sources.flatMap((eventSource) => {
    const here = some.filter((trigger) => trigger.eventSource === eventSource);
    const patterns = ofService([...here, ...any.map((trigger) => ({ ...withoutWildcards(trigger), eventSource }))], (its) =>
      pattern(its, roles),
    );
    return rulesOf(patterns, named(eventSource.replace(/\.amazonaws\.com$/, '')));
  });
  if (any.length === 0) return rules;
  // by the record's source, for the event's own has to begin with `aws.`, and a field has one filter
  const elsewhere = sources.length > 0 && { eventSource: [{ 'anything-but': sources }] };
  return [
    ...rules,
    ...rulesOf(
      ofService(any, (its) => within(pattern(its, roles), { ...elsewhere })),
      named('others'),
    ),
  ];
}

function rulesOf(
  patterns: readonly Pattern[],
  { name, description }: { readonly name: string; readonly description: string },
): Forwarding[] {
  return patterns.map((one, n) => ruleOf(patterns.length === 1 ? name : `${name}-${n + 1}`, description, one));
}

/**
 * The patterns of one service: one if that fits, else as many as its calls need. Each is of all calls whose names begin as it says,
 * and the last of all other calls, if something is wanted of any call.
 */
function ofService(triggers: readonly Trigger[], patternFor: (triggers: readonly Wanted[]) => Pattern): Pattern[] {
  const calls = [...new Set(triggers.flatMap(({ eventNames }) => eventNames))].sort();
  const { named = [], unnamed = [] } = Object.groupBy(triggers, ({ eventNames }) => (eventNames.length > 0 ? 'named' : 'unnamed'));
  const whole = patternFor([...narrowed(named, calls), ...withoutTwins(unnamed)]);
  if (fits(whole)) return [whole];
  const ofAny = (eventNames: readonly Json[]) => withoutTwins(unnamed).map((one) => ({ ...one, eventNames }));
  const of = (groups: readonly Group[], wanted: readonly Trigger[] = named) => {
    const its = groups.flatMap((group) => group.calls);
    return patternFor([...narrowed(wanted, its), ...ofAny(groups.map(({ prefix }) => ({ prefix })))]);
  };
  const groups = byPrefix(calls, (group) => fits(of([group])));
  // filters of one call that are longer than a rule are left out: the hub's own rules, each of one control, sort what comes
  const long = groups.flatMap((group) => (fits(of([group])) ? [] : group.calls));
  const wanted = [...named, ...named.slice(0, 1).map((one) => ({ ...bare(one), eventNames: long }))];
  const bins: Group[][] = [];
  for (const group of groups) {
    const last = bins.at(-1);
    if (last && fits(of([...last, group], wanted))) last.push(group);
    else bins.push([group]);
  }
  const patterns = bins.map((bin) => of(bin, wanted));
  if (unnamed.length === 0) return patterns;
  const eventName = [{ 'anything-but': { prefix: groups.map(({ prefix }) => prefix) } }];
  return [...patterns, within(patternFor(withoutTwins(unnamed)), { eventName })];
}

/** Calls whose names begin alike, as no others' do. */
interface Group {
  readonly prefix: string;
  readonly calls: readonly string[];
}

/** Calls by the first word of their names, or by more words where all that begin so are too many for one rule. */
function byPrefix(calls: readonly string[], isShort: (group: Group) => boolean, words = 1): Group[] {
  const byWords = Map.groupBy(calls, (call) => (call.match(/^[^A-Z]+|[A-Z][^A-Z]*/g) ?? []).slice(0, words).join(''));
  const groups = [...byWords].flatMap(([prefix, its]) => {
    const group = { prefix, calls: its };
    return isShort(group) || its.every((call) => call === prefix) ? [group] : byPrefix(its, isShort, words + 1);
  });
  const joined: { prefix: string; calls: string[] }[] = [];
  for (const { prefix, calls: its } of groups) {
    const last = joined.at(-1);
    // `CreateSnapshots` begins as `CreateSnapshot` does
    if (last && prefix.startsWith(last.prefix)) last.calls.push(...its);
    else joined.push({ prefix, calls: [...its] });
  }
  return joined;
}

/** What the triggers want of these calls and no other; one without a filter takes all. */
function narrowed(triggers: readonly Trigger[], calls: readonly string[]): Trigger[] {
  const [first] = triggers;
  if (!first) return [];
  const wishes = calls.flatMap((name) => wheresOf(triggers, name).map((where) => ({ name, where })));
  return [...Map.groupBy(wishes, ({ where }) => JSON.stringify(where)).values()].map((group) => ({
    ...bare(first),
    eventNames: group.map(({ name }) => name),
    ...(group[0] && Object.keys(group[0].where).length > 0 && { where: group[0].where }),
  }));
}

function wheresOf(triggers: readonly Trigger[], call: string): Where[] {
  const its = triggers.filter(({ eventNames }) => eventNames.includes(call));
  const wheres = new Map(its.map(({ where = {} }) => [JSON.stringify(where), where]));
  return wheres.has('{}') ? [{}] : [...wheres.values()];
}

/**
 * A bus takes no more than 30 rules with wildcards. A filter with one that would come into the rules of every service asks there only
 * whether the field is present: more is forwarded than the hub's rule wants.
 */
function withoutWildcards({ where, ...trigger }: Trigger): Trigger {
  return where === undefined ? trigger : { ...trigger, where: loosened(where) };
}

function loosened(where: Where): Where {
  return Object.fromEntries(
    Object.entries(where).map(([key, one]): [string, Json] => {
      if (isThing(one)) return [key, loosened(one)];
      return [key, JSON.stringify(one).includes('"wildcard"') ? [{ exists: true }] : one];
    }),
  );
}

function withoutTwins(triggers: readonly Trigger[]): Trigger[] {
  return [
    ...new Map(
      triggers.map((trigger) => [JSON.stringify([trigger.eventSource, trigger.eventNames, trigger.where ?? {}]), trigger]),
    ).values(),
  ];
}

/** Which events a trigger is about, without calls and filter. */
function bare({ eventSource, detailType }: Trigger): Omit<Trigger, 'eventNames'> {
  return { eventSource, ...(detailType && { detailType }) };
}

function pattern(triggers: readonly Wanted[], roles: OwnRoles): Pattern {
  return patternOf({ id: 'forwarding', triggers }, roles);
}

function fits(one: Pattern): boolean {
  return JSON.stringify(one).length <= MAX_PATTERN;
}

function within(one: Pattern, fields: { readonly [name: string]: Json }): Pattern {
  const { detail } = one;
  return { ...one, detail: { ...(isThing(detail) && detail), ...fields } };
}

function ruleOf(name: string, description: string, one: Pattern): Forwarding {
  if (!fits(one))
    throw new TypeError(`the rule that forwards ${description} would be longer than the ${MAX_PATTERN} characters of a pattern`);
  return { name: `${FORWARDING}-${name}`, description: `Forwards to the hub of Redress: ${description}.`, pattern: one };
}

function typeOf({ detailType = API_CALL }: Trigger): NonNullable<Trigger['detailType']> {
  return detailType;
}

/** `AWS Console Sign In via CloudTrail` becomes `console-sign-in`. */
function slugOf(type: string): string {
  return type
    .replace(/^AWS | via CloudTrail$/g, '')
    .toLowerCase()
    .replaceAll(' ', '-');
}
