import { callKind } from '#shared/control/call.ts';
import { recordedAnywhere } from '../regions.ts';

/** Calls of any service, which are judged by how they were made. */
export const calls = callKind({
  noun: 'call',
  plural: 'Calls',
  recordedIn: recordedAnywhere,
  eventSource: '*',
  eventNames: [],
});
