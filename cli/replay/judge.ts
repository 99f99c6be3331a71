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

/** Judges events by what they say themselves, under a config that names a mode for every control. */
export class Judge {
  readonly #config: RedressConfig;
  readonly #resolved = new Map<string, ReturnType<typeof resolveControl>>();
  /** What the last event is: most reach several controls. */
  #last: { readonly event: BusEvent; readonly occasion: Occasion; readonly actor: Actor } | undefined;

  constructor(config: RedressConfig) {
    this.#config = config;
  }

  /** What a control that the event reaches makes of it. */
  async judge(control: AnyControl, event: BusEvent): Promise<Judged> {
    const { account, region } = event;
    const place = { account, region, partition: partitionOf(region) };
    const { occasion, actor } = this.#read(event);
    const resolved = this.#resolve(control, place);
    const known = { control, place, ...resolved, actor };
    const nothing = (says: string): Judged => ({ ...known, targets: [], told: { is: 'nothing', says } });
    if (occasion === undefined) return nothing('Redress could not read it: it lacks what every record has.');
    if (control.kind.isGlobal && region !== owningRegion(place.partition))
      return nothing(`What is one for all Regions is judged in ${owningRegion(place.partition)}.`);
    // a time that cannot be read is before every exemption's end, and after no other time
    const now = new Date(Date.parse(event.time) || 0);
    const context = contextOf({ place, settings: resolved.settings }, { config: this.#config }, now);
    try {
      const targets =
        occasion.is === 'call' ? control.targets(occasion.record, context) : (control.noticed?.(occasion.notice, context) ?? []);
      if (targets.length === 0)
        return occasion.is === 'call' && isTruncated(occasion.record)
          ? {
              ...known,
              targets,
              told: { is: 'needs-live', says: 'CloudTrail left out what it names; Redress would look at every resource.' },
            }
          : nothing('It names no resource.');
      return { ...known, targets, told: await this.#told(control, targets, event, context) };
    } catch {
      return nothing('Redress could not judge it.');
    }
  }

  async #told(control: AnyControl, targets: readonly Target[], event: BusEvent, context: Context): Promise<Told> {
    const exemption = targets.map(({ id }) => exemptionFor(this.#config, control.id, { account: context.account, id }, context.now));
    if (exemption.every((one) => one !== undefined)) return { is: 'exempt', says: `Exempt until ${exemption[0]?.until}.` };
    if (control.kind.is !== 'call') return showsMistake(control, event) ? MISTAKE : LIVE;
    const facts = await control.inspect(targets, nobody, context);
    const verdicts = targets.flatMap((target): Verdict[] => {
      const known = facts.get(target.id);
      return known === undefined ? [] : [control.judge(known, { ...context, id: target.id })];
    });
    const verdict = verdicts.find(({ is }) => is === 'violation') ?? verdicts[0];
    if (!verdict) return LIVE;
    return { is: verdict.is === 'violation' ? 'violation' : 'compliant', says: verdict.says };
  }

  #read(event: BusEvent) {
    if (this.#last?.event === event) return this.#last;
    const occasion = occasionOf(event);
    this.#last = { event, occasion, actor: actorIn(occasion) };
    return this.#last;
  }

  #resolve(control: AnyControl, { account, region }: Place): ReturnType<typeof resolveControl> {
    const key = `${control.id} ${account} ${region}`;
    const known = this.#resolved.get(key);
    if (known) return known;
    const found = resolveControl(this.#config, control, account, region);
    if (this.#resolved.size > 10_000) this.#resolved.clear();
    this.#resolved.set(key, found);
    return found;
  }
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
