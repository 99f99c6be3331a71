import * as v from 'valibot';
import { partitionOf } from '#shared/aws/partition.ts';
import { type Actor, actorOf, actorOfNotice } from '#shared/control/actor.ts';
import type { AnyControl, Context, Mode, Place, Reader, Target, Trigger } from '#shared/control/control.ts';
import { isNotice, type Notice } from '#shared/control/detail-types.ts';
import { owningRegion } from '#shared/control/kind.ts';
import { type CloudTrailRecord, isTruncated, recordSchema } from '#shared/control/record.ts';
import type { Verdict } from '#shared/control/types.ts';
import { contextOf } from '#shared/engine/types.ts';
import { exemptionFor, type RedressConfig, resolveControl } from '#shared/finding/config.ts';
import { type Branch, branchesOf, isMatch } from '#shared/replay/matcher.ts';
import type { BusEvent } from './events.ts';
import { busThing } from './rule-book.ts';

/**
 * What an event alone tells: a `violation`, that it is none, that only the live resource tells, that the config exempts all of it, or
 * that nothing is judged.
 */
export interface Told {
  readonly is: 'violation' | 'compliant' | 'needs-live' | 'exempt' | 'nothing';
  readonly says: string;
}

/** What one control makes of one event. */
export interface Judged {
  readonly control: AnyControl;
  readonly place: Place;
  readonly mode: Mode;
  readonly settings: Record<string, unknown>;
  readonly actor: Actor;
  readonly targets: readonly Target[];
  readonly told: Told;
}

/** What an event is, as the engine reads it; undefined where the engine could not. */
type Occasion = { readonly is: 'call'; readonly record: CloudTrailRecord } | { readonly is: 'notice'; readonly notice: Notice } | undefined;

/** Whatever asks AWS cannot be answered here. */
const nobody: Reader = Object.assign(() => Promise.reject(new Error('nothing is read from AWS')), {
  many: () => Promise.reject(new Error('nothing is read from AWS')),
});

const MISTAKE: Told = { is: 'violation', says: 'The record shows the mistake; Redress would look whether it still is one.' };
const LIVE: Told = { is: 'needs-live', says: 'The record does not tell; Redress would look at the resource.' };

/** Of each control what its triggers say is the mistake. */
const mistakes = new WeakMap<AnyControl, readonly Branch[]>();

/** What the config says of one control in one place, whatever the event. */
interface Standing {
  readonly place: Place;
  readonly mode: Mode;
  readonly settings: Record<string, unknown>;
  readonly context: Context;
}

/** So many places are kept; a record can name any. */
const PLACES_KEPT = 100;

/** Judges events by what they say themselves, under a config that names a mode for every control. */
export class Judge {
  readonly #config: RedressConfig;
  readonly #places = new Map<string, Map<AnyControl, Standing>>();
  /** What the last event is: most reach several controls. */
  #last: { readonly event: BusEvent; readonly occasion: Occasion; readonly actor: Actor } | undefined;

  constructor(config: RedressConfig) {
    this.#config = config;
  }

  /** What a control that the event reaches makes of it. */
  async judge(control: AnyControl, event: BusEvent): Promise<Judged> {
    const { occasion, actor } = this.#read(event);
    const { place, mode, settings, ...standing } = this.#standing(control, event);
    const judged = (targets: readonly Target[], told: Told): Judged => ({ control, place, mode, settings, actor, targets, told });
    const nothing = (says: string) => judged([], { is: 'nothing', says });
    if (occasion === undefined) return nothing('Redress could not read it: it lacks what every record has.');
    if (control.kind.isGlobal && place.region !== owningRegion(place.partition))
      return nothing(`What is one for all Regions is judged in ${owningRegion(place.partition)}.`);
    // a time that cannot be read is before every exemption's end, and after no other time
    const context = { ...standing.context, now: new Date(Date.parse(event.time) || 0) };
    try {
      const targets =
        occasion.is === 'call' ? control.targets(occasion.record, context) : (control.noticed?.(occasion.notice, context) ?? []);
      if (targets.length === 0)
        return occasion.is === 'call' && isTruncated(occasion.record)
          ? judged(targets, { is: 'needs-live', says: 'CloudTrail left out what it names; Redress would look at every resource.' })
          : nothing('It names no resource.');
      const exempt = this.#exempt(control, targets, context);
      if (exempt) return judged(targets, exempt);
      if (control.kind.is === 'call') return judged(targets, await toldOfCall(control, targets, context));
      return judged(targets, showsMistake(control, event) ? MISTAKE : LIVE);
    } catch {
      return nothing('Redress could not judge it.');
    }
  }

  #exempt({ id: control }: AnyControl, targets: readonly Target[], { account, now }: Context): Told | undefined {
    const exemption = targets.map(({ id }) => exemptionFor(this.#config, control, { account, id }, now));
    return exemption.every((one) => one !== undefined) ? { is: 'exempt', says: `Exempt until ${exemption[0]?.until}.` } : undefined;
  }

  #read(event: BusEvent) {
    if (this.#last?.event === event) return this.#last;
    const occasion = occasionOf(event);
    this.#last = { event, occasion, actor: actorIn(occasion) };
    return this.#last;
  }

  #standing(control: AnyControl, { account, region }: BusEvent): Standing {
    const key = `${account} ${region}`;
    const known = this.#places.get(key) ?? new Map<AnyControl, Standing>();
    if (known.size === 0) {
      if (this.#places.size >= PLACES_KEPT) this.#places.clear();
      this.#places.set(key, known);
    }
    const standing = known.get(control) ?? standingOf(this.#config, control, { account, region, partition: partitionOf(region) });
    known.set(control, standing);
    return standing;
  }
}

function standingOf(config: RedressConfig, control: AnyControl, place: Place): Standing {
  const { mode, settings } = resolveControl(config, control, place.account, place.region);
  return { place, mode, settings, context: contextOf({ place, settings }, { config }, new Date(0)) };
}

/** A call is judged by what its record said; nothing is read. */
async function toldOfCall(control: AnyControl, targets: readonly Target[], context: Context): Promise<Told> {
  const facts = await control.inspect(targets, nobody, context);
  const verdicts = targets.flatMap((target): Verdict[] => {
    const known = facts.get(target.id);
    return known === undefined ? [] : [control.judge(known, { ...context, id: target.id })];
  });
  const verdict = verdicts.find(({ is }) => is === 'violation') ?? verdicts[0];
  if (!verdict) return LIVE;
  return { is: verdict.is === 'violation' ? 'violation' : 'compliant', says: verdict.says };
}

function occasionOf(event: BusEvent): Occasion {
  const { detail, resources } = event;
  const detailType = event['detail-type'];
  if (isNotice(detailType)) return { is: 'notice', notice: { detailType, resources, detail } };
  const parsed = v.safeParse(recordSchema, detail);
  return parsed.success ? { is: 'call', record: parsed.output } : undefined;
}

function actorIn(occasion: Occasion): Actor {
  if (occasion === undefined) return { arn: null, name: 'unknown', via: 'unknown', sourceIp: null };
  return occasion.is === 'call' ? actorOf(occasion.record) : actorOfNotice(occasion.notice);
}

/** Whether one of the control's triggers says that such a call is the mistake. */
function showsMistake(control: AnyControl, event: BusEvent): boolean {
  const known = mistakes.get(control) ?? control.triggers.flatMap(branchesOfMistake);
  mistakes.set(control, known);
  return isMatch(known, busThing(event));
}

function branchesOfMistake({ eventSource, eventNames, where, breaks, isMistake = breaks === true }: Trigger): readonly Branch[] {
  if (!isMistake) return [];
  return branchesOf({ detail: { eventSource: [eventSource], ...(eventNames.length > 0 && { eventName: [...eventNames] }), ...where } });
}
