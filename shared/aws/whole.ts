import type { AwsCommand, OutputOf } from '#shared/control/types.ts';
import { shapeOf } from './actions.ts';

/*
 * A call that replaces a resource as a whole removes what it does not say, and the SDK leaves out of answers and requests what its
 * version does not know. So what is read to be written back is read and written as the JSON itself. For services of the protocol
 * restJson1, of calls whose members all stand in the body.
 */

/** A resource as AWS shows it, also with members that this version of the SDK does not know. */
type Whole = { readonly [member: string]: unknown };

/** What of a resource a request can carry, and the names of the members that nobody knows how to send. */
export interface Carried {
  readonly members: Whole;
  readonly unknown: readonly string[];
}

type Next = (args: { request?: unknown; input?: unknown }) => Promise<{ output?: unknown; response?: unknown }>;
interface Stack {
  add(middleware: (next: Next) => Next, options: object): void;
}

/** The command, whose answer is all that AWS says: the JSON itself, in which null means absent. */
export function whole<Output, Command extends AwsCommand & OutputOf<Output>>(command: Command & OutputOf<Output>): Command {
  const stack = stackOf(command);
  // within the SDK's own reader of answers, which uses the body up
  const keep = (next: Next) => async (args: object) => {
    const result = await next(args);
    const { response } = result;
    if (hasBody(response)) response.body = await bytesOf(response.body);
    return result;
  };
  const take = (next: Next) => async (args: object) => {
    const result = await next(args);
    const { response, output } = result;
    const said: unknown = hasBody(response) ? JSON.parse(Buffer.from(await bytesOf(response.body)).toString() || '{}') : {};
    return { ...result, output: { ...Object(withoutNulls(said)), $metadata: Reflect.get(Object(output), '$metadata') } };
  };
  stack.add(keep, { step: 'deserialize', priority: 'low', name: 'redressKeepBody', override: true });
  stack.add(take, { step: 'deserialize', priority: 'high', name: 'redressTakeBody', override: true });
  return command;
}

/** A command's class whose request is its input as it is. */
export function asWritten<Input extends object>(Command: new (input: Input) => AwsCommand): new (input: Input) => AwsCommand {
  return class extends Command {
    constructor(input: Input) {
      super(input);
      const write = (next: Next) => async (args: Parameters<Next>[0]) => {
        if (hasBody(args.request)) args.request.body = JSON.stringify(args.input);
        return await next(args);
      };
      // before the SDK measures and signs it
      stackOf(this).add(write, { step: 'build', priority: 'high', name: 'redressWriteInput', override: true });
    }
  };
}

/**
 * The members of a resource that a request takes under the same names. What neither the request takes nor `answered` names is unknown:
 * to leave it out could remove it.
 */
export function carried(resource: object, request: AwsCommand, answered: readonly string[]): Carried {
  const taken = new Set(shapeOf(request).members);
  const set = Object.entries(resource).filter(([name, value]) => !answered.includes(name) && !isEmpty(value));
  return {
    members: Object.fromEntries(set.filter(([name]) => taken.has(name))),
    unknown: set.map(([name]) => name).filter((name) => !taken.has(name)),
  };
}

/** An object without its empty members, where AWS shows what was not set as empty and takes it back only as absent. */
export function withoutEmpty<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => !isEmpty(one))) as Value;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, one]) => (one === null ? [] : [[key, withoutNulls(one)]])));
}

function stackOf(command: AwsCommand): Stack {
  const stack: unknown = Reflect.get(command, 'middlewareStack');
  if (typeof stack !== 'object' || stack === null || !('add' in stack)) throw new TypeError('a command without a middleware stack');
  return stack as Stack;
}

function hasBody(value: unknown): value is { body: unknown } {
  return typeof value === 'object' && value !== null && 'body' in value;
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
