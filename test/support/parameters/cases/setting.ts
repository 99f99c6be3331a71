import { createHash } from 'node:crypto';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { token } from '../../../fixtures/secrets.ts';
import { putParameter } from '../events.ts';
import { type Account, parametersWorld } from '../world.ts';

/** The parameter of the cases. */
export const name = '/shop/prod/deploy';
/** Where its first version is staged: by its version, and when it was written. */
export const stage = `/redress/stage/${createHash('sha256').update(name).digest('hex').slice(0, 24)}/1-${Date.parse('2026-11-21T09:00:00.000Z')}`;

/** A fresh world with the parameter in it, a String that holds a key. */
export const world =
  (parameter: NonNullable<Account['parameters']>[string] = {}, account: Account = {}) =>
  () =>
    parametersWorld({ parameters: { [name]: { Value: token, ...parameter } }, ...account });

/** The same after a second version, so that it may have readers. */
export const written =
  (account: Account = {}, parameter: NonNullable<Account['parameters']>[string] = {}) =>
  () => {
    const made = world(parameter, account)();
    made.put({ Name: name, Value: token, Type: 'String', ...parameter, Overwrite: true });
    return made;
  };

/** The command that converts it in place. */
export const convert = (more: object = {}) =>
  new PutParameterCommand({
    Tier: 'Standard',
    DataType: 'text',
    Name: name,
    Value: token,
    Type: 'SecureString',
    KeyId: 'alias/aws/ssm',
    Overwrite: true,
    ...more,
  });

/** What is said of it as it is found, and once it is right. */
export const found = 'It is a String, and sensitive by its value (github-token).';
const converted =
  'It is a SecureString under alias/aws/ssm. Old versions remain readable in its history, plaintext ones included: rotate the secret.';
export const fixed = `Found: ${found} Now: ${converted}`;

/** The event of its last write. */
export const event = putParameter(name);
