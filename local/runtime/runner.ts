import type { MotoClient } from '../emulator/moto-client.ts';
import type { DeployedStack } from '../emulator/stack.ts';
import type { Json } from '../json.ts';
import type { Callers } from '../trail/callers.ts';
import type { FirstQueues } from './first-queues.ts';
import { FunctionProcess, type Outcome } from './function-process.ts';
import { poll } from './poller.ts';
import type { Senders } from './senders.ts';
import type { Telemetry } from './telemetry.ts';

/** What the stack's functions run with. */
export interface RunnerOptions {
  readonly stack: DeployedStack;
  readonly moto: MotoClient;
  /** The endpoint that the functions take for AWS. */
  readonly endpoint: string;
  readonly region: string;
  readonly callers: Callers;
  readonly senders: Senders;
  readonly firstQueues: FirstQueues;
  readonly telemetry: Telemetry;
  /** The names of functions whose mappings are disabled. */
  readonly disabled: ReadonlySet<string>;
  /** Execution environments a function; 1 by default. */
  readonly concurrency?: number | undefined;
  /** No invocation gets more messages; what its mapping says by default. */
  readonly mostPerBatch?: number | undefined;
  /** Where functions find what stands for Slack. */
  readonly slack: string;
  onInvocation(functionName: string): void;
  onReturned(ids: readonly string[], why: string): void;
  onLog(functionName: string, line: string): void;
  onTrouble(text: string): void;
}

/** The running functions of a stack. */
export interface Runner {
  /** Calls a function that has a URL, one call at a time; undefined where there is none of the name. */
  invoke(functionName: string, event: Json): Promise<Outcome> | undefined;
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
  firstQueues,
  telemetry,
  disabled,
  concurrency = 1,
  mostPerBatch = Number.POSITIVE_INFINITY,
  slack,
  onInvocation,
  onReturned,
  onLog,
  onTrouble,
}: RunnerOptions): Runner {
  const ending = new AbortController();
  const processes: FunctionProcess[] = [];
  const loops: Promise<void>[] = [];
  const functions = stack.functions.map((one) => ({ ...one, environment: { ...one.environment, REDRESS_LOCAL_SLACK: slack } }));
  for (const mapping of stack.mappings) {
    const definition = functions.find(({ name }) => name === mapping.functionName);
    if (definition === undefined) continue;
    for (let nth = 0; nth < concurrency; nth += 1) {
      const process = new FunctionProcess(definition, endpoint, region, callers, (line) => onLog(definition.name, line));
      processes.push(process);
      loops.push(
        poll({
          mapping: { ...mapping, batchSize: Math.min(mapping.batchSize, mostPerBatch) },
          process,
          moto,
          region,
          signal: ending.signal,
          senders,
          firstQueues,
          telemetry,
          disabled,
          onInvocation: () => onInvocation(definition.name),
          onReturned,
          onTrouble,
        }),
      );
    }
  }
  const called = new Map<string, { readonly process: FunctionProcess; turn: Promise<unknown> }>();
  for (const definition of functions.filter(({ name }) => stack.urls.includes(name))) {
    const process = new FunctionProcess(definition, endpoint, region, callers, (line) => onLog(definition.name, line));
    processes.push(process);
    called.set(definition.name, { process, turn: Promise.resolve() });
  }
  return {
    invoke(functionName, event) {
      const one = called.get(functionName);
      if (!one) return undefined;
      onInvocation(functionName);
      const outcome = one.turn.then(() => one.process.invoke(event));
      one.turn = outcome;
      return outcome;
    },
    async stop() {
      ending.abort();
      await Promise.all(processes.map((process) => process.stop()));
      await Promise.all(loops);
      // A loop that was about to call its function may have started it again.
      await Promise.all(processes.map((process) => process.stop()));
    },
  };
}
