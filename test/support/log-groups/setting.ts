import { AssociateKmsKeyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { createGroup, keyArn, logsWorld, usable } from './world.ts';

/** The log group that every case is about. */
export const name = '/shop/orders';
export const settings = { key: 'alias/logs', names: ['/shop/*', 'audit'] };
export const key = keyArn('alias/logs');
/** An account with this log group, under no key or this one, and with others beside it. */
export const world =
  (current?: string, its: NonNullable<Parameters<typeof logsWorld>[0]>['keys'] = { 'alias/logs': usable }, more: object = {}) =>
  () =>
    logsWorld({ groups: { [name]: { key: current }, '/shop/orders-old': {}, '/other': {}, audit: { key } }, keys: its, ...more });
export const keyed = (its: object) => ({ 'alias/logs': its });
export const created = createGroup(name);
export const set = (kmsKeyId = key) => new AssociateKmsKeyCommand({ logGroupName: name, kmsKeyId });
