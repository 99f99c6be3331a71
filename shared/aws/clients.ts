import type { STSClientConfig } from '@aws-sdk/client-sts';
import type { AwsCommand } from '#shared/control/control.ts';
import { shapeOf } from './actions.ts';
import { UndeclaredCall } from './errors.ts';

/** Sends one command to AWS with the client of its service. */
export type Send = (command: AwsCommand) => Promise<unknown>;

interface AwsClient {
  send(command: never): Promise<unknown>;
}

/** Where a client sends, and as whom; without any of it in the function's own Region, as the function itself. */
export type ClientSettings = Pick<STSClientConfig, 'region' | 'credentials' | 'requestHandler'>;

/** Makers of clients, by the service's name in the SDK's schema (`ec2`, `kms`, `autoscaling`); each is made at its first use, and may be loaded then. */
export type ClientMakers = { readonly [service: string]: (settings: ClientSettings) => AwsClient | Promise<AwsClient> };

/** Routes commands to lazily made clients. */
export function sendWith(makers: ClientMakers, settings: ClientSettings = {}): Send {
  const clients = new Map<string, AwsClient | Promise<AwsClient>>();
  return async (command) => {
    const { service } = shapeOf(command);
    const make = makers[service];
    if (!make) throw new UndeclaredCall(`no client for ${service}: add one to the handler's clients`);
    const client = clients.get(service) ?? make(settings);
    clients.set(service, client);
    // the command's action chose the client; which commands a client takes is known to its own type only
    return (await client).send(command as never);
  };
}
