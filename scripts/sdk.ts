import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { actionOf, shapeOf } from '#shared/aws/actions.ts';
import type { AwsCommand } from '#shared/control/types.ts';

/** One client of the AWS SDK that the project depends on. */
export interface SdkClient {
  /** Such as `@aws-sdk/client-ec2`. */
  readonly package: string;
  /** The exported class, such as `EC2Client`. */
  readonly className: string;
  /** The service's name in the SDK's schema, such as `ec2`. */
  readonly service: string;
  /** The prefix of its IAM actions, such as `ec2`. */
  readonly prefix: string;
}

/** The SDK's clients among the project's dependencies, by what their own schemas say. */
export async function sdkClients(root: string): Promise<readonly SdkClient[]> {
  const { dependencies = {} }: { dependencies?: { [name: string]: string } } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  const names = Object.keys(dependencies).filter((name) => name.startsWith('@aws-sdk/client-'));
  return await Promise.all(names.map((name) => clientOf(root, name)));
}

/** What one package of the SDK holds, loaded from the project's own dependencies. */
export async function loadSdk(root: string, name: string): Promise<object> {
  const folder = join(root, 'node_modules', name);
  const { main = 'index.js' }: { main?: string } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const module: { default?: object } = await import(pathToFileURL(join(folder, main)).href);
  return module;
}

/** An instance of a command class, for its schema; undefined if it is no command. */
export function commandOf(module: object, exported: string): AwsCommand | undefined {
  const made: unknown = /^\w+Command$/.test(exported) ? Reflect.get(module, exported) : undefined;
  const command: AwsCommand | undefined = typeof made === 'function' ? Reflect.construct(made, [{}]) : undefined;
  return command && Reflect.get(command, 'schema') ? command : undefined;
}

async function clientOf(root: string, name: string): Promise<SdkClient> {
  const module = await loadSdk(root, name);
  const exported = Object.keys(module);
  const className = exported.find((one) => one.endsWith('Client') && !one.startsWith('_'));
  const command = exported.map((one) => commandOf(module, one)).find((one) => one !== undefined);
  if (!className || !command) throw new TypeError(`${name} has no client or no command: is it a client of the AWS SDK v3?`);
  const [prefix = ''] = actionOf(command).split(':');
  return { package: name, className, service: shapeOf(command).service, prefix };
}
