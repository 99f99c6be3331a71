import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { actionsOf } from '#shared/aws/actions.ts';
import type { ClientMakers, Send } from '#shared/aws/clients.ts';
import type { AnyControl, AwsCommand } from '#shared/control/control.ts';
import { openHub } from '#shared/engine/hub/hub.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import type { Finding } from '#shared/finding/finding.ts';
import type { JoinedRows } from '#shared/ledger/joined.ts';
import { type Json, listAt } from '../../local/json.ts';
import { awsError, place } from './harness.ts';
import { refusalOf } from './iam.ts';

/** What a test's members are asked for, and what they answer. */
export interface HubWorld {
  /** What is in each member, by its account. */
  readonly members: { readonly [account: string]: Send };
  /** What STS says instead of giving a session; undefined where it gives one. */
  readonly refuses?: (input: AssumeRoleCommandInput) => Error | undefined | Promise<Error | undefined>;
  readonly controls: readonly AnyControl[];
  readonly config?: RedressConfig;
  /** The accounts of which the list does not know. */
  readonly unlisted?: readonly string[];
  /** Who has joined, where accounts may. */
  readonly joined?: JoinedRows;
  /** How many fixes the organization has left; its whole limit by default. */
  readonly left?: number;
}

/** One command that came to a member, by the session that it came with. */
interface Received {
  readonly account: string;
  readonly region: string;
  readonly session: string;
  readonly command: AwsCommand;
}

export const MEMBER_REGION = 'eu-central-1';

const nobody: JoinedRows = { has: async () => false, add: async () => undefined, remove: async () => undefined, all: async () => [] };

/** A hub whose members hold each session to its policy; STS is a stand-in, and each member is in `MEMBER_REGION` alone. */
export function hubOf({ members, refuses, controls, config = {}, left, unlisted = [], joined = nobody }: HubWorld) {
  const sts = mockClient(STSClient);
  const assumed: AssumeRoleCommandInput[] = [];
  const received: Received[] = [];
  const logs: string[] = [];
  const reported: Finding[] = [];
  const used = new Map<string, number>();
  const sessions = new Map<string, AssumeRoleCommandInput>();
  sts.on(AssumeRoleCommand).callsFake(async (input: AssumeRoleCommandInput) => {
    assumed.push(input);
    const refusal = await refuses?.(input);
    if (refusal) throw refusal;
    const SessionToken = `token-${assumed.length}`;
    sessions.set(SessionToken, input);
    return { Credentials: { AccessKeyId: 'ASIAEXAMPLE', SecretAccessKey: 'example', SessionToken, Expiration: new Date() } };
  });
  const clientOf: ClientMakers[string] = ({ credentials, region }) => ({
    send: async (command: AwsCommand) => {
      const token: unknown = credentials && Reflect.get(credentials, 'sessionToken');
      const input = sessions.get(String(token));
      if (!input) throw new Error('a call in a member without a session');
      const account = input.RoleArn?.split(':')[4] ?? '';
      received.push({ account, region: String(region), session: input.RoleSessionName ?? '', command });
      const statements: Json = JSON.parse(input.Policy ?? '{}');
      const keys = { 'aws:RequestedRegion': [String(region)], 'aws:TagKeys': tagKeysOf(command) };
      for (const action of actionsOf(command))
        if (refusalOf({ action, resource: undefined, keys }, listAt(statements, 'Statement')))
          throw awsError('UnauthorizedOperation', `the session's policy does not allow ${action}`, 403);
      return await members[account]?.(command);
    },
  });
  const services = ['autoscaling', 'cloudformation', 'cloudtrail', 'ec2', 'kms'];
  const listed = Object.keys(members).filter((account) => !unlisted.includes(account));
  const acting = openHub({
    members: JSON.stringify(listed.map((account) => ({ account, regions: [MEMBER_REGION] }))),
    own: place,
    functionName: 'redress-volumes',
    controls,
    config,
    clients: Object.fromEntries(services.map((service) => [service, clientOf])),
    send: () => Promise.reject(new Error('a call in the hub itself')),
    queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/redress-volumes',
    joined,
    home: {
      ledger: {
        getFinding: async () => undefined,
        putFindings: async () => undefined,
        nothingIn: async (looks) => looks.map(() => new Set<string>()),
        areServed: async (places) => places.map(() => true),
        reserve: async (window, wanted, limit) => {
          const granted = Math.min(wanted, (left ?? limit) - (used.get(window) ?? 0));
          used.set(window, (used.get(window) ?? 0) + granted);
          return { granted, isFirstRefusal: true, isFull: true };
        },
      },
      ledgerOf: () => ({
        sweepNotes: async () => ({ isServed: true, nothing: new Set<string>() }),
        noteServed: async () => undefined,
        foundNothing: async () => undefined,
      }),
      announce: async (findings) => {
        reported.push(...findings);
        return findings.map(() => true as const);
      },
      now: () => new Date('2026-11-21T09:00:05.000Z'),
    },
    log: (_level, message) => void logs.push(message),
  });
  return { acting, assumed, received, reported, logs, restore: () => sts.restore() };
}

function tagKeysOf({ input }: AwsCommand): string[] {
  const tags: unknown = Reflect.get(input, 'Tags');
  return Array.isArray(tags) ? tags.map((tag) => String(Reflect.get(tag, 'Key'))) : [];
}
