import { EnableEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { defineControl } from '#shared/control/control.ts';
import { kindOf, owningRegion } from '#shared/control/kind.ts';
import { accountSetting } from '#shared/control/setting.ts';
import type { Tag } from '#shared/control/tag.ts';
import type { Trigger } from '#shared/control/types.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { callEvent, messageFor, scheduled } from '../fixtures/events.ts';
import { Harness, place } from '../support/harness.ts';

/** A toy that can be broken after it was made; only a switch for all of them sets one right. */
interface Toy {
  isOn: boolean;
  readonly tags: readonly Tag[];
  readonly leave?: string;
}

const ofStack = [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }];
const terraform = 'APN/1.0 HashiCorp/1.0 Terraform/1.13.4';
const byService = { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' };

function play(toy: Toy, more: { breaks?: boolean; isAdditive?: boolean; fixesManaged?: boolean; reportsManaged?: boolean } = {}) {
  const { breaks = false, isAdditive = false, ...flags } = more;
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
    severity: 'low',
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
  return new Harness({ controls: [control], world: { send } });
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
    ['by what made it', off(), made({ userAgent: terraform }), 'Terraform', 'Terraform'],
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
    ['by the tool itself is left to it', brokenBy({ userAgent: terraform }), 'skipped'],
    ['by an AWS service is left to it', brokenBy({ userIdentity: byService, userAgent: 'autoscaling.amazonaws.com' }), 'skipped'],
    ['by an unknown tool is left to it', brokenBy({ userAgent: 'Coral/Netty4' }), 'skipped'],
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
