import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedressConfig } from '#shared/finding/config.ts';
import { MEMBERS_VARIABLE } from '#shared/finding/names.ts';
import type { Member } from '#shared/finding/organization.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { type MemberTemplate, memberRoles, memberRules } from '../../infra/member.ts';
import { isObject, type Json, type JsonObject, parseJson, stringAt } from '../json.ts';
import { LocalCloudError } from '../local-cloud-error.ts';
import { parseAnswer } from './ec2-xml.ts';
import type { MotoClient } from './moto-client.ts';
import type { DeployedStack } from './stack.ts';
import { leftOut } from './template.ts';

/** Where a member is, and the stack of its rules there. */
export interface MemberPlace {
  readonly account: string;
  readonly region: string;
  readonly stackId: string;
}

/** Deploys the templates of a member to accounts of a hub, as by hand; answers where their rules are. */
export async function deployMembers(
  config: RedressConfig,
  members: readonly Member[],
  moto: MotoClient,
  hub: { readonly account: string; readonly region: string },
): Promise<MemberPlace[]> {
  const functions = await discoverFunctions();
  const [roles, rules] = [memberRoles(functions, config), memberRules(functions, config)];
  const parameters = { HubAccount: hub.account, HubRegion: hub.region };
  const places: MemberPlace[] = [];
  for (const { account, regions } of members) {
    const its = account === hub.account ? moto : moto.in(account);
    const elsewhere = regions.filter((region) => account !== hub.account || region !== hub.region);
    const [first] = elsewhere;
    if (first === undefined) continue;
    await createStack('RedressRoles', filledIn(roles, account, parameters), its, first);
    for (const region of elsewhere) {
      const stackId = await createStack('RedressRules', filledIn(rules, account, parameters), its, region);
      places.push({ account, region, stackId });
    }
  }
  return places;
}

/** The config in the bundle of a hub's function; undefined where no function has members. */
export async function configOf({ functions }: DeployedStack): Promise<RedressConfig | undefined> {
  const one = functions.find(({ environment }) => environment[MEMBERS_VARIABLE]);
  return one && JSON.parse(await readFile(join(one.folder, 'config.json'), 'utf8'));
}

/** Puts the policies onto the stack's buses; moto knows no organizations, so that each names the accounts of the local one. */
export async function openBus({ resources }: DeployedStack, moto: MotoClient, region: string, accounts: readonly string[]): Promise<void> {
  const policies = resources.filter(({ type }) => type === 'AWS::Events::EventBusPolicy');
  for (const properties of policies.map((one) => one.properties as JsonObject)) {
    const statement = properties['Statement'] ?? null;
    const text = JSON.stringify({ Statement: [{ Sid: properties['StatementId'] ?? '', ...(isObject(statement) ? statement : {}) }] });
    const policy = text.replace(/"aws:PrincipalOrgID":"[^"]*"/, `"aws:PrincipalAccount":${JSON.stringify(accounts)}`);
    await moto.json('events', 'PutPermission', { EventBusName: properties['EventBusName'] ?? '', Policy: policy }, region);
  }
}

/** Makes a stack in moto; answers its id, and throws `LocalCloudError` if there is none then. */
export async function createStack(StackName: string, template: JsonObject, moto: MotoClient, region: string): Promise<string> {
  const answer = await moto.query('cloudformation', 'CreateStack', { StackName, TemplateBody: JSON.stringify(template) }, region);
  const id = stringAt(parseAnswer(answer.body), 'CreateStackResult', 'StackId');
  if (answer.status >= 400 || id === undefined)
    throw new LocalCloudError(`moto could not make the stack ${StackName} in ${region}: ${answer.body.toString('utf8').slice(0, 500)}`);
  return id;
}

/** A member's template with its parameters filled in, without what moto does not take. */
export function filledIn(
  { Resources, Parameters: _, ...head }: Pick<MemberTemplate, 'Resources'> & { readonly Parameters?: unknown },
  account: string,
  parameters: { readonly [name: string]: string },
): JsonObject {
  const values: { readonly [name: string]: string } = { 'AWS::Partition': 'aws', 'AWS::AccountId': account, ...parameters };
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
