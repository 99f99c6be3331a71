import type { AnyControl } from './control.ts';

/** Whether a control hears the calls of Redress itself: it is about a deployment, so a hub runs it for its own place alone. */
export function hearsItself({ triggers }: Pick<AnyControl, 'triggers'>): boolean {
  return triggers.some(({ isOwn }) => isOwn);
}
