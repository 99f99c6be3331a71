import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedressConfig } from '#shared/finding/config.ts';
import type { MotoClient } from '../emulator/moto-client.ts';
import type { DeployedStack } from '../emulator/stack.ts';
import { stringAt } from '../json.ts';
import type { SlackSink } from './sink.ts';

/** Opens the Slack that the stack was configured for, and puts its secrets where the functions look for them. */
export async function openSlack(slack: SlackSink, stack: DeployedStack, moto: MotoClient, region: string): Promise<void> {
  for (const { folder } of stack.functions) {
    const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const config: RedressConfig = JSON.parse(text);
    for (const [Name, Value] of slack.open(config.alerts))
      await moto.json('ssm', 'PutParameter', { Name, Value, Type: 'SecureString', Overwrite: true }, region);
    // each function has the same config
    return;
  }
}

/** What a SecureString parameter holds; undefined if it is not there. */
export async function secretOf(name: string, moto: MotoClient, region: string): Promise<string | undefined> {
  try {
    return stringAt(await moto.json('ssm', 'GetParameter', { Name: name, WithDecryption: true }, region), 'Parameter', 'Value');
  } catch (error) {
    if (String(error).includes('ParameterNotFound')) return undefined;
    throw error;
  }
}
