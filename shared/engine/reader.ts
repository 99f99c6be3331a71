import { actionOf, isDeclared, isReadVerb } from '#shared/aws/actions.ts';
import type { Send } from '#shared/aws/clients.ts';
import { CallFailed, UndeclaredCall } from '#shared/aws/errors.ts';
import type { AwsCommand, Loader, Permission, Reader } from '#shared/control/control.ts';

interface Waiting {
  readonly id: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Readers of one round: each control gets its own, which refuses what the control does not declare,
 * and all share one memory, so that a batch reads each thing once.
 */
export function readersOfRound(send: Send): (permissions: readonly Permission[]) => Reader {
  const calls = new Map<string, Promise<unknown>>();
  const loads = new Map<string, Map<string, Promise<unknown>>>();
  const queues = new Map<string, Waiting[]>();

  return (permissions) => {
    const call = (command: AwsCommand): Promise<never> => {
      const action = actionOf(command);
      if (!isReadVerb(action)) throw new UndeclaredCall(`${action} is not a read: a control observes, only the engine writes`);
      if (!isDeclared(action, permissions)) throw new UndeclaredCall(`${action} is not among the control's permissions.reads`);
      const key = `${action} ${JSON.stringify(command.input)}`;
      const running =
        calls.get(key) ??
        send(command).catch((error: unknown) => {
          // where there is no session to send it with, another call has failed
          throw error instanceof CallFailed ? error : new CallFailed(action, error);
        });
      calls.set(key, running);
      // what the SDK answers is of the type that the caller's command names
      return running as Promise<never>;
    };
    const many = async <Value>(loader: Loader<Value>, ids: readonly string[]) => {
      const known = loads.get(loader.name) ?? new Map<string, Promise<unknown>>();
      loads.set(loader.name, known);
      for (const id of new Set(ids)) {
        if (!known.has(id)) known.set(id, enqueue(loader, id, read));
      }
      const found = new Map<string, Value>();
      for (const id of new Set(ids)) {
        const value = await known.get(id);
        if (value !== undefined) found.set(id, value as Value);
      }
      return found;
    };
    const read: Reader = Object.assign(call, { many });
    return read;
  };

  function enqueue<Value>(loader: Loader<Value>, id: string, read: Reader): Promise<unknown> {
    const loading = new Promise((resolve, reject) => {
      const queue = queues.get(loader.name) ?? [];
      // the flush waits for the event loop's turn, so that every control of the batch has asked by then
      if (queue.length === 0) setImmediate(() => flush(loader, read));
      queue.push({ id, resolve, reject });
      queues.set(loader.name, queue);
    });
    // whoever awaits it sees the failure; those still to be awaited must not crash the process meanwhile
    loading.catch(() => undefined);
    return loading;
  }

  function flush<Value>(loader: Loader<Value>, read: Reader): void {
    const queue = queues.get(loader.name) ?? [];
    queues.delete(loader.name);
    for (let start = 0; start < queue.length; start += loader.max) {
      const part = queue.slice(start, start + loader.max);
      loader
        .load(
          part.map(({ id }) => id),
          read,
        )
        .then(
          (found) => part.forEach(({ id, resolve }) => void resolve(found.get(id))),
          (error: unknown) => part.forEach(({ reject }) => void reject(error)),
        );
    }
  }
}
