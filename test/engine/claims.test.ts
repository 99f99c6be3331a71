import { describe, expect, test } from 'vitest';
import type { Finding } from '#shared/finding/finding.ts';
import { byTerraform, messageFor, orderFor, roleSession, scheduled } from '../fixtures/events.ts';

import { brokenBy, ending, type More, made, off, ofStack, play } from '../support/toys.ts';

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
