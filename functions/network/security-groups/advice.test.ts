import { expect, test } from 'vitest';
import { adviceText } from '#shared/control/iac.ts';
import { byTerraform, messageFor, orderFor } from '../../../test/fixtures/events.ts';
import { Harness } from '../../../test/support/harness.ts';
import { authorized } from '../../../test/support/security-groups/events.ts';
import { group, groupsWorld, rule } from '../../../test/support/security-groups/world.ts';
import control from './security-group-admin-closed.ts';

const ssh = rule('sgr-ssh', 'tcp 22 0.0.0.0/0');
const tagged = (Key: string, Value: string) => group('sg-1', { Tags: [{ Key, Value }] });
const ofStack = tagged('aws:cloudformation:stack-name', 'web');

async function told(one: typeof ofStack, fields = {}): Promise<(readonly [string, string])[]> {
  const config = { controls: { [control.id]: { mode: 'fix' } } } as const;
  const harness = new Harness({ controls: [control], config, world: groupsWorld({ groups: [one], rules: [ssh] }) });
  harness.put(messageFor(control.id, authorized([ssh], fields)));
  await harness.settle();
  const [finding] = await harness.findings();
  if (finding?.status === 'awaiting-approval') harness.put(orderFor(control.id, 'fix', finding.id));
  await harness.settle();
  return harness.announced.map(({ status, advice }) => [status, advice.map(adviceText).join('\n')] as const);
}

test('what a hand added to the group of a stack is fixed, and no line of code is said to have made it', async () => {
  expect(await told(ofStack)).toEqual([
    ['open', ''],
    ['fixed', ''],
  ]);
});

test.each([
  ['no tool', group()],
  ['Terraform', tagged('ManagedBy', 'terraform')],
  ['a stack', ofStack],
])('what calls itself Terraform is said to have made a rule, also once it is fixed, in a group of %s', async (_name, one) => {
  const line = /^Terraform: narrow `cidr_ipv4`[^\n]+$/;
  const asking = /^Terraform: narrow `cidr_ipv4`[^\n]+\n[^\n]+`managedBy\.terraform`[^\n]+$/;
  expect(await told(one, byTerraform)).toEqual([
    ['awaiting-approval', expect.stringMatching(asking)],
    ['open', expect.stringMatching(asking)],
    ['fixed', expect.stringMatching(line)],
  ]);
});
