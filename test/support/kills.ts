import type { Ledger } from '#shared/ledger/ledger.ts';

/** Where an invocation dies: before or after its nth external call. */
export interface Kill {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** Wraps an external call under its name. */
export type Guard = <Args extends readonly unknown[], Out>(
  name: string | ((...args: NoInfer<Args>) => string),
  call: (...args: Args) => Promise<Out>,
) => (...args: Args) => Promise<Out>;

/** Guards the calls of one invocation: each is noted in `calls`, and from the kill on none is made or answered. */
export function guardOf(calls: string[], kill: Kill | undefined, die: () => void): Guard {
  let isDead = false;
  const never = new Promise<never>(() => undefined);
  const perish = (): Promise<never> => {
    isDead = true;
    die();
    return never;
  };
  return (name, call) =>
    async (...args) => {
      if (isDead) return never;
      calls.push(typeof name === 'string' ? name : name(...args));
      const isHere = calls.length === kill?.at;
      if (isHere && kill?.when === 'before') return perish();
      const answer = await call(...args);
      if (isDead) return never;
      return isHere ? perish() : answer;
    };
}

/** A ledger whose calls, as far as the engine makes them, are guarded. */
export function guardedLedger(ledger: Ledger, guard: Guard): Ledger {
  return {
    ...ledger,
    lease: guard('ledger.lease', ledger.lease),
    save: guard('ledger.save', ledger.save),
    release: guard('ledger.release', ledger.release),
    done: guard('ledger.done', ledger.done),
    open: guard('ledger.open', ledger.open),
    putFindings: guard('ledger.putFindings', ledger.putFindings),
    reserve: guard('ledger.reserve', ledger.reserve),
    keepExempt: guard('ledger.keepExempt', ledger.keepExempt),
    received: guard('ledger.received', ledger.received),
    exempt: guard('ledger.exempt', ledger.exempt),
    paused: guard('ledger.paused', ledger.paused),
  };
}
