import type { Command } from 'commander';
import type { ExitCode, Session } from './session.ts';

/** How a command is added, where it differs from most. */
export interface Manner {
  /** What is said of `--json`. */
  readonly json?: string;
  /** Whether it looks for a deployed stack. */
  readonly asksAws?: boolean;
  readonly under?: Command;
}

/** Adds a command with the options that all share. */
export type Add = <Options extends object>(
  usage: string,
  description: string,
  load: () => Promise<(session: Session, options: Options, ...args: (string | undefined)[]) => Promise<ExitCode>>,
  manner?: Manner,
) => Command;
