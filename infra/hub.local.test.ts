import { beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '#shared/control/control.ts';
import { hearsItself } from '#shared/control/own.ts';
import { FORWARDER, functionOf, HUB_BUS, MEMBERS_FILE, MEMBERS_VARIABLE } from '#shared/finding/names.ts';
import { FINDINGS_INDEX } from '#shared/ledger/items.ts';
import { discoverFunctions } from './catalog.ts';
import { isOn } from './permissions.ts';
import { type Resolved, resolvedResources } from './resolve.ts';
import { templateOf } from './synth.ts';

const functions = await discoverFunctions();
const config = {
  alerts: { securityHub: true },
  organization: { id: 'o-a1b2c3d4e5', hub: true, regions: ['eu-west-1'], accounts: ['444455556666'] },
};
const place = { partition: 'aws', region: 'eu-west-1', account: '111122223333', stackId: 'arn:the-stack' };
const bus = `arn:aws:events:eu-west-1:111122223333:event-bus/${HUB_BUS}`;

let hub: readonly Resolved[];
let alone: readonly Resolved[];
beforeAll(async () => {
  const [first, second] = [await templateOf(config, functions), await templateOf({}, functions)];
  hub = resolvedResources(first, place);
  alone = resolvedResources(second, place);
});

// biome-ignore lint/suspicious/noExplicitAny: a template's properties are whatever CloudFormation takes
const all = (type: string, resources = hub): any[] => resources.filter((one) => one.type === type).map(({ properties }) => properties);
const named = (type: string, key: string, name: string) => all(type).find((one) => one[key] === name) ?? expect.fail(`no ${name}`);
const membersRules = () => all('AWS::Events::Rule').filter(({ EventBusName }) => EventBusName === bus);
const inMembers = functions.map((fn) => ({
  fn,
  controls: fn.controls.filter((control) => isOn(config, control) && !hearsItself(control)),
}));

describe('a hub', () => {
  test('has a bus that takes what the members’ forwarders send, of this organization alone', () => {
    expect(named('AWS::Events::EventBus', 'Name', HUB_BUS)).toBeDefined();
    const [policy, ...others] = all('AWS::Events::EventBusPolicy');
    expect(others).toEqual([]);
    expect(policy).toMatchObject({
      EventBusName: HUB_BUS,
      Statement: {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: bus,
        Condition: {
          StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          ArnLike: { 'aws:PrincipalArn': `arn:*:iam::*:role/redress/${FORWARDER}` },
        },
      },
    });
  });

  test('has there the rule of every control, which leaves out the roles of members, and one for a member’s deployment', () => {
    expect(
      membersRules()
        .map(({ Name }) => Name)
        .sort(),
    ).toEqual(
      inMembers
        .flatMap(({ fn, controls }) => [
          ...controls.map(({ id }) => `redress-${id}`),
          ...(controls.length > 0 ? [`${functionOf(fn.id)}-deployed`] : []),
        ])
        .sort(),
    );
    const records = membersRules().filter(({ EventPattern }) => JSON.stringify(EventPattern).includes('sessionIssuer'));
    expect(records.length).toBeGreaterThan(20);
    for (const { EventPattern } of records) expect(JSON.stringify(EventPattern)).toContain(':role/redress/redress-volumes');
    for (const { EventPattern } of membersRules()) expect(JSON.stringify(EventPattern).length).toBeLessThanOrEqual(2048);
    // EventBridge takes no more with wildcards on a bus
    expect(membersRules().filter(({ EventPattern }) => JSON.stringify(EventPattern).includes('"wildcard"')).length).toBeLessThanOrEqual(30);
  });

  test('sweeps its members by schedules of its own, with one message for all controls of a function', () => {
    const heads = all('AWS::Events::Rule')
      .map(({ Targets }) => String(Targets[0].InputTransformer?.InputTemplate ?? ''))
      .filter((text) => text.includes('isOfMembers'))
      .map((text) => JSON.parse(text.replace('<aws.events.event.json>', '0')));
    expect(heads.flatMap(({ controls }) => controls).sort()).toEqual(
      inMembers.flatMap(({ controls }) => controls.map(({ id }) => id)).sort(),
    );
  });

  test('lets all its rules send to the queues', () => {
    const arns = resourcesWith('AWS::SQS::QueuePolicy').join();
    for (const { Name } of membersRules()) expect(arns).toContain(`rule/${HUB_BUS}/${Name}"`);
  });

  test.each(functions)('lets $id become its role in members and no other, and keep their items', ({ id, controls }) => {
    const name = functionOf(id);
    expect(named('AWS::Lambda::Function', 'FunctionName', name).Environment.Variables[MEMBERS_VARIABLE]).toBe(MEMBERS_FILE);
    const [{ PolicyDocument }] = named('AWS::IAM::Role', 'RoleName', `${name}-eu-west-1`).Policies;
    const statements: { Action: Json; Resource: Json; Condition?: Json }[] = PolicyDocument.Statement;
    expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('sts:'))).toEqual([
      { Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'], Effect: 'Allow', Resource: `arn:aws:iam::*:role/redress/${name}` },
    ]);
    const [first] = controls;
    const keys = JSON.stringify(statements.filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:')));
    expect(keys).toContain(`"CASE#${first?.id}#*"`);
    // no wildcard before the control in what has the name of somebody's resource
    expect(keys).not.toMatch(/"CASE#[^"]*[*?][^"]+"/);
    // people and their clicks read findings of all places; a function is about one
    expect(keys).not.toContain(`index/${FINDINGS_INDEX}`);
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    expect(JSON.stringify(PolicyDocument).length).toBeLessThanOrEqual(10_240);
  });

  test('has rows of who joins, and messages that say where they come from, only where accounts may join', async () => {
    const { organization } = config;
    const joined = resolvedResources(await templateOf({ organization: { ...organization, join: 'automatic' } }, functions), place);
    const marked = (resources: readonly Resolved[]) =>
      all('AWS::Events::Rule', resources).filter(({ Targets }) => JSON.stringify(Targets).includes('isForwarded'));
    expect(marked(hub)).toEqual([]);
    // no rule of another bus, which somebody else may let others in to
    expect(marked(joined).map(({ Name }) => Name)).toEqual(membersRules().map(({ Name }) => Name));
    expect(new Set(marked(joined).map(({ EventBusName }) => EventBusName))).toEqual(new Set([bus]));
    const [first] = marked(joined);
    const text = String(first.Targets[0].InputTransformer.InputTemplate).replace('<aws.events.event.json>', '0');
    expect(JSON.parse(text)).toMatchObject({ isForwarded: true, event: 0 });

    const rowsOf = (resources: readonly Resolved[]) =>
      all('AWS::IAM::Role', resources).filter((one) => JSON.stringify(one).includes('"JOINED"'));
    expect(rowsOf(hub)).toEqual([]);
    expect(rowsOf(joined).map(({ RoleName }) => RoleName)).toEqual(functions.map(({ id }) => `${functionOf(id)}-eu-west-1`));
    for (const { Policies } of rowsOf(joined)) expect(JSON.stringify(Policies[0].PolicyDocument).length).toBeLessThanOrEqual(10_240);
  });

  test('lets its notifier become its role in members, where it imports into Security Hub', () => {
    const [{ PolicyDocument }] = named('AWS::IAM::Role', 'RoleName', 'redress-alerts-eu-west-1').Policies;
    const statements: { Action: Json }[] = PolicyDocument.Statement;
    expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('sts:'))).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Resource: 'arn:aws:iam::*:role/redress/redress-alerts' },
    ]);
  });

  test('is what a stack alone is, with more; and fits into a template', () => {
    const names = (resources: readonly Resolved[]) => resources.map(({ logicalId }) => logicalId);
    expect(names(alone).filter((one) => !names(hub).includes(one))).toEqual([]);
    expect(hub.length).toBeLessThanOrEqual(500);
    // the name that keeps a stack alone and the rules of a member from one place
    const onDefault = all('AWS::Events::Rule', alone).filter(({ EventBusName }) => EventBusName === undefined);
    expect(onDefault.map(({ Name }) => Name)).toContain('redress-alerts-wake');
    // nothing of a hub is in a stack alone
    expect(/REDRESS_MEMBERS|sts:SetSourceIdentity|event-bus\/redress-events/.test(JSON.stringify(alone))).toBe(false);
  });
});

function resourcesWith(type: string): string[] {
  return all(type).map((one) => JSON.stringify(one));
}
