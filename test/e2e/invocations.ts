import type { ObservedCall } from '../../local/emulator/proxy.ts';
import { stringAt } from '../../local/json.ts';

/** One invocation so far: the resource that it is about, and its calls from the lease on. */
export interface Invocation {
  readonly resource: string;
  readonly calls: readonly string[];
}

/** Knows the running invocations of a function apart, where each handles one message. */
export class Invocations {
  readonly #running = new Map<string, { resource: string; calls: string[] }>();

  /** The invocation that makes this call, which is among its calls; undefined before its lease. */
  note({ api, call }: ObservedCall): Invocation | undefined {
    const isLease = String(call.json['UpdateExpression']).includes('leaseUntil = :until');
    const leased = isLease ? /^CASE#[^#]+#[^#]+#[^#]+#[^#]+#(.+)$/.exec(stringAt(call.json, 'Key', 'pk', 'S') ?? '')?.[1] : undefined;
    if (leased) this.#running.set(call.accessKeyId, { resource: leased, calls: [] });
    this.#running.get(call.accessKeyId)?.calls.push(api);
    return this.of(call.accessKeyId);
  }

  /** The invocation that holds an access key. */
  of(accessKeyId: string): Invocation | undefined {
    return this.#running.get(accessKeyId);
  }
}
