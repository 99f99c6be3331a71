import { Bell } from './bell.ts';
import type { Callers } from './callers.ts';
import { FunctionProcess } from './function-process.ts';
import type { MotoClient } from './moto-client.ts';
import { poll } from './poller.ts';
import type { Senders } from './senders.ts';
import type { DeployedStack } from './stack.ts';

/** What the stack's functions run with. */
export interface RunnerOptions {
  readonly stack: DeployedStack;
  readonly moto: MotoClient;
  /** The endpoint that the functions take for AWS. */
  readonly endpoint: string;
  readonly region: string;
  readonly callers: Callers;
  readonly senders: Senders;
  /** Execution environments a function; 1 by default. */
  readonly concurrency?: number | undefined;
  onInvocation(functionName: string): void;
  onLog(functionName: string, line: string): void;
  onTrouble(text: string): void;
}

/** The running functions of a stack. */
export interface Runner {
  /** Looks into the queues at once, not only when their turn comes. */
  wake(): void;
  stop(): Promise<void>;
}

/** Runs the stack's functions, fed from its queues. */
export function startRunner({
  stack,
  moto,
  endpoint,
  region,
  callers,
  senders,
  concurrency = 1,
  onInvocation,
  onLog,
  onTrouble,
}: RunnerOptions): Runner {
  const bell = new Bell();
  const processes: FunctionProcess[] = [];
  const loops: Promise<void>[] = [];
  for (const mapping of stack.mappings) {
    const definition = stack.functions.find(({ name }) => name === mapping.functionName);
    if (definition === undefined) continue;
    for (let nth = 0; nth < concurrency; nth += 1) {
      const process = new FunctionProcess(definition, endpoint, region, callers, (line) => onLog(definition.name, line));
      processes.push(process);
      loops.push(poll({ mapping, process, moto, region, bell, senders, onInvocation: () => onInvocation(definition.name), onTrouble }));
    }
  }
  return {
    wake: () => bell.ring(),
    async stop() {
      bell.stop();
      await Promise.all(processes.map((process) => process.stop()));
      await Promise.all(loops);
      // A loop that was about to call its function may have started it anew.
      await Promise.all(processes.map((process) => process.stop()));
    },
  };
}
