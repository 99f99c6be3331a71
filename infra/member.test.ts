import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Json } from '#shared/control/control.ts';
import { hearsItself } from '#shared/control/own.ts';
import { managedPolicies } from '#shared/engine/hub/policies.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { functionOf } from '#shared/finding/names.ts';
import { isThing } from '#shared/replay/filters.ts';
import { controlsOf, discoverFunctions } from './catalog.ts';
import { forwardingOf, memberRolesOf } from './forwarding.ts';
import { MAX_TEMPLATE_BODY, type MemberTemplate, memberRoles, memberRules, textOf } from './member.ts';
import { statementsOf } from './permissions.ts';

const functions = await discoverFunctions();
const controls = controlsOf(functions);
const values: { readonly [name: string]: string } = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': '111122223333',
  'AWS::StackId': 'arn:the-stack',
  HubAccount: '999988887777',
  HubRegion: 'eu-west-1',
};

/** A value as CloudFormation makes it. */
function made(value: Json): Json {
  if (Array.isArray(value)) return value.map(made);
  if (!isThing(value)) return value;
  const { Ref: ref, 'Fn::Sub': sub } = value;
  if (typeof ref === 'string') return values[ref] ?? expect.fail(`no ${ref}`);
  if (typeof sub === 'string')
    return sub.replace(/\$\{(!?)([^}]+)\}/g, (_all, literal, name) =>
      literal ? `\${${name}}` : (values[name] ?? expect.fail(`no ${name}`)),
    );
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, made(inner)]));
}

const resourcesOf = ({ Resources }: MemberTemplate) =>
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties are whatever CloudFormation takes
  Object.values(Resources).map(({ Type, Properties }): any => ({ Type, ...Object(made(Properties)) }));

describe.each([
  ['roles', memberRoles, 'AWS::IAM::Role'],
  ['rules', memberRules, 'AWS::Events::Rule'],
] as const)('the template of the %s', (_name, templateOf, type) => {
  const template = templateOf(functions, {});

  test('holds nothing else: no code, no asset, nothing that costs while nothing happens', () => {
    expect(new Set(resourcesOf(template).map(({ Type }) => Type))).toEqual(new Set([type]));
    expect(Object.keys(template)).toEqual(['AWSTemplateFormatVersion', 'Description', 'Parameters', 'Resources']);
    expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(500);
  });

  test('goes in a request, and is printed as what it is', () => {
    const text = textOf(template);
    expect(JSON.parse(text)).toEqual(template);
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_TEMPLATE_BODY);
  });

  test('asks only where the hub is, and names no account or Region', () => {
    expect(Object.keys(template.Parameters)).toEqual(['HubAccount', 'HubRegion']);
    expect(textOf(template)).not.toMatch(/\d{12}|\b[a-z]{2}-[a-z]+-\d|\{(partition|region|account)\}/);
  });
});

describe('a role', () => {
  const roles = resourcesOf(memberRoles(functions, {}));
  const named = (name: string) => roles.find(({ RoleName }) => RoleName === name) ?? expect.fail(`no role ${name}`);

  test('is there for each function, under the names that are left out of what is forwarded, and for the rules', () => {
    const suffixes = roles
      .map(({ Path, RoleName }) => `:role${Path}${RoleName}`)
      .filter((one) => !one.endsWith(':role/redress/redress-forwarder'));
    expect({ suffixes }).toEqual(memberRolesOf(functions));
    expect(roles).toHaveLength(functions.length + 1);
  });

  test.each(functions)('of $id trusts the role of the function in the hub, and in one organization only', ({ id }) => {
    const role = named(`redress-${id}`);
    expect(role.Path).toBe('/redress/');
    expect(role.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::999988887777:root' },
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::999988887777:role/redress-${id}-eu-west-1` },
          StringEquals: { 'aws:PrincipalOrgID': `\${aws:ResourceOrgID}` },
        },
      },
    ]);
  });

  test.each(functions)('of $id may what the function may where it is deployed alone, in every Region', ({ id, controls: its }) => {
    const [policy] = named(`redress-${id}`).Policies;
    const statements: { Effect: string; Action: string[]; Resource: string; Condition?: object }[] = policy.PolicyDocument.Statement;
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    // what Redress hears of itself is about the hub
    const inMembers = its.filter((control) => !hearsItself(control));
    const standalone = statementsOf(inMembers, {}).filter(({ resource }) => !resource.includes(':redress-'));
    expect(allowed.flatMap(({ Action }) => Action).sort()).toEqual(standalone.flatMap(({ actions }) => actions).sort());
    const place: { readonly [name: string]: string } = { partition: 'aws', region: '*', account: '111122223333' };
    const resources = standalone.map(({ resource }) => resource.replace(/\{(\w+)\}/g, (_all, name) => place[name] ?? ''));
    expect(allowed.map(({ Resource }) => Resource)).toEqual(resources);
    // the ledger, the queues, the bus and the log are the hub's
    expect(
      allowed.flatMap(({ Action }) => Action).filter((one) => /^(dynamodb|sqs|events|lambda|sts):|^logs:(Create|Put)Log/.test(one)),
    ).toEqual([]);
    for (const { Condition = {} } of statements)
      for (const [operator, keys] of Object.entries(Condition))
        if (/Equals/.test(operator)) expect(JSON.stringify(keys)).not.toContain('*');
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    expect(JSON.stringify(policy.PolicyDocument).length).toBeLessThanOrEqual(10_240);
  });

  test('writes only where some control may, and is there all the same where none is on', () => {
    const under = (mode: 'off' | 'observe') =>
      resourcesOf(memberRoles(functions, { controls: Object.fromEntries(controls.map(({ id }) => [id, { mode }])) }));
    const writes = new Set(controls.flatMap(({ permissions }) => permissions.writes.map(({ action }) => action)));
    const reads = new Set(controls.flatMap(({ permissions }) => permissions.reads.map(({ action }) => action)));
    const actions = (all: ReturnType<typeof resourcesOf>) =>
      all
        .flatMap(({ Policies = [] }) => Policies[0]?.PolicyDocument.Statement ?? [])
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action }) => Action);
    expect(actions(under('observe')).filter((one) => writes.has(one) && !reads.has(one))).toEqual([]);
    expect(actions(under('off'))).toEqual(['events:PutEvents']);
    expect(under('off')).toHaveLength(functions.length + 1);
  });

  test('of the notifier imports into Security Hub and does nothing else, and is there only where the config asks for it', () => {
    const isIt = ({ RoleName }: { RoleName?: string }) => RoleName === 'redress-alerts';
    expect(roles.filter(isIt)).toEqual([]);
    const [made, ...others] = resourcesOf(memberRoles(functions, { alerts: { securityHub: true } })).filter(isIt);
    expect(others).toEqual([]);
    expect(made.Path).toBe('/redress/');
    expect(made.Policies.map(({ PolicyDocument }: { PolicyDocument: object }) => PolicyDocument)).toEqual([
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'securityhub:BatchImportFindings',
            Resource: 'arn:aws:securityhub:*:111122223333:product/111122223333/default',
          },
        ],
      },
    ]);
    expect(made.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::999988887777:root' },
        Action: 'sts:AssumeRole',
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::999988887777:role/redress-alerts-eu-west-1' },
          StringEquals: { 'aws:PrincipalOrgID': `\${aws:ResourceOrgID}` },
        },
      },
    ]);
  });

  test('of the rules sends to the bus of the hub and does nothing else, for rules of this account', () => {
    const { Policies, AssumeRolePolicyDocument } = named('redress-forwarder');
    expect(Policies.map(({ PolicyDocument }: { PolicyDocument: object }) => PolicyDocument)).toEqual([
      {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'events:PutEvents', Resource: 'arn:aws:events:eu-west-1:999988887777:event-bus/redress-events' },
        ],
      },
    ]);
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111122223333' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:111122223333:rule/redress-forward-*' },
        },
      },
    ]);
  });
});

test('the policies that sessions need stand in the member, and allow nothing there', () => {
  const names = Array.from({ length: 20 }, (_, n) => `/a-shop-with-a-long-name/number-${n}/*`);
  const config: RedressConfig = { controls: { 'log-group-key': { mode: 'fix', key: 'arn:aws:kms:eu-west-1:111122223333:key/0d', names } } };
  const made = resourcesOf(memberRoles(functions, config)).filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy');
  const needed = functions.flatMap(({ id, controls: its }) => managedPolicies(functionOf(id), its, config));
  expect(made.map(({ ManagedPolicyName }) => ManagedPolicyName)).toEqual(['redress-systems-manager-writes-log-group-key']);
  expect(made.map(({ PolicyDocument }) => PolicyDocument)).toEqual(
    needed.map(({ document }) => JSON.parse(document.replaceAll('{partition}', 'aws').replaceAll('{account}', '111122223333'))),
  );
  for (const { Path, Roles, Users, Groups } of made)
    expect([Path, Roles, Users, Groups]).toEqual(['/redress/', undefined, undefined, undefined]);
  expect(resourcesOf(memberRoles(functions, {})).filter(({ Type }) => Type !== 'AWS::IAM::Role')).toEqual([]);
});

test('the rules forward events as they are, and that the stack itself is deployed', () => {
  const rules = resourcesOf(memberRules(functions, {})).filter(({ State }) => State !== 'DISABLED');
  const target = {
    Id: 'hub',
    Arn: 'arn:aws:events:eu-west-1:999988887777:event-bus/redress-events',
    RoleArn: 'arn:aws:iam::111122223333:role/redress/redress-forwarder',
  };
  for (const { Name, State, Description, Targets, EventBusName } of rules) {
    expect({ State, Targets, EventBusName }).toEqual({ State: 'ENABLED', Targets: [target], EventBusName: undefined });
    expect(Name).toMatch(/^redress-forward-[.\w-]{1,48}$/);
    expect(Description.length).toBeLessThanOrEqual(512);
  }
  const forwarded = new Map(forwardingOf(functions, {}).map(({ name, pattern }) => [name, pattern]));
  expect(new Map(rules.map(({ Name, EventPattern }) => [Name, EventPattern]))).toEqual(
    new Map<string, unknown>([
      ...forwarded,
      [
        'redress-forward-deployment',
        {
          source: ['aws.cloudformation'],
          'detail-type': ['CloudFormation Stack Status Change'],
          detail: { 'stack-id': ['arn:the-stack'], 'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] } },
        },
      ],
    ]),
  );
});

test('one rule has the name of one that every stack alone has, so that neither is deployed where the other is', () => {
  const [rule, ...others] = resourcesOf(memberRules(functions, {})).filter(({ State }) => State === 'DISABLED');
  expect(others).toEqual([]);
  expect(rule.EventPattern).toEqual({ source: ['redress.nothing'] });
  expect(rule).not.toHaveProperty('Targets');
  expect(rule.Description.length).toBeLessThan(512);
  expect(rule.Name).toBe('redress-alerts-wake');
  // another function looks: the stack is updated, and says so to the hub
  const [fewer] = resourcesOf(memberRules(functions.slice(1), {})).filter(({ State }) => State === 'DISABLED');
  expect(fewer.Description).not.toBe(rule.Description);
});

test('the policy in the docs protects every role and rule, and the end of an ARN that passes for one', async () => {
  const page = await readFile(new URL('../docs/organizations.md', import.meta.url), 'utf8');
  const policy: { Statement: { Sid: string; Resource: string | string[] }[] } = JSON.parse(/```json\n([^`]+)```/.exec(page)?.[1] ?? '');
  // as AWS Organizations counts it
  expect(JSON.stringify(policy).length).toBeLessThan(5120);
  const like = (pattern: string, arn: string) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(arn);
  const protects = (sid: string, arn: string) =>
    policy.Statement.some(({ Sid, Resource }) => Sid === sid && [Resource].flat().some((pattern) => like(pattern, arn)));
  for (const { Path, RoleName } of resourcesOf(memberRoles(functions, {}))) {
    expect(protects('RedressRoles', `arn:aws:iam::111122223333:role${Path}${RoleName}`), RoleName).toBe(true);
    expect(protects('RedressRoles', `arn:aws:iam::111122223333:role/x:role${Path}${RoleName}`), RoleName).toBe(true);
  }
  expect(protects('RedressRoles', 'arn:aws:iam::111122223333:role/admin')).toBe(false);
  // but not the one that a stack alone would have, which must be deleted before it is adopted
  for (const { Name } of resourcesOf(memberRules(functions, {})).filter(({ State }) => State !== 'DISABLED'))
    expect(protects('RedressRules', `arn:aws:events:eu-west-1:111122223333:rule/${Name}`), Name).toBe(true);
});
