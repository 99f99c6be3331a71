import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedressConfig } from '#shared/finding/config.ts';
import { MEMBERS_VARIABLE } from '#shared/finding/names.ts';
import { hubOf, membersOf } from '#shared/finding/organization.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { type MemberTemplate, memberRoles, memberRules } from '../../infra/member.ts';
import { isObject, type Json, type JsonObject, parseJson, stringAt } from '../json.ts';
import { LocalCloudError } from '../local-cloud-error.ts';
import { parseAnswer } from './ec2-xml.ts';
import { makeFirstTrail } from './gaps/trails.ts';
import type { MotoClient } from './moto-client.ts';
import type { DeployedStack } from './stack.ts';
import { leftOut } from './template.ts';

/** Where a member is, and the stack of its rules there. */
interface MemberPlace {
  readonly account: string;
  readonly region: string;
  readonly stackId: string;
}

/** What a hub serves. */
export interface Membership {
  readonly organization: string;
  readonly places: readonly MemberPlace[];
}

/** Deploys the templates of a member to all that the stack is the hub of; undefined for a stack that serves its own place alone. */
export async function deployMembers(
  stack: DeployedStack,
  moto: MotoClient,
  hub: { readonly account: string; readonly region: string },
): Promise<Membership | undefined> {
  const config = await configOf(stack);
  const organization = config && hubOf(config);
  if (!config?.organization || organization === undefined) return undefined;
  const members = membersOf(config.organization);
  await openBus(stack, moto, hub.region, [hub.account, ...members.map(({ account }) => account)]);
  const functions = await discoverFunctions();
  const [roles, rules] = [memberRoles(functions, config), memberRules(functions, config)];
  const places: MemberPlace[] = [];
  for (const { account, regions } of members) {
    const its = account === hub.account ? moto : moto.in(account);
    const elsewhere = regions.filter((region) => account !== hub.account || region !== hub.region);
    const [first] = elsewhere;
    if (first === undefined) continue;
    if (account !== hub.account) await makeFirstTrail(its, first, account);
    await createStack('RedressRoles', filledIn(roles, { account, hub }), its, first);
    for (const region of elsewhere) {
      const stackId = await createStack('RedressRules', filledIn(rules, { account, hub }), its, region);
      places.push({ account, region, stackId });
    }
  }
  return { organization, places };
}

/** The config in the bundle of a hub's function; undefined where no function has members. */
async function configOf({ functions }: DeployedStack): Promise<RedressConfig | undefined> {
  const one = functions.find(({ environment }) => environment[MEMBERS_VARIABLE]);
  return one && JSON.parse(await readFile(join(one.folder, 'config.json'), 'utf8'));
}

/** Puts the policies onto the stack's buses; moto knows no organizations, so that each names the accounts of the local one. */
async function openBus({ resources }: DeployedStack, moto: MotoClient, region: string, accounts: readonly string[]): Promise<void> {
  const policies = resources.filter(({ type }) => type === 'AWS::Events::EventBusPolicy');
  for (const properties of policies.map((one) => one.properties as JsonObject)) {
    const statement = properties['Statement'] ?? null;
    const text = JSON.stringify({ Statement: [{ Sid: properties['StatementId'] ?? '', ...(isObject(statement) ? statement : {}) }] });
    const policy = text.replace(/"aws:PrincipalOrgID":"[^"]*"/, `"aws:PrincipalAccount":${JSON.stringify(accounts)}`);
    await moto.json('events', 'PutPermission', { EventBusName: properties['EventBusName'] ?? '', Policy: policy }, region);
  }
}

async function createStack(StackName: string, template: JsonObject, moto: MotoClient, region: string): Promise<string> {
  const answer = await moto.query('cloudformation', 'CreateStack', { StackName, TemplateBody: JSON.stringify(template) }, region);
  const id = stringAt(parseAnswer(answer.body), 'CreateStackResult', 'StackId');
  if (answer.status >= 400 || id === undefined)
    throw new LocalCloudError(`moto could not make the stack ${StackName} in ${region}: ${answer.body.toString('utf8').slice(0, 500)}`);
  return id;
}

/** A member's template with its parameters filled in, without what moto does not take. */
function filledIn(
  { Resources, Parameters: _, ...head }: MemberTemplate,
  { account, hub }: { readonly account: string; readonly hub: { readonly account: string; readonly region: string } },
): JsonObject {
  const values: { readonly [name: string]: string } = {
    'AWS::Partition': 'aws',
    'AWS::AccountId': account,
    HubAccount: hub.account,
    HubRegion: hub.region,
  };
  const kept = Object.entries(Resources).filter(([, { Type }]) => !(Type in leftOut));
  const text = JSON.stringify({ ...head, Resources: Object.fromEntries(kept) }, (_key, value: Json) => {
    const sub = stringAt(value, 'Fn::Sub');
    if (sub !== undefined)
      return sub.replace(/\$\{(!?)([\w:]+)\}/g, (whole, isKept, name: string) => (isKept ? `\${${name}}` : (values[name] ?? whole)));
    const ref = stringAt(value, 'Ref');
    return ref === undefined ? value : (values[ref] ?? value);
  });
  const template = parseJson(text);
  return isObject(template) ? template : {};
}
