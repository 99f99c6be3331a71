import {
  CreateVpcEncryptionControlCommand,
  DeleteVpcEncryptionControlCommand,
  type Vpc,
  type VpcEncryptionControl,
} from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { statementsOf } from '../../../infra/permissions.ts';
import { callEvent, scheduled } from '../../../test/fixtures/events.ts';
import { awsError, place } from '../../../test/support/harness.ts';
import { vpcMade } from '../../../test/support/security-groups/events.ts';
import { testControl } from '../../../test/support/tester.ts';
import { vpcsWorld } from '../../../test/support/vpcs.ts';
import { vpcs } from './kind.ts';
import control from './vpc-encryption-monitored.ts';

const vpc: Vpc = { VpcId: 'vpc-1', State: 'available', Tags: [] };
const monitored: VpcEncryptionControl = { VpcId: 'vpc-1', VpcEncryptionControlId: 'vpcec-1', Mode: 'monitor', State: 'available' };
const world =
  (control?: Partial<VpcEncryptionControl>, account: Parameters<typeof vpcsWorld>[0] = {}) =>
  () =>
    vpcsWorld({ vpcs: [vpc], controls: control ? [{ ...monitored, ...control }] : [], ...account });
const settings = { vpcs: ['vpc-1'] };
const create = new CreateVpcEncryptionControlCommand({ VpcId: 'vpc-1' });
const remove = new DeleteVpcEncryptionControlCommand({ VpcEncryptionControlId: 'vpcec-new1' });
/** In EC2's wrapped style, as calls of their age are written. */
const called = (verb: 'Create' | 'Delete') =>
  callEvent(`${verb}VpcEncryptionControl`, {
    requestParameters: {
      [`${verb}VpcEncryptionControlRequest`]: verb === 'Create' ? { VpcId: 'vpc-1' } : { VpcEncryptionControlId: 'vpcec-1' },
    },
    responseElements: {
      [`${verb}VpcEncryptionControlResponse`]: { vpcEncryptionControl: { vpcId: 'vpc-1', vpcEncryptionControlId: 'vpcec-1' } },
    },
  });
const blocking = [
  { Id: 'igw-1', Type: 'internet-gateway', IsExcludable: true },
  { Id: 'i-1', Type: 'instance', IsExcludable: false },
];
const many = Array.from({ length: 12 }, (_, n) => ({ Id: `eni-${n}` }));
const asked = { settings, mode: 'approve', sends: [], status: 'awaiting-approval' } as const;
const approved = { settings, mode: 'approve', isApproved: true } as const;
const refusal = awsError('InvalidState', 'The VPC has no encryption control', 400);

testControl(control, {
  valid: [
    { name: 'a VPC that is monitored', world: world({}), event: called('Create'), settings },
    {
      name: 'one that enforces, whatever AWS is changing',
      world: world({ Mode: 'enforce', State: 'enforce-in-progress' }),
      event: scheduled(),
      settings,
    },
    {
      name: 'one of which AWS is still making the control',
      world: world({ State: 'creating' }, { slow: 2 }),
      event: called('Create'),
      settings,
    },
    { name: 'one that the settings do not name', world: world(), event: called('Delete'), settings: { vpcs: ['vpc-2'] } },
    { name: 'one that the settings name and that is not here', world: world(), event: scheduled(), settings: { vpcs: ['vpc-2'] } },
    { name: 'a sweep without settings', world: world(), event: scheduled() },
  ],
  invalid: [
    {
      name: 'a VPC that nobody monitors',
      world: world(undefined, { blocking }),
      event: scheduled(),
      ...asked,
      says: /Nothing monitors whether traffic in the VPC is encrypted/,
      advice:
        /These keep it from being enforced \(2\): igw-1 \(internet-gateway, can be excluded\), i-1 \(instance\)\. .*`aws ec2 get-vpc-resources-blocking-encryption-enforcement --vpc-id vpc-1`/,
    },
    {
      name: 'one whose control somebody deleted',
      world: world(),
      event: called('Delete'),
      ...asked,
      says: /Nothing monitors/,
      advice: /AWS names no resource that would keep it from being enforced/,
    },
    {
      name: 'one of which AWS says nothing before it is monitored',
      world: world(undefined, { refuses: { 'ec2:GetVpcResourcesBlockingEncryptionEnforcement': refusal } }),
      event: scheduled(),
      ...asked,
      says: /Nothing monitors/,
      advice: /AWS does not show what would keep it from being enforced: .*The VPC has no encryption control/,
    },
    {
      name: 'one whose owner agrees to what it costs',
      world: world(undefined, { slow: 2, blocking: many }),
      event: scheduled(),
      ...approved,
      sends: [create],
      status: 'fixed',
      says: /Now: Encryption in transit is monitored\. These keep it from being enforced \(12\): eni-0, .*eni-9 and 2 more\./,
    },
    {
      name: 'one whose control failed: a person looks',
      world: world({ State: 'monitor-failed', StateMessage: 'no capacity' }),
      event: scheduled(),
      settings,
      mode: 'approve',
      sends: [],
      status: 'open',
      says: /not in force: AWS shows it as monitor-failed \(no capacity\)/,
    },
  ],
  skipped: [
    {
      name: 'a VPC of a CloudFormation stack',
      world: world(undefined, { vpcs: [{ ...vpc, Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }] }] }),
      event: scheduled(),
      settings,
      says: /The CloudFormation stack shop manages it/,
      advice: /AWS::EC2::VPCEncryptionControl with `Mode: monitor`/,
    },
  ],
  undo: [{ name: 'the control is deleted', world: world(undefined, { slow: 1 }), event: scheduled(), ...approved, sends: [remove] }],
});

const facts = { id: 'vpc-1', isNamed: true, control: { ...monitored, VpcEncryptionControlId: 'vpcec-new1' }, isOurs: true };
const context = { ...place, now: new Date(0), settings, modeOf: () => 'approve' } as never;

test.each([
  ['the control of somebody else', { ...facts, isOurs: false }],
  ['one that somebody made enforce since then', { ...facts, control: { ...facts.control, Mode: 'enforce' } }],
  ['none', { ...facts, control: undefined }],
])('an undo deletes not %s', (_what, now) => {
  expect(control.undo?.({ control: null }, now, context).changes).toEqual([]);
});

test('an undo leaves a control that was there before', () => {
  expect(control.undo?.({ control: 'vpcec-new1' }, facts, context).changes).toEqual([]);
});

test('both styles of records name the VPC', () => {
  const records = [called('Create'), called('Delete'), vpcMade('vpc-1')].map(({ detail }) => detail);
  const flat = { ...records[0], requestParameters: null, responseElements: { vpcEncryptionControl: { vpcId: 'vpc-1' } } };
  for (const record of [...records, flat]) expect(vpcs.targets(record as never, place).map(({ id }) => id)).toEqual(['vpc-1']);
});

test('the price stands where people look before they say yes, and nothing runs without VPCs in the settings', () => {
  expect(control.costs).toMatch(/109\.50 USD a month/);
  expect([control.isIdle?.({ vpcs: [] }), control.isIdle?.(settings), control.maxMode]).toEqual([true, false, 'approve']);
});

test('the role may make encryption controls for the named VPCs alone', () => {
  const under = (vpcs: string[]) =>
    statementsOf([control], { controls: { [control.id]: { mode: 'approve', vpcs } } })
      .filter(({ actions }) => actions.includes('ec2:CreateVpcEncryptionControl'))
      .map(({ resource }) => resource);
  const prefix = 'arn:{partition}:ec2:{region}:{account}';
  expect(under(['vpc-1', 'vpc-2']).sort()).toEqual([`${prefix}:vpc-encryption-control/*`, `${prefix}:vpc/vpc-1`, `${prefix}:vpc/vpc-2`]);
  expect(under([])).toEqual([]);
});
