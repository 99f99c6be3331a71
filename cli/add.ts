import { type Command, Option } from 'commander';
import { positive } from './arguments.ts';
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

/** Adds the options of what sends an order and waits for its outcome. */
export function waiting(command: Command): Command {
  return command
    .option('-y, --yes', 'do not ask first')
    .option('--no-wait', 'do not wait for the outcome')
    .addOption(new Option('--timeout <seconds>', 'how long to wait for the outcome').default(60).argParser(positive));
}
