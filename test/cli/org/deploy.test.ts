import { describe, expect, test } from 'vitest';
import { commandsOn, hubOf, inAnOrganization, otherTemplates, ous } from './run.ts';
import { A, B, C, failure, HUB, MANAGEMENT, SANDBOX, WORKLOADS } from './world.ts';

const at = inAnOrganization();
const { first, again, states } = commandsOn(at);

describe('org deploy', () => {
  test('makes both StackSets, the roles once an account before the rules in every Region', async () => {
    const { code, out, err } = await first();
    expect({ code, out }).toEqual({ code: 0, out: "6 of 6 members' Regions have their roles and rules." });
    expect(err).toContain('+ create redress-member-roles');
    expect(at.cloud.sent).toEqual([
      'CreateStackSet redress-member-roles',
      'CreateStackInstances redress-member-roles',
      'CreateStackSet redress-member-rules',
      'CreateStackInstances redress-member-rules',
      'CreateStackInstances redress-member-rules',
    ]);
    expect(states('redress-member-roles')).toEqual([A, B, C].map((account) => `${account} eu-west-1 CURRENT`));
    expect(states('redress-member-rules')).toHaveLength(6);
    expect(at.cloud.inputs[2]).toMatchObject({
      PermissionModel: 'SERVICE_MANAGED',
      CallAs: 'DELEGATED_ADMIN',
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: [
        { ParameterKey: 'HubAccount', ParameterValue: HUB },
        { ParameterKey: 'HubRegion', ParameterValue: 'eu-west-1' },
      ],
      AutoDeployment: {
        Enabled: true,
        RetainStacksOnAccountRemoval: false,
        DependsOn: [`arn:aws:cloudformation:eu-west-1:${MANAGEMENT}:stackset/redress-member-roles:1`],
      },
    });
    expect(at.cloud.inputs[3]).toMatchObject({
      DeploymentTargets: { OrganizationalUnitIds: [WORKLOADS, SANDBOX] },
      Regions: ['us-east-1'],
      OperationPreferences: {
        RegionConcurrencyType: 'PARALLEL',
        ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
        MaxConcurrentPercentage: 100,
        FailureTolerancePercentage: 100,
      },
    });
    // in the Region of the hub its own account is left out, whatever OU it is in
    expect(at.cloud.inputs[4]).toMatchObject({
      DeploymentTargets: { Accounts: [HUB], AccountFilterType: 'DIFFERENCE' },
      Regions: ['eu-west-1'],
    });
  });

  test('sends nothing where all is as the config says, and then needs no --hub', async () => {
    await first();
    const { code, err } = await again();
    expect({ code, sent: at.cloud.sent, err }).toEqual({ code: 0, sent: [], err: 'Both StackSets are as the config says.' });
  });

  test('names an account that fails with the reason of AWS and a next step, and a second run tries only that one again', async () => {
    at.cloud.fails = (set, account, region) =>
      set.endsWith('rules') && account === B && region === 'us-east-1'
        ? 'ResourceStatusReason: redress-forward-ec2 already exists'
        : undefined;
    const broken = await first();
    expect(broken.code).toBe(1);
    expect(broken.err).toContain(
      `failed: redress-member-rules in ${B} us-east-1: ResourceStatusReason: redress-forward-ec2 already exists`,
    );
    expect(broken.out).toMatch(
      new RegExp(`^${B} +us-east-1 +rules outdated +ResourceStatusReason: redress-forward-ec2 already exists$`, 'm'),
    );
    expect(broken.out).toContain(`${B}: Something of that name is in ${B} already`);
    expect(broken.out).toContain("5 of 6 members' Regions");

    at.cloud.fails = () => undefined;
    const { code, err } = await again();
    expect(err).toBe(`~ retry stacks of redress-member-rules in workloads: ${B}: us-east-1`);
    expect(code).toBe(0);
    expect(at.cloud.inputs).toMatchObject([
      {
        DeploymentTargets: { OrganizationalUnitIds: [WORKLOADS], Accounts: [B], AccountFilterType: 'INTERSECTION' },
        Regions: ['us-east-1'],
      },
    ]);
  });

  test('names the command that moves a stack which is alone there', async () => {
    at.cloud.fails = (set, account, region) =>
      set.endsWith('rules') && account === B && region === 'us-east-1'
        ? 'redress-alerts-wake already exists in stack arn:aws:cloudformation:us-east-1:222222222222:stack/Redress/0f00'
        : undefined;
    const said = await first();
    expect([said.code, said.out]).toEqual([1, expect.stringContaining(`move it with \`redress org adopt ${B}/us-east-1\``)]);
  });

  test('gives no rules to an account whose roles failed, and both once they are there', async () => {
    at.cloud.fails = (set, account) => (set.endsWith('roles') && account === A ? 'AccessDenied by a service control policy' : undefined);
    const broken = await first();
    expect(broken.code).toBe(1);
    expect(states('redress-member-rules').filter((one) => one.startsWith(A))).toEqual([]);
    expect(broken.out).toContain(`A policy of the organization stops the role that StackSets use in ${A}`);
    expect(broken.out.match(/roles outdated/g)).toHaveLength(2);

    at.cloud.fails = () => undefined;
    const { code } = await again();
    expect({ code, sent: at.cloud.sent }).toEqual({
      code: 0,
      sent: ['CreateStackInstances redress-member-roles', 'CreateStackInstances redress-member-rules'],
    });
    expect(states('redress-member-rules')).toHaveLength(6);
  });

  test('makes no rules while no account has roles', async () => {
    at.cloud.fails = () => 'Cancelled since failure tolerance has exceeded';
    const { code, out } = await first();
    expect({ code, sets: [...at.cloud.sets.keys()] }).toEqual({ code: 1, sets: ['redress-member-roles'] });
    expect(out).toContain('raise --failure-tolerance');
  });

  test('updates a set that is not as this config says, and tries what fails then once', async () => {
    await first();
    at.cloud.fails = (_set, account) => (account === C ? 'Template error' : undefined);
    const { code, err } = await again(otherTemplates);
    expect(err).toContain('~ update redress-member-roles and all its stacks (template)');
    expect({ code, sent: at.cloud.sent }).toEqual({
      code: 1,
      sent: ['UpdateStackSet redress-member-roles', 'UpdateStackSet redress-member-rules'],
    });
    expect(at.cloud.inputs[0]).toMatchObject({ OperationPreferences: { ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE' } });
    expect(at.cloud.inputs[0]).not.toHaveProperty('DeploymentTargets');
  });

  test('follows an operation that goes on, and one that begins in between, before it does anything', async () => {
    await first();
    at.cloud.looks = 3;
    at.cloud.begins('redress-member-roles', 2);
    let asked = 0;
    at.cloud.refuses = (call) => {
      if (call === 'UpdateStackSet') asked += 1;
      if (call === 'UpdateStackSet' && asked === 1) at.cloud.begins('redress-member-roles', 1);
      return undefined;
    };
    const { code, err } = await again(otherTemplates);
    expect(code).toBe(0);
    expect(err).toContain('redress-member-roles: the operation others-1 goes on; it is waited for.');
    expect(at.cloud.sent).toEqual(['UpdateStackSet redress-member-roles', 'UpdateStackSet redress-member-rules']);
  });

  test('goes on through throttling, and where an answer was lost', async () => {
    let calls = 0;
    const seen = new Set<string>();
    at.cloud.refuses = (call) => {
      calls += 1;
      if (calls % 3 === 0) return failure('ThrottlingException', 'Rate exceeded');
      if (call !== 'CreateStackInstances' || seen.has(call)) return undefined;
      seen.add(call);
      return failure('OperationIdAlreadyExistsException', 'The operation id exists');
    };
    // the operation that AWS is said to know did nothing here: the next run makes up for it
    expect((await first()).code).toBe(1);
    at.cloud.refuses = () => undefined;
    expect((await again()).code).toBe(0);
    expect(states('redress-member-rules')).toHaveLength(6);
  });

  test('says what AWS refuses, and does the rest', async () => {
    await first();
    at.cloud.refuses = (call) => (call === 'DeleteStackInstances' ? failure('AccessDenied', 'not allowed') : undefined);
    const { sandbox } = ous;
    const { code, err } = await again(hubOf({ ous: { sandbox } }), '--yes');
    expect(code).toBe(1);
    expect(err).toContain(`Could not delete stacks of redress-member-rules in ${WORKLOADS}: AWS does not allow it (not allowed)`);
  });

  test('deletes what the config no longer has, the rules first, and only if somebody agrees', async () => {
    await first();
    const config = hubOf({ regions: ['eu-west-1'], ous: { workloads: ous.workloads } });
    const refused = await again(config);
    expect({ code: refused.code, sent: at.cloud.sent }).toEqual({ code: 2, sent: [] });
    expect(refused.err).toContain('This deletes stacks in members, and nobody can be asked.');

    const { code, err } = await again(config, '--yes');
    expect(code).toBe(0);
    expect(err).toContain('- delete stacks of redress-member-rules in workloads: us-east-1');
    expect(err).toContain(`- delete stacks of redress-member-roles in ${SANDBOX}: eu-west-1`);
    expect(at.cloud.sent).toEqual([
      'DeleteStackInstances redress-member-rules',
      'DeleteStackInstances redress-member-rules',
      'DeleteStackInstances redress-member-roles',
    ]);
    expect(states('redress-member-rules')).toEqual([`${A} eu-west-1 CURRENT`, `${B} eu-west-1 CURRENT`]);
  });

  test('takes rules out of the hub itself that auto-deployment made', async () => {
    await first();
    at.cloud.joins(WORKLOADS, HUB);
    expect((await again(hubOf(), '--dry-run')).out).toBe(`- delete stacks of redress-member-rules in workloads: ${HUB}: eu-west-1`);
  });

  test('names accounts that the config does not list, those that no OU holds, and the management account', async () => {
    const config = hubOf({ accounts: ['444444444444', HUB], ous: { ...ous, core: { id: 'ou-ab12-33333333', accounts: [MANAGEMENT] } } });
    await first(config);
    at.cloud.joins(SANDBOX, '555555555555');
    const { code, err, out } = await again(config);
    expect({ code, out }).toEqual({ code: 0, out: "6 of 6 members' Regions have their roles and rules." });
    expect(err).toContain('444444444444 is in no OU of the config');
    expect(err).toContain(`${MANAGEMENT} is the management account, which StackSets never deploy to: deploy both templates`);
    expect(err).toContain(`${HUB} is in no OU of the config`);
    expect(err).toContain('The config does not list 555555555555, so the hub refuses their events');
  });

  test('names a member that AWS has elsewhere', async () => {
    at.accounts[WORKLOADS] = [A];
    const { code, out } = await first();
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^${B} +eu-west-1 +roles missing`, 'm'));
    expect(out).toContain(`See that AWS has ${B} in ${WORKLOADS}`);
  });

  test('changes nothing with --dry-run', async () => {
    const { code, out, err } = await first(hubOf(), '--dry-run');
    expect({ code, err, sent: at.cloud.sent }).toEqual({ code: 0, err: 'Nothing was changed.', sent: [] });
    expect(out.split('\n')).toEqual([
      '+ create redress-member-roles',
      '+ create redress-member-rules',
      '+ create stacks of redress-member-roles in workloads, sandbox: eu-west-1',
      '+ create stacks of redress-member-rules in workloads, sandbox: us-east-1',
      `+ create stacks of redress-member-rules in workloads, sandbox, without ${HUB}: eu-west-1`,
    ]);
  });

  test('answers machines a line for each thing', async () => {
    at.cloud.fails = (set, account) => (set.endsWith('rules') && account === C ? 'no' : undefined);
    const { code, out } = await first(hubOf(), '--json');
    const lines = out.split('\n').map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(lines.map(({ type }) => type)).toEqual(['set', 'set', 'step', 'step', 'step', 'silent', 'silent', 'summary']);
    expect(lines.at(-2)).toMatchObject({
      account: C,
      part: 'rules',
      state: 'outdated',
      reason: 'no',
      next: expect.stringContaining('org deploy'),
    });
    expect(lines.at(-1)).toEqual({
      type: 'summary',
      places: 6,
      served: 4,
      silent: 2,
      refused: 0,
      management: MANAGEMENT,
      byHand: [],
      unlisted: [],
    });
  });
});
