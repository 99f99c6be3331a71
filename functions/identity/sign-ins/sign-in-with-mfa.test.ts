import { expect, test } from 'vitest';
import { sendWith } from '#shared/aws/clients.ts';
import { consoleLogin, messageFor, roleSession } from '../../../test/fixtures/events.ts';
import { Harness } from '../../../test/support/harness.ts';
import { root } from '../../../test/support/identity/events.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './sign-in-with-mfa.ts';

const world = () => ({ send: sendWith({}) });
const withMfa = { LoginTo: 'https://console.aws.amazon.com/', MobileVersion: 'No', MFAUsed: 'Yes' };

testControl(control, {
  valid: [
    { name: 'a sign-in with MFA', world, event: consoleLogin({ additionalEventData: withMfa }) },
    {
      name: 'a sign-in that failed, which has no error code',
      world,
      event: consoleLogin({ responseElements: { ConsoleLogin: 'Failure' }, errorMessage: 'Failed authentication' }),
    },
    {
      // Azure/Azure-Sentinel#6456, nozaq/terraform-aws-secure-baseline#234, binbashar/le-tf-infra-aws#441
      name: 'a person who comes through IAM Identity Center, where AWS always says that no MFA was used',
      world,
      event: consoleLogin({ userIdentity: roleSession('AWSReservedSSO_Admin_0123456789abcdef', 'dana') }),
    },
    {
      // terraform-aws-modules/terraform-aws-cloudwatch#45
      name: 'a person who comes through SAML',
      world,
      event: consoleLogin({
        userIdentity: roleSession('admin', 'dana@example.com'),
        additionalEventData: { MFAUsed: 'No', SamlProviderArn: 'arn:aws:iam::111122223333:saml-provider/idp' },
      }),
    },
    {
      // trussworks/terraform-aws-cloudtrail-alarms#2: the person used MFA to assume the role
      name: 'a session of a role',
      world,
      event: consoleLogin({ userIdentity: roleSession('sandbox', 'dana') }),
    },
    { name: 'root, which has a control of its own', world, event: consoleLogin({ userIdentity: root }) },
  ],
  invalid: [
    {
      name: 'a user without MFA',
      world,
      event: consoleLogin(),
      mode: 'observe',
      sends: [],
      status: 'open',
      says: 'The user dana signed in to the console without MFA.',
      advice: /remove the password/,
    },
  ],
  skipped: [],
});

test('the sign-ins of a day are one finding, with their number, which is closed a day later', async () => {
  const harness = new Harness({ controls: [control], world: world() });
  for (const time of ['T09:00:00Z', 'T11:30:00Z', 'T17:00:00Z'])
    harness.put(messageFor(control.id, consoleLogin({ eventTime: `2026-11-21${time}` })));
  await harness.settle(25);
  expect(harness.announced.map(({ status, count }) => [status, count])).toEqual([
    ['open', 3],
    ['closed', 3],
  ]);
  expect([harness.isIdle, harness.reads]).toEqual([true, []]);
});
