import { GetParameterCommand, type Parameter, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { botToken } from '../../test/fixtures/secrets.ts';
import { Secrets, secureStrings } from './secrets.ts';

const ssm = mockClient(SSMClient);
afterEach(() => ssm.reset());
afterAll(() => ssm.restore());

const name = '/redress/slack/token';
const holding = (Parameter: Parameter | undefined) =>
  ssm.on(GetParameterCommand, { Name: name, WithDecryption: true }).resolves({ Parameter });

describe('the secret of a parameter', () => {
  test('is read with decryption, without the line end that a shell leaves, and believed for a minute', async () => {
    let now = 0;
    const secrets = new Secrets(secureStrings(), () => now);
    holding({ Type: 'SecureString', Value: `${botToken}\n` });
    expect(await secrets.of(name)).toBe(botToken);
    holding({ Type: 'SecureString', Value: 'another' });
    now = 59_999;
    expect(await secrets.of(name)).toBe(botToken);
    now = 60_000;
    expect(await secrets.of(name)).toBe('another');
    expect(ssm.calls()).toHaveLength(2);
  });

  test('is read again once it was refused', async () => {
    const secrets = new Secrets(secureStrings(), () => 0);
    holding({ Type: 'SecureString', Value: botToken });
    await secrets.of(name);
    holding({ Type: 'SecureString', Value: 'another' });
    secrets.forget();
    expect(await secrets.of(name)).toBe('another');
  });

  test.each([
    ['stored as plaintext', { Type: 'String', Value: botToken }, 'is not a SecureString'],
    ['empty', { Type: 'SecureString', Value: ' ' }, 'is empty'],
    ['not there', undefined, 'is not a SecureString'],
  ] as const)('%s is refused with an error that names the parameter and not the secret', async (_what, parameter, says) => {
    holding(parameter);
    const reading = new Secrets(secureStrings()).of(name);
    await expect(reading).rejects.toThrow(`the parameter ${name} ${says}`);
    await expect(reading).rejects.not.toThrow(botToken);
  });
});
