import { EnableEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { defineControl } from '#shared/control/control.ts';
import { kindOf, owningRegion } from '#shared/control/kind.ts';
import { accountSetting } from '#shared/control/setting.ts';
import type { Tag } from '#shared/control/tag.ts';
import type { Severity, Trigger } from '#shared/control/types.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { byTerraform, callEvent, dana, messageFor, orderFor, roleSession, scheduled } from '../fixtures/events.ts';
import { Harness, place } from '../support/harness.ts';

/** A toy that can be broken after it was made; only a switch for all of them sets one right. */
interface Toy {
  isOn: boolean;
  readonly tags: readonly Tag[];
  readonly leave?: string;
}

const ofStack = [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }];
const byStack = { ...dana, invokedBy: 'cloudformation.amazonaws.com' };
const managedBy = { terraform: ['arn:aws:iam::111122223333:role/deploy-*'] };
const byService = { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' };

interface More {
  readonly breaks?: boolean;
  readonly isAdditive?: boolean;
  readonly fixesManaged?: boolean;
  readonly reportsManaged?: boolean;
  readonly severity?: Severity;
  readonly claims?: 'skip' | 'ask' | 'fix';
}

function play(toy: Toy, more: More = {}) {
  const { breaks = false, isAdditive = false, severity = 'medium', claims, ...flags } = more;
  const kind = kindOf<Toy>({
    noun: 'toy',
    plural: 'Toys',
    type: 'AWS::Toys::Toy',
    eventSource: 'ec2.amazonaws.com',
    arn: 'arn:{partition}:toys:{region}:{account}:toy/{id}',
    console: '/toys/{id}',
    securityHub: 'Other',
    created: { CreateToy: 'responseElements.toyId' },
    named: ['requestParameters.toyId'],
    members: ['ToyId'],
    reads: [],
    items: { name: 'toys', max: 10, load: async (ids) => new Map(ids.map((id) => [id, toy])) },
    list: async () => ({ items: ['t-1'] }),
    tagsOf: ({ tags }) => tags,
    leave: ({ leave }) => leave,
  });
  const broken: Trigger = { ...kind.calls('BreakToy'), breaks };
  // it says nothing of who manages a toy: that is what the engine is asked about
  const control = defineControl(kind, {
    id: 'toy-on',
    title: 'Toys are on',
    why: 'A toy that is off is no fun.',
    remediation: 'Turns the toy on.',
    severity,
    defaultMode: 'fix',
    triggers: [...kind.created, broken],
    permissions: { writes: [{ action: 'ec2:EnableEbsEncryptionByDefault' }] },
    references: [],
    iac: { cloudFormation: 'set `On: true` on the AWS::Toys::Toy.', terraform: 'set `on = true` on the aws_toy.' },
    ...flags,
    inspectOne: ({ isOn }) => ({ isOn }),
    judge: ({ isOn }) => (isOn ? { is: 'compliant', says: 'It is on.' } : { is: 'violation', says: 'It is off.' }),
    plan: () => ({ changes: [{ command: new EnableEbsEncryptionByDefaultCommand({}), says: 'Turn it on.' }], isAdditive }),
    before: ({ isOn }) => ({ isOn }),
  });
  const send = async () => {
    toy.isOn = true;
  };
  return new Harness({ controls: [control], world: { send }, config: { managedBy, ...(claims && { claims }) } });
}

async function ending(harness: Harness, event: object): Promise<Finding | undefined> {
  harness.put(messageFor('toy-on', event));
  await harness.settle();
  return (await harness.findings())[0];
}

const made = (fields = {}) => callEvent('CreateToy', { responseElements: { toyId: 't-1' }, ...fields });
const brokenBy = (fields = {}) => callEvent('BreakToy', { requestParameters: { toyId: 't-1' }, ...fields });
const off = (more: Partial<Toy> = {}): Toy => ({ isOn: false, tags: [], ...more });

describe('a control that says nothing of who manages a resource', () => {
  test('fixes what a person made', async () => {
    expect(await ending(play(off()), made())).toMatchObject({ status: 'fixed' });
  });

  test.each([
    ['by its tags', off({ tags: ofStack }), made(), 'The CloudFormation stack shop', 'CloudFormation'],
    ['by the service that made it', off(), made({ userIdentity: byStack }), 'CloudFormation', 'CloudFormation'],
    ['by the role that made it', off(), made({ userIdentity: roleSession('deploy-a', 'x') }), 'Terraform', 'Terraform'],
    ['when the sweep finds it', off({ tags: ofStack }), scheduled(), 'The CloudFormation stack shop', 'CloudFormation'],
  ])('skips what a tool manages, %s, with the fix in the words of that tool alone', async (_, toy, event, name, tool) => {
    const harness = play(toy);
    const finding = await ending(harness, event);
    expect(finding).toMatchObject({ status: 'skipped' });
    expect(JSON.stringify(finding)).toContain(`${name} manages it, so it is left unchanged: fix it there.`);
    expect(JSON.stringify(finding?.advice)).toContain(tool);
    expect(finding?.advice).toHaveLength(1);
    expect(harness.writes).toEqual([]);
  });

  test('skips what is being deleted, or what an AWS service manages', async () => {
    const harness = play(off({ leave: 'The toy is being deleted.' }));
    expect(JSON.stringify(await ending(harness, made()))).toContain('The toy is being deleted.');
    expect(harness.writes).toEqual([]);
  });

  test('asks a person where nobody knows who made it, unless the plan takes nothing away', async () => {
    const harness = play(off());
    const finding = await ending(harness, scheduled());
    expect(finding).toMatchObject({ status: 'awaiting-approval' });
    expect(JSON.stringify(finding)).toContain('Redress did not see who made it, so code may manage it.');
    expect(await ending(play(off(), { isAdditive: true }), scheduled())).toMatchObject({ status: 'fixed' });
  });
});

describe('a call that breaks what a tool manages', () => {
  test.each([
    ['by a person is set back', brokenBy(), 'fixed'],
    ['by the tool itself is left to it', brokenBy({ userIdentity: byStack }), 'skipped'],
    ['by a role of the config is left to it', brokenBy({ userIdentity: roleSession('deploy-a', 'x') }), 'skipped'],
    ['by what claims to be a tool asks a person', brokenBy(byTerraform), 'awaiting-approval'],
    ['by an AWS service is left to it', brokenBy({ userIdentity: byService, userAgent: 'autoscaling.amazonaws.com' }), 'skipped'],
    ['by an unknown tool asks a person', brokenBy({ userAgent: 'Coral/Netty4' }), 'awaiting-approval'],
    ['that made it is left to the tool', made(), 'skipped'],
  ])('%s', async (_, event, status) => {
    expect(await ending(play(off({ tags: ofStack }), { breaks: true }), event)).toMatchObject({ status });
  });

  test('is left to the tool where the control does not say that the call breaks it', async () => {
    expect(await ending(play(off({ tags: ofStack })), brokenBy())).toMatchObject({ status: 'skipped' });
  });
});

test('a control may opt out, or ask that somebody acts', async () => {
  expect(await ending(play(off({ tags: ofStack }), { fixesManaged: true }), made())).toMatchObject({ status: 'fixed' });
  const harness = play(off({ tags: ofStack }), { reportsManaged: true });
  expect(await ending(harness, made())).toMatchObject({ status: 'open' });
  expect(harness.writes).toEqual([]);
});

describe('what only claims to be managed', () => {
  const tagged = [{ Key: 'note', Value: 'terraform' }];
  const asks = 'It claims to be managed by Terraform, so a person decides.';
  const leaves = 'It claims to be managed by Terraform, so it is left unchanged: fix it there.';

  test.each([
    ['by a user agent', off(), made(byTerraform)],
    ['by a tag', off({ tags: tagged }), made()],
    ['by the session name of another role', off({ tags: tagged }), made({ userIdentity: roleSession('dev', 'deploy-a') })],
    ['when the sweep finds it', off({ tags: tagged }), scheduled()],
  ])('waits for a person, %s', async (_, toy, event) => {
    const harness = play(toy, { isAdditive: true });
    const finding = await ending(harness, event);
    expect(finding).toMatchObject({ status: 'awaiting-approval', reason: { code: 'claimed', says: asks }, says: `It is off. ${asks}` });
    expect(finding?.changes).toHaveLength(1);
    expect(finding?.advice).toEqual([
      { tool: 'Terraform', says: 'set `on = true` on the aws_toy.' },
      { says: expect.stringContaining('`managedBy.terraform` of the config') },
    ]);
    expect(harness.writes).toEqual([]);
    harness.put(orderFor('toy-on', 'fix', finding?.id ?? ''));
    await harness.settle();
    expect((await harness.findings())[0]).toMatchObject({ status: 'fixed' });
  });

  test.each<[string, More, Partial<Finding>]>([
    ['skipped, where the config says so', { claims: 'skip' }, { status: 'skipped', reason: { code: 'claimed', says: leaves } }],
    [
      'open, where somebody has to act',
      { claims: 'skip', reportsManaged: true },
      { status: 'open', reason: { code: 'claimed', says: leaves } },
    ],
    ['fixed, where the config says so', { claims: 'fix' }, { status: 'fixed' }],
    ['left unchanged by a control of low severity', { severity: 'low' }, { status: 'skipped', reason: { code: 'claimed', says: leaves } }],
    ['fixed by it, where the config says so', { severity: 'low', claims: 'fix' }, { status: 'fixed' }],
    ['left to a person, also where somebody has to act', { reportsManaged: true }, { status: 'awaiting-approval' }],
  ])('is %s', async (_, more, finding) => {
    expect(await ending(play(off({ tags: tagged }), more), made())).toMatchObject(finding);
  });

  test('is asked about by a sweep as before, where claims are not believed', async () => {
    expect(await ending(play(off({ tags: tagged }), { claims: 'fix' }), scheduled())).toMatchObject({
      status: 'awaiting-approval',
      reason: { code: 'needs-approval' },
    });
  });

  test('is set back if a person broke it', async () => {
    expect(await ending(play(off({ tags: tagged }), { breaks: true }), brokenBy())).toMatchObject({ status: 'fixed' });
  });

  test('says what is proven, where only the call that broke it claims', async () => {
    const finding = await ending(play(off({ tags: ofStack }), { breaks: true }), brokenBy(byTerraform));
    expect(finding?.reason).toEqual({
      code: 'claimed',
      says: 'The CloudFormation stack shop manages it, but what changed it is not proven, so a person decides.',
    });
  });

  test('counts as a claim in a case of an earlier version, which kept no more than the tool', async () => {
    const harness = play(off());
    const message = { ...messageFor('toy-on', made()), targets: [{ type: 'AWS::Toys::Toy', id: 't-1', hint: { via: 'Terraform' } }] };
    harness.put(message);
    await harness.settle();
    expect((await harness.findings())[0]).toMatchObject({ status: 'awaiting-approval', reason: { code: 'claimed' } });
  });
});

describe('an account setting', () => {
  const setting = (managedBy?: string, isGlobal = false) => {
    const state = { isOn: false };
    const kind = accountSetting({
      noun: 'toys',
      plural: 'Toys',
      eventSource: 'ec2.amazonaws.com',
      console: '/toys',
      changed: ['BreakToy'],
      reads: [],
      isGlobal,
      read: async () => ({ state: { ...state }, managedBy }),
      restore: (before) => [{ command: new EnableEbsEncryptionByDefaultCommand({}), says: `Put ${String(before.isOn)} back.` }],
    });
    const control = defineControl(kind, {
      id: 'toy-on',
      title: 'Toys are on',
      why: 'A toy that is off is no fun.',
      remediation: 'Turns toys on.',
      severity: 'low',
      defaultMode: 'fix',
      triggers: kind.created,
      permissions: { writes: [{ action: 'ec2:EnableEbsEncryptionByDefault' }] },
      references: [],
      inspectOne: ({ state: { isOn } }) => ({ isOn }),
      judge: ({ isOn }) => (isOn ? { is: 'compliant', says: 'On.' } : { is: 'violation', says: 'Off.' }),
      plan: () => ({ changes: [{ command: new EnableEbsEncryptionByDefaultCommand({}), says: 'Turn them on.' }] }),
      before: ({ isOn }) => ({ isOn }),
    });
    const send = async () => {
      state.isOn = !state.isOn;
    };
    return { control, harness: new Harness({ controls: [control], world: { send } }) };
  };

  test('of the account itself is fixed, also when the sweep finds it, and has an undo to the previous value', async () => {
    const { control, harness } = setting('account');
    expect(await ending(harness, scheduled())).toMatchObject({ status: 'fixed' });
    expect(control.undo?.({ isOn: false }, { isOn: true }, undefined as never)).toMatchObject({ changes: [{ says: 'Put false back.' }] });
  });

  test.each([
    ['declarative-policy', 'A declarative policy of the organization sets it'],
    ['something-new', 'AWS says that something-new manages it'],
  ])('that %s sets is left unchanged', async (managedBy, says) => {
    const { harness } = setting(managedBy);
    const finding = await ending(harness, scheduled());
    expect(finding).toMatchObject({ status: 'skipped' });
    expect(JSON.stringify(finding)).toContain(says);
    expect(harness.writes).toEqual([]);
  });

  test('of all Regions is judged in the one that owns it, and elsewhere leaves its messages without a word', async () => {
    const { harness } = setting('account', true);
    expect(await ending(harness, scheduled())).toBeUndefined();
    expect([harness.writes, harness.dead, harness.announced]).toEqual([[], [], []]);
    expect(['aws', 'aws-cn', 'aws-us-gov'].map(owningRegion)).toEqual(['us-east-1', 'cn-north-1', 'us-gov-west-1']);
    const owning = { ...place, region: 'us-east-1' };
    const { control } = setting('account', true);
    const world = { send: async () => ({}) };
    const there = new Harness({ controls: [control], world, others: [{ place: owning, world }] });
    there.put(messageFor('toy-on', { ...scheduled(), region: owning.region }));
    await there.settle();
    expect(await there.findings(owning)).toHaveLength(1);
  });
});
