import { describe, expect, test } from 'vitest';
import { classify, organizationPolicyOf } from '#shared/aws/errors.ts';
import control from '../../functions/account/snapshot-sharing/snapshot-sharing-blocked.ts';
import { messageFor, orderFor, scheduled } from '../fixtures/events.ts';
import { accountWorld } from '../support/account/world.ts';
import { awsError, Harness, type World } from '../support/harness.ts';

/** EC2's words, as they end with another encoded message each time. */
let calls = 0;
const denied = (policy: string) => {
  calls += 1;
  const who = 'User: arn:aws:sts::111122223333:assumed-role/redress-account-eu-west-1/x';
  const what = 'is not authorized to perform: ec2:EnableSnapshotBlockPublicAccess on resource: *';
  const text = `You are not authorized to perform this operation. ${who} ${what} ${policy}. Encoded authorization failure message: ${calls}`;
  return awsError('UnauthorizedOperation', text, 403);
};
const byPolicy =
  'with an explicit deny in a service control policy: arn:aws:organizations::999988887777:policy/o-abc/service_control_policy/p-0abc1def';

describe('the policy of an organization in the words of an error', () => {
  test.each([
    [byPolicy, 'A service control policy of the organization (p-0abc1def)'],
    ['with an explicit deny in a service control policy', 'A service control policy of the organization'],
    ['because no service control policy allows the ec2:X action', 'A service control policy of the organization'],
    ['with an explicit deny in a resource control policy', 'A resource control policy of the organization'],
    ['with an explicit deny in an identity-based policy', undefined],
    ['because no identity-based policy allows the ec2:X action', undefined],
  ])('%s', (text, policy) => {
    const error = denied(text);
    expect([organizationPolicyOf(error), classify(error)]).toEqual([policy, 'denied']);
  });

  test('of a declarative policy, whatever the code', () => {
    const text = 'This functionality has been disabled by a Declarative Policy. Custom Message: ask the platform team';
    const error = awsError('OperationNotPermitted', text);
    expect([organizationPolicyOf(error), classify(error)]).toEqual(['A declarative policy of the organization', 'denied']);
  });
});

describe('a fix that a policy of the organization denies', () => {
  function start() {
    const aws = accountWorld();
    let isDenied = true;
    const world: World = {
      async send(command) {
        if (isDenied && command.constructor.name.startsWith('Enable')) throw denied(byPolicy);
        return await aws.send(command);
      },
    };
    const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'fix' } } }, world });
    const sweep = async () => {
      harness.put(messageFor(control.id, { ...scheduled(), time: harness.now.toISOString() }));
      await harness.settle();
    };
    const lift = () => {
      isDenied = false;
    };
    return { harness, sweep, lift };
  }

  test('is the word of those who manage it: no failure, reported once however often a sweep tries', async () => {
    const { harness, sweep } = start();
    await sweep();
    await sweep();
    await sweep();
    expect(harness.announced).toMatchObject([
      {
        status: 'open',
        reason: {
          code: 'left-unchanged',
          says: 'A service control policy of the organization (p-0abc1def) denies ec2:EnableSnapshotBlockPublicAccess, so it is left unchanged.',
        },
        advice: [{ says: expect.stringMatching(/^Those who manage the organization decide/) }],
        changes: [],
      },
    ]);
    expect([harness.dead, harness.metrics.filter(({ metric }) => metric === 'failures')]).toEqual([[], []]);
  });

  test('is made by the next sweep, or an order, once the policy lets it', async () => {
    const { harness, sweep, lift } = start();
    await sweep();
    const [finding] = await harness.findings();
    harness.put(orderFor(control.id, 'fix', finding?.id ?? ''));
    await harness.settle();
    expect((await harness.findings())[0]).toMatchObject({ status: 'open', order: { outcome: 'not-possible' } });
    lift();
    await sweep();
    expect((await harness.findings())[0]).toMatchObject({ status: 'fixed', changes: [{ api: 'ec2:EnableSnapshotBlockPublicAccess' }] });
  });
});
