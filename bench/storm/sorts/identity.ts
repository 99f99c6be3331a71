import { randomUUID } from 'node:crypto';
import type { Account, Sort } from './sort.ts';

const signIn = 'AWS Console Sign In via CloudTrail';

/** What is delivered: a record of whom, at which service, with what else. */
interface Delivered {
  readonly type?: string;
  readonly service: string;
  readonly eventName: string;
  readonly userIdentity: object;
  readonly [field: string]: unknown;
}

/** What the storm makes of this: events, for nobody signs in to the local cloud, and root has no keys there. */
export const identity: readonly Sort[] = [
  {
    kind: 'sign-in',
    control: 'sign-in-with-mfa',
    status: 'open',
    weight: 3,
    make: async (account, name) => {
      const by = userOf(account, name);
      const outcome = { responseElements: { ConsoleLogin: 'Success' }, additionalEventData: { MFAUsed: 'No' } };
      return await deliver(account, by.arn, { type: signIn, service: 'signin', eventName: 'ConsoleLogin', userIdentity: by, ...outcome });
    },
  },
  {
    kind: 'root-session',
    control: 'root-session-known',
    status: 'open',
    weight: 2,
    make: async (account, name) => {
      const arn = `arn:aws:sts::${account.id}:assumed-role/security/${name}`;
      return await deliver(account, arn, { service: 'sts', eventName: 'AssumeRoot', userIdentity: { type: 'AssumedRole', arn } });
    },
  },
  {
    kind: 'call',
    control: 'call-transport',
    status: 'open',
    weight: 2,
    make: async (account, name) => {
      const by = userOf(account, name);
      const tlsDetails = { tlsVersion: 'TLSv1.1', clientProvidedHostHeader: 'kms.us-east-1.amazonaws.com' };
      return await deliver(account, by.arn, { service: 'kms', eventName: 'CreateAlias', userIdentity: by, tlsDetails });
    },
  },
  {
    kind: 'root-use',
    control: 'root-unused',
    status: 'open',
    weight: 1,
    make: async (account) => {
      const by = rootOf(account);
      return await deliver(account, by.arn, { service: 'kms', eventName: 'CreateAlias', userIdentity: by });
    },
  },
  {
    kind: 'root',
    control: 'root-has-mfa',
    status: 'open',
    weight: 1,
    make: async (account) => {
      const by = rootOf(account);
      await deliver(account, by.arn, { service: 'iam', eventName: 'CreateLoginProfile', userIdentity: by });
      return account.id;
    },
  },
];

function userOf({ id }: Account, userName: string) {
  return { type: 'IAMUser', userName, arn: `arn:aws:iam::${id}:user/${userName}` };
}

function rootOf({ id }: Account) {
  return { type: 'Root', arn: `arn:aws:iam::${id}:root` };
}

/** Has the local cloud deliver a record; answers the id of the finding about its caller's day. */
async function deliver({ id, endpoint }: Account, arn: string, { type, service, ...record }: Delivered): Promise<string> {
  const eventTime = new Date().toISOString();
  const detail = {
    eventID: randomUUID(),
    eventTime,
    eventSource: `${service}.amazonaws.com`,
    eventType: type ? 'AwsConsoleSignIn' : 'AwsApiCall',
    recipientAccountId: id,
    ...record,
  };
  const event = { source: `aws.${service}`, 'detail-type': type ?? 'AWS API Call via CloudTrail', detail };
  const sent = await fetch(`${endpoint}/_local/events`, { method: 'POST', body: JSON.stringify(event) });
  if (!sent.ok) throw new Error(await sent.text());
  return `${arn} on ${eventTime.slice(0, 10)}`;
}
