import {
  PutEventSelectorsCommand,
  type PutEventSelectorsCommandInput,
  StartLoggingCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import type { Change } from '#shared/control/types.ts';
import type { Selectors } from './seen.ts';

/** Has a trail log again. */
export function startAgain(name: string, Name: string): Change {
  return { command: new StartLoggingCommand({ Name }), says: `Start ${name} again.` };
}

/** Stops a trail again, as it was. */
export function stopAgain(name: string, Name: string): Change {
  return { command: new StopLoggingCommand({ Name }), says: `Stop ${name} again.` };
}

/** Chooses the events that a trail logs. */
export function choose(name: string, TrailName: string, { event, advanced }: Selectors, how: string): Change {
  const input: object = { TrailName, ...(advanced ? { AdvancedEventSelectors: advanced } : { EventSelectors: event }) };
  const command = new PutEventSelectorsCommand(input as PutEventSelectorsCommandInput);
  return { command, says: `Set the events that ${name} logs ${how}.` };
}

/** Whether somebody chose events; AWS takes none back to its own choice. */
export function isChosen({ event, advanced }: Selectors): boolean {
  return (event ?? advanced) !== null;
}
