import type { Where } from './deployment.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given: where Redress is, how to answer, and the time. */
export interface Session {
  readonly terminal: Terminal;
  readonly where: Where;
  readonly json: boolean;
  readonly now: () => Date;
}

/** A command's end: 0 if what was asked happened, 1 if not. */
export type ExitCode = 0 | 1;
