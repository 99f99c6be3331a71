import { expect, test } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { inputOf, outputOf } from './input.ts';
import { StackSetError } from './stack-set-error.ts';
import { StackSets, type WantedStack } from './stack-sets.ts';

const OU = 'ou-ab12-11111111';
const [A, B, C] = ['111111111111', '222222222222', '333333333333'];
const template = (what: string) => JSON.stringify({ Description: what, Resources: {} });

/** StackSets of an OU with two accounts, and what they make and delete; `fails` says which stacks do, and why. */
function played(fails: (stack: WantedStack) => string | undefined = () => undefined) {
  const did: string[] = [];
  const sets = new StackSets({
    region: 'us-east-1',
    management: '999999999999',
    accountsIn: (ou) => (ou === OU ? [A, B] : undefined),
    deployer: {
      async create(stack) {
        const reason = fails(stack);
        const id = `${stack.set} ${stack.account} ${stack.region}`;
        did.push(`${reason ? 'failed' : 'made'} ${id}: ${stack.template['Description']}`);
        return reason ? { reason } : { stackId: id };
      },
      async delete(stackId) {
        did.push(`deleted ${stackId}`);
        return undefined;
      },
    },
  });
  const call = (action: string, StackSetName: string, more: JsonObject = {}): JsonObject => sets.answer(action, { StackSetName, ...more });
  const make = (name: string, AutoDeployment: JsonObject = { Enabled: 'true' }) =>
    call('CreateStackSet', name, { PermissionModel: 'SERVICE_MANAGED', TemplateBody: template('first'), AutoDeployment });
  const targets = (more: JsonObject = {}) => ({ DeploymentTargets: { OrganizationalUnitIds: [OU], ...more }, Regions: ['eu-west-1'] });
  const arnOf = (name: string) => String((call('DescribeStackSet', name)['StackSet'] as JsonObject)['StackSetARN']);
  /** Does what an operation is begun with, and waits for its end. */
  const done = async (action: string, name: string, more: JsonObject) => {
    const { OperationId } = call(action, name, more);
    for (;;) {
      const { StackSetOperation } = call('DescribeStackSetOperation', name, { OperationId: String(OperationId) });
      const { Status } = StackSetOperation as JsonObject;
      if (Status !== 'RUNNING') return Status;
      await Promise.resolve();
    }
  };
  const states = (name: string) =>
    (call('ListStackInstances', name)['Summaries'] as JsonObject[]).map((one) => `${one['Account']} ${one['Status']}`);
  return { sets, did, call, make, targets, arnOf, done, states };
}

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return error instanceof StackSetError ? error.code : String(error);
  }
};

test('an operation fails in one account alone, and the next one touches only what is not up to date', async () => {
  let isBroken = true;
  const { did, make, targets, done, states, call } = played(({ account }) => (isBroken && account === B ? 'no' : undefined));
  make('roles');
  const all = { ...targets(), OperationPreferences: { FailureTolerancePercentage: '100' } };
  expect(await done('CreateStackInstances', 'roles', all)).toBe('SUCCEEDED');
  expect(states('roles')).toEqual([`${A} CURRENT`, `${B} OUTDATED`]);
  expect(call('ListStackInstances', 'roles', { MaxResults: 1 })).toMatchObject({ Summaries: [{ Account: A }], NextToken: '1' });
  // without preferences none may fail
  expect(await done('CreateStackInstances', 'roles', targets())).toBe('FAILED');
  isBroken = false;
  did.length = 0;
  expect(await done('CreateStackInstances', 'roles', targets())).toBe('SUCCEEDED');
  expect(did).toEqual([`made roles ${B} eu-west-1: first`]);
});

test('filters choose accounts; an update reaches all stacks; a set with stacks is not deleted', async () => {
  const { did, make, targets, done, states, call } = played();
  make('roles');
  await done('CreateStackInstances', 'roles', targets({ Accounts: [A], AccountFilterType: 'DIFFERENCE' }));
  expect(states('roles')).toEqual([`${B} CURRENT`]);
  await done('UpdateStackSet', 'roles', { TemplateBody: template('second') });
  expect(did.slice(-2)).toEqual([`deleted roles ${B} eu-west-1`, `made roles ${B} eu-west-1: second`]);
  expect(codeOf(() => call('DeleteStackSet', 'roles'))).toBe('StackSetNotEmptyException');
  await done('DeleteStackInstances', 'roles', targets({ Accounts: [B], AccountFilterType: 'INTERSECTION' }));
  expect(states('roles')).toEqual([]);
  // it is still deployed to, until an operation names it without a filter
  expect(call('ListStackSetAutoDeploymentTargets', 'roles')['Summaries']).toEqual([{ OrganizationalUnitId: OU, Regions: ['eu-west-1'] }]);
  await done('DeleteStackInstances', 'roles', targets());
  expect(call('ListStackSetAutoDeploymentTargets', 'roles')['Summaries']).toEqual([]);
  call('DeleteStackSet', 'roles');
  expect(codeOf(() => call('DescribeStackSet', 'roles'))).toBe('StackSetNotFoundException');
});

test('one operation goes on at a time, and each has an id of its own', async () => {
  const { make, targets, call, done, sets } = played();
  make('roles');
  expect(codeOf(() => make('roles'))).toBe('NameAlreadyExistsException');
  call('CreateStackInstances', 'roles', { ...targets(), OperationId: 'first' });
  expect(codeOf(() => call('DeleteStackInstances', 'roles', targets()))).toBe('OperationInProgressException');
  await sets.joins(C, []);
  expect(codeOf(() => call('CreateStackInstances', 'roles', { ...targets(), OperationId: 'first' }))).toBe(
    'OperationIdAlreadyExistsException',
  );
  expect(await done('CreateStackInstances', 'roles', targets())).toBe('SUCCEEDED');
});

test.each([
  ['an account that joins gets what others depend on first', undefined, ['made roles', 'made rules']],
  ['where that fails it gets nothing else', 'no', ['failed roles']],
])('%s', async (_, reason, expected) => {
  const { sets, did, make, targets, arnOf, done } = played(({ account }) => (account === C ? reason : undefined));
  make('roles');
  make('rules', { Enabled: 'true', DependsOn: [arnOf('roles')] });
  make('others', { Enabled: 'false' });
  for (const name of ['roles', 'rules', 'others']) await done('CreateStackInstances', name, targets());
  did.length = 0;
  await sets.joins(C, [OU]);
  expect(did).toEqual(expected.map((one) => `${one} ${C} eu-west-1: first`));
});

test('parameters of the query protocol are lists and objects, and so are answers', () => {
  const query = new Map([
    ['Regions.member.1', 'a'],
    ['Regions.member.2', 'b'],
    ['Parameters.member.1.ParameterKey', 'HubAccount'],
  ]);
  expect(inputOf(query)).toEqual({ Regions: ['a', 'b'], Parameters: [{ ParameterKey: 'HubAccount' }] });
  expect(outputOf({ Summaries: [{ Regions: ['a'] }] })).toEqual({ Summaries: { member: [{ Regions: { member: ['a'] } }] } });
});
