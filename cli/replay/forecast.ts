import type { AnyControl } from '#shared/control/control.ts';

/** A resource that may be wrong, as a fix would meet it. */
export interface Due {
  /** The account and Region whose rate limit counts it. */
  readonly place: string;
  /** When it has settled, in milliseconds since the epoch. */
  readonly at: number;
}

/** What each mode would have done, if everything that the records leave open is wrong. */
export interface Forecast {
  readonly observe: { readonly reported: number };
  readonly approve: { readonly reported: number; readonly asked: number };
  readonly fix: {
    readonly reported: number;
    readonly fixes: number;
    /** Fixes that had to wait for a later window of the rate limit, and for how long at most, in minutes. */
    readonly heldByLimit: number;
    readonly longestWaitMinutes: number;
    /** Fixes that had to wait until the resource settled, and for how long. */
    readonly heldToSettle: number;
    readonly settleSeconds: number;
  };
}

const MINUTE = 60_000;

/** What each mode of a control would have done with what is due; a control that can write nothing fixes nothing. */
export function forecast(control: AnyControl, dues: readonly Due[], settleSeconds: number): Forecast {
  const reported = dues.length;
  const { maxMode, permissions, limit } = control;
  const canWrite = permissions.writes.length > 0 && maxMode !== 'observe' && maxMode !== 'off';
  const asked = canWrite ? reported : 0;
  const fixes = maxMode === 'approve' ? 0 : asked;
  const held = fixes === 0 ? { count: 0, longest: 0 } : heldByLimit(dues, limit);
  return {
    observe: { reported },
    approve: { reported, asked },
    fix: {
      reported,
      fixes,
      heldByLimit: held.count,
      longestWaitMinutes: Math.ceil(held.longest / MINUTE),
      heldToSettle: settleSeconds > 0 ? fixes : 0,
      settleSeconds,
    },
  };
}

/** Goes through the windows of each place as the engine does: what one refuses asks again at its end. */
function heldByLimit(dues: readonly Due[], { fixes, minutes }: AnyControl['limit']): { count: number; longest: number } {
  const span = minutes * MINUTE;
  let count = 0;
  let longest = 0;
  for (const group of Map.groupBy(dues, ({ place }) => place).values()) {
    let window = Number.NEGATIVE_INFINITY;
    let used = 0;
    for (const { at } of group.toSorted((a, b) => a.at - b.at)) {
      const own = Math.floor(at / span);
      if (own > window) {
        window = own;
        used = 0;
      } else if (used >= fixes) {
        window += 1;
        used = 0;
      }
      used += 1;
      if (window === own) continue;
      count += 1;
      longest = Math.max(longest, window * span - at);
    }
  }
  return { count, longest };
}
