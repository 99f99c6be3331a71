import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** How long a secret is believed, in milliseconds: a changed one holds within a minute. */
const REMEMBERED_MS = 60_000;

/** Reads secrets from SecureString parameters, each once a minute; throws if one cannot be read, or is stored in plain. */
export function secretReader(client: SSMClient): (parameter: string) => Promise<string> {
  const remembered = new Map<string, { readonly at: number; readonly value: string }>();
  return async (parameter) => {
    const known = remembered.get(parameter);
    if (known && Date.now() - known.at < REMEMBERED_MS) return known.value;
    const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
    if (Parameter?.Type !== 'SecureString') throw new Error(`the parameter ${parameter} is not a SecureString: store the secret in one`);
    const value = Parameter.Value?.trim();
    if (!value) throw new Error(`the parameter ${parameter} is empty`);
    remembered.set(parameter, { at: Date.now(), value });
    return value;
  };
}
