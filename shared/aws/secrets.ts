import type { SSMClientConfig } from '@aws-sdk/client-ssm';
import * as v from 'valibot';

/** The name of the SecureString parameter that holds a secret; it begins with a slash, as no token or signing secret does. */
export const secretParameter = v.pipe(
  v.string(),
  v.regex(/^(\/[\w.-]+)+$/, 'is not the name of a parameter, such as /redress/slack/token'),
);

/** The condition that a key is used through Parameter Store. */
export const viaParameterStore = { StringEquals: { 'kms:ViaService': ['ssm.{region}.amazonaws.com', 'ssm.{region}.amazonaws.com.cn'] } };

/** How long a secret is believed, in milliseconds: a changed one holds within a minute. */
const REMEMBERED_MS = 60_000;

/** The secrets that parameters hold, in memory only. */
export class Secrets {
  readonly #read: (parameter: string) => Promise<string>;
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly at: number; readonly value: string }>();

  constructor(read: (parameter: string) => Promise<string>, now: () => number = Date.now) {
    this.#read = read;
    this.#now = now;
  }

  /** The secret of a parameter, without the space around it; throws an error that names the parameter if there is none. */
  async of(parameter: string): Promise<string> {
    const known = this.#known.get(parameter);
    if (known && this.#now() - known.at < REMEMBERED_MS) return known.value;
    const value = (await this.#read(parameter)).trim();
    if (value === '') throw new Error(`the parameter ${parameter} is empty`);
    this.#known.set(parameter, { at: this.#now(), value });
    return value;
  }

  /** Reads all of them again when they are asked for: one was refused, so it may have been changed. */
  forget(): void {
    this.#known.clear();
  }
}

/** Reads SecureStrings; throws if one cannot be read, or is stored as plaintext. The client is loaded only when it is needed. */
export function secureStrings(config: SSMClientConfig = {}): (parameter: string) => Promise<string> {
  const load = async () => {
    const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    const client = new SSMClient(config);
    return (Name: string) => client.send(new GetParameterCommand({ Name, WithDecryption: true }));
  };
  let loading: ReturnType<typeof load> | undefined;
  return async (name) => {
    loading ??= load();
    const { Parameter } = await (await loading)(name);
    if (Parameter?.Type !== 'SecureString') throw new Error(`the parameter ${name} is not a SecureString: store the secret in one`);
    return Parameter.Value ?? '';
  };
}
