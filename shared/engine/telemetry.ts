/** What the engine reports to operators: structured logs, and metrics by control. */
export interface Telemetry {
  /** Structured log; never a queue body, never a fact that a control did not allow. */
  log(level: 'info' | 'warn' | 'error', message: string, fields: { readonly [key: string]: unknown }): void;
  /** A count of `violations`, `fixes` or `failures` of one control. */
  count(control: string, metric: 'violations' | 'fixes' | 'failures'): void;
  /** Seconds from the event's time to the end of the fix. */
  secondsToFixed(control: string, seconds: number): void;
}
