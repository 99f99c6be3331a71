import { expect, test } from 'vitest';
import { callEvent, launchOf, messageFor, runInstances } from '../../test/fixtures/events.ts';
import { Harness } from '../../test/support/harness.ts';
import { type Account, instance, instancesWorld } from '../../test/support/instances/world.ts';
import { testControl } from '../../test/support/tester.ts';
import control from './instance-transit-encrypted.ts';

const type = (InstanceType: string, EncryptionInTransitSupported: boolean | undefined, architecture: 'x86_64' | 'arm64' = 'x86_64') => ({
  InstanceType: InstanceType as 'm5.large',
  ProcessorInfo: { SupportedArchitectures: [architecture] },
  ...(EncryptionInTransitSupported !== undefined && { NetworkInfo: { EncryptionInTransitSupported } }),
});
const types = [
  type('m5.large', false),
  type('m5n.large', true),
  type('m6i.large', true),
  type('m5n.xlarge', true),
  type('m8g.large', true, 'arm64'),
  type('c6i.large', true),
  type('t3.micro', false),
  type('x1.large', undefined),
  ...Array.from({ length: 10 }, (_, n) => type(`r${n}.large`, n > 0)),
];
const world =
  (InstanceType: string, more: Parameters<typeof instance>[1] = {}, account: Account = {}) =>
  () =>
    instancesWorld({ instances: [instance('i-1', { InstanceType: InstanceType as 'm5.large', ...more })], types, ...account });
const made = runInstances('i-1');
const settings = { require: true };
const changed = callEvent('ModifyInstanceAttribute', { requestParameters: { instanceId: 'i-1', instanceType: { value: 'm5.large' } } });
const reported = { settings, mode: 'observe', sends: [], status: 'open' } as const;

testControl(control, {
  valid: [
    { name: 'a type that encrypts', world: world('m5n.large'), event: made, settings },
    { name: 'one that does not, where nothing is required', world: world('m5.large'), event: made },
  ],
  invalid: [
    {
      name: 'nccgroup/ScoutSuite#1631: a type that does not encrypt, with those of its letter, size and architecture that do',
      world: world('m5.large'),
      event: made,
      ...reported,
      says: /Its type m5\.large does not encrypt traffic between instances/,
      advice:
        /^Types of its size that do: m5n\.large, m6i\.large\.\n.*A type is changed while the instance is stopped.*ends that encryption\.$/s,
    },
    {
      name: 'one that somebody changed to such a type',
      world: world('m5.large'),
      event: changed,
      ...reported,
      says: /m5\.large does not encrypt/,
    },
    {
      name: 'a type without one like it that does',
      world: world('t3.micro'),
      event: made,
      ...reported,
      says: /t3\.micro does not encrypt/,
      advice: /^No current type of a family with its letter and of its size does\.\n.*`aws ec2 describe-instance-types --filters/s,
    },
    {
      name: 'a type with many like it: eight are named',
      world: world('r0.large'),
      event: made,
      ...reported,
      says: /r0\.large/,
      advice: /^Types of its size that do: r1\.large, .*r8\.large\.\n/,
    },
    {
      name: 'one of a group, whose template is the source',
      world: world('m5.large', { tags: { 'aws:autoscaling:groupName': 'web', 'aws:ec2launchtemplate:id': 'lt-1' } }),
      event: launchOf('i-1'),
      ...reported,
      says: /m5\.large does not encrypt/,
      advice:
        /Set it in the launch template lt-1, then have the group replace its instances: `aws autoscaling start-instance-refresh --auto-scaling-group-name web`/,
    },
  ],
  skipped: [
    {
      name: 'a type of which AWS does not show it',
      world: world('x1.large'),
      event: made,
      settings,
      says: /AWS does not show whether its type x1\.large/,
    },
    { name: 'a type that the Region does not have', world: world('z9.large'), event: made, settings, says: /does not show/ },
    {
      name: 'an instance of a CloudFormation stack',
      world: world('m5.large', { tags: { 'aws:cloudformation:stack-name': 'shop' } }),
      event: made,
      settings,
      says: /The CloudFormation stack shop manages it/,
      advice: /^CloudFormation: set such an `InstanceType`/,
    },
  ],
});

test('two hundred instances of one launch ask once for their types, and once for others', async () => {
  const ids = Array.from({ length: 200 }, (_, n) => `i-${n}`);
  const kinds = ['m5.large', 't3.micro', 'm5n.large'];
  const cloud = instancesWorld({
    instances: ids.map((id, n) => instance(id, { InstanceType: kinds[n % 3] as 'm5.large' })),
    types,
  });
  const harness = new Harness({
    controls: [control],
    config: { controls: { [control.id]: { mode: 'observe', ...settings } } },
    world: cloud,
  });
  harness.put(messageFor(control.id, runInstances(...ids)));
  await harness.settle();
  const findings = await harness.findings();
  expect(findings.filter(({ status }) => status === 'open').length).toBe(ids.filter((_, n) => n % 3 < 2).length);
  expect(cloud.asked.filter((action) => action === 'ec2:DescribeInstanceTypes').length).toBe(2);
});

test('nothing runs where nothing is required', () => {
  expect([control.isIdle?.({ require: false }), control.isIdle?.(settings)]).toEqual([true, false]);
});
