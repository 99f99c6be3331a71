import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Finding, Status } from '#shared/finding/finding.ts';
import { type FindingV1, upgraded } from '#shared/finding/upgrade.ts';
import { bodiesUnder, bodyOf, getAll, type Item, isTaken, writeAll } from '#shared/ledger/dynamo.ts';
import type { Posted } from './slack/api.ts';
import type { Digest } from './slack/digest.ts';
import type { Recent } from './slack/pending.ts';

/** What a channel shows of one finding. */
export interface Told extends Posted {
  readonly finding: string;
  readonly status: Status;
  /** When the posted status was decided, ISO 8601; an older one comes too late. */
  readonly decidedAt: string;
  /** The digest that counts it, where it has no message of its own. */
  readonly digest?: string;
}

/** A message that repeats go under. */
export interface Thread {
  readonly ts: string;
  readonly until: number;
  /** Whether something in it needed action already. */
  readonly isWanted: boolean;
  /** The Slack ids of those who were asked in it already. */
  readonly asked: readonly string[];
}

/** A channel's item: what was posted lately, and what is going on. */
export interface ChannelState {
  /** What was posted within the last minute, one by one or in a digest. */
  readonly recent: readonly Recent[];
  /** When Slack was last called. */
  readonly calledAt: number;
  /** Nothing is sent before this. */
  readonly notBefore: number;
  /** How often Slack has failed since it last took something. */
  readonly failures: number;
  /** The messages that repeats go under, by control and actor. */
  readonly threads: { readonly [key: string]: Thread };
  readonly digest?: Digest;
}

/** A channel without a post. */
export const newChannel: ChannelState = { recent: [], calledAt: 0, notBefore: 0, failures: 0, threads: {} };

/** Where the notifier keeps what it has to report and what it reported. */
export interface AlertStore {
  /** Notes a finding as pending; a second time changes nothing. */
  pend(channel: string, finding: Finding, now: number): Promise<void>;
  /** The pending findings, up to `most`. */
  pending(channel: string, most: number): Promise<readonly Finding[]>;
  /** Removes announcements from the pending ones. */
  settle(channel: string, announcements: readonly string[]): Promise<void>;
  /** What was posted about findings, by their ids. */
  toldOf(channel: string, findings: readonly string[]): Promise<ReadonlyMap<string, Told>>;
  putTold(channel: string, told: readonly Told[], now: number): Promise<void>;
  /** Takes the channel for `seconds`; undefined if another invocation holds it. */
  lease(channel: string, owner: string, now: number, seconds: number): Promise<ChannelState | undefined>;
  /** Writes the channel's state while the lease lasts, and gives it back if asked to; false if another took it over. */
  save(channel: string, owner: string, state: ChannelState, isLast: boolean): Promise<boolean>;
  /** Reserves the next look at the channel; false if one is under way already. */
  planWake(channel: string, now: number, at: number): Promise<boolean>;
}

const DAY = 86_400;
/** As long as SQS can keep a message that would look at it. */
const PENDING_DAYS = 30;
const TOLD_DAYS = 90;

/** The store in the ledger's table, under keys of its own. */
export function dynamoStore(table: string, client: DynamoDBClient): AlertStore {
  const base = { TableName: table };
  const expires = (now: number, days: number) => ({ N: String(Math.floor(now / 1000) + days * DAY) });

  return {
    async pend(channel, finding, now) {
      const item = { ...pendingKey(channel, finding.announcement), body: json(finding), expiresAt: expires(now, PENDING_DAYS) };
      await isTaken(client.send(new PutItemCommand({ ...base, Item: item, ConditionExpression: 'attribute_not_exists(pk)' })));
    },

    async pending(channel, most) {
      const options = { ConsistentRead: true, Limit: most };
      return (await bodiesUnder<Finding | FindingV1>(client, table, pendingUnder(channel), options)).map(upgraded);
    },

    settle: (channel, announcements) =>
      writeAll(
        client,
        table,
        [...new Set(announcements)].map((one) => ({ DeleteRequest: { Key: pendingKey(channel, one) } })),
      ),

    async toldOf(channel, findings) {
      const items = await getAll(
        client,
        table,
        findings.map((id) => toldKey(channel, id)),
      );
      return new Map(items.flatMap((item) => bodyOf<Told>(item) ?? []).map((told) => [told.finding, told]));
    },

    putTold: (channel, told, now) =>
      writeAll(
        client,
        table,
        told.map((one) => ({
          PutRequest: { Item: { ...toldKey(channel, one.finding), body: json(one), expiresAt: expires(now, TOLD_DAYS) } },
        })),
      ),

    async lease(channel, owner, now, seconds) {
      try {
        const { Attributes } = await client.send(
          new UpdateItemCommand({
            ...base,
            Key: channelKey(channel),
            UpdateExpression: 'SET leaseOwner = :me, leaseUntil = :until',
            // the SDK tries again when an answer is lost, and then finds its own lease
            ConditionExpression: 'attribute_not_exists(leaseOwner) OR leaseUntil < :now OR leaseOwner = :me',
            ExpressionAttributeValues: {
              ':me': { S: owner },
              ':until': { N: String(now + seconds * 1000) },
              ':now': { N: String(now) },
            },
            ReturnValues: 'ALL_NEW',
          }),
        );
        return { ...newChannel, ...bodyOf<ChannelState>(Attributes) };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },

    save: (channel, owner, state, isLast) =>
      isTaken(
        client.send(
          new UpdateItemCommand({
            ...base,
            Key: channelKey(channel),
            UpdateExpression: `SET #body = :body${isLast ? ' REMOVE leaseOwner, leaseUntil' : ''}`,
            ConditionExpression: 'leaseOwner = :me',
            ExpressionAttributeNames: { '#body': 'body' },
            ExpressionAttributeValues: { ':body': json(state), ':me': { S: owner } },
          }),
        ),
      ),

    planWake: (channel, now, at) =>
      isTaken(
        client.send(
          new UpdateItemCommand({
            ...base,
            Key: channelKey(channel),
            UpdateExpression: 'SET wakeAt = :at, wakeBy = :me',
            // one that comes later than this one is no help; and what is tried again, its answer lost, finds its own
            ConditionExpression: 'attribute_not_exists(wakeAt) OR wakeAt <= :now OR wakeAt > :at OR wakeBy = :me',
            ExpressionAttributeValues: { ':at': { N: String(at) }, ':now': { N: String(now) }, ':me': { S: randomUUID() } },
          }),
        ),
      ),
  };
}

function channelKey(channel: string): Item {
  return { pk: { S: `ALERTS#${channel}` }, sk: { S: 'CHANNEL' } };
}

function pendingUnder(channel: string): string {
  return `ALERTS#${channel}#PENDING`;
}

function pendingKey(channel: string, announcement: string): Item {
  return { pk: { S: pendingUnder(channel) }, sk: { S: announcement } };
}

function toldKey(channel: string, finding: string): Item {
  return { pk: { S: `ALERTS#${channel}#${finding}` }, sk: { S: 'TOLD' } };
}

function json(value: object): AttributeValue {
  return { S: JSON.stringify(value) };
}
