/** A metric's value since it was last asked for. */
export interface Measure {
  readonly namespace: string;
  readonly name: string;
  readonly dimension: { readonly name: string; readonly value: string };
  readonly count: number;
  readonly at: Date;
}

/** An entry of a function's log. */
export interface LogEntry {
  readonly at: number;
  readonly line: string;
}

/** So many entries of a function's log are kept, of those that report an error. */
const KEPT = 100;

/** What CloudWatch would know of the running functions: what was counted, and the errors in their logs. */
export class Telemetry {
  readonly #counts = new Map<string, Measure>();
  readonly #errors = new Map<string, LogEntry[]>();

  /** A function was called. */
  invoked(functionName: string): void {
    this.#count('AWS/Lambda', 'Invocations', { name: 'FunctionName', value: functionName });
  }

  /** A call ended badly; Lambda's own report says so in the log. */
  failed(functionName: string, status: string): void {
    this.#count('AWS/Lambda', 'Errors', { name: 'FunctionName', value: functionName });
    this.#keep(functionName, JSON.stringify({ type: 'platform.report', record: { status } }));
  }

  /** A rule sent something to its queue. */
  sent(ruleName: string): void {
    this.#count('AWS/Events', 'Invocations', { name: 'RuleName', value: ruleName });
  }

  /** A function wrote a line. */
  logged(functionName: string, line: string): void {
    if (line.includes('"level":"ERROR"')) this.#keep(functionName, line);
  }

  /** The errors in a function's log, oldest first. */
  errorsOf(functionName: string): readonly LogEntry[] {
    return this.#errors.get(functionName) ?? [];
  }

  /** What was counted since this was last asked. */
  take(): readonly Measure[] {
    const all = [...this.#counts.values()];
    this.#counts.clear();
    return all;
  }

  #count(namespace: string, name: string, dimension: Measure['dimension']): void {
    const key = `${namespace} ${name} ${dimension.value}`;
    // CloudWatch tells the minute
    const at = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    this.#counts.set(key, { namespace, name, dimension, count: (this.#counts.get(key)?.count ?? 0) + 1, at });
  }

  #keep(functionName: string, line: string): void {
    this.#errors.set(functionName, [...this.errorsOf(functionName), { at: Date.now(), line }].slice(-KEPT));
  }
}

/** The rule that sent a message to a function, by what its template puts into it; undefined for what no rule about controls sent. */
export function ruleOf(body: unknown, functionName: string): string | undefined {
  const { control, controls, isOfMembers, event } = Object(body);
  const type = String(Object(event)['detail-type']);
  const isSweep = type === 'Scheduled Event' || type === 'CloudFormation Stack Status Change';
  if (typeof control === 'string') return event === undefined || isSweep ? undefined : `redress-${control}`;
  if (!Array.isArray(controls) || !isSweep) return undefined;
  // a schedule's event names its rule
  if (type === 'Scheduled Event') return /:rule\/(.+)$/.exec(String(Object(event).resources?.[0]))?.[1];
  return isOfMembers ? undefined : `${functionName}-deployed`;
}
