import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedressConfig } from '../../shared/config.ts';
import type { MotoClient } from '../moto-client.ts';
import type { DeployedStack } from '../stack.ts';
import type { SlackSink } from './sink.ts';

/** Opens the Slack channels that the stack's notifier was configured with, and puts their secrets where it looks for them. */
export async function openChannels(slack: SlackSink, stack: DeployedStack, moto: MotoClient, region: string): Promise<void> {
  for (const { folder } of stack.functions) {
    const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const config: RedressConfig = JSON.parse(text);
    for (const [Name, Value] of slack.open(config.alerts))
      await moto.json('ssm', 'PutParameter', { Name, Value, Type: 'SecureString', Overwrite: true }, region);
  }
}
