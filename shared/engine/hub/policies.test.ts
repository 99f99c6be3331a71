import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { AnyControl, Permission, Place } from '#shared/control/control.ts';
import volumeEncrypted from '../../../functions/volumes/volume-encrypted.ts';
import { inEveryRegion, managedPolicies, readPolicies, type SessionPolicy, writePolicies } from './policies.ts';

const place: Place = { account: '444455556666', region: 'eu-central-1', partition: 'aws' };
const name = 'redress-toys';

function control(
  permissions: { reads?: readonly Permission[]; writes?: readonly Permission[] },
  more: Partial<AnyControl> = {},
): AnyControl {
  return { ...volumeEncrypted, id: 'toy-right', permissions: { reads: [], writes: [], ...permissions }, ...more };
}
const statements = ([first]: readonly SessionPolicy[]) => JSON.parse(first?.inline ?? '{}').Statement;
const denial = (Action: unknown) => ({
  Effect: 'Deny',
  Action,
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-central-1' } },
});

test('what is equal but for actions or resources is one statement, and a list of one is none', () => {
  const policies = readPolicies(
    name,
    [
      control({
        reads: [
          { action: 'ec2:DescribeVolumes' },
          { action: 'ssm:GetParameters', resource: 'arn:{partition}:ssm:{region}:{account}:parameter/*' },
        ],
      }),
      control({
        reads: [
          { action: 'ec2:DescribeImages' },
          { action: 'ssm:GetParameters', resource: 'arn:{partition}:ssm:{region}::parameter/aws/*' },
        ],
      }),
    ],
    place,
  );
  expect(statements(policies)).toEqual([
    { Effect: 'Allow', Action: ['ec2:DescribeImages', 'ec2:DescribeVolumes'], Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'ssm:GetParameters',
      // a session reads in all Regions of its account
      Resource: ['arn:aws:ssm:*:444455556666:parameter/*', 'arn:aws:ssm:*::parameter/aws/*'],
    },
  ]);
});

test('a condition on a Region, in a session for all of them, is a pattern', () => {
  const reads = [{ action: 'kms:Decrypt', conditions: { StringEquals: { 'kms:ViaService': ['ec2.{region}.amazonaws.com'] } } }];
  expect(statements(readPolicies(name, [control({ reads })], place))[0].Condition).toEqual({
    StringLike: { 'kms:ViaService': 'ec2.*.amazonaws.com' },
  });
});

test('a write session has the writes that the settings there ask for, and the reads that AWS does for them', () => {
  const toy = control({
    reads: [{ action: 'ec2:DescribeVolumes' }, { action: 'ec2:DescribeImages', impliedBy: 'AWS looks' }],
    writes: [
      { action: 'ec2:CreateTags', conditions: { 'ForAllValues:StringLike': { 'aws:TagKeys': ['{settings.keys.*}'] } } },
      { action: 'ec2:RunInstances', onlyIf: 'allowed' },
    ],
  });
  const tagging = {
    Effect: 'Allow',
    Action: 'ec2:CreateTags',
    Resource: '*',
    Condition: { 'ForAllValues:StringLike': { 'aws:TagKeys': 'a' } },
  };
  const looking = { Effect: 'Allow', Action: 'ec2:DescribeImages', Resource: '*' };
  expect(statements(writePolicies(name, toy, { keys: ['a'], allowed: false }, place))).toEqual([tagging, looking, denial('*')]);
  expect(statements(writePolicies(name, toy, { keys: [], allowed: true }, place))).toEqual([
    { Effect: 'Allow', Action: ['ec2:DescribeImages', 'ec2:RunInstances'], Resource: '*' },
    denial('*'),
  ]);
});

test('other Regions are denied only to services that are of a Region', () => {
  const writes = [{ action: 'guardduty:CreateDetector' }, { action: 'iam:CreateServiceLinkedRole', resource: 'x' }];
  expect(statements(writePolicies(name, control({ writes }), {}, place)).at(-1)).toEqual(denial('guardduty:*'));
  const global = control({ writes }, { kind: { ...volumeEncrypted.kind, isGlobal: true } });
  expect(JSON.stringify(writePolicies(name, global, {}, place))).not.toContain('Deny');
});

test('what may write nothing is denied everything, for a policy without a statement is none', () => {
  expect(statements(writePolicies(name, control({}), {}, place))).toEqual([{ Effect: 'Deny', Action: '*', Resource: '*' }]);
});

/** Tag keys of so many characters in all. */
const keysOf = (characters: number) => Array.from({ length: characters / 40 }, (_, n) => `${String(n).padStart(4, '0')}${'k'.repeat(33)}`);
const tagger = control({
  writes: [
    {
      action: 'ec2:CreateTags',
      resource: 'arn:{partition}:ec2:{region}:{account}:volume/*',
      conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['{settings.keys.*}'] } },
    },
    { action: 'kms:Decrypt', conditions: { StringEquals: { 'kms:ViaService': ['ec2.{region}.amazonaws.com'] } } },
  ],
});

test('what fits goes with the request, and else a managed policy is named, with the Region in the request', () => {
  const managed = { managed: 'redress-toys-writes-toy-right', inline: JSON.stringify({ Version: '2012-10-17', Statement: [denial('*')] }) };
  const short = writePolicies(name, tagger, { keys: keysOf(400) }, place);
  expect(short).toEqual([{ inline: expect.stringContaining('0000k') }, managed]);
  expect(writePolicies(name, tagger, { keys: keysOf(2000) }, place)).toEqual([managed]);
  const reads = Array.from({ length: 100 }, (_, n) => ({ action: `ec2:DescribeSomething${n}` }));
  expect(readPolicies(name, [control({ reads })], place)).toEqual([{ managed: 'redress-toys-reads' }]);
});

test('a member needs the managed policies of what does not fit in some place, with the settings of all places', () => {
  const toy = { ...tagger, settings: { keys: v.optional(v.array(v.string()), []) } };
  const keys = (list: readonly string[]) => ({ controls: { 'toy-right': { keys: list } } });
  expect(managedPolicies(name, [toy], keys(keysOf(400)))).toEqual([]);
  const config = { ...keys(['a']), accounts: { '444455556666': keys(keysOf(2000)) } };
  const [policy, ...none] = managedPolicies(name, [toy], config);
  expect([policy?.name, none]).toEqual(['redress-toys-writes-toy-right', []]);
  expect(JSON.parse(policy?.document ?? '{}').Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      // one policy an account: the session's own text says in which Region
      Resource: 'arn:{partition}:ec2:*:{account}:volume/*',
      Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', ...keysOf(2000)] } },
    },
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', Condition: { StringLike: { 'kms:ViaService': 'ec2.*.amazonaws.com' } } },
  ]);
  expect(() => managedPolicies(name, [toy], keys(keysOf(6400)))).toThrow('IAM takes 6144: give it fewer settings.');
});

test('a member needs the managed policy of reads that do not fit', () => {
  const reads = Array.from({ length: 100 }, (_, n) => ({ action: `ec2:DescribeSomething${n}` }));
  expect(managedPolicies(name, [control({ reads })], {}).map((policy) => policy.name)).toEqual(['redress-toys-reads']);
});

describe('conditions that name a Region, in a policy of every Region', () => {
  const inAll = (conditions: { readonly [operator: string]: { readonly [key: string]: string } }) =>
    inEveryRegion([{ actions: ['kms:Encrypt'], resource: '*', conditions }])[0]?.conditions;

  test('are compared as patterns, also where they are negated', () => {
    expect(inAll({ StringEquals: { 'kms:ViaService': 'ec2.{region}.amazonaws.com' } })).toEqual({
      StringLike: { 'kms:ViaService': 'ec2.*.amazonaws.com' },
    });
    expect(inAll({ StringNotEquals: { 'kms:ViaService': 'ec2.{region}.amazonaws.com' } })).toEqual({
      StringNotLike: { 'kms:ViaService': 'ec2.*.amazonaws.com' },
    });
  });
  test('are refused beside others of the operator that they get: one of them would be lost', () => {
    const both = { StringEquals: { 'kms:ViaService': 'ec2.{region}.amazonaws.com' }, StringLike: { 'aws:PrincipalArn': 'arn:*' } };
    expect(() => inAll(both)).toThrow(/StringLike twice in every Region/);
  });
});
