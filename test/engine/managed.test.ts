import { EnableEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { defineControl } from '#shared/control/control.ts';
import { owningRegion } from '#shared/control/kind.ts';
import { accountSetting } from '#shared/control/setting.ts';
import { byTerraform, messageFor, orderFor, roleSession, scheduled } from '../fixtures/events.ts';
import { Harness, place } from '../support/harness.ts';

import { brokenBy, byStack, ending, made, off, ofStack, play } from '../support/toys.ts';

const byService = { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' };

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

  test('is known as such to a later sweep and to the order of a person, and no more once it was right', async () => {
    const toy = off({ tags: ofStack });
    const harness = play(toy, { breaks: true });
    const asked = await ending(harness, brokenBy(byTerraform));
    expect(await ending(harness, scheduled())).toMatchObject({ id: asked?.id, status: 'awaiting-approval' });
    harness.put(orderFor('toy-on', 'fix', asked?.id ?? ''));
    await harness.settle();
    expect(toy.isOn).toBe(true);
    toy.isOn = false;
    await ending(harness, { ...scheduled(), id: 'sweep-2' });
    expect((await harness.findings()).map(({ status }) => status).sort()).toEqual(['fixed', 'skipped']);
  });

  const at = (time: string, id: string, event = brokenBy()) => ({ ...event, id, time });

  test('by a person counts where a sweep saw it first, and not where it was wrong before', async () => {
    const seen = play(off({ tags: ofStack }), { breaks: true });
    expect(await ending(seen, scheduled())).toMatchObject({ status: 'skipped' });
    expect(await ending(seen, at('2026-11-21T09:00:00Z', 'late'))).toMatchObject({ status: 'fixed' });
    const declared = play(off({ tags: ofStack }), { breaks: true });
    expect(await ending(declared, scheduled())).toMatchObject({ status: 'skipped' });
    expect(await ending(declared, at('2026-11-21T09:30:00Z', 'no-change'))).toMatchObject({ status: 'skipped' });
    expect(declared.writes).toEqual([]);
  });

  test('by the tool counts though the event of a person’s call before comes after it', async () => {
    const harness = play(off({ tags: ofStack }), { breaks: true });
    const byTool = at('2026-11-21T09:00:02Z', 'tool', brokenBy({ userIdentity: byStack }));
    expect(await ending(harness, byTool)).toMatchObject({ status: 'skipped' });
    expect(await ending(harness, at('2026-11-21T09:00:01Z', 'person'))).toMatchObject({ status: 'skipped' });
    expect(harness.writes).toEqual([]);
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
