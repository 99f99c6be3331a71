import { viaOf } from '#shared/control/actor.ts';
import type { AnyControl } from '#shared/control/control.ts';
import { type Manager, managerOf } from '#shared/control/iac.ts';
import { at } from '#shared/control/record.ts';
import type { Job, Run } from './types.ts';

/** What the gate of managed resources holds against a change. */
export type Managed =
  /** Nothing: nobody manages it, or another hand broke what the tool keeps. */
  | { readonly is: 'free' }
  /** Nobody knows who made it, so a person decides. */
  | { readonly is: 'unknown' }
  /** It is being deleted, or an AWS service manages it; `says` is a sentence. */
  | { readonly is: 'left'; readonly says: string }
  /** A tool manages it, and would change it back. */
  | { readonly is: 'managed'; readonly manager: Manager };

/** Asks who manages a resource, and who made this change; a control that says nothing of it cannot fight a tool. */
export function managedGate({ control, live, jobs, state, target }: Run): Managed {
  if (live?.leave) return { is: 'left', says: live.leave };
  if (control.fixesManaged) return { is: 'free' };
  // a setting has neither tags nor a maker: `leave` says what AWS shows of it
  if (control.kind.is !== 'resource') return { is: 'free' };
  const via = at(state.hint ?? target.hint, 'via');
  const madeWith = typeof via === 'string' ? via : undefined;
  const manager = managerOf(live?.tags, madeWith);
  if (!manager) return madeWith === undefined ? { is: 'unknown' } : { is: 'free' };
  return isBrokenByHand(control, jobs) ? { is: 'free' } : { is: 'managed', manager };
}

/** Whether a person broke what a tool keeps: setting that back restores what code declares. */
function isBrokenByHand({ triggers }: AnyControl, jobs: readonly Job[]): boolean {
  const breaking = triggers.flatMap(({ breaks, eventNames }) => (breaks ? eventNames : []));
  const breach = jobs.findLast(({ occasion }) => occasion.is === 'call' && breaking.includes(occasion.record.eventName));
  if (breach?.occasion.is !== 'call') return false;
  const via = viaOf(breach.occasion.record);
  // an unknown tool may be the very one that manages it, and a service acts for one
  return via !== 'unknown' && !via.endsWith('.amazonaws.com') && managerOf([], via) === undefined;
}
