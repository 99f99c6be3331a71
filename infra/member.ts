import type { ControlFunction, Json } from '#shared/control/control.ts';
import { hearsItself } from '#shared/control/own.ts';
import { fill, type Statement } from '#shared/control/statements.ts';
import { inEveryRegion, managedPolicies } from '#shared/engine/hub/policies.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { ALERTS, FORWARDER, FORWARDING, functionOf, HUB_BUS, MEMBER_PATH, roleOf, wakeOf } from '#shared/finding/names.ts';
import { forwardingOf } from './forwarding.ts';
import { pascal } from './ids.ts';
import { deploymentPattern, type Pattern } from './patterns.ts';
import { denialsOf, isOn, statementsOf } from './permissions.ts';

/** A CloudFormation template: only roles and rules, so that a member holds no code and pays nothing while nothing happens. */
export interface MemberTemplate {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Parameters: { readonly [name: string]: Json };
  readonly Resources: { readonly [id: string]: { readonly Type: string; readonly Properties: { readonly [name: string]: Json } } };
}

/** The longest template that CloudFormation takes in a request, in bytes; a longer one has to stand in S3. */
export const MAX_TEMPLATE_BODY = 51_200;

/** A template as it is printed: a line for each resource, and no white space, which CloudFormation would count. */
export function textOf({ Resources, ...head }: MemberTemplate): string {
  const lines = Object.entries(Resources).map(([id, resource]) => `${JSON.stringify(id)}:${JSON.stringify(resource)}`);
  return `${JSON.stringify(head).slice(0, -1)},"Resources":{\n${lines.join(',\n')}\n}}\n`;
}

const PARAMETERS = {
  HubAccount: { Type: 'String', AllowedPattern: '\\d{12}', Description: 'The id of the account that the hub of Redress runs in.' },
  HubRegion: { Type: 'String', AllowedPattern: '[a-z]+(-[a-z]+)+-\\d+', Description: 'The Region that the hub runs in.' },
};

/** What CloudFormation or IAM puts in the place of a name. */
const variable = (name: string) => `\${${name}}`;
const [PARTITION, ACCOUNT] = [variable('AWS::Partition'), variable('AWS::AccountId')];
const [HUB_ACCOUNT, HUB_REGION] = [variable('HubAccount'), variable('HubRegion')];
const BUS = `arn:${PARTITION}:events:${HUB_REGION}:${HUB_ACCOUNT}:event-bus/${HUB_BUS}`;

/** What permissions are filled in with: a role is of all Regions. */
const PLACE = { partition: PARTITION, region: '*', account: ACCOUNT };

/** The template of the roles, once an account: what the hub's functions become, and what forwards events. */
export function memberRoles(functions: readonly ControlFunction[], config: RedressConfig): MemberTemplate {
  const kinds = functions.map((fn) => [`${pascal(fn.id)}Role`, kindRole(fn, config)] as const);
  const policies = functions.flatMap((fn) => sessionPolicies(fn, config));
  const alerts = config.alerts?.securityHub ? { AlertsRole: importer() } : {};
  return template('roles, once in each account', { ...Object.fromEntries([...kinds, ...policies]), ...alerts, ForwarderRole: forwarder() });
}

/** The template of the rules, once in each Region: what forwards events to the hub. */
export function memberRules(functions: readonly ControlFunction[], config: RedressConfig): MemberTemplate {
  const rules = forwardingOf(functions, config).map(({ name, description, pattern }) => rule(name, description, pattern));
  const deployed = rule(`${FORWARDING}-deployment`, 'Forwards to the hub of Redress that this stack is deployed.', {
    ...deploymentPattern({ Ref: 'AWS::StackId' }),
  });
  return template('rules, once in each Region', Object.fromEntries([...rules, deployed, guard(functions, config)]));
}

/**
 * A rule that does nothing but have the name of one that every stack alone has: CloudFormation makes no rule that is there already, so
 * neither of the two is deployed where the other is. It changes with the functions that look, so that a deployment is forwarded to the hub then.
 */
function guard(functions: readonly ControlFunction[], config: RedressConfig): readonly [string, MemberTemplate['Resources'][string]] {
  const looking = functions.filter(({ controls }) => controls.some((one) => isOn(config, one) && !hearsItself(one))).map(({ id }) => id);
  const Properties = {
    Name: wakeOf(functionOf(ALERTS)),
    Description: `Keeps a stack of Redress out, while a hub looks here: ${looking.join(', ')}.`.slice(0, 512),
    State: 'DISABLED',
    EventPattern: { source: ['redress.nothing'] },
  };
  return ['KeepsStacksOut', { Type: 'AWS::Events::Rule', Properties }];
}

function template(what: string, resources: MemberTemplate['Resources']): MemberTemplate {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Redress, a member of an organization: ${what}.`,
    Parameters: PARAMETERS,
    Resources: resources,
  };
}

/** A role that the hub's function of this kind may become, with what it may do to this account's resources. */
function kindRole({ id, controls }: ControlFunction, config: RedressConfig): MemberTemplate['Resources'][string] {
  const on = controls.filter((control) => isOn(config, control) && !hearsItself(control));
  const allowed = statementsOf(on, config);
  const statements = [
    ...inEveryRegion(allowed).map((one) => statement(one, 'Allow')),
    ...inEveryRegion(denialsOf(on, config)).map((one) => statement(one, 'Deny')),
  ];
  const says = `What the hub of Redress may do here to watch and fix: ${id}.`;
  return role(functionOf(id), says, statements, trustOf(id, ['sts:AssumeRole', 'sts:SetSourceIdentity']));
}

/** The action with which findings are imported into Security Hub. */
export const IMPORT = 'securityhub:BatchImportFindings';

/** The role that the hub's notifier may become, with the one thing that it does here. */
function importer(): MemberTemplate['Resources'][string] {
  const Resource = filled('arn:{partition}:securityhub:{region}:{account}:product/{account}/default');
  const says = 'Imports what the hub of Redress finds here into Security Hub.';
  return role(functionOf(ALERTS), says, [{ Effect: 'Allow', Action: IMPORT, Resource }], trustOf(ALERTS, 'sts:AssumeRole'));
}

/** Trusts the role of one function of the hub, from within the organization. */
function trustOf(id: string, Action: Json): Json {
  return {
    // the account and not its role: AWS keeps a role by its unique id, and whoever made it again would be locked out of every member
    Principal: { AWS: { 'Fn::Sub': `arn:${PARTITION}:iam::${HUB_ACCOUNT}:root` } },
    Action,
    Condition: {
      ArnEquals: { 'aws:PrincipalArn': { 'Fn::Sub': `arn:${PARTITION}:iam::${HUB_ACCOUNT}:role/${roleOf(id, HUB_REGION)}` } },
      StringEquals: { 'aws:PrincipalOrgID': variable('aws:ResourceOrgID') },
    },
  };
}

/** The policies that sessions of the hub name where the text of their own would be too long; attached to nothing, they allow nothing. */
function sessionPolicies(
  { id, controls }: ControlFunction,
  config: RedressConfig,
): (readonly [string, MemberTemplate['Resources'][string]])[] {
  return managedPolicies(functionOf(id), controls, config).map(({ name, document }) => [
    pascal(name),
    {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        ManagedPolicyName: name,
        Path: MEMBER_PATH,
        Description: 'Narrows sessions of the hub of Redress; it is attached to nothing.',
        PolicyDocument: filledIn(JSON.parse(document)),
      },
    },
  ]);
}

/** The role that the rules send with, to the hub's bus and nowhere else. */
function forwarder(): MemberTemplate['Resources'][string] {
  const statements = [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: { 'Fn::Sub': BUS } }];
  return role(FORWARDER, 'Forwards events to the hub of Redress.', statements, {
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: {
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
      ArnLike: { 'aws:SourceArn': { 'Fn::Sub': `arn:${PARTITION}:events:*:${ACCOUNT}:rule/${FORWARDING}-*` } },
    },
  });
}

function role(name: string, description: string, statements: readonly Json[], trust: Json): MemberTemplate['Resources'][string] {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      Path: MEMBER_PATH,
      Description: description,
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...Object(trust) }] },
      // one that may do nothing is made too: what a role of this name does is not forwarded, so nobody else may have the name
      ...(statements.length > 0 && {
        Policies: [{ PolicyName: 'work', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
      }),
    },
  };
}

function rule(name: string, description: string, pattern: Pattern): readonly [string, MemberTemplate['Resources'][string]] {
  const target = {
    Id: 'hub',
    Arn: { 'Fn::Sub': BUS },
    RoleArn: { 'Fn::Sub': `arn:${PARTITION}:iam::${ACCOUNT}:role${MEMBER_PATH}${FORWARDER}` },
  };
  const Properties = { Name: name, Description: description, State: 'ENABLED', EventPattern: pattern, Targets: [target] };
  return [pascal(name), { Type: 'AWS::Events::Rule', Properties }];
}

function statement({ actions, resource, conditions }: Statement, Effect: 'Allow' | 'Deny'): Json {
  return { Effect, Action: [...actions], Resource: filled(resource), ...(conditions && { Condition: filledIn(conditions) }) };
}

/** The same in each text of a value. */
function filledIn(value: unknown): Json {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => (typeof inner === 'string' ? filled(inner) : inner));
}

/** A text of a policy as CloudFormation fills it in; IAM's own variables stay as they are. */
function filled(text: string): Json {
  const whole = fill(text, PLACE);
  return whole.includes('${AWS::') ? { 'Fn::Sub': fill(text.replaceAll('${', '${!'), PLACE) } : whole;
}
